"""Triggers: what starts a flow, and what `wait_for` waits for."""

from collections.abc import Mapping, Sequence
from typing import Any

from flows.language.grammar.lengths import duration
from flows.language.grammar.parts import Trigger
from flows.language.grammar.primitives import (
    Reader,
    Reading,
    literal,
    many,
    one_of,
    read_table,
    scalar,
    wrong,
)
from flows.language.nodes import Items, Node, Scalar, Table
from flows.language.sayings.saying import Saying
from flows.language.schedules import Schedule, parse_schedule

PLAIN_TRIGGERS = ("follow", "message", "off_hours", "manual")
AWAITED = ("message", "off_hours")
NAMED_TRIGGERS = ("keyword", "postback", "event", "tag_added", "url_click", "qr", "schedule")
BESIDE = {"match": "keyword", "delay": "event", "segment": "schedule"}


def read_triggers(node: Node, reading: Reading) -> tuple[Trigger, ...]:
    """`start:` of a flow."""
    nodes = node.items if isinstance(node, Items) else (node,)
    read = [_trigger(item, reading, PLAIN_TRIGGERS, NAMED_TRIGGERS) for item in nodes]
    return tuple(trigger for trigger in read if trigger is not None)


def read_awaited(node: Node, reading: Reading) -> Trigger | None:
    """`wait_for:` of a step: one trigger that can still come to a run that has begun."""
    named = [kind for kind in NAMED_TRIGGERS if kind != "schedule"]
    return _trigger(node, reading, AWAITED, named)


def _trigger(
    node: Node, reading: Reading, plain: Sequence[str], named: Sequence[str]
) -> Trigger | None:
    if isinstance(node, Scalar):
        word: Any = one_of(*plain)(node, reading)
        return Trigger(word, node.place) if word else None
    keys = {key: reader for key, reader in TRIGGER.items() if BESIDE.get(key, key) in named}
    values = read_table(node, keys, reading, what=Saying("in.trigger"))
    if not isinstance(node, Table) or values is None:
        return None
    kinds = [entry.key.text for entry in node.entries if entry.key.text in named]
    if len(kinds) != 1:
        if values or not node.entries:
            wrong(node, reading, "not_a_trigger")
        return None
    kind = kinds[0]
    _check_beside(node, kind, values, reading)
    return _of(kind, node, values) if kind in values else None


def _check_beside(node: Table, kind: str, values: Mapping[str, Any], reading: Reading) -> None:
    for key, of in BESIDE.items():
        if key in values and of != kind:
            reading.problems.add("F002", node.key_place(key), "only_beside", key=key, of=of)


def _of(kind: Any, node: Node, values: Mapping[str, Any]) -> Trigger:
    is_timed = kind == "schedule"
    return Trigger(
        kind,
        node.place,
        texts=() if is_timed else values[kind],
        match=values.get("match", "exact"),
        delay=values.get("delay"),
        schedule=values["schedule"] if is_timed else None,
        segment=values.get("segment"),
    )


def _schedule(node: Node, reading: Reading) -> Schedule | None:
    found = scalar(node, reading)
    schedule = parse_schedule(found.text) if found is not None else None
    if found is not None and schedule is None:
        wrong(
            node,
            reading,
            "not_a_schedule",
            text=found.text,
        )
    return schedule


TRIGGER: Mapping[str, Reader] = {
    "keyword": many(literal),
    "match": one_of("exact", "starts", "contains"),
    "postback": many(literal),
    "tag_added": many(literal),
    "url_click": many(literal),
    "qr": many(literal),
    "event": many(literal),
    "delay": duration,
    "schedule": _schedule,
    "segment": literal,
}
