"""Every part of a flow, for whoever wants to look at all of them."""

from collections.abc import Iterator

from flows.language.grammar.shapes import (
    Ask,
    Effects,
    Faq,
    Flow,
    Handoff,
    If,
    Patience,
    Say,
    Step,
    Switch,
    WayOut,
    When,
    Words,
)


def ways_of(step: Step) -> Iterator[WayOut]:
    """Every way out of a step."""
    match step.body:
        case Ask():
            yield from _ways_of_ask(step.body)
        case Switch():
            yield from (case.way for case in step.body.cases)
        case If():
            yield from _given(step.body.then, step.body.otherwise)
        case Handoff():
            timeout = step.body.timeout
            yield from _given(step.body.done, timeout.way if timeout else None)
        case Faq():
            body = step.body
            yield from _given(body.answered, body.unsure, body.unknown)
            yield from _patience_ways(body.patience)


def all_ways(flow: Flow) -> Iterator[WayOut]:
    """Every way out of every step, and those of the flow itself."""
    for step in flow.steps:
        yield from ways_of(step)
    yield from _given(flow.on_cancel)
    yield from _patience_ways(flow.defaults)


def all_effects(flow: Flow) -> Iterator[Effects]:
    """Everything that is done anywhere."""
    yield from (step.effects for step in flow.steps)
    yield from (way.effects for way in all_ways(flow))


def all_conditions(flow: Flow) -> Iterator[When]:
    """Every condition."""
    found = [flow.only_if]
    for step in flow.steps:
        found.append(step.only_if)
        if isinstance(step.body, Ask):
            found.append(step.body.check)
        elif isinstance(step.body, If):
            found.append(step.body.when)
        elif isinstance(step.body, Switch):
            found.extend(case.when for case in step.body.cases)
    yield from (when for when in found if when is not None)


def all_words(flow: Flow) -> Iterator[Words]:
    """Every text with holes."""
    for step in flow.steps:
        yield from words_of(step)
    for way in all_ways(flow):
        yield from way.say
    for effects in all_effects(flow):
        yield from (setting.value for setting in effects.set if not setting.word)
        yield from (notice.text for notice in effects.notify if notice.text is not None)
    yield from (words for remind in flow.defaults.reminds for words in remind.say)


def words_of(step: Step) -> Iterator[Words]:
    """A step's own texts."""
    match step.body:
        case Say():
            yield from step.body.bubbles
        case Ask():
            ask = step.body
            maybe = (ask.text, ask.check_say, ask.retry_say)
            yield from (words for words in maybe if words is not None)
            yield from (words for remind in ask.patience.reminds for words in remind.say)
        case Handoff():
            yield step.body.text
            if step.body.note is not None:
                yield step.body.note
        case Faq():
            yield from (words for r in step.body.patience.reminds for words in r.say)


def _ways_of_ask(ask: Ask) -> Iterator[WayOut]:
    yield from (choice.way for choice in ask.choices)
    skip = ask.skip.way if ask.skip is not None else None
    give_up = ask.give_up.way if ask.give_up is not None else None
    yield from _given(skip, give_up, ask.other, ask.any_answer)
    yield from _patience_ways(ask.patience)


def _patience_ways(patience: Patience) -> Iterator[WayOut]:
    if patience.timeout is not None:
        yield patience.timeout.way


def _given(*ways: WayOut | None) -> Iterator[WayOut]:
    yield from (way for way in ways if way is not None)
