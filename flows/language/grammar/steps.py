"""Steps: exactly one verb each, and what may stand beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flows.language.grammar.asks import ASK, none_or, read_ask
from flows.language.grammar.branches import read_if, read_random, read_switch
from flows.language.grammar.conditions import read_when
from flows.language.grammar.elsewhere import read_faq, read_handoff, read_unknown
from flows.language.grammar.loops import read_later, read_loop
from flows.language.grammar.primitives import (
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
    Loop,
    MaxVisits,
    Nothing,
    Random,
    Say,
    Start,
    Step,
    Switch,
    Wait,
)
from flows.language.grammar.times import read_length, read_wait, read_wait_for
from flows.language.grammar.triggers import read_awaited
from flows.language.grammar.ways import (
    EFFECTS,
    effects_of,
    read_reminds,
    read_say,
    read_timeout,
    read_way,
)
from flows.language.nodes import Node, Scalar, Table
from flows.language.sayings.saying import Saying

VERBS = (
    "say", "ask", "switch", "if", "random", "wait", "wait_for", "call", "start", "handoff", "faq",
    "repeat", "end",
)  # fmt: skip
WAITING = frozenset({"ask", "faq", "handoff", "call", "wait", "wait_for"})
NO_GOTO = frozenset({"switch", "if", "random", "end"})
LONGEST_SLIP = 3  # `idd` was meant to be `id`


@dataclass(frozen=True, slots=True)
class _Level:
    """Where in the script: the `repeat` steps around, and how its unnamed steps are called."""

    within: tuple[str, ...] = ()
    prefix: str = ""


def read_steps(node: Node, reading: Reading) -> tuple[Step, ...]:
    """The script, top to bottom; the body of a `repeat` stands behind it, flat."""
    return _read_level(node, reading, _Level())


def _read_level(node: Node, reading: Reading, level: _Level) -> tuple[Step, ...]:
    listed = enumerate(items(node, reading, "steps"), start=1)
    return tuple(step for number, item in listed for step in _step(item, number, reading, level))


def _step(node: Node, number: int, reading: Reading, level: _Level) -> tuple[Step, ...]:
    if not isinstance(node, Table):
        reading.problems.add("F001", node.place, "step_not_table", verbs=VERBS)
        return ()
    verb = _verb(node, reading)
    if verb is None:
        return ()
    keys = keys_of(verb)
    values = read_table(node, keys, reading, what=verb if verb in VERBS else Saying("in.this_step"))
    if values is None:
        return ()
    body = _BODIES[verb](node, values, reading) if verb in _BODIES else _plain_body(verb, values)
    if body is None:
        return ()
    id_ = values.get("id")
    step = Step(
        name=id_.text if id_ is not None else f"{level.prefix}_{number}_{verb}",
        verb=verb,
        body=body,
        place=node.place,
        id=id_,
        only_if=values.get("only_if"),
        goto=values.get("goto"),
        max_visits=values.get("max_visits"),
        effects=effects_of(values),
        within=level.within,
    )
    _check_id(node, step, reading)
    return (step, *_body_of(node, step, number, reading))


def _body_of(node: Table, step: Step, number: int, reading: Reading) -> tuple[Step, ...]:
    """The steps inside a `repeat`."""
    repeated = node.get("repeat")
    steps = repeated.get("steps") if isinstance(repeated, Table) else None
    if steps is None or not isinstance(step.body, Loop):
        return ()
    outer = step.name.rpartition("_")[0] if step.id is None else f"_{step.name}"
    return _read_level(steps, reading, _Level((*step.within, step.name), outer or f"_{number}"))


def _verb(node: Table, reading: Reading) -> str | None:
    keys = node.keys()
    found = [key for key in keys if key in VERBS]
    if len(found) > 1:
        reading.problems.add(
            "F001",
            node.place,
            "many_verbs",
            count=len(found),
            verbs=tuple(found),
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
            unknown_key(entry.key, dict.fromkeys(known), reading, Saying("in.step"))
            return
    reading.problems.add("F001", node.place, "no_verb", verbs=known)


def keys_of(verb: str) -> Mapping[str, Reader]:
    """What may stand in a step of this verb."""
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
            "no_id",
            verb=step.verb,
        )


def _calls(step: Step) -> bool:
    match step.body:
        case Switch():
            return any(case.way.call for case in step.body.cases)
        case Random():
            return any(draw.way.call for draw in step.body.draws)
        case Wait():
            return step.body.late is not None and step.body.late.call is not None
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
        case "start":
            return Start(values["start"]) if "start" in values else None
        case _:
            return Call(values["call"]) if "call" in values else None


def _max_visits(node: Node, reading: Reading) -> MaxVisits | None:
    required = tuple(MAX_VISITS)
    values = read_table(node, MAX_VISITS, reading, required=required, what="max_visits")
    if values is None or len(values) < len(MAX_VISITS):
        return None
    return MaxVisits(values["times"], values["goto"])


def _looped(_node: Table, values: Mapping[str, Any], _reading: Reading) -> Loop | None:
    loop: Loop | None = values.get("repeat")
    return loop


MAX_VISITS: Mapping[str, Reader] = {"times": integer(1, 100), "goto": literal}
_SHARED: Mapping[str, Reader] = {
    "id": scalar,
    "only_if": read_when,
    "goto": literal,
    "max_visits": _max_visits,
}
_OWN: Mapping[str, Mapping[str, Reader]] = {
    "say": {"say": read_say},
    "ask": ASK,
    "switch": {"switch": read_later, "cases": read_later},
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
    "start": {"start": literal},
    "random": {"random": read_later},
    "wait": {"wait": read_length},
    "wait_for": {"wait_for": read_awaited, "timeout": read_timeout},
    "repeat": {"repeat": read_loop},
}
_BODIES: Mapping[str, Callable[[Table, Mapping[str, Any], Reading], Body | None]] = {
    "ask": read_ask,
    "switch": read_switch,
    "if": read_if,
    "handoff": read_handoff,
    "faq": read_faq,
    "random": read_random,
    "wait": read_wait,
    "wait_for": read_wait_for,
    "repeat": _looped,
}
