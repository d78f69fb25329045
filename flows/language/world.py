"""What one run can see while it is walked: the customer, its own answers, the clock, the house.

Tags and fields change here as effects are decided, so that a text sees what was set beside it.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.language.book import Book
from flows.language.calendars import Calendar
from flows.language.compiler import Compiled
from flows.language.conditions import Missing, holds
from flows.language.run import Frame, Run
from flows.language.templates import Template, render
from flows.language.words import Context, Value

MOMENT = "%Y-%m-%dT%H:%M"


class Customer:
    """The facts of the turn, as they change during it."""

    def __init__(self, context: Context) -> None:
        self.name = context.facts.name
        self.tags = set(context.facts.tags)
        self.fields: dict[str, Value] = dict(context.facts.fields)


@dataclass(frozen=True, slots=True)
class View:
    """One frame's view. at: what business hours are about (in `check`, the answered moment)."""

    book: Book
    context: Context
    customer: Customer
    run: Run
    frame: Frame
    flow: Compiled
    at: datetime | None = None

    @property
    def calendar(self) -> Calendar:
        """The flow's calendar."""
        name = self.flow.flow.calendar
        return self.book.house.calendar(name.text if name is not None else None)

    @property
    def now(self) -> datetime:
        """Now, in the calendar's zone."""
        return self.calendar.local(self.context.now)

    @property
    def tags(self) -> frozenset[str]:
        """The customer's tags."""
        return frozenset(self.customer.tags)

    def is_open(self) -> bool:
        """Whether the calendar is open."""
        return self.calendar.is_open(self.at or self.context.now)

    def is_in(self, segment: str) -> bool:
        """Whether the customer is in a saved segment; in none that does not exist."""
        condition = self.book.house.segments.get(segment)
        return condition is not None and holds(condition, self)

    def value(self, path: str) -> Value | Missing:
        """What stands at a path; None where there is nothing."""
        kind, _, name = path.partition(".")
        match kind:
            case "name":
                return self.customer.name
            case "message":
                return self.run.message
            case "answer":
                return self.frame.answers.get(name, Missing("not_asked"))
            case "field":
                return self.customer.fields.get(name)
            case "var":
                return self.frame.vars.get(name, self.flow.flow.first_value(name))
            case "event":
                return self.run.event.get(name)
            case "link":
                return self.book.house.links.get(name)
            case _:
                return self._next_open() if path == "calendar.next_open" else None

    def show(self, template: Template) -> str:
        """A text with its holes filled."""
        return render(template, self._lookup)

    def _lookup(self, path: str) -> Value:
        value = self.value(path)
        return None if isinstance(value, Missing) else value

    def _next_open(self) -> str | None:
        opening = self.calendar.next_open(self.context.now)
        return self.calendar.local(opening).strftime(MOMENT) if opening is not None else None


def moment_in(calendar: Calendar, stored: str) -> datetime | None:
    """A stored date-time as a moment; None for what is none."""
    try:
        return datetime.fromisoformat(stored).replace(tzinfo=ZoneInfo(calendar.zone))
    except ValueError:
        return None
