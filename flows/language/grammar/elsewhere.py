"""Steps that look for an answer elsewhere: `handoff` asks a person, `faq` the FAQ files."""

from collections.abc import Mapping
from typing import Any

from flows.language.grammar.asks import patience_of
from flows.language.grammar.parts import WayOut
from flows.language.grammar.primitives import (
    Reader,
    Reading,
    literal,
    missing_key,
    read_table,
    wrong,
)
from flows.language.grammar.shapes import Faq, Handoff
from flows.language.grammar.ways import WAY, way_of
from flows.language.nodes import Node, Scalar, Table

UNKNOWN: Mapping[str, Reader] = {**WAY, "handoff": literal}


def read_handoff(_node: Table, values: Mapping[str, Any], _reading: Reading) -> Handoff | None:
    """A `handoff` from the values of its step."""
    if "handoff" not in values:
        return None
    return Handoff(
        text=values["handoff"],
        to=values.get("to"),
        note=values.get("note"),
        when_open=values.get("when_open", False),
        timeout=patience_of(values).timeout,
        done=values.get("done"),
        back=values.get("back", "continue"),
    )


def read_faq(node: Table, values: Mapping[str, Any], reading: Reading) -> Faq | None:
    """A `faq` from the values of its step."""
    source: Scalar | None = values.get("faq")
    if source is None:
        return None
    if source.text != "message" and not source.text.startswith("answer."):
        wrong(source, reading, "not_a_source")
        return None
    if node.get("unknown") is None:
        missing_key(node, "unknown", reading, "no_unknown")
        return None
    unknown: tuple[WayOut, Scalar | None] | None = values.get("unknown")
    if unknown is None:
        return None
    return Faq(
        source=source,
        files=values.get("in", ()),
        answered=values.get("answered"),
        unsure=values.get("unsure"),
        unknown=unknown[0],
        unknown_queue=unknown[1],
        patience=patience_of(values),
    )


def read_unknown(node: Node, reading: Reading) -> tuple[WayOut, Scalar | None] | None:
    """What becomes of a text that no entry answers: a way out, or a queue."""
    values = read_table(node, UNKNOWN, reading, what="unknown")
    return (way_of(node, values), values.get("handoff")) if values is not None else None
