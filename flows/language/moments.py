"""When a `wait` is over, and when a flow may send by itself."""

from datetime import UTC, datetime, time, timedelta

from flows.language.conditions import Missing
from flows.language.grammar.shapes import Wait
from flows.language.templates import show
from flows.language.turning import Walk
from flows.language.world import moment_in


def wake_at(walk: Walk, wait: Wait) -> datetime | None:
    """The moment at which a wait is over; None where the card has no such moment."""
    calendar = walk.view().calendar
    if wait.length is not None:
        return walk.now + wait.length
    if wait.day is not None:
        started = calendar.local(walk.run.started_at)
        return _on(started + timedelta(days=wait.day), wait.at)
    found = walk.view().value(wait.until.text) if wait.until is not None else None
    stored = "" if isinstance(found, Missing) else show(found)
    moment = moment_in(calendar, stored.replace(" ", "T")) if stored else None
    return _on(moment - wait.before, wait.at) if moment is not None else None


def in_window(walk: Walk, at: datetime) -> datetime:
    """The moment, or the next opening of the send window of the flow that would send."""
    for frame in reversed(walk.run.frames):
        flow = walk.turning.book.version(frame.hash).flow
        if flow.send_window is not None:
            name = flow.calendar.text if flow.calendar is not None else None
            local = walk.turning.book.house.calendar(name).local(at)
            return flow.send_window.within(local).astimezone(UTC)
    return at


def _on(local: datetime, at: time | None) -> datetime:
    if at is not None:
        local = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return local.astimezone(UTC)
