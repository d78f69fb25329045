"""Where a walk stands: a run, and its frames (the flow itself, and the flows that it called).

These are worked on in place during one turn, on copies; between turns they are JSON.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, Literal

from flows.language.conditions import Missing
from flows.language.words import Value

END = "_end"
AGAIN = "_again_"  # before the name of a `repeat`: a round of it is over
BEGIN = "begin"  # the timer, and the held work, of a run whose first step has not been done
MATCHED = "matched"  # what is waited for has come; also the timer of its `delay`
STOPPED = "stopped"  # a called flow had to stop: its caller is to go on
Phase = Literal["", "question", "unsure", "handoff", "child", "wait", "wait_for"]


@dataclass(frozen=True, slots=True)
class RunTimer:
    """A moment that the run waits for. entry: of the step that set it; over when that is over."""

    name: str
    entry: int
    at: datetime


@dataclass(slots=True)
class Frame:
    """One level of a run.

    state: the step where it stands. phase: what it waits for there. answers: by step, a value or
    a status. after: the way that goes on once the child or the person is done. offered: FAQ
    entries on offer. vars: those that were set, others have their first value. rounds: by
    `repeat` step, the values that are still to come.
    """

    flow: str
    hash: str
    state: str = ""
    phase: Phase = ""
    entry: int = 0
    answers: dict[str, Value | Missing] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)
    wrong: int = 0
    chosen: tuple[str, ...] = ()
    reminded: tuple[int, ...] = ()
    offered: tuple[str, ...] = ()
    look_ups: int = 0
    after: str = ""
    vars: dict[str, Value] = field(default_factory=dict)
    rounds: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def copy(self) -> "Frame":
        """A frame that may be changed without changing this one."""
        twin = Frame(*_FRAME(self))
        twin.answers, twin.visits = dict(self.answers), dict(self.visits)
        twin.vars, twin.rounds = dict(self.vars), dict(self.rounds)
        return twin


@dataclass(slots=True)
class Run:
    """One friend's walk through one flow version.

    status: going, parked (interrupted, or held until no question is open), ended.
    entries: numbers the entries to steps; a timer or a button of an older one is over.
    is_page_only: its question stands on its form's page alone, because another is open in the talk
    or a person is there; a reminder or its next question brings it into the talk.
    held: what is to be done once no question is open and nobody from the staff is there: `begin`,
    `matched`, `stopped`, or a timer's name; since held_at. kept_at: since when people are the
    reason. is_prompt: of what is held, that somebody did it, so that no send window moves it.
    """

    id: str
    flow: str
    hash: str
    started_at: datetime
    frames: list[Frame]
    status: Literal["going", "parked", "ended"] = "going"
    end: str | None = None
    timers: tuple[RunTimer, ...] = ()
    entries: int = 0
    message: str | None = None
    event: dict[str, Value] = field(default_factory=dict)
    parked: int = 0  # rises with each parking: the last one comes back first
    held: str = ""
    held_at: datetime | None = None
    kept_at: datetime | None = None
    is_prompt: bool = False
    by_takeover: bool = False
    is_page_only: bool = False
    is_aside: bool = False  # a version that it walks through cannot be read

    @property
    def top(self) -> Frame:
        """The innermost frame."""
        return self.frames[-1]

    @property
    def step(self) -> str | None:
        """Where the run stands, for people to read."""
        return self.top.state or None if self.frames and self.status != "ended" else None

    @property
    def has_begun(self) -> bool:
        """Whether its first step was ever entered."""
        return bool(self.frames[0].state)

    @property
    def is_to_begin(self) -> bool:
        """Whether its first step has not been done yet."""
        return self.status == "parked" and not self.top.state

    @property
    def has_question(self) -> bool:
        """Whether it waits for the friend's answer in the talk."""
        is_asking = self.status == "going" and self.top.phase in {"question", "unsure"}
        return is_asking and not self.is_page_only

    def set_timer(self, timer: "RunTimer") -> None:
        """Set a timer beside the others, in the place of the one with its name."""
        others = (other for other in self.timers if other.name != timer.name)
        self.timers = in_order((*others, timer))

    def forget_timer(self, name: str) -> None:
        """It is not waited for any more."""
        self.timers = tuple(timer for timer in self.timers if timer.name != name)

    def has_timer(self, name: str) -> bool:
        """Whether a timer of this name is set."""
        return any(timer.name == name for timer in self.timers)

    def copy(self) -> "Run":
        """A run that may be changed without changing this one."""
        twin = Run(*_RUN(self))
        twin.frames, twin.event = [frame.copy() for frame in self.frames], dict(self.event)
        return twin

    def to_json(self) -> dict[str, Any]:
        """Plain maps, lists and texts."""
        return {
            "id": self.id,
            "flow": self.flow,
            "hash": self.hash,
            "started_at": self.started_at.isoformat(),
            "frames": [_frame_to_json(frame) for frame in self.frames],
            "status": self.status,
            "end": self.end,
            "timers": [[t.name, t.entry, t.at.isoformat()] for t in self.timers],
            "entries": self.entries,
            "message": self.message,
            "event": self.event,
            "parked": self.parked,
            "held": self.held,
            "held_at": self.held_at.isoformat() if self.held_at is not None else None,
            "kept_at": self.kept_at.isoformat() if self.kept_at is not None else None,
            "is_prompt": self.is_prompt,
            "by_takeover": self.by_takeover,
            "is_page_only": self.is_page_only,
            "is_aside": self.is_aside,
        }


