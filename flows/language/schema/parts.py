"""What steps are made of, as definitions: conditions, effects, ways out, patience, triggers."""

from collections.abc import Mapping

from flows.language.grammar.asks import CHOICE, GIVE_UP, MULTI_CHOICE
from flows.language.grammar.branches import CASE, DRAW, FEWEST_DRAWS
from flows.language.grammar.elsewhere import UNKNOWN
from flows.language.grammar.loops import MOST_ROUNDS, REPEAT
from flows.language.grammar.steps import MAX_VISITS
from flows.language.grammar.times import WAIT
from flows.language.grammar.triggers import (
    AWAITED,
    BESIDE,
    NAMED_TRIGGERS,
    PLAIN_TRIGGERS,
    TRIGGER,
)
from flows.language.grammar.ways import (
    BUBBLE,
    MAX_BUBBLES,
    NOTICE,
    REMIND,
    SAVING_WAY,
    TIMEOUT,
    WAY,
)
from flows.language.schema.tables import described, table
from flows.language.schema.values import DEFINED, Schema, one_or_many, ref

NAME = "[a-z][a-z0-9_]*"
_SETTABLE = f"^(field|var)\\.{NAME}$"
_CLOCK = r"\s*[0-9０-９]{1,2}[:：][0-9０-９]{2}"
SCHEDULE: Schema = {
    "type": "string",
    "pattern": (
        rf"^\s*(毎日{_CLOCK}|毎週[日月火水木金土]曜日?{_CLOCK}|毎月末日{_CLOCK}"
        rf"|毎月[0-9０-９]{{1,2}}日{_CLOCK}|\d{{4}}-\d{{1,2}}-\d{{1,2}} {_CLOCK}"
        r"|\S+(\s+\S+){4})\s*$"
    ),
    "examples": ["毎日 10:00", "毎週月曜 10:00", "毎月1日 10:00", "毎月末日 10:00"],
}
_EFFECTS: Mapping[str, Schema] = {
    "set": {
        "type": "object",
        "patternProperties": {_SETTABLE: ref("words")},
        "additionalProperties": False,
    },
    "add": {
        "type": "object",
        "patternProperties": {
            _SETTABLE: {
                "anyOf": [
                    {"type": "integer"},
                    {"type": "string", "pattern": "^\\s*-?[0-9０-９]+\\s*$"},
                ]
            }
        },
        "additionalProperties": False,
    },
    "count": one_or_many(ref("literal")),
    "notify": {"anyOf": [one_or_many(ref("literal")), ref("notice")]},
}


def parts() -> dict[str, Schema]:
    """Every definition that steps use."""
    return {**DEFINED, **_said(), **_ways(), **_answers(), **_forks(), **_moments()}


def _said() -> dict[str, Schema]:
    one = [{"required": [key]} for key in BUBBLE]
    bubble = {"anyOf": [ref("words"), {**table("say", BUBBLE), "oneOf": one}]}
    return {
        "condition": _condition(),
        "tests": one_or_many(ref("text")),
        "say": {"anyOf": [bubble, {"type": "array", "items": bubble, "maxItems": MAX_BUBBLES}]},
        "notice": table("notify", NOTICE, required=("to",)),
    }


def _ways() -> dict[str, Schema]:
    return {
        "way": table("way", WAY, _EFFECTS),
        "saving_way": table("way", SAVING_WAY, _EFFECTS),
        "timeout": table("way", TIMEOUT, _EFFECTS, required=("after",)),
        "reminds": one_or_many(table("remind", REMIND, required=("after", "say"))),
        "max_visits": table("step", MAX_VISITS, required=("times", "goto")),
    }


def _answers() -> dict[str, Schema]:
    return {
        "choice": _labelled(table("choice", CHOICE, _EFFECTS)),
        "multi_choice": _labelled(table("choice", MULTI_CHOICE, _EFFECTS)),
        "give_up": {
            **table("give_up", GIVE_UP, _EFFECTS),
            "oneOf": [{"required": [key]} for key in ("goto", "handoff", "skip")],
        },
        "unknown": table("unknown", UNKNOWN, _EFFECTS),
    }


