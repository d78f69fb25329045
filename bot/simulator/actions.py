"""LINE's rules for what a tap does: the action of a quick reply, a button, a picture, a bubble.

Messaging API reference, "Action objects", checked 2026-08.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.simulator.lengths import (
    Detail,
    count_graphemes,
    count_units,
    find_empty,
    find_too_long,
)

MAX_LABEL = 20
MAX_FLEX_LABEL = 40
MAX_IMAGE_LABEL = 12
SCHEMES = ("http:", "https:", "line:", "tel:")
MODES = frozenset({"date", "time", "datetime"})
ONLY_QUICK = frozenset({"camera", "cameraRoll", "location"})

# The text that a kind must have, then those that it may have: name, limit, how it is counted.
_TEXTS: dict[str, tuple[tuple[str, int, Callable[[str], int]], ...]] = {
    "postback": (
        ("data", 300, count_units),
        ("displayText", 300, count_graphemes),
        ("fillInText", 300, count_graphemes),
        ("text", 300, count_graphemes),
    ),
    "message": (("text", 300, count_graphemes),),
    "uri": (("uri", 1000, count_units),),
    "datetimepicker": (("data", 300, count_units),),
    "clipboard": (("clipboardText", 1000, count_units),),
    "camera": (),
    "cameraRoll": (),
    "location": (),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an action stands, which decides what it may be."""

    path: str
    max_label: int = MAX_LABEL
    needs_label: bool = True
    is_quick: bool = False


def find_action_errors(action: Any, place: Place) -> list[Detail]:
    """What LINE would refuse in one action."""
    if not isinstance(action, Mapping):
        return [{"message": "May not be empty", "property": place.path}]
    kind = action.get("type")
    is_known = kind in _TEXTS and (place.is_quick or kind not in ONLY_QUICK)
    if not is_known:
        detail = "Must be one of the action types that are allowed here"
        return [{"message": detail, "property": f"{place.path}.type"}]
    return _label_errors(action, place) + _text_errors(str(kind), action, place.path)


def _label_errors(action: Mapping[str, Any], place: Place) -> list[Detail]:
    missing = find_empty(action, ("label",), place.path) if place.needs_label else []
    return missing or find_too_long(action, "label", place.max_label, place.path, count_graphemes)


def _text_errors(kind: str, action: Mapping[str, Any], path: str) -> list[Detail]:
    texts = _TEXTS[kind]
    found = find_empty(action, tuple(name for name, _, _ in texts[:1]), path)
    for name, most, count in texts:
        found += find_too_long(action, name, most, path, count)
    if kind == "uri" and not str(action.get("uri", "")).startswith(SCHEMES):
        found.append({"message": "Invalid URI scheme", "property": f"{path}.uri"})
    if kind == "datetimepicker" and action.get("mode") not in MODES:
        found.append({"message": "Must be date, time or datetime", "property": f"{path}.mode"})
    return found
