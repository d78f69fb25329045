"""Steps: exactly one verb each, and what may stand beside it."""

from collections.abc import Callable, Mapping
from typing import Any

from flows.language.grammar.asks import ASK, none_or, read_ask
from flows.language.grammar.branches import read_if, read_switch
from flows.language.grammar.conditions import read_when
from flows.language.grammar.elsewhere import read_faq, read_handoff, read_unknown
from flows.language.grammar.primitives import (
    LATER_VERBS,
    Reader,
    Reading,
    integer,
    items,
    literal,
    many,
    one_of,
    read_table,
    scalar,
    unknown_key,
    words,
    yes_no,
)
from flows.language.grammar.shapes import (
    Body,
    Call,
    End,
    Goto,
    If,
    MaxVisits,
    Nothing,
    Say,
    Step,
    Switch,
)
from flows.language.grammar.ways import (
    EFFECTS,
    effects_of,
    read_reminds,
    read_say,
    read_timeout,
    read_way,
)
from flows.language.nodes import Node, Scalar, Table

VERBS = ("say", "ask", "switch", "if", "handoff", "faq", "end", "call")
WAITING = frozenset({"ask", "faq", "handoff", "call"})
LONGEST_SLIP = 3  # `idd` was meant to be `id`
NO_GOTO = frozenset({"switch", "if", "end"})


def read_steps(node: Node, reading: Reading) -> tuple[Step, ...]:
    """The script, top to bottom."""
    read = [
        _step(item, number, reading)
        for number, item in enumerate(items(node, reading, "steps"), start=1)
    ]
    return tuple(step for step in read if step is not None)


def _step(node: Node, number: int, reading: Reading) -> Step | None:
    if not isinstance(node, Table):
        reading.problems.add(
            "F001", node.place, "手順は「動詞: …」で書きます。", f"使える動詞: {'、'.join(VERBS)}"
        )
        return None
    verb = _verb(node, reading)
    if verb is None:
        return None
    keys = keys_of(verb)
    values = read_table(node, keys, reading, what=verb if verb in VERBS else "この手順")
    if values is None:
        return None
    body = _BODIES[verb](node, values, reading) if verb in _BODIES else _plain_body(verb, values)
    if body is None:
        return None
    id_ = values.get("id")
    step = Step(
        name=id_.text if id_ is not None else f"_{number}_{verb}",
        verb=verb,
        body=body,
        place=node.place,
        id=id_,
        only_if=values.get("only_if"),
        goto=values.get("goto"),
        max_visits=values.get("max_visits"),
        effects=effects_of(values),
    )
    _check_id(node, step, reading)
    return step


def _verb(node: Table, reading: Reading) -> str | None:
    keys = node.keys()
    later = [key for key in keys if key in LATER_VERBS]
    found = [key for key in keys if key in VERBS]
    if later:
        unknown_key(node.key(later[0]), {}, reading, "手順")
        return None
    if len(found) > 1:
        reading.problems.add(
            "F001",
            node.place,
            f"1つの手順に動詞が{len(found)}つあります({'、'.join(found)})。",
            "手順を「- 」で分けてください。",
        )
        return None
    if found:
        return found[0]
    if "goto" in keys or any(key in EFFECTS for key in keys):
        return "goto" if "goto" in keys and not any(k in EFFECTS for k in keys) else "effects"
    _note_no_verb(node, reading)
    return None


def _note_no_verb(node: Table, reading: Reading) -> None:
    known = (*VERBS, *EFFECTS, "goto")
    for entry in node.entries:
        if entry.key.text not in {"id", "only_if", "max_visits"}:
            unknown_key(entry.key, dict.fromkeys(known), reading, "手順")
            return
    reading.problems.add(
        "F001", node.place, "動詞がありません。", f"使える動詞: {'、'.join(known)}"
    )


def keys_of(verb: str) -> Mapping[str, Reader]:
    """What may stand in a step of this verb, and how it is read."""
    shared = {
        key: reader for key, reader in _SHARED.items() if key != "goto" or verb not in NO_GOTO
    }
    return {**shared, **EFFECTS, **_OWN.get(verb, {})}


def looks_like_id(key: Scalar) -> bool:
    """Whether a key is `id`, or was meant to be."""
    is_near = key.text[:1] in "iIｉ" and len(key.text) <= LONGEST_SLIP
    return key.text == "id" or (is_near and key.text not in {"if", "in"})


def _check_id(node: Table, step: Step, reading: Reading) -> None:
    is_misspelt = any(looks_like_id(entry.key) for entry in node.entries)
    if step.id is None and not is_misspelt and (step.verb in WAITING or _calls(step)):
        reading.problems.add(
            "F010",
            step.place,
            f"{step.verb} の手順には id が要ります。",
            f"「id: {step.verb}_1」のように名前を付けてください。",
        )


def _calls(step: Step) -> bool:
    match step.body:
        case Switch():
            return any(case.way.call for case in step.body.cases)
        case If():
            ways = (step.body.then, step.body.otherwise)
            return any(way.call for way in ways if way is not None)
        case _:
            return False


def _plain_body(verb: str, values: Mapping[str, Any]) -> Body | None:
    match verb:
        case "goto":
            return Goto()
        case "effects":
            return Nothing()
        case "say":
            return Say(values["say"]) if "say" in values else None
        case "end":
            return End(values["end"]) if "end" in values else None
        case _:
            return Call(values["call"]) if "call" in values else None


def _max_visits(node: Node, reading: Reading) -> MaxVisits | None:
    keys = {"times": integer(1, 100), "goto": literal}
    values = read_table(node, keys, reading, required=("times", "goto"), what="max_visits")
    if values is None or len(values) < len(keys):
        return None
    return MaxVisits(values["times"], values["goto"])


def _raw(node: Node, _reading: Reading) -> Node:
    """Read again by the verb itself."""
    return node


_SHARED: Mapping[str, Reader] = {
    "id": scalar,
    "only_if": read_when,
    "goto": literal,
    "max_visits": _max_visits,
}
_OWN: Mapping[str, Mapping[str, Reader]] = {
    "say": {"say": read_say},
    "ask": ASK,
    "switch": {"switch": _raw, "cases": _raw},
    "if": {"if": read_when, "then": read_way, "else": read_way},
    "handoff": {
        "handoff": words,
        "to": literal,
        "note": words,
        "when_open": yes_no,
        "timeout": none_or(read_timeout),
        "done": read_way,
        "back": one_of("continue", "restart", "end"),
    },
    "faq": {
        "faq": scalar,
        "in": many(literal),
        "answered": read_way,
        "unsure": read_way,
        "unknown": read_unknown,
        "remind": none_or(read_reminds),
        "timeout": none_or(read_timeout),
    },
    "end": {"end": literal},
    "call": {"call": literal},
}
_BODIES: Mapping[str, Callable[[Table, Mapping[str, Any], Reading], Body | None]] = {
    "ask": read_ask,
    "switch": read_switch,
    "if": read_if,
    "handoff": read_handoff,
    "faq": read_faq,
}
