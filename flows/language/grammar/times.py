"""Steps that let time pass: `wait` for a moment, `wait_for` for something to happen."""

from collections.abc import Mapping
from typing import Any

from flows.language.grammar.lengths import clock, duration
from flows.language.grammar.primitives import (
    Reader,
    Reading,
    integer,
    missing_key,
    read_table,
    scalar,
    wrong,
)
from flows.language.grammar.shapes import Wait, WaitFor
from flows.language.grammar.ways import read_way
from flows.language.nodes import Node, Scalar, Table

LAST_DAY = 3650


def read_wait(_node: Table, values: Mapping[str, Any], _reading: Reading) -> Wait | None:
    """A `wait` from the values of its step."""
    wait: Wait | None = values.get("wait")
    return wait


def read_wait_for(node: Table, values: Mapping[str, Any], reading: Reading) -> WaitFor | None:
    """A `wait_for` from the values of its step."""
    if node.get("timeout") is None:
        missing_key(node, "timeout", reading, "no_timeout")
        return None
    if "wait_for" not in values or "timeout" not in values:
        return None
    return WaitFor(values["wait_for"], values["timeout"])


def read_length(node: Node, reading: Reading) -> Wait | None:
    """The three forms of `wait`."""
    if isinstance(node, Scalar):
        length = duration(node, reading)
        return Wait(length=length) if length is not None else None
    values = read_table(node, WAIT, reading, what="wait")
    if values is None or not isinstance(node, Table):
        return None
    if (node.get("day") is None) == (node.get("until") is None):
        wrong(node, reading, "not_a_wait")
        return None
    return _of_day(node, values, reading) if "day" in values else _of_field(values, reading)


def _of_day(node: Table, values: Mapping[str, Any], reading: Reading) -> Wait | None:
    _refuse(node, "before", "until", reading)
    if node.get("at") is None:
        reading.problems.add("F009", node.place, "day_without_at")
        return None
    if "at" not in values:
        return None
    return Wait(day=values["day"], at=values["at"], late=values.get("late"))


def _of_field(values: Mapping[str, Any], reading: Reading) -> Wait | None:
    until: Scalar | None = values.get("until")
    if until is None:
        return None
    if not until.text.startswith("field."):
        wrong(until, reading, "not_until")
        return None
    before = values.get("before")
    plain = Wait(until=until, at=values.get("at"), late=values.get("late"))
    return plain if before is None else Wait(None, None, until, before, plain.at, plain.late)


def _refuse(node: Table, key: str, of: str, reading: Reading) -> None:
    if node.get(key) is not None:
        reading.problems.add("F002", node.key_place(key), "only_beside", key=key, of=of)


WAIT: Mapping[str, Reader] = {
    "day": integer(0, LAST_DAY),
    "at": clock,
    "until": scalar,
    "before": duration,
    "late": read_way,
}
