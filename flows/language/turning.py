"""One turn of one friend, and one run within it: what everything that walks is given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flows.language.book import Book
from flows.language.compiler import Compiled
from flows.language.grammar.shapes import Step
from flows.language.run import Frame, Run
from flows.language.words import Context, Effect
from flows.language.world import Customer, View


@dataclass(slots=True)
class Turning:
    """What one turn of one friend has decided so far.

    left: the called frames that are over, with the name of their end.
    enter_wait: what comes to rest on a waiting step; it answers a way on when it need not.
    """

    book: Book
    context: Context
    customer: Customer
    people: str
    enter_wait: Callable[["Walk", Step], str | None]
    effects: list[Effect] = field(default_factory=list)
    left: list[tuple[Frame, str]] = field(default_factory=list)
    steps: int = 0


class CannotGoOn(Exception):
    """The run must stop here: too many steps in a turn, too deep a call, no way on."""


@dataclass(slots=True)
class Walk:
    """One run within a turn."""

    turning: Turning
    run: Run
    end_name: str = "done"

    @property
    def frame(self) -> Frame:
        """The innermost frame."""
        return self.run.top

    @property
    def compiled(self) -> Compiled:
        """The flow version of the innermost frame."""
        return self.turning.book.version(self.frame.hash)

    @property
    def step(self) -> Step:
        """Where the innermost frame stands."""
        return self.compiled.steps[self.frame.state]

    def view(self) -> View:
        """What the innermost frame can see."""
        turning = self.turning
        return View(
            turning.book, turning.context, turning.customer, self.run, self.frame, self.compiled
        )

    @property
    def now(self) -> datetime:
        """The turn's moment."""
        return self.turning.context.now
