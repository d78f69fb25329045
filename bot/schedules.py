"""The clock starts flows: what the published flows say of it, kept as timers, and fired."""

from datetime import UTC, datetime
from functools import partial

from sqlmodel import Session

from flows.language.book import Book
from flows.language.calendars import Calendar
from flows.language.compiler import Compiled
from flows.language.grammar.parts import Trigger
from storage import schedules
from storage.schedules import Schedule


def plan(db: Session, book: Book, now: datetime) -> None:
    """Keep the schedules of the flows that are published now."""
    wanted = [
        _kept(book, version, number, trigger)
        for version in book.flows()
        for number, trigger in enumerate(version.flow.triggers)
        if trigger.schedule is not None
    ]
    schedules.plan(db, wanted, partial(_next_moment, book, now))


def fire(db: Session, book: Book, now: datetime) -> int:
    """Tell customers that a flow's moment has come; how many were told."""
    return schedules.fire(db, now, partial(_next_moment, book, now))


def _kept(book: Book, version: Compiled, number: int, trigger: Trigger) -> Schedule:
    accounts = tuple(account.text for account in version.flow.accounts)
    when = f"{trigger.schedule} {_calendar(book, version).zone}"
    return Schedule(version.flow.id.text, number, when, accounts)


def _calendar(book: Book, version: Compiled) -> Calendar:
    name = version.flow.calendar
    return book.house.calendar(name.text if name is not None else None)


def _next_moment(book: Book, now: datetime, schedule: Schedule) -> datetime | None:
    """None once the flow has no such trigger any more, or the one moment is over."""
    version = book.head(schedule.flow)
    triggers = version.flow.triggers if version is not None else ()
    trigger = triggers[schedule.number] if schedule.number < len(triggers) else None
    if version is None or trigger is None or trigger.schedule is None:
        return None
    following = trigger.schedule.next_after(_calendar(book, version).local(now))
    return following.astimezone(UTC) if following is not None else None
