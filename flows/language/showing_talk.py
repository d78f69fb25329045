"""A talk with a paper friend as lines of text: what was said, what can be tapped, what stands."""

from collections.abc import Iterator
from datetime import datetime

from flows.language.cards import words_on
from flows.language.conditions import Missing
from flows.language.edges import shown
from flows.language.effects import Bubble
from flows.language.grammar.shapes import Ask
from flows.language.run import Run, RunTimer
from flows.language.sayings.saying import Param, Saying, saying
from flows.language.talk_world import PaperFriend
from flows.language.templates import show
from flows.language.words import Value

NONE = saying("none")
TYPED_DIGITS = frozenset({"text", "number", "phone", "postcode", "date", "time", "datetime"})
PHASES = frozenset({"question", "unsure", "handoff", "wait", "wait_for"})
TIMERS = frozenset({"timeout", "expiry", "wake", "begin", "matched", "stopped"})


def turn_lines(friend: PaperFriend) -> Iterator[Saying]:
    """What the last doing brought: bubbles, buttons, and what staff get to see."""
    seen = friend.seen
    at = clock_text(friend, friend.now)
    for bubble in seen.bubbles:
        yield from _bubble_lines(at, bubble)
    if seen.bubbles:
        yield from _option_lines(friend)
    yield from (saying("try.notified", name=name) for name in seen.notified)
    yield from (saying("try.stopped", why=about) for about in seen.troubles)
    if seen.is_unhandled:
        yield saying("try.unhandled")


def state_lines(friend: PaperFriend, *, is_whole: bool = False) -> Iterator[Saying]:
    """Where the runs stand, and what is known; with is_whole also what is plain or empty."""
    going = [run for run in friend.runs if run.status != "ended"]
    ended = friend.runs[-1:] if not going else []
    yield saying("try.time", at=clock_text(friend, friend.now))
    for run in [*ended, *going]:
        yield from _run_lines(friend, run)
    if not friend.runs:
        yield saying("try.no_runs")
    begins = friend.next_start()
    if begins is not None:
        yield saying("try.to_begin", at=clock_text(friend, begins))
    if friend.people != "free":
        is_taken = friend.people == "taken"
        yield saying("try.taken") if is_taken else saying("try.waiting", queue=friend.queue or "")
    if friend.tags or is_whole:
        yield saying("try.tags", tags=tuple(sorted(friend.tags)) or NONE)
    if friend.fields or is_whole:
        yield saying("try.fields", fields=_values(friend.fields) or NONE)
    if is_whole:
        yield from _option_lines(friend)


def clock_text(friend: PaperFriend, moment: datetime) -> str:
    """A moment on the calendar's clock."""
    return f"{friend.book.house.calendar(None).local(moment):%Y-%m-%d %H:%M}"


def takes_digits(friend: PaperFriend) -> bool:
    """Whether the open question may be answered by typing a number that is no label."""
    asking = next((run for run in friend.runs if run.has_question), None)
    if asking is None:
        return False
    body = friend.book.version(asking.top.hash).steps[asking.top.state].body
    return isinstance(body, Ask) and body.type in TYPED_DIGITS


def _run_lines(friend: PaperFriend, run: Run) -> Iterator[Saying]:
    where = " > ".join(f"{frame.flow}.{shown(frame.state)}" for frame in run.frames if frame.state)
    if run.status == "ended":
        yield saying("try.ended", flow=run.flow, end=run.end or "")
    else:
        yield _state(run, where or run.flow)
    for frame in run.frames:
        if frame.answers:
            yield saying("try.answers", answers=_values(frame.answers))
        if frame.vars:
            yield saying("try.vars", vars=_values(frame.vars))
    if run.status == "going" and run.timers:
        timers = sorted(run.timers, key=lambda timer: (timer.at, timer.name))
        yield saying("try.timers", timers=tuple(_timer(friend, timer) for timer in timers))


def _state(run: Run, where: str) -> Saying:
    phase = "parked" if run.status == "parked" else run.top.phase
    if phase != "parked" and phase not in PHASES:
        return saying("try.state", where=where)
    return saying("try.state_phase", where=where, phase=saying(f"phase.{phase}"))


def _timer(friend: PaperFriend, timer: RunTimer) -> Saying:
    kind = "remind" if timer.name.startswith("remind") else timer.name
    is_named = kind == "remind" or kind in TIMERS
    name: Param = saying(f"timer.{kind}") if is_named else kind
    return saying("try.timer", at=clock_text(friend, timer.at), name=name)


def _values(values: "dict[str, Value] | dict[str, Value | Missing]") -> tuple[Saying, ...]:
    return tuple(
        saying("try.value", name=name, value=_value(value)) for name, value in values.items()
    )


def _value(value: Value | Missing) -> Param:
    return saying(f"answer.{value.status}") if isinstance(value, Missing) else show(value)


def _bubble_lines(at: str, bubble: Bubble) -> Iterator[Saying]:
    on_card = words_on(bubble.flex) if bubble.flex else []
    first, *others = [*bubble.text.split("\n"), *(f"| {words}" for words in on_card)]
    yield saying("try.bubble", at=at[-5:], text=first)
    yield from (saying("as_is", text=f"                 {line}") for line in others)


def _option_lines(friend: PaperFriend) -> Iterator[Saying]:
    mark = ":" if takes_digits(friend) else ""
    numbered = enumerate(friend.offered(), 1)
    options = [f"[{mark}{number}] {option.label}" for number, option in numbered]
    picker = friend.picker()
    if picker is not None:
        options.append(f"[:pick] {picker.label}")
    if options:
        yield saying("as_is", text=f"        {'  '.join(options)}")
