"""Every part of a flow, for whoever wants to look at all of them."""

from collections.abc import Iterator

from flows.language.grammar.asks import yesno_choices
from flows.language.grammar.parts import Choice, Effects, Patience, Trigger, WayOut, When, Words
from flows.language.grammar.shapes import (
    Ask,
    Faq,
    Flow,
    Handoff,
    If,
    Loop,
    Random,
    Say,
    Step,
    Switch,
    Wait,
    WaitFor,
)
from flows.language.nodes import Scalar


def ways_of(step: Step) -> Iterator[WayOut]:
    """Every way out of a step."""
    match step.body:
        case Ask():
            yield from _ways_of_ask(step.body)
        case Switch():
            yield from (case.way for case in step.body.cases)
        case If():
            yield from _given(step.body.then, step.body.otherwise)
        case Random():
            yield from (draw.way for draw in step.body.draws)
        case Faq():
            body = step.body
            yield from _given(body.answered, body.unsure, body.unknown)
            yield from _patience_ways(body.patience)
        case _:
            yield from _ways_of_waits(step)


def all_ways(flow: Flow) -> Iterator[WayOut]:
    """Every way out of every step, and those of the flow itself."""
    for step in flow.steps:
        yield from ways_of(step)
    yield from flow_ways(flow)


def flow_ways(flow: Flow) -> Iterator[WayOut]:
    """The ways out of the flow itself."""
    yield from _given(flow.on_cancel)
    yield from _patience_ways(flow.defaults)


def all_effects(flow: Flow) -> Iterator[Effects]:
    """Everything that is done anywhere."""
    yield from (step.effects for step in flow.steps)
    yield from (way.effects for way in all_ways(flow))


def all_conditions(flow: Flow) -> Iterator[When]:
    """Every condition."""
    yield from (when for when in (flow.only_if, flow.stop_when) if when is not None)
    for step in flow.steps:
        yield from conditions_on_entry(step)
        if isinstance(step.body, Ask) and step.body.check is not None:
            yield step.body.check


def conditions_on_entry(step: Step) -> Iterator[When]:
    """What decides whether a step is done, and where it leads at once."""
    if step.only_if is not None:
        yield step.only_if
    if isinstance(step.body, If):
        yield step.body.when
    elif isinstance(step.body, Switch):
        yield from (case.when for case in step.body.cases if case.when is not None)


def all_triggers(flow: Flow) -> Iterator[Trigger]:
    """What starts the flow, and what its runs wait for."""
    yield from flow.triggers
    yield from (step.body.trigger for step in flow.steps if isinstance(step.body, WaitFor))


def sources_of(step: Step) -> Iterator[Scalar]:
    """The paths whose values a step works with: what it looks up, goes through, or counts from."""
    match step.body:
        case Faq():
            yield step.body.source
        case Loop(source=Scalar() as source):
            yield source
        case Wait(until=Scalar() as until):
            yield until


def all_words(flow: Flow) -> Iterator[Words]:
    """Every text with holes."""
    for step in flow.steps:
        yield from words_on_entry(step)
        yield from words_later(step)
    for way in all_ways(flow):
        yield from way.say
    for effects in all_effects(flow):
        yield from (setting.value for setting in effects.set if not setting.word)
        yield from (notice.text for notice in effects.notify if notice.text is not None)
    yield from (words for remind in flow.defaults.reminds for words in remind.say)
    if flow.default_retry_say is not None:
        yield flow.default_retry_say


def words_on_entry(step: Step) -> Iterator[Words]:
    """What a step says, or shows to staff, when it is entered."""
    match step.body:
        case Say():
            yield from step.body.bubbles
        case Ask():
            yield step.body.text
        case Handoff():
            yield step.body.text
            if step.body.note is not None:
                yield step.body.note


def words_later(step: Step) -> Iterator[Words]:
    """What a question says while it is open."""
    if isinstance(step.body, Ask):
        maybe = (step.body.check_say, step.body.retry_say)
        yield from (words for words in maybe if words is not None)
    if isinstance(step.body, Ask | Faq):
        yield from (words for remind in step.body.patience.reminds for words in remind.say)


def _ways_of_waits(step: Step) -> Iterator[WayOut]:
    match step.body:
        case Handoff():
            timeout = step.body.timeout
            yield from _given(step.body.done, timeout.way if timeout else None)
        case Wait():
            yield from _given(step.body.late)
        case WaitFor():
            yield step.body.timeout.way


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


def texts_to_type(flow: Flow) -> Iterator[str]:
    """Every word of the flow's own that a friend may type: labels, synonyms, keywords."""
    yield from (word.text for word in flow.cancel_words)
    yield from (word.text for trigger in flow.triggers for word in trigger.texts)
    for step in flow.steps:
        if not isinstance(step.body, Ask):
            continue
        for choice in (*yesno_choices(step.body), *_given_choice(step.body.skip)):
            yield choice.label.text
            yield from (synonym.text for synonym in choice.synonyms)
        if step.body.done is not None:
            yield step.body.done.text


def _given_choice(choice: Choice | None) -> tuple[Choice, ...]:
    return (choice,) if choice is not None else ()
