"""`repeat`: its rounds, and the names of their values; its own steps are read by `steps`."""

from collections.abc import Mapping

from flows.language.grammar.primitives import (
    VAR,
    Reader,
    Reading,
    integer,
    literal,
    many,
    read_table,
    wrong,
)
from flows.language.grammar.shapes import Loop
from flows.language.nodes import Items, Node, Scalar, Table

MOST_ROUNDS = 20


def read_loop(node: Node, reading: Reading) -> Loop | None:
    """How often, and over what."""
    values = read_table(node, REPEAT, reading, required=("steps",), what="repeat")
    if values is None or not isinstance(node, Table):
        return None
    if (node.get("over") is None) == (node.get("times") is None):
        wrong(node, reading, "loop_over_or_times")
        return None
    if "times" in values:
        rounds = tuple(str(number) for number in range(1, values["times"] + 1))
        return Loop(rounds, name=values.get("as"))
    over = values.get("over")
    if over is None:
        return None
    is_list = isinstance(over, tuple)
    return Loop(over if is_list else (), None if is_list else over, values.get("as"))


def _over(node: Node, reading: Reading) -> tuple[str, ...] | Scalar | None:
    """A list of texts, or the answer that holds one."""
    if isinstance(node, Scalar):
        if node.text.startswith("answer."):
            return node
        wrong(node, reading, "not_over")
        return None
    if isinstance(node, Items) and len(node.items) > MOST_ROUNDS:
        wrong(node, reading, "many_rounds", most=MOST_ROUNDS)
        return None
    return tuple(value.text for value in many(literal)(node, reading))


def _var_name(node: Node, reading: Reading) -> Scalar | None:
    name = literal(node, reading)
    if name is None or VAR.fullmatch(name.text):
        return name
    wrong(name, reading, "bad_loop_name", name=name.text)
    return None


def read_later(node: Node, _reading: Reading) -> Node:
    """As it stands: the verb itself reads it again."""
    return node


REPEAT: Mapping[str, Reader] = {
    "over": _over,
    "times": integer(1, MOST_ROUNDS),
    "as": _var_name,
    "steps": read_later,  # once its own step has a name
}
