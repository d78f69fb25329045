"""All runs of one friend within one turn."""

from collections.abc import Callable

from flows.language.book import Book
from flows.language.compiler import Compiled
from flows.language.deeds import fail
from flows.language.run import Frame, Run
from flows.language.turning import CannotGoOn, Turning, Walk
from flows.language.waits import enter_wait
from flows.language.walk import begin
from flows.language.words import Context
from flows.language.world import Customer, View


class Friend:
    """All runs of one friend within one turn."""

    def __init__(
        self, book: Book, context: Context, runs: list[Run], *, is_prompt: bool = False
    ) -> None:
        self.book = book
        self.is_prompt = is_prompt  # somebody did this now: no send window holds it
        self.context = context
        self.runs = runs
        self.turning = Turning(
            book,
            context,
            Customer(context),
            people=context.people,
            asking_run=context.asking_run,
            enter_wait=enter_wait,
        )
        self._begun = 0

    def asking(self) -> Run | None:
        """The run that has the open question."""
        return next((run for run in self.runs if run.has_question), None)

    def walk(self, run: Run) -> Walk:
        """A run to be walked."""
        return Walk(self.turning, run)

    def do(self, walk: Walk, work: Callable[[], None]) -> None:
        """Walk; a run that takes too many steps ends as `error` and is shown to staff."""
        try:
            work()
        except CannotGoOn as limit:
            fail(walk, limit.about)

    def new_run(self, version: Compiled) -> Run:
        """A run that has not entered its first step."""
        self._begun += 1
        return Run(
            id=f"{self.context.turn_id}.{self._begun}",
            flow=version.flow.id.text,
            hash=version.hash,
            started_at=self.context.now,
            frames=[Frame(version.flow.id.text, version.hash)],
        )


def runs_of(friend: Friend, flow_id: str) -> list[Run]:
    """The runs in which a flow is, as itself or called."""
    return [
        run
        for run in friend.runs
        if run.status != "ended" and any(frame.flow == flow_id for frame in run.frames)
    ]


def begin_run(friend: Friend, run: Run) -> None:
    """Enter the first step."""
    walk = friend.walk(run)
    friend.do(walk, lambda: begin(walk))


def view_of(friend: Friend, version: Compiled) -> View:
    """What a flow that has not started can see."""
    run = Run("", version.flow.id.text, version.hash, friend.context.now, [])
    frame = Frame(version.flow.id.text, version.hash)
    return View(friend.book, friend.context, friend.turning.customer, run, frame, version)
