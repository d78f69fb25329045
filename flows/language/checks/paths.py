"""What texts and conditions may look at: names, answers, fields, links."""

from collections.abc import Iterator, Sequence

from flows.language.checks.walk_flow import (
    all_conditions,
    all_effects,
    all_words,
    sources_of,
    ways_of,
)
from flows.language.grammar.parts import When, Words
from flows.language.grammar.shapes import Ask, Call, Faq, Flow, Step
from flows.language.loader import Folder
from flows.language.problems import Place, Problems, did_you_mean
from flows.language.sayings.saying import Param, saying

PLAIN = frozenset({"name", "message", "calendar.next_open"})
KINDS: Param = (  # of values, sorted
    saying("path.answer"), "calendar.next_open", saying("path.field"), "message", "name",
)  # fmt: skip
Use = tuple[str, Place]  # a path, and where it stands


def check_flow(flow: Flow, folder: Folder, problems: Problems) -> None:
    """F021 for paths, F060 for fields that no file declares, F020 for links."""
    answers = answers_of(flow) | flow.lost_ids
    for path, place in _uses(flow):
        if path.startswith("var."):
            _check_var(path, place, flow, problems)
        else:
            _check(path, place, answers, folder, problems)
    for step in flow.steps:
        if isinstance(step.body, Ask):
            ways = (step.body.other, step.body.any_answer)
            saves = [step.body.save, *(way.save for way in ways if way is not None)]
            for save in saves:
                if save is not None:
                    _check_save(save.text, save.place, folder, problems)
        for source in sources_of(step):
            _check(source.text, source.place, answers, folder, problems)


def check_folder(folder: Folder, problems: Problems) -> None:
    """The same of FAQ answers and segments, which know of no question."""
    uses: list[Use] = []
    for faq in folder.faqs.values():
        for entry in faq.entries:
            uses.extend(uses_in_words(entry.answer))
    for segment in folder.segments.values():
        uses.extend(uses_in_condition(segment.when))
    for path, place in uses:
        _check(path, place, set(), folder, problems)


def answers_of(flow: Flow) -> set[str]:
    """The steps with an id that leave an answer: questions, look-ups, and called flows."""
    return {step.name for step in flow.steps if step.id is not None and gives_answer(step)}


def gives_answer(step: Step) -> bool:
    """Whether `answer.ID` of this step can ever be something."""
    if isinstance(step.body, Ask | Faq | Call):
        return True
    return any(way.call is not None for way in ways_of(step))


def uses_in_words(words: Words) -> Iterator[Use]:
    """What a text looks at."""
    yield from words.paths()


def uses_in_condition(when: When) -> Iterator[Use]:
    """What a condition looks at."""
    yield from ((path.text, path.place) for path in when.paths)


def _uses(flow: Flow) -> Iterator[Use]:
    for words in all_words(flow):
        yield from uses_in_words(words)
    for when in all_conditions(flow):
        yield from uses_in_condition(when)
    for effects in all_effects(flow):
        written = [setting.path for setting in effects.set]
        written += [adding.path for adding in effects.add]
        yield from ((path.text, path.place) for path in written)


def _check(path: str, place: Place, answers: set[str], folder: Folder, problems: Problems) -> None:
    kind, _, name = path.partition(".")
    if path in PLAIN or (kind == "event" and name):
        return
    if kind == "answer":
        if name not in answers:
            names = sorted(f"answer.{answer}" for answer in answers)
            _unknown(path, place, names, tuple(names) or saying("none_asked"), problems)
    elif kind == "field" and name:
        _check_field(name, place, folder, problems)
    elif kind == "link" and name:
        if name not in folder.links and not folder.has_broken_links:
            problems.add("F020", place, "no_link", did_you_mean(name, folder.links), name=name)
    else:
        _unknown(path, place, sorted(PLAIN), KINDS, problems)


def _check_var(path: str, place: Place, flow: Flow, problems: Problems) -> None:
    name = path.removeprefix("var.")
    if flow.first_value(name) is None:
        known = [var.name.text for var in flow.vars]
        problems.add("F021", place, "no_var", did_you_mean(name, known), path=path, name=name)


def _check_save(path: str, place: Place, folder: Folder, problems: Problems) -> None:
    kind, _, name = path.partition(".")
    if kind != "field" or not name:
        problems.add("F003", place, "not_a_field_to_save")
    else:
        _check_field(name, place, folder, problems)


def _check_field(name: str, place: Place, folder: Folder, problems: Problems) -> None:
    if folder.fields is not None and name not in folder.fields:
        problems.add("F060", place, "no_field", did_you_mean(name, folder.fields), name=name)


def _unknown(
    path: str, place: Place, names: Sequence[str], known: Param, problems: Problems
) -> None:
    problems.add("F021", place, "no_path", did_you_mean(path, names), path=path, known=known)
