"""Steps that choose between ways: `switch` by conditions or words, `if`, `random` by chance."""

from collections.abc import Mapping
from typing import Any

from flows.language.grammar.conditions import read_when
from flows.language.grammar.primitives import (
    Reader,
    Reading,
    integer,
    items,
    literal,
    many,
    missing_key,
    read_table,
    unknown_key,
    wrong,
)
from flows.language.grammar.shapes import Case, Draw, If, Random, Switch
from flows.language.grammar.ways import WAY, read_way, way_of
from flows.language.nodes import Items, Node, Scalar, Table
from flows.language.sayings.saying import Saying

FEWEST_DRAWS = 2
CASE: Mapping[str, Reader] = {**WAY, "when": read_when, "words": many(literal)}
DRAW: Mapping[str, Reader] = {**WAY, "weight": integer(1, 1000)}


def read_switch(node: Table, _values: Mapping[str, Any], reading: Reading) -> Switch | None:
    """A `switch` of conditions, or of words in the latest text."""
    given = node.get("switch")
    is_message = isinstance(given, Scalar)
    if isinstance(given, Scalar) and given.text != "message":
        wrong(given, reading, "not_a_switch")
        return None
    listed = node.get("cases") if is_message else given
    if listed is None:
        missing_key(node, "cases", reading, "no_cases")
        return None
    if not is_message and node.get("cases") is not None:
        unknown_key(node.key("cases"), {"switch": None}, reading, "switch")
    cases = items(listed, reading, Saying("in.case"))
    if isinstance(listed, Items) and not cases:
        wrong(listed, reading, "empty_switch")
    read = [
        _case(case, reading, is_last=index == len(cases) - 1) for index, case in enumerate(cases)
    ]
    return Switch(tuple(case for case in read if case is not None), is_message)


def read_if(node: Table, values: Mapping[str, Any], reading: Reading) -> If | None:
    """An `if` from the values of its step."""
    when, then = values.get("if"), values.get("then")
    if node.get("then") is None:
        missing_key(node, "then", reading, "no_then")
    return If(when, then, values.get("else")) if when and then else None


def read_random(_node: Table, values: Mapping[str, Any], reading: Reading) -> Random | None:
    """A `random` from its list of weighted ways."""
    listed: Node | None = values.get("random")
    if listed is None:
        return None
    read = [_draw(item, reading) for item in items(listed, reading, "random")]
    draws = tuple(draw for draw in read if draw is not None)
    if isinstance(listed, Items) and len(listed.items) < FEWEST_DRAWS:
        wrong(listed, reading, "few_draws")
        return None
    return Random(draws) if draws else None


def _draw(node: Node, reading: Reading) -> Draw | None:
    values = read_table(node, DRAW, reading, what=Saying("in.draw"))
    return Draw(values.get("weight", 1), way_of(node, values)) if values is not None else None


def _case(node: Node, reading: Reading, *, is_last: bool) -> Case | None:
    if isinstance(node, Table) and node.get("else") is not None:
        if not is_last or len(node.entries) != 1:
            place = node.key_place("else")
            reading.problems.add(
                "F003",
                place,
                "else_not_last",
            )
        way = read_way(node.get("else") or node, reading)
        return Case(way) if way is not None else None
    values = read_table(node, CASE, reading, what=Saying("in.case"))
    if values is None:
        return None
    if isinstance(node, Table) and (node.get("when") is None) == (node.get("words") is None):
        wrong(node, reading, "not_a_case")
        return None
    if "when" not in values and "words" not in values:
        return None
    return Case(way_of(node, values), values.get("when"), values.get("words", ()))
