"""The whole schema: every kind of file, told apart by its top key."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from flows.language.calendars import DAYS
from flows.language.grammar.asks import BY_TYPE
from flows.language.grammar.calendar_files import CALENDAR
from flows.language.grammar.flex_files import FLEX
from flows.language.grammar.flow_files import DEFAULTS, FLOW, ON_CANCEL
from flows.language.grammar.house_files import (
    FAQ,
    FAQ_ENTRY,
    FIELD,
    LINK,
    QUEUE,
    QUEUES,
    SEGMENT,
    TAG,
)
from flows.language.grammar.migrations import HASH
from flows.language.grammar.shapes import ANY
from flows.language.grammar.steps import VERBS, WAITING, keys_of
from flows.language.grammar.ways import EFFECTS
from flows.language.schema.cards import card_parts
from flows.language.schema.parts import NAME, effects, parts
from flows.language.schema.tables import described, table
from flows.language.schema.talks import talk_tests
from flows.language.schema.values import Schema, by_pattern, one_or_many, ref

DRAFT = "http://json-schema.org/draft-07/schema#"
TITLE = "Madoguchi flows"
_CLOCKS = r"[0-9]{2}:[0-5][0-9]-[0-9]{2}:[0-5][0-9]"


def schema() -> dict[str, Any]:
    """The schema of all files of the folder, as `yaml-language-server` reads it."""
    kinds = _kinds()
    return {
        "$schema": DRAFT,
        "title": TITLE,
        "type": "object",
        "anyOf": [{"required": [key]} for key in kinds],
        "allOf": [{"if": {"required": [key]}, "then": ref(name)} for key, name in kinds.items()],
        "definitions": {**parts(), **card_parts(), **_files(), "steps": _steps(), **_step_tables()},
    }


def schema_of(file: PurePath) -> dict[str, Any]:
    """That of one file by where it lies in its folder, for an editor that knows which it is."""
    whole = schema()
    above = file.parts[0] if len(file.parts) > 1 else file.name
    kind = _PLACES.get(above, "flow_file" if above == file.name else None)
    if kind is None:
        return whole
    kept = {key: whole[key] for key in ("$schema", "title", "definitions")}
    return {**kept, "allOf": [ref(kind)]}


_PLACES: Mapping[str, str] = {
    "flex": "flex_file",
    "faq": "faq_file",
    "calendars": "calendar_file",
    "segments": "segment_file",
    "tests": "test_file",
    "tags.yaml": "tags_file",
    "fields.yaml": "fields_file",
    "links.yaml": "links_file",
    "queues.yaml": "queues_file",
}


def _kinds() -> dict[str, str]:
    """Top key → definition. `tags` and the others come last: a `flow` may not be taken for one."""
    return {
        "flow": "flow_file",
        "flex": "flex_file",
        "faq": "faq_file",
        "weekly": "calendar_file",
        "segment": "segment_file",
        "test": "test_file",
        "tags": "tags_file",
        "fields": "fields_file",
        "links": "links_file",
        "queues": "queues_file",
    }


def _files() -> dict[str, Schema]:
    asked = {"type": "array", "items": ref("literal"), "minItems": 1}
    ask = {"anyOf": [ref("literal"), asked]}
    entry = table("faq_entry", FAQ_ENTRY, {"ask": ask}, required=("id", "ask", "answer"))
    return {
        "flow_file": _flow(),
        "flex_file": table("flex", FLEX, {"contents": ref("container")}, required=tuple(FLEX)),
        "faq_file": table(
            "faq", FAQ, {"entries": {"type": "array", "items": entry}}, required=("faq", "entries")
        ),
        "calendar_file": _calendar(),
        "segment_file": table("segment", SEGMENT, required=tuple(SEGMENT)),
        "test_file": talk_tests(),
        "tags_file": _house("tags", {"type": "array", "items": _tag()}),
        "fields_file": _house("fields", _named(table("field", FIELD, required=("title",)))),
        "links_file": _house(
            "links", _named({"anyOf": [ref("https"), table("link", LINK, required=("url",))]})
        ),
        "queues_file": table("queues", QUEUES, {"queues": _queues()}, required=("queues",)),
    }


def _flow() -> Schema:
    own: Mapping[str, Schema] = {
        "repeat": {"type": "string", "pattern": r"^\s*(always|once|after .+)\s*$"},
        "on_cancel": table("way", ON_CANCEL, effects()),
        "defaults": table("ask", DEFAULTS),
        "accounts": one_or_many(ref("literal")),
        "vars": _named(ref("words")),
        "migrate": _migrate(),
        "send_window": {"type": "string", "pattern": f"^{_CLOCKS}$"},
        "steps": ref("steps"),
    }
    return table("flow", FLOW, own, required=("flow", "title", "steps"))


def _steps() -> Schema:
    """Each step by its verb; one without a verb has effects or a goto."""
    plain = [{"required": [key]} for key in (*EFFECTS, "goto")]
    none = {"not": {"anyOf": [{"required": [verb]} for verb in VERBS]}}
    step = {
        "type": "object",
        "anyOf": [*({"required": [verb]} for verb in VERBS), *plain],
        "allOf": [
            *({"if": {"required": [verb]}, "then": ref(f"step_{verb}")} for verb in VERBS),
            {"if": none, "then": ref("step_effects")},
        ],
    }
    return {"type": "array", "items": step}


def _step_tables() -> dict[str, Schema]:
    found = {f"step_{verb}": _step(verb) for verb in VERBS}
    found["step_ask"] = {**found["step_ask"], **_ask_rules()}
    found["step_switch"] = {**found["step_switch"], **_switch_rules()}
    return {**found, "step_effects": _step("effects")}


def _step(verb: str) -> Schema:
    of = "step" if verb == "start" else verb
    required = [verb] if verb in VERBS else []
    required += ["id"] if verb in WAITING else []
    required += {"if": ["then"], "faq": ["unknown"], "wait_for": ["timeout"]}.get(verb, [])
    own = {**effects(), **_STEP_VALUES, **_OF_VERB.get(verb, {})}
    return table(of, keys_of(verb), own, required=required)


_STEP_VALUES: Mapping[str, Schema] = {
    "max_visits": ref("max_visits"),
    "choices": {"type": "array"},
    "skip": ref("choice"),
    "give_up": ref("give_up"),
    "unknown": ref("unknown"),
    "random": ref("draws"),
    "wait": ref("wait"),
    "repeat": ref("repeat"),
    "cases": {"type": "array", "items": ref("case"), "minItems": 1},
}
_OF_VERB: Mapping[str, Mapping[str, Schema]] = {
    "switch": {
        "switch": {
            "anyOf": [{"enum": ["message"]}, {"type": "array", "items": ref("case"), "minItems": 1}]
        }
    },
    "faq": {"faq": {"type": "string", "pattern": r"^(message$|answer\.)"}},
}


def _ask_rules() -> Schema:
    """What goes with which type: the same table as the loader's."""
    is_choice = {"required": ["type"], "properties": {"type": {"enum": ["choice", "multi"]}}}
    is_multi = {"required": ["type"], "properties": {"type": {"enum": ["multi"]}}}
    lists = {
        kind: {"properties": {"choices": {"items": ref(kind)}}}
        for kind in ("choice", "multi_choice")
    }
    return {
        "allOf": [
            {"not": {"required": ["other", "any_answer"]}},
            {"if": is_choice, "then": {"required": ["choices"]}},
            {"if": is_multi, "then": lists["multi_choice"], "else": lists["choice"]},
            *({"if": {"required": [key]}, "then": _is_of(types)} for key, types in BY_TYPE.items()),
        ]
    }


