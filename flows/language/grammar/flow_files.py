"""A flow file from its tree."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flows.language.durations import parse_duration
from flows.language.grammar.asks import none_or, patience_of
from flows.language.grammar.conditions import read_when
from flows.language.grammar.lengths import parse_clock
from flows.language.grammar.migrations import read_migrate
from flows.language.grammar.parts import WayOut
from flows.language.grammar.primitives import (
    VAR,
    Reader,
    Reading,
    integer,
    literal,
    many,
    one_of,
    read_table,
    scalar,
    words,
    wrong,
    yes_no,
)
from flows.language.grammar.shapes import Flow, Repeat, Step, Var
from flows.language.grammar.steps import looks_like_id, read_steps
from flows.language.grammar.triggers import read_triggers
from flows.language.grammar.ways import WAY, read_reminds, read_timeout, way_of
from flows.language.nodes import Items, Node, Scalar, Table
from flows.language.sayings.saying import Saying
from flows.language.windows import Window

ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
# What a flow calls as its file does; what is not there is what `Flow` says.
AS_NAMED = (
    "repeat", "if_running", "priority", "only_if", "cancel_words", "on_cancel", "on_interrupt",
    "calendar", "accounts", "vars", "migrate", "stop_when", "send_window",
)  # fmt: skip


def read_flow(node: Node, reading: Reading) -> Flow | None:
    """The flow, or None when it lacks what a flow cannot be without."""
    values = read_table(
        node, FLOW, reading, required=("flow", "title", "steps"), what=Saying("in.flow")
    )
    if values is None or "flow" not in values or not values.get("steps"):
        return None
    defaults: Mapping[str, Any] = values.get("defaults", {})
    return Flow(
        id=values["flow"],
        title=values.get("title", values["flow"]),
        steps=values["steps"],
        place=node.place,
        triggers=values.get("start", ()),
        defaults=patience_of(defaults),
        default_retry=defaults.get("retry"),
        default_retry_say=defaults.get("retry_say"),
        is_form=values.get("form", False),
        lost_ids=_lost_ids(node, values["steps"]),
        **{key: values[key] for key in AS_NAMED if key in values},
    )


def _lost_ids(node: Node, steps: Sequence[Step]) -> frozenset[str]:
    """What steps that could not be read are called, or were meant to be (`idd: menu`)."""
    tables = _step_tables(node.get("steps") if isinstance(node, Table) else None)
    entries = [entry for table in tables for entry in table.entries if looks_like_id(entry.key)]
    names = {entry.value.text for entry in entries if isinstance(entry.value, Scalar)}
    return frozenset(names - {step.name for step in steps})


def _step_tables(listed: Node | None) -> Iterator[Table]:
    for item in listed.items if isinstance(listed, Items) else ():
        if isinstance(item, Table):
            yield item
            repeated = item.get("repeat")
            inner = repeated.get("steps") if isinstance(repeated, Table) else None
            yield from _step_tables(inner)


def _repeat(node: Node, reading: Reading) -> Repeat | None:
    text = node.text.strip() if isinstance(node, Scalar) else ""
    if text in {"always", "once"}:
        return Repeat("always" if text == "always" else "once")
    word, _, rest = text.partition(" ")
    length = parse_duration(rest) if word == "after" else None
    if length is None:
        wrong(node, reading, "not_a_repeat")
        return None
    return Repeat("after", length)


def _defaults(node: Node, reading: Reading) -> dict[str, Any] | None:
    return read_table(node, DEFAULTS, reading, what="defaults")


def _on_cancel(node: Node, reading: Reading) -> WayOut | None:
    values = read_table(node, ON_CANCEL, reading, what="on_cancel")
    return way_of(node, values) if values is not None else None


def _accounts(node: Node, reading: Reading) -> tuple[Scalar, ...]:
    if isinstance(node, Scalar) and node.text == "all":
        return ()
    return many(literal)(node, reading)


def _window(node: Node, reading: Reading) -> Window | None:
    text = node.text if isinstance(node, Scalar) else ""
    start, _, end = text.partition("-")
    first, last = parse_clock(start), parse_clock(end)
    if first is None or last is None or first == last:
        wrong(node, reading, "not_a_window")
        return None
    return Window(first, last)


def _vars(node: Node, reading: Reading) -> tuple[Var, ...] | None:
    if not isinstance(node, Table):
        wrong(node, reading, "not_vars")
        return None
    found = []
    for entry in node.entries:
        if not VAR.fullmatch(entry.key.text):
            reading.problems.add(
                "F012",
                entry.key.place,
                "bad_var_name",
                name=entry.key.text,
            )
        elif isinstance(entry.value, Scalar):
            found.append(Var(entry.key, entry.value.text.strip()))
        else:
            wrong(entry.value, reading, "not_var_value")
    return tuple(found)


ON_CANCEL: Mapping[str, Reader] = {key: reader for key, reader in WAY.items() if key != "call"}
DEFAULTS: Mapping[str, Reader] = {
    "timeout": none_or(read_timeout),
    "retry": integer(0, 20),
    "retry_say": words,
    "remind": none_or(read_reminds),
}
FLOW: Mapping[str, Reader] = {
    "flow": scalar,
    "title": literal,
    "start": read_triggers,
    "repeat": _repeat,
    "if_running": one_of("ignore", "restart", "parallel"),
    "priority": integer(0, 100),
    "only_if": read_when,
    "cancel_words": many(literal),
    "on_cancel": _on_cancel,
    "on_interrupt": one_of("pause", "keep", "stop"),
    "defaults": _defaults,
    "calendar": literal,
    "accounts": _accounts,
    "form": yes_no,
    "vars": _vars,
    "migrate": read_migrate,
    "stop_when": read_when,
    "send_window": _window,
    "steps": read_steps,
}
