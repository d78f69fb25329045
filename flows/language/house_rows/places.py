"""Which row of a form a problem belongs to: the last one that begins before it, in its section."""

from collections.abc import Sequence

from flows.language.nodes import Items, Node, Table
from flows.language.problems import Place, Problem

At = tuple[str | int, ...]
_Sorted = dict[At, list[Problem]]


def problems_by_place(
    tree: Table, problems: Sequence[Problem], rows: Sequence[At]
) -> tuple[_Sorted, list[Problem]]:
    """The problems of each row, and those of none."""
    begins = sorted(_begins(tree, set(rows)))
    found: _Sorted = {}
    others: list[Problem] = []
    for problem in problems:
        at = _row_of(problem, begins)
        if at is None:
            others.append(problem)
        else:
            found.setdefault(at, []).append(problem)
    return found, others


def _begins(tree: Table, rows: set[At]) -> list[tuple[Place, At]]:
    """Where each row begins, and each section, which is no row: ()."""
    found: list[tuple[Place, At]] = []
    for entry in tree.entries:
        name = entry.key.text
        found.append((entry.key.place, ()))
        inner: list[tuple[Place, At]]
        match entry.value:
            case Table(entries=entries):
                inner = [(one.key.place, (name, one.key.text)) for one in entries]
            case Items(items=items):
                inner = [(_first(item), (name, number)) for number, item in enumerate(items)]
            case _:
                inner = [(entry.value.place, (name, 0))]
        found += [(place, at) for place, at in inner if at in rows]
    return found


def _first(node: Node) -> Place:
    is_filled = isinstance(node, Table) and node.entries
    return node.entries[0].key.place if is_filled and isinstance(node, Table) else node.place


def _row_of(problem: Problem, begins: Sequence[tuple[Place, At]]) -> At | None:
    place = Place(problem.file, problem.line, problem.column)
    before = [at for begin, at in begins if begin <= place]
    return before[-1] if before and before[-1] else None
