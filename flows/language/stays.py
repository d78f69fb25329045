"""How a run fares at the steps where it waits: what drop-off is counted from.

A *stay* is the time that one frame of a run spends at one step that waits: from when it comes there
until it comes to another such step or is over. A step that calls a flow is stayed at as long as
the called flow lasts, which has stays of its own. So each frame that is not over is in exactly one
stay once it has come anywhere, and a run that is over is in none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from flows.language.run import Run

What = Literal[
    "came", "answered", "wrong", "gave_up", "timed_out", "cancelled", "unanswered", "over"
]  # fmt: skip
TAKEN = frozenset({"matched", "wake", "done"})  # what was waited for came, without an answer


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that a frame did where it waits. end: of a frame that is over, the end's name."""

    run_id: str
    depth: int
    flow: str
    hash: str
    step: str
    what: What
    end: str | None = None


@dataclass(slots=True)
class Stay:
    """What one turn did to a run at one step.

    fate: `here` it waits there now, `on` it went on to another step that waits, `over` its flow is
    over, as `end` says. wrong: the wrong answers of this turn. is_moved: the flow goes on in
    another version than before.
    """

    run_id: str
    flow: str
    hash: str
    step: str
    is_called: bool
    fate: Literal["here", "on", "over"] = "here"
    end: str | None = None
    wrong: int = 0
    is_moved: bool = False
    met: set[What] = field(default_factory=set)


_Place = tuple[str, int]  # a run, and the depth of a frame of it


def meaning(trigger: str, way: str) -> What | None:
    """What a transition out of a waiting state says of the stay there; None: nothing to count."""
    if trigger in {"timeout", "cancel"}:
        return "timed_out" if trigger == "timeout" else "cancelled"
    if way == "unknown" and trigger in {"next", "answer"}:
        return "unanswered"
    if trigger == "answer":
        named: dict[str, What | None] = {"wrong": "wrong", "gave_up": "gave_up", "again": None}
        return named.get(way, "answered")
    is_taken = trigger in TAKEN and not way  # with a way: a person is done after a question failed
    return "answered" if is_taken or (trigger, way) == ("next", "answered") else None


def stays_of(before: Mapping[str, Run], marks: Iterable[Mark]) -> tuple[Stay, ...]:
    """What a turn's marks come to, step by step, in the order in which they were met."""
    touched: dict[tuple[str, str, str], Stay] = {}
    where = _standing(before)
    for mark in marks:
        place = (mark.run_id, mark.depth)
        here = where.get(place)
        if mark.what == "came":
            where[place] = here = _come(touched, here, mark)
        elif here is None:
            continue
        elif mark.what == "over":
            del where[place]
            here.fate, here.end = "over", mark.end
        else:
            here.met.add(mark.what)
            here.wrong += mark.what in {"wrong", "gave_up"}
        touched.setdefault((here.run_id, here.flow, here.step), here)
    return tuple(touched.values())


def _standing(before: Mapping[str, Run]) -> dict[_Place, Stay]:
    return {
        (run.id, depth): Stay(run.id, frame.flow, frame.hash, frame.state, depth > 0)
        for run in before.values()
        for depth, frame in enumerate(run.frames)
        if frame.state
    }


def _come(touched: dict[tuple[str, str, str], Stay], here: Stay | None, mark: Mark) -> Stay:
    """A stay that goes on (a question asked again, another version of it), or another one."""
    is_moved = here is not None and here.hash != mark.hash
    if here is not None and (here.flow, here.step) == (mark.flow, mark.step):
        here.hash, here.is_moved = mark.hash, here.is_moved or is_moved
        return here
    if here is not None:
        here.fate = "on"
        touched.setdefault((here.run_id, here.flow, here.step), here)
    new = Stay(mark.run_id, mark.flow, mark.hash, mark.step, mark.depth > 0)
    stay = touched.setdefault((mark.run_id, mark.flow, mark.step), new)
    stay.hash, stay.fate, stay.end = mark.hash, "here", None
    stay.is_moved = stay.is_moved or is_moved
    return stay
