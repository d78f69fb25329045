"""Which transitions of each flow were taken: by tests of talks, or by exploring."""

from collections.abc import Iterable
from dataclasses import dataclass

from flows.language.checks.routes import is_whole
from flows.language.compiler import compile_flow
from flows.language.edges import Key, Transition, key_of, transitions_of
from flows.language.loader import Folder
from flows.language.turning import Move


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which transitions of a flow were taken."""

    flow: str
    file: str
    states: int
    transitions: tuple[Transition, ...]
    missed: tuple[Transition, ...]

    def to_json(self) -> dict[str, object]:
        """The shape that scripts read."""
        return {
            "flow": self.flow,
            "file": self.file,
            "states": self.states,
            "transitions": len(self.transitions),
            "taken": len(self.transitions) - len(self.missed),
            "missed": [str(transition) for transition in self.missed],
        }


def coverage_of(folder: Folder, moves: Iterable[Move]) -> tuple[Coverage, ...]:
    """What these moves took of every flow of a folder, by flow id."""
    taken: dict[str, set[Key]] = {}
    for move in moves:
        key = key_of(move.state, move.trigger, move.way)
        taken.setdefault(move.flow, set()).add(key)
    return tuple(
        _of_flow(folder, flow_id, frozenset(taken.get(flow_id, ())))
        for flow_id, flow in sorted(folder.flows.items())
        if is_whole(flow)
    )


def _of_flow(folder: Folder, flow_id: str, taken: frozenset[Key]) -> Coverage:
    flow = folder.flows[flow_id]
    transitions = transitions_of(compile_flow(flow, ""))
    missed = tuple(each for each in transitions if each.key not in taken)
    return Coverage(flow_id, flow.place.file, len(flow.steps), transitions, missed)