def _is_of(types: frozenset[str]) -> Schema:
    """The type is one of these; without one it is `text`, or with choices `choice`."""
    named = {"required": ["type"], "properties": {"type": {"enum": sorted(types)}}}
    if "text" not in types:
        return named
    return {
        "anyOf": [named, {"not": {"anyOf": [{"required": ["type"]}, {"required": ["choices"]}]}}]
    }


def _switch_rules() -> Schema:
    """`cases` stand beside `switch: message`, and only there."""
    is_message = {"properties": {"switch": {"enum": ["message"]}}}
    return {
        "if": is_message,
        "then": {"required": ["cases"]},
        "else": {"not": {"required": ["cases"]}},
    }


def _calendar() -> Schema:
    day = "|".join(DAYS)
    hours_text = {"type": "string", "pattern": rf"^\s*(closed|like ({day})|{_CLOCKS})\s*$"}
    hours = one_or_many(hours_text)
    own: Mapping[str, Schema] = {
        "timezone": ref("text"),
        "weekly": by_pattern(rf"^({day})(-({day}))?$", hours),
        "holidays": by_pattern("^japan$", hours),
        "exceptions": by_pattern(r"^\d{4}-\d{2}-\d{2}(\.\.\d{4}-\d{2}-\d{2})?$", hours),
    }
    return table("calendar", CALENDAR, own, required=("weekly",))


def _house(key: str, value: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {key: described("house", key, value)},
        "required": [key],
        "additionalProperties": False,
    }


def _tag() -> Schema:
    noted = {
        "type": "object",
        "additionalProperties": table("tag", TAG),
        "minProperties": 1,
        "maxProperties": 1,
    }
    return {"anyOf": [ref("text"), noted]}


def _queues() -> Schema:
    own = {
        "type": "object",
        "additionalProperties": table("queue", QUEUE),
        "minProperties": 1,
        "maxProperties": 1,
    }
    return one_or_many({"anyOf": [ref("literal"), own]})


def _migrate() -> Schema:
    moves: Schema = {"type": "object", "additionalProperties": ref("text")}
    since = f"^({ANY}|{HASH.pattern})$"
    return {"type": "object", "patternProperties": {since: moves}, "additionalProperties": False}


def _named(value: Schema) -> Schema:
    return by_pattern(f"^{NAME}$", value)
