"""One turn of one friend, and one run within it: what everything that walks is given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flows.language.book import Book
from flows.language.compiler import Compiled
from flows.language.effects import Effect
from flows.language.grammar.shapes import Step
from flows.language.run import Frame, Run
from flows.language.sayings.saying import Saying
from flows.language.stays import Mark, What, meaning
from flows.language.words import Context
from flows.language.world import Customer, View


@dataclass(frozen=True, slots=True)
class Move:
    """One transition that a run took: out of this state, by this trigger and way of its machine."""

    flow: str
    state: str
    trigger: str
    way: str = ""


@dataclass(slots=True)
class Turning:
    """What one turn of one friend has decided so far.

    asking_run: the run that asked for a person, once one is asked for.
    left: the called frames that are over, with the name of their end.
    enter_wait: what comes to rest on a waiting step; it answers a way on when it need not.
    on_page: the run that is answered on its form's page, where its texts are shown.
    starts: flows that steps want to begin after this turn.
    """

    book: Book
    context: Context
    customer: Customer
    people: str
    asking_run: str | None
    enter_wait: Callable[["Walk", Step], str | None]
    effects: list[Effect] = field(default_factory=list)
    left: list[tuple[Frame, str]] = field(default_factory=list)
    steps: int = 0
    on_page: str | None = None
    starts: list[str] = field(default_factory=list)
    draws: list[int] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


class CannotGoOn(Exception):
    """The run must stop here: too many steps in a turn, too deep a call, no way on."""

    def __init__(self, about: Saying) -> None:
        super().__init__(about.key)
        self.about = about


@dataclass(slots=True)
class Walk:
    """One run within a turn."""

    turning: Turning
    run: Run
    end_name: str = "done"

    @property
    def frame(self) -> Frame:
        """The innermost frame."""
        return self.run.frames[-1]

    @property
    def compiled(self) -> Compiled:
        """The flow version of the innermost frame."""
        return self.turning.book.version(self.run.frames[-1].hash)

    @property
    def step(self) -> Step:
        """Where the innermost frame stands."""
        return self.compiled.steps[self.run.frames[-1].state]

    def view(self) -> View:
        """What the innermost frame can see."""
        turning = self.turning
        return View(
            turning.book, turning.context, turning.customer, self.run, self.frame, self.compiled
        )

    def took(self, trigger: str, way: str = "", state: str | None = None) -> None:
        """Note a transition out of where the innermost frame stands."""
        frame = self.frame
        self.turning.moves.append(Move(frame.flow, state or frame.state, trigger, way))
        what = meaning(trigger, way)
        if what is not None:
            self._mark(len(self.run.frames) - 1, what)

    def came(self, depth: int = -1) -> None:
        """Note that a frame, the innermost one by itself, waits where it stands now."""
        self._mark(depth % len(self.run.frames), "came")

    def over(self, depth: int, end: str) -> None:
        """Note that the frames from this depth on are over, the innermost first."""
        for number in range(len(self.run.frames) - 1, depth - 1, -1):
            self._mark(number, "over", end)

    def _mark(self, depth: int, what: What, end: str | None = None) -> None:
        frame = self.run.frames[depth]
        mark = Mark(self.run.id, depth, frame.flow, frame.hash, frame.state, what, end)
        self.turning.marks.append(mark)

    @property
    def now(self) -> datetime:
        """The turn's moment."""
        return self.turning.context.now
