"""What a run's event log tells: the turns of one talk, whole enough to be done again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.language import values
from flows.language.effects import Effect
from flows.language.events import Event
from flows.language.run import Run, run_from_json
from flows.language.words import Context

FRIENDS = frozenset({"Said", "Tapped", "Sent"})  # events in which the friend says something


@dataclass(frozen=True, slots=True)
class RecordedTurn:
    """What one turn did to one run. others: the talk's other runs as they stood before it."""

    run_id: str
    event: Event
    context: Context
    before: Run | None
    after: Run
    effects: tuple[Effect, ...]
    others: tuple[Run, ...] = ()

    @property
    def is_said(self) -> bool:
        """Whether the friend said something in it."""
        return type(self.event).__name__ in FRIENDS


def turns_of_talk(rows: Iterable[Mapping[str, Any]]) -> list[list[RecordedTurn]]:
    """The turns of a talk in order, each with what it did to each run.

    rows: run_id, payload, context, state_before, state_after, effects, as the log has them.
    Raises KeyError, TypeError or ValueError for a log that this version cannot read.
    """
    turns: dict[tuple[int, int], list[RecordedTurn]] = {}
    for row in rows:
        turn = _turn(row)
        turns.setdefault(_order(turn.context.turn_id), []).append(turn)
    return _with_others([turns[key] for key in sorted(turns)])


def _turn(row: Mapping[str, Any]) -> RecordedTurn:
    before = row["state_before"]
    return RecordedTurn(
        run_id=row["run_id"],
        event=values.from_json(row["payload"]),
        context=values.from_json(row["context"]),
        before=run_from_json(before) if before is not None else None,
        after=run_from_json(row["state_after"]),
        effects=tuple(values.from_json(effect) for effect in row["effects"]),
    )


def _order(turn_id: str) -> tuple[int, int]:
    """Turns are named by their arrival, and within it by their number."""
    arrival, _, number = turn_id.partition("-")
    return int(arrival, 16), int(number or 0)


def _with_others(turns: Sequence[Sequence[RecordedTurn]]) -> list[list[RecordedTurn]]:
    states: dict[str, Run] = {}
    found = []
    for turn in turns:
        live = [run for run in states.values() if run.status != "ended"]
        found.append([_beside(each, live) for each in turn])
        states |= {each.run_id: each.after for each in turn}
    return found


def _beside(turn: RecordedTurn, live: Sequence[Run]) -> RecordedTurn:
    others = tuple(run for run in live if run.id != turn.run_id)
    return RecordedTurn(
        turn.run_id, turn.event, turn.context, turn.before, turn.after, turn.effects, others
    )
