"""The turns that heard a message, and what they understood by it: found by the message's event."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.copied_words import shown
from storage.models.flows import RunEvent
from storage.models.talks import Message
from storage.models.work import Arrival

_NONE = object()


@dataclass(frozen=True, slots=True)
class Spot:
    """A value that a frame of a run got in such a turn. kind: answers or vars."""

    run_id: str
    flow: str
    kind: str
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Heard:
    """turns: of which runs, and when."""

    turns: Sequence[RunEvent]
    spots: Sequence[Spot]

    @property
    def values(self) -> set[str]:
        """What was understood, as texts show it."""
        told = {one for turn in self.turns for one in _told(turn)}
        return told | {shown(leaf) for spot in self.spots for leaf in _leaves(spot.value)}


def heard_in(db: Session, account_id: str, message: Message, log: Sequence[RunEvent]) -> Heard:
    """log: of the talk's runs, since the message."""
    if message.line_message_id is None:
        return Heard([], [])
    arrivals = select(col(Arrival.id)).where(
        col(Arrival.account_id) == account_id,
        col(Arrival.line_message_id) == message.line_message_id,
    )
    numbers = {f"{each:x}" for each in db.scalars(arrivals)}
    turns = [one for one in log if _number(one) in numbers and "text" in one.payload]
    return Heard(turns, [spot for turn in turns for spot in _spots(turn)])


def blank_spots(run_id: str, state: Any, spots: Sequence[Spot], removed: str) -> Any:
    """A run's state in which the values of these spots are gone, unless they are others now."""
    wanted = {(one.flow, one.kind, one.name): one.value for one in spots if one.run_id == run_id}
    if not wanted or not isinstance(state, dict):
        return state
    frames = [_blank_frame(frame, wanted, removed) for frame in state.get("frames", [])]
    return {**state, "frames": frames}


def _blank_frame(frame: dict[str, Any], wanted: dict[Any, Any], removed: str) -> dict[str, Any]:
    maps: dict[str, Any] = {
        kind: {
            name: removed if wanted.get((frame["flow"], kind, name), _NONE) == value else value
            for name, value in frame.get(kind, {}).items()
        }
        for kind in ("answers", "vars")
        if kind in frame
    }
    return {**frame, **maps}


def _number(turn: RunEvent) -> str:
    """The arrival's, in hex; `<number>-<n>`: of one of several turns that it meant."""
    return str(turn.context.get("turn_id", "")).partition("-")[0]


def _spots(turn: RunEvent) -> Iterator[Spot]:
    before = turn.state_before or {"frames": []}
    was = {key: value for _, key, value in _values(before)}
    answers = {}
    for flow, key, value in _values(turn.state_after):
        if was.get(key) != value and not isinstance(value, dict) and value is not None:
            answers[key] = (flow, value)
    understood = [value for (_, kind, _), (_, value) in answers.items() if kind == "answers"]
    for (_, kind, name), (flow, value) in answers.items():
        if kind == "answers" or value in understood:
            yield Spot(turn.run_id, flow, kind, name, value)


def _values(state: dict[str, Any]) -> Iterator[tuple[str, tuple[int, str, str], Any]]:
    for depth, frame in enumerate(state.get("frames", [])):
        for kind in ("answers", "vars"):
            for name, value in frame.get(kind, {}).items():
                yield frame["flow"], (depth, kind, name), value


def _told(turn: RunEvent) -> Iterator[str]:
    """Why a flow wrote something: the answer as it was understood, of a flow that is over too."""
    for effect in turn.effects:
        reason = effect.get("reason")
        if isinstance(reason, dict) and isinstance(reason.get("answer"), str):
            yield reason["answer"]


def _leaves(value: Any) -> Iterator[str | float]:
    parts = value if isinstance(value, list) else [value]
    yield from (one for one in parts if isinstance(one, str | int | float) and one is not True)
