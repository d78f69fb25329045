"""Tests of talks, as definitions: what is given, what is said, what is expected."""

from collections.abc import Mapping

from flows.language.grammar.talk_files import (
    DEEDS,
    EXPECT,
    EXPECT_KEYS,
    GIVEN,
    PAST,
    PICK,
    SENDABLE,
    SINGLE_KEYS,
    TALK_CASE,
    TALK_KEYS,
    TALK_TEST,
    TAP_OLD,
    YES_NO_KEYS,
)
from flows.language.schema.tables import described, table
from flows.language.schema.values import Schema, by_pattern, one_or_many, ref


def talk_tests() -> Schema:
    """A file of tests."""
    moment = {"type": "string", "pattern": r"^\s*\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{1,2}\s*$"}
    past = table("past", PAST, {"at": moment}, required=tuple(PAST))
    value = {"anyOf": [ref("words"), {"type": "array", "items": ref("text")}]}
    on_card = {"type": "object", "additionalProperties": value}
    given = table(
        "given",
        GIVEN,
        {"name": ref("words"), "now": moment, "fields": on_card, "past": one_or_many(past)},
    )
    own = {"given": given, "talk": {"type": "array", "items": _talk_line(moment)}}
    case = table("case", TALK_CASE, own, required=("name", "talk"))
    return table(
        "test", TALK_TEST, {"cases": {"type": "array", "items": case}}, required=tuple(TALK_TEST)
    )


def _talk_line(moment: Schema) -> Schema:
    until = {
        "type": "object",
        "properties": {"until": moment},
        "required": ["until"],
        "additionalProperties": False,
    }
    says = {
        "type": "object",
        "properties": {"says": ref("text")},
        "required": ["says"],
        "additionalProperties": False,
    }
    values: Mapping[str, Schema] = {
        "tap_old": table("tap_old", TAP_OLD, required=tuple(TAP_OLD)),
        "pick": {**table("pick", PICK), "minProperties": 1},
        "send": {"enum": list(SENDABLE)},
        "event": {"anyOf": [ref("text"), {"type": "object", "required": ["name"]}]},
        "set": by_pattern(r"^field\.", ref("words")),
        "operator": {"anyOf": [{"enum": list(DEEDS)}, says]},
        "wait": {"anyOf": [ref("duration"), until]},
        "expect": _expect(),
    }
    lines = {key: described("talk", key, values.get(key, ref("text"))) for key in TALK_KEYS}
    return {
        "type": "object",
        "properties": lines,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _expect() -> Schema:
    loose: Schema = {"not": {"type": "object"}}
    values = {
        **dict.fromkeys(EXPECT_KEYS, loose),
        **{key: ref("text") for key in SINGLE_KEYS},
        **{key: ref("yes_no") for key in YES_NO_KEYS},
    }
    return {
        "type": "object",
        "properties": {key: values[key] for key in EXPECT_KEYS},
        "patternProperties": {f"^{EXPECT.pattern}$": loose},
        "additionalProperties": False,
    }
