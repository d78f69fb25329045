"""Labels: as many and as long as LINE shows, each different, each easy to type.

Quick replies are seen on phones alone; on a computer the friend types the label.
"""

from unicodedata import category

from flows.language.grammar.parts import Choice
from flows.language.grammar.shapes import Ask, Flow, Step
from flows.language.nodes import Scalar
from flows.language.normalise import normalise
from flows.language.problems import Problems
from flows.language.questions import DONE, PICKER_LABELS
from flows.language.typed import count_graphemes

MOST_QUICK_REPLIES = 13
LABEL_GRAPHEMES = 20
EASY_GRAPHEMES = 12
SYMBOLS = frozenset({"So", "Sm", "Sk", "Sc"})


def check_flow(flow: Flow, problems: Problems) -> None:
    """L101, L102, L103, W203."""
    for step in flow.steps:
        if isinstance(step.body, Ask):
            _ask(step, step.body, problems)
            _typing(step.body, problems)


def _ask(step: Step, ask: Ask, problems: Problems) -> None:
    count = len(ask.choices) + (ask.type == "multi") + (ask.skip is not None)
    count += ask.type in PICKER_LABELS
    if count > MOST_QUICK_REPLIES:
        problems.add(
            "L101",
            ask.choices_place or step.place,
            "many_buttons",
            count=count,
            most=MOST_QUICK_REPLIES,
        )
    is_plain_multi = ask.type == "multi" and ask.done is None
    seen: dict[str, str] = {normalise(DONE): DONE} if is_plain_multi else {}
    for label, is_label in sorted(_labels(ask), key=lambda found: found[0].place):
        if is_label and count_graphemes(label.text) > LABEL_GRAPHEMES:
            problems.add(
                "L102",
                label.place,
                "long_label",
                label=label.text,
                most=LABEL_GRAPHEMES,
            )
        said = normalise(label.text)
        if said in seen:
            problems.add(
                "L103",
                label.place,
                "same_label",
                label=label.text,
                other=seen[said],
            )
        seen.setdefault(said, label.text)


def _labels(ask: Ask) -> list[tuple[Scalar, bool]]:
    found: list[tuple[Scalar, bool]] = []
    for choice in ask.choices:
        found.append((choice.label, True))
        found.extend((synonym, False) for synonym in choice.synonyms)
    if ask.done is not None:
        found.append((ask.done, True))
    if ask.skip is not None:
        found.append((ask.skip.label, True))
    return found


def _typing(ask: Ask, problems: Problems) -> None:
    if ask.look != "quick":
        return
    labels = [choice.label for choice in ask.choices if not _has_easy_synonym(choice)]
    labels += [ask.done] if ask.done is not None else []
    labels += [ask.skip.label] if ask.skip is not None else []
    for label in labels:
        if not _is_easy(label.text):
            problems.add(
                "W203",
                label.place,
                "hard_to_type",
                label=label.text,
                most=EASY_GRAPHEMES,
            )


def _has_easy_synonym(choice: Choice) -> bool:
    return any(_is_easy(synonym.text) for synonym in choice.synonyms)


def _is_easy(label: str) -> bool:
    """As it must be typed: emoji may be left out, and ① is 1."""
    typed = normalise(label)
    has_symbol = any(category(sign) in SYMBOLS and not sign.isascii() for sign in typed)
    return count_graphemes(typed) <= EASY_GRAPHEMES and not has_symbol