def _forks() -> dict[str, Schema]:
    draw = table("random", DRAW, _EFFECTS)
    return {
        "case": _case(),
        "draws": {"type": "array", "items": draw, "minItems": FEWEST_DRAWS},
    }


def _moments() -> dict[str, Schema]:
    awaited = tuple(kind for kind in NAMED_TRIGGERS if kind != "schedule")
    return {
        "wait": {"anyOf": [ref("duration"), _wait()]},
        "trigger": _trigger(PLAIN_TRIGGERS, NAMED_TRIGGERS),
        "triggers": one_or_many(ref("trigger")),
        "awaited": _trigger(AWAITED, awaited),
        "repeat": _repeat(),
    }


def effects() -> Mapping[str, Schema]:
    """The values of the effects whose readers do not tell."""
    return _EFFECTS


def _condition() -> Schema:
    several = one_or_many(ref("condition"))
    tag_all = {
        "type": "object",
        "properties": {"all": ref("tests")},
        "required": ["all"],
        "additionalProperties": False,
    }
    values: Mapping[str, Schema] = {
        "tag": {"anyOf": [ref("tests"), tag_all]},
        "name": ref("tests"),
        "message": ref("tests"),
        "business_hours": {"enum": ["open", "closed"]},
        "segment": ref("tests"),
        "any": several,
        "all": several,
        "not": ref("condition"),
    }
    return {
        "type": "object",
        "properties": {key: described("condition", key, value) for key, value in values.items()},
        "patternProperties": {r"^(field|answer|var|event)\.": ref("tests")},
        "additionalProperties": False,
        "minProperties": 1,
    }


def _labelled(way: Schema) -> Schema:
    named = {
        "type": "object",
        "additionalProperties": way,
        "propertyNames": {"pattern": r"\S", "not": {"pattern": r"\{\{"}},
        "minProperties": 1,
        "maxProperties": 1,
    }
    return {"anyOf": [ref("literal"), named]}


def _case() -> Schema:
    case = table("switch", CASE, _EFFECTS)
    only = {"type": "object", "properties": {"else": described("switch", "else", ref("way"))}}
    last = {**only, "required": ["else"], "additionalProperties": False}
    chosen = {**case, "oneOf": [{"required": ["when"]}, {"required": ["words"]}]}
    return {"if": {"required": ["else"]}, "then": last, "else": chosen}


def _wait() -> Schema:
    by_day = {
        "required": ["day", "at"],
        "not": {"anyOf": [{"required": ["before"]}, {"required": ["until"]}]},
    }
    by_field = {"required": ["until"], "not": {"required": ["day"]}}
    field = {"type": "string", "pattern": "^field\\."}
    return {**table("wait", WAIT, {"until": field}), "oneOf": [by_day, by_field]}


def _trigger(plain: tuple[str, ...], named: tuple[str, ...]) -> Schema:
    readers = {key: reader for key, reader in TRIGGER.items() if BESIDE.get(key, key) in named}
    keys = table("trigger", readers, {"schedule": SCHEDULE})
    beside = {key: [of] for key, of in BESIDE.items() if of in named}
    one = [{"required": [kind]} for kind in named]
    return {"anyOf": [{"enum": list(plain)}, {**keys, "dependencies": beside, "oneOf": one}]}


def _repeat() -> Schema:
    values = {"type": "array", "items": ref("literal"), "maxItems": MOST_ROUNDS}
    over = {"anyOf": [{"type": "string", "pattern": "^answer\\."}, values]}
    name = {"type": "string", "pattern": f"^{NAME}$"}
    keys = table(
        "repeat", REPEAT, {"over": over, "as": name, "steps": ref("steps")}, required=("steps",)
    )
    return {**keys, "oneOf": [{"required": ["over"]}, {"required": ["times"]}]}
