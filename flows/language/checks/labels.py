"""What LINE can show: quick replies, labels, texts, bounds."""

from flows.language.checks.walk_flow import all_words
from flows.language.grammar.shapes import Ask, Flow, Step
from flows.language.nodes import Scalar
from flows.language.normalise import normalise
from flows.language.problems import Problems
from flows.language.questions import PICKER_LABELS
from flows.language.typed import count_graphemes

MOST_QUICK_REPLIES = 13
LABEL_GRAPHEMES = 20
TEXT_UNITS = 5000


def check_flow(flow: Flow, problems: Problems) -> None:
    """L101–L104."""
    for step in flow.steps:
        if isinstance(step.body, Ask):
            _ask(step, step.body, problems)
    for words in all_words(flow):
        text = "".join(part for part in words.template.parts if isinstance(part, str))
        if len(text.encode("utf-16-le")) // 2 > TEXT_UNITS:
            problems.add(
                "L104", words.place, "1つの文は5,000文字までです。", "文を分けてください。"
            )


def _ask(step: Step, ask: Ask, problems: Problems) -> None:
    count = len(ask.choices) + (ask.type == "multi") + (ask.skip is not None)
    count += ask.type in PICKER_LABELS
    if count > MOST_QUICK_REPLIES:
        problems.add(
            "L101",
            ask.choices_place or step.place,
            f"ボタンが{count}個あります(LINEでは{MOST_QUICK_REPLIES}個まで)。",
            "選択肢を減らすか、質問を2つに分けてください。",
        )
    seen: dict[str, str] = {}
    for label, is_label in _labels(ask):
        if is_label and count_graphemes(label.text) > LABEL_GRAPHEMES:
            problems.add(
                "L102",
                label.place,
                f"「{label.text}」は{LABEL_GRAPHEMES}文字を超えています。",
                "ボタンの言葉を短くしてください。",
            )
        said = normalise(label.text)
        if said in seen:
            problems.add(
                "L103",
                label.place,
                f"「{label.text}」は「{seen[said]}」と同じに読まれます。",
                "違う言葉にしてください。",
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
