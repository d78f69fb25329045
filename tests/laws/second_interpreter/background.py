"""What moves on by itself among the runs of one friend: held, parked and stopped ones (§5, §6)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tests.laws.second_interpreter.waiting import Run
from tests.laws.second_interpreter.walking import CannotGoOn, Leaves

MOST_PARKED = 5


class Background:
    """The runs of one friend. people: free, asked, taken. is_prompt: whether somebody did this."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.runs: list[Run] = []
        self.past: list[Run] = []
        self.people, self.is_prompt = "free", False
        self.asking_run: Run | None = None

    def asking(self) -> Run | None:
        """The run with the open question."""
        return next((run for run in self.runs if run.has_question), None)

    def ask_person(self, run: Run) -> None:
        """A handoff is open."""
        self.people, self.asking_run = "asked", run

    def settle(self) -> None:
        """Come to rest: while nobody is asked anything, what waited goes on."""
        self.stop_what_must()
        for run in [run for run in self.runs if run.held]:
            self._mind_people(run)
        while self.people == "free" and self._goes_on():
            self.stop_what_must()

    def _mind_people(self, run: Run) -> None:
        """What people kept back for more than a day is not sent any more."""
        if self.people != "free":
            run.kept_at = run.kept_at or self.now
        elif run.kept_at is not None and self.now - run.kept_at > timedelta(days=1):
            self.end(run, "kept_back")
        else:
            run.kept_at = None

    def _goes_on(self) -> bool:
        for run in self.runs:
            run.held = [h for h in run.held if h[2] or not self._is_put_off(run, h[1])]
        parked = [run for run in self.runs if run.status == "parked"]
        held = [run for run in self.runs if run.held and self.asking() in (None, run)]
        if parked and self.asking() is None:
            self._bring_back(max(parked, key=lambda run: run.parked))
            return True
        if not held:
            return False
        run = min(held, key=lambda run: run.held[0][0])
        work, run.held = run.held[0][1], []
        self._do(run, work)
        return True

    def _bring_back(self, run: Run) -> None:
        run.status, run.by_takeover = "going", False
        self.stop_what_must()
        if run.has_question:
            self.wake(run, ("resume", None))

    def stop_what_must(self) -> None:
        """`stop_when`: the outermost flow of a run that must stop does, with all that it called."""
        for run in list(self.runs):
            frame = next((frame for frame in run.frames if run.must_stop(frame)), None)
            if frame is run.frames[0]:
                self.end(run, "stopped")
            elif frame is not None and run.status == "going" and run.stopping is None:
                run.stopping, run.rests, run.timers, run.held = frame, "", {}, []
                self.do_or_hold(run, "stopped")

    def do_or_hold(self, run: Run, work: str) -> None:
        """What a run wants to do without the friend."""
        if work == "matched":  # it has come: nothing of this entry is waited for any more
            run.timers = {}
        if not self.is_prompt and self._is_put_off(run, work):
            return
        is_free = self.people == "free" and self.asking() in (None, run)
        if is_free or (self.people == "asked" and self.asking_run is run):
            self._do(run, work)
        else:
            self.hold(run, work)

    def hold(self, run: Run, work: str) -> None:
        """It waits until no question is open."""
        run.timers.pop(work, None)
        if not run.held:
            run.kept_at = None
        run.held.append((self.now, work, self.is_prompt))

    def _is_put_off(self, run: Run, work: str) -> bool:
        opening = run.in_window(self.now)
        if opening == self.now:
            return False
        run.timers[work] = opening
        return True

    def _do(self, run: Run, work: str) -> None:
        if work == "begin":
            self.begin(run)
        elif work == "stopped" and run.stopping is not None:
            frame, run.stopping = run.stopping, None
            self.leave(run, Leaves(frame, "end", "stopped"))
        else:
            self.wake(run, ("timer", work))

    def begin(self, run: Run) -> None:
        """Enter the first step: of a new run, or of a called flow that begins anew."""
        run.status, again, run.again = "going", run.again, None
        if again is not None:
            self.leave(run, Leaves(again, "again"))
            return
        run.walk = run.walk_flow(run.frames[0])
        self._go(run, lambda: next(run.walk))

    def wake(self, run: Run, happening: tuple[str, Any]) -> None:
        """What a run waited for."""
        self._go(run, lambda: run.walk.send(happening))

    def leave(self, run: Run, leaves: Leaves) -> None:
        """One of its flows is over from outside."""
        self._go(run, lambda: run.walk.throw(leaves))

    def _go(self, run: Run, work: Callable[[], object]) -> None:
        run.timers = {}
        try:
            work()
        except StopIteration as over:
            self.end(run, over.value)
        except CannotGoOn:
            self.end(run, "error")
            if self.people == "free":
                self.ask_person(run)

    def end(self, run: Run, name: str) -> None:
        """A run is over."""
        run.status, run.end, run.timers, run.held = "ended", name, {}, []
        if run in self.runs:
            self.runs.remove(run)
            self.past.append(run)

    def interrupt(self, run: Run) -> None:
        """Another flow comes between a question and its answer."""
        if run.top.flow.get("on_interrupt") == "stop":
            self.end(run, "interrupted")
        else:
            self.park(run)

    def park(self, run: Run) -> None:
        """Put a run aside; of too many the oldest ends."""
        parked = [other for other in self.runs if other.status == "parked"]
        run.parked = 1 + max((other.parked for other in parked), default=0)
        run.status, run.timers, run.held = "parked", {}, []
        if len(parked) >= MOST_PARKED:
            self.end(min(parked, key=lambda other: other.parked), "interrupted")
