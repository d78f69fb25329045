"""Where a walk stands: a run, and its frames (the flow itself, and the flows that it called).

These are worked on in place during one turn, on copies; between turns they are JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from flows.language.conditions import Missing
from flows.language.words import Value

END = "_end"
Phase = Literal["", "question", "unsure", "handoff", "child"]


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
    entries on offer. vars: those that were set, others have their first value.
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

    def copy(self) -> "Frame":
        """A frame that may be changed without changing this one."""
        return replace(
            self, answers=dict(self.answers), visits=dict(self.visits), vars=dict(self.vars)
        )


@dataclass(slots=True)
class Run:
    """One friend's walk through one flow version.

    status: going, parked (interrupted, or held until no question is open), ended.
    entries: numbers the entries to steps; a timer or a button of an older one is over.
    is_page_only: its question stands on its form's page alone, because another is open in the talk
    or a person is there; a reminder or its next question brings it into the talk.
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
    is_held: bool = False  # its first step has not been done yet
    by_takeover: bool = False
    is_page_only: bool = False

    @property
    def top(self) -> Frame:
        """The innermost frame."""
        return self.frames[-1]

    @property
    def step(self) -> str | None:
        """Where the run stands, for people to read."""
        return self.frames[-1].state if self.frames and self.status != "ended" else None

    @property
    def has_question(self) -> bool:
        """Whether it waits for the friend's answer in the talk."""
        is_asking = self.status == "going" and self.top.phase in {"question", "unsure"}
        return is_asking and not self.is_page_only

    def copy(self) -> "Run":
        """A run that may be changed without changing this one."""
        return replace(self, frames=[f.copy() for f in self.frames], event=dict(self.event))

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
            "is_held": self.is_held,
            "by_takeover": self.by_takeover,
            "is_page_only": self.is_page_only,
        }


def run_from_json(tree: Mapping[str, Any]) -> Run:
    """The run that `to_json` wrote."""
    return Run(
        **{
            **tree,
            "started_at": datetime.fromisoformat(tree["started_at"]),
            "frames": [_frame_from_json(frame) for frame in tree["frames"]],
            "timers": tuple(
                RunTimer(name, entry, datetime.fromisoformat(at))
                for name, entry, at in tree["timers"]
            ),
            "event": dict(tree["event"]),
        }
    )


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
        "vars": frame.vars,
    }


def _frame_from_json(tree: Mapping[str, Any]) -> Frame:
    answers = {
        step: Missing(answer["status"]) if isinstance(answer, dict) else answer
        for step, answer in tree["answers"].items()
    }
    lists = {key: tuple(tree[key]) for key in ("chosen", "reminded", "offered")}
    maps = {"answers": answers, "visits": dict(tree["visits"]), "vars": dict(tree.get("vars", {}))}
    return Frame(**{**tree, **lists, **maps})
