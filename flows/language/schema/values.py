"""One value as a JSON Schema: what each of the grammar's readers accepts.

YAML in an editor has numbers and booleans where the loader sees texts, so both are accepted.
"""

from collections.abc import Mapping
from typing import Any

from flows.language.grammar.conditions import read_when
from flows.language.grammar.house_files import read_answer
from flows.language.grammar.lengths import clock, duration
from flows.language.grammar.primitives import (
    SHAPES,
    Many,
    Matching,
    NoneOr,
    OneOf,
    Pair,
    Reader,
    Whole,
    https,
    literal,
    number,
    pattern,
    scalar,
    words,
    yes_no,
)
from flows.language.grammar.triggers import read_awaited, read_triggers
from flows.language.grammar.ways import (
    read_reminds,
    read_saving_way,
    read_say,
    read_timeout,
    read_way,
)

Schema = dict[str, Any]
PLAIN = ["string", "number", "boolean"]
DIGIT = "[0-9０-９]"
YES_NO = ("true", "false", "yes", "no", "on", "off")

TEXT: Schema = {"type": PLAIN, "pattern": r"\S"}
DEFINED: Mapping[str, Schema] = {
    "text": TEXT,
    "words": {"type": [*PLAIN, "null"]},
    "literal": {**TEXT, "not": {"type": "string", "pattern": r"\{\{"}},
    "yes_no": {
        "anyOf": [
            {"type": "boolean"},
            {
                "type": "string",
                "pattern": "^({})$".format(
                    "|".join(
                        map(
                            "".join,
                            ([f"[{sign}{sign.upper()}]" for sign in word] for word in YES_NO),
                        )
                    )
                ),
            },
        ]
    },
    "duration": {
        "type": "string",
        "pattern": rf"^\s*(?=\S)({DIGIT}+w)?({DIGIT}+d)?({DIGIT}+h)?({DIGIT}+m)?\s*$",
        "examples": ["10m", "3h", "2d", "1w", "1d12h"],
    },
    "clock": {"type": "string", "pattern": rf"^\s*{DIGIT}{{2}}:{DIGIT}{{2}}\s*$"},
    "number": {
        "anyOf": [
            {"type": "number"},
            {"type": "string", "pattern": r"^\s*[-+]?[0-9０-９.]+([eE][-+]?[0-9]+)?\s*$"},
        ]
    },
    "https": {**TEXT, "pattern": "^https://"},
}
_BY_READER: Mapping[Reader, str] = {
    scalar: "text",
    literal: "literal",
    words: "words",
    read_answer: "text",
    yes_no: "yes_no",
    duration: "duration",
    clock: "clock",
    number: "number",
    https: "https",
    pattern: "text",
    read_when: "condition",
    read_way: "way",
    read_saving_way: "saving_way",
    read_say: "say",
    read_timeout: "timeout",
    read_reminds: "reminds",
    read_triggers: "triggers",
    read_awaited: "awaited",
}


def ref(name: str) -> Schema:
    """What is defined once."""
    return {"$ref": f"#/definitions/{name}"}


def value_of(reader: Reader) -> Schema | None:
    """What a reader accepts; None for one that only its key explains."""
    if reader in _BY_READER:
        return ref(_BY_READER[reader])
    shape = SHAPES.get(reader)
    match shape:
        case OneOf():
            return {"enum": list(shape.words)}
        case Whole():
            return _whole(shape)
        case Matching():
            return {"type": "string", "pattern": f"^({shape.pattern})$"}
        case Many() | Pair():
            return _list(shape)
        case NoneOr():
            inner = value_of(shape.of)
            return None if inner is None else {"anyOf": [{"enum": ["none"]}, inner]}
        case _:
            return None


def by_pattern(names: str, value: Schema) -> Schema:
    """An object whose keys are of this form."""
    return {"type": "object", "patternProperties": {names: value}, "additionalProperties": False}


def one_or_many(schema: Schema) -> Schema:
    """A list of these, or one alone."""
    return {"anyOf": [schema, {"type": "array", "items": schema}]}


def _whole(shape: Whole) -> Schema:
    text = {"type": "string", "pattern": rf"^\s*-?{DIGIT}+\s*$"}
    return {"anyOf": [{"type": "integer", "minimum": shape.low, "maximum": shape.high}, text]}


def _list(shape: Many | Pair) -> Schema | None:
    inner = value_of(shape.of)
    if isinstance(shape, Pair):
        return {"type": "array", "items": inner or ref("text"), "minItems": 2, "maxItems": 2}
    return one_or_many(inner) if inner is not None else None
