"""What began each stretch of a recorded talk, apart from what followed from it by itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flows.language.book import Book
from flows.language.events import Due, Happened, Released
from flows.language.past_talks.lines import TalkLine, line_of
from flows.language.past_talks.recorded import RecordedTurn


@dataclass(slots=True)
class Cause:
    """What began, and everything that followed from it by itself at once.

    parts: the turns; none for an event that changed nothing yet. line: as a test has it, None for
    what time brings.
    """

    at: datetime
    first: Sequence[RecordedTurn]
    line: TalkLine | None
    parts: list[Sequence[RecordedTurn]] = field(default_factory=list)


def causes(book: Book, turns: Sequence[Sequence[RecordedTurn]]) -> list[Cause]:
    """The causes of a stretch, in order."""
    return _with_delayed(book, _with_consequences(book, turns))


def _with_consequences(book: Book, turns: Sequence[Sequence[RecordedTurn]]) -> Iterator[Cause]:
    current: Cause | None = None
    for turn in turns:
        line = line_of(book, turn)
        if current is not None and line is None and not _is_time(turn[0]):
            current.parts.append(turn)
            continue
        if current is not None:
            yield current
        current = Cause(turn[0].context.now, turn, line, [turn])
    if current is not None:
        yield current


def _with_delayed(book: Book, turns: Iterable[Cause]) -> list[Cause]:
    """An event whose start is delayed changes nothing when it comes, so the log has not seen it."""
    found: list[Cause] = []
    for turn in turns:
        event = turn.first[0].event
        delay = _delay_of(book, event) if isinstance(event, Happened) else None
        if delay is not None and isinstance(event, Happened):
            at = turn.at - delay
            line = TalkLine("event", {"name": event.name, **event.data})
            if not any(_resolves(other, at) for other in found):
                found.append(Cause(at, turn.first, line))
        found.append(turn)
    return sorted(found, key=lambda turn: turn.at)


def _delay_of(book: Book, event: Happened) -> timedelta | None:
    version = book.head(event.flow or "") if event.is_after_delay else None
    triggers = version.flow.triggers if version is not None else ()
    delays = (t.delay for t in triggers if any(text.text == event.name for text in t.texts))
    return next((delay for delay in delays if delay is not None), None)


def _resolves(turn: Cause, at: datetime) -> bool:
    """Whether the event is what comes by itself when a person is done."""
    event = turn.first[0].event
    is_done = isinstance(event, Released) and event.how == "resolved"
    return is_done and abs(turn.at - at) < timedelta(minutes=1)


def _is_time(turn: RecordedTurn) -> bool:
    event = turn.event
    return isinstance(event, Due) or (isinstance(event, Happened) and event.is_after_delay)