_FRAME = attrgetter(*(each.name for each in fields(Frame)))
_RUN = attrgetter(*(each.name for each in fields(Run)))


def in_order(timers: Iterable[RunTimer]) -> tuple[RunTimer, ...]:
    """By their moments; at one moment reminders, and what was waited for, before the time-out."""
    return tuple(sorted(timers, key=lambda timer: (timer.at, timer.name)))


def run_from_json(tree: Mapping[str, Any]) -> Run:
    """The run that `to_json` wrote, also before what it lacks was thought of."""
    kept = {each.name: tree[each.name] for each in fields(Run) if each.name in tree}
    if tree.get("is_held"):  # as it was written once: held before its first step
        kept["held"] = BEGIN
    for key in ("held_at", "kept_at"):
        at = tree.get(key)
        kept[key] = datetime.fromisoformat(at) if at is not None else None
    kept["started_at"] = datetime.fromisoformat(tree["started_at"])
    kept["frames"] = [_frame_from_json(frame) for frame in tree["frames"]]
    timers = ((name, entry, datetime.fromisoformat(at)) for name, entry, at in tree["timers"])
    kept["timers"] = tuple(RunTimer(*timer) for timer in timers)
    kept["event"] = dict(tree["event"])
    return Run(**kept)


def _frame_to_json(frame: Frame) -> dict[str, Any]:
    return {
        "flow": frame.flow,
        "hash": frame.hash,
        "state": frame.state,
        "phase": frame.phase,
        "entry": frame.entry,
        "answers": {
            step: {"status": answer.status} if isinstance(answer, Missing) else answer
            for step, answer in frame.answers.items()
        },
        "visits": dict(frame.visits),
        "wrong": frame.wrong,
        "chosen": list(frame.chosen),
        "reminded": list(frame.reminded),
        "offered": list(frame.offered),
        "look_ups": frame.look_ups,
        "after": frame.after,
        "vars": dict(frame.vars),
        "rounds": {step: list(values) for step, values in frame.rounds.items()},
    }


def _frame_from_json(tree: Mapping[str, Any]) -> Frame:
    answers = {
        step: Missing(answer["status"]) if isinstance(answer, dict) else answer
        for step, answer in tree["answers"].items()
    }
    lists = {key: tuple(tree[key]) for key in ("chosen", "reminded", "offered")}
    rounds = {step: tuple(values) for step, values in tree.get("rounds", {}).items()}
    maps = {key: dict(tree.get(key, {})) for key in ("visits", "vars")}
    return Frame(**{**tree, **lists, **maps, "answers": answers, "rounds": rounds})
