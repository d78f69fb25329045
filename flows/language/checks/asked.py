"""An answer may be used only where it has been asked for.

What no way has asked is F021; what some way has not is W214, but not where the manager has thought
of that: `default:` in a text, `empty` or `not_asked` in a condition.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.language.checks.known_answers import Known, known_at_steps, together
from flows.language.checks.paths import answers_of, uses_in_condition, uses_in_words
from flows.language.checks.routes import Route
from flows.language.checks.walk_flow import (
    conditions_on_entry,
    sources_of,
    ways_of,
    words_later,
    words_on_entry,
)
from flows.language.conditions import Comparison, Condition, Every, Not, Some, ValueIs
from flows.language.grammar.parts import Effects, Patience, WayOut, When, Words
from flows.language.grammar.shapes import Ask, Faq, Flow, Step
from flows.language.problems import Place, Problems

THOUGHT_OF = frozenset({"empty", "not empty"})
NOT_ASKED = Comparison("status", "not_asked")


@dataclass(frozen=True, slots=True)
class _Use:
    name: str
    place: Place
    is_thought_of: bool


def check_flow(flow: Flow, routes: Sequence[Route], problems: Problems) -> None:
    """F021 and W214 of answers."""
    answers = answers_of(flow)
    known = known_at_steps(flow, routes)
    for step in flow.steps:
        if step.name in known:
            here = known[step.name]
            then = here.after(step.name) if isinstance(step.body, Ask | Faq) else here
            _judge(_uses_on_entry(step), here, answers, problems)
            _judge(_uses_later(step), then, answers, problems)
    _judge_shared(flow, routes, known, problems)


def _judge_shared(
    flow: Flow, routes: Sequence[Route], known: Mapping[str, Known], problems: Problems
) -> None:
    """What the flow itself says: at its start, at a cancel word, while any question is open."""
    answers = answers_of(flow)
    if flow.only_if is not None:
        _judge(_of_condition(flow.only_if), Known(), answers, problems)
    cancelled = [r.source for r in routes if r.trigger == "cancel" and r.source in known]
    if flow.on_cancel is not None and cancelled:
        met = together(known[name].after(name) for name in cancelled)
        _judge(_of_ways([flow.on_cancel]), met, answers, problems)
    asking = [s.name for s in flow.steps if isinstance(s.body, Ask | Faq) and s.name in known]
    if asking:
        met = together(known[name].after(name) for name in asking)
        _judge(_of_patience(flow.defaults), met, answers, problems)
        if flow.default_retry_say is not None:
            _judge(_of_words(flow.default_retry_say), met, answers, problems)


def _judge(uses: Iterable[_Use], known: Known, answers: set[str], problems: Problems) -> None:
    for use in uses:
        if use.name not in answers or use.name in known.every:
            continue
        if use.name not in known.some:
            problems.add(
                "F021",
                use.place,
                "never_asked",
                name=use.name,
            )
        elif not use.is_thought_of:
            problems.add(
                "W214",
                use.place,
                "not_always_asked",
                name=use.name,
            )


def _uses_on_entry(step: Step) -> Iterator[_Use]:
    for when in conditions_on_entry(step):
        yield from _of_condition(when)
    yield from _of_effects(step.effects)
    for words in words_on_entry(step):
        yield from _of_words(words)
    for source in sources_of(step):
        yield from _of_answers([(source.text, source.place)], set())


def _uses_later(step: Step) -> Iterator[_Use]:
    """In what is done and said once the step's own question is open, or answered."""
    yield from _of_ways(ways_of(step))
    for words in words_later(step):
        yield from _of_words(words)
    if isinstance(step.body, Ask) and step.body.check is not None:
        yield from _of_condition(step.body.check)


def _of_patience(patience: Patience) -> Iterator[_Use]:
    for remind in patience.reminds:
        for words in remind.say:
            yield from _of_words(words)
    if patience.timeout is not None:
        yield from _of_ways([patience.timeout.way])


def _of_ways(ways: Iterable[WayOut]) -> Iterator[_Use]:
    for way in ways:
        yield from _of_effects(way.effects)
        for words in way.say:
            yield from _of_words(words)


def _of_effects(effects: Effects) -> Iterator[_Use]:
    for setting in effects.set:
        yield from _of_words(setting.value)
    for notice in effects.notify:
        yield from _of_words(notice.text) if notice.text is not None else ()


def _of_words(words: Words) -> Iterator[_Use]:
    thought_of = {
        slot.path for slot in words.slots() if any(name == "default" for name, _ in slot.filters)
    }
    yield from _of_answers(uses_in_words(words), thought_of)


def _of_condition(when: When) -> Iterator[_Use]:
    yield from _of_answers(uses_in_condition(when), set(_thought_of(when.condition)))


def _of_answers(uses: Iterable[tuple[str, Place]], thought_of: set[str]) -> Iterator[_Use]:
    for path, place in uses:
        kind, _, name = path.partition(".")
        if kind == "answer":
            yield _Use(name, place, path in thought_of)


def _thought_of(condition: Condition) -> Iterator[str]:
    """The paths of which a condition says what is to be when there is nothing."""
    match condition:
        case ValueIs():
            if any(t.operator in THOUGHT_OF or t == NOT_ASKED for t in condition.tests):
                yield condition.path
        case Every() | Some():
            for inner in condition.conditions:
                yield from _thought_of(inner)
        case Not():
            yield from _thought_of(condition.condition)
        case _:
            pass
