"""LINE's rules for templates and flex messages.

Messaging API reference, "Template messages" and "Flex Message", checked 2026-08.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.simulator.actions import MAX_FLEX_LABEL, MAX_IMAGE_LABEL, Place, find_action_errors
from bot.simulator.lengths import (
    Detail,
    count_graphemes,
    find_empty,
    find_too_long,
    find_wrong_size,
)

MAX_TITLE = 40
MAX_COLUMNS = 10
MAX_BUBBLES = 12
MAX_BUBBLE_BYTES = 30 * 1024
MAX_CAROUSEL_BYTES = 50 * 1024
# The most signs of a text: alone, and beside a picture or a title.
_TEXT_SIGNS = {"buttons": (160, 60), "confirm": (240, 240), "column": (120, 60)}
_ACTIONS = {"buttons": (1, 4), "confirm": (2, 2), "column": (1, 3)}


def find_template_errors(template: Any, place: str) -> list[Detail]:
    """What LINE would refuse in `template`."""
    kind = template.get("type") if isinstance(template, Mapping) else None
    if kind in {"buttons", "confirm"}:
        return _card_errors(template, str(kind), place)
    if kind in {"carousel", "image_carousel"}:
        return _columns_errors(template, str(kind), place)
    return [{"message": "Must be one of the template types", "property": f"{place}.type"}]


def find_flex_errors(contents: Any, place: str) -> list[Detail]:
    """What LINE would refuse in a flex message's `contents`."""
    kind = contents.get("type") if isinstance(contents, Mapping) else None
    if kind not in {"bubble", "carousel"}:
        return [{"message": "Must be bubble or carousel", "property": f"{place}.type"}]
    found: list[Detail] = []
    if kind == "carousel":
        found += find_wrong_size(contents.get("contents"), 1, MAX_BUBBLES, f"{place}.contents")
    most = MAX_BUBBLE_BYTES if kind == "bubble" else MAX_CAROUSEL_BYTES
    if len(json.dumps(contents, ensure_ascii=False).encode("utf-8", "replace")) > most:
        found.append({"message": f"Must be at most {most // 1024} KB", "property": place})
    for path, action in _actions_within(contents, place):
        where = Place(path, MAX_FLEX_LABEL, needs_label=False)
        found += find_action_errors(action, where)
    return found


def _card_errors(card: Mapping[str, Any], kind: str, place: str) -> list[Detail]:
    alone, beside = _TEXT_SIGNS[kind]
    most = beside if card.get("title") or card.get("thumbnailImageUrl") else alone
    found = find_empty(card, ("text",), place)
    found += find_too_long(card, "text", most, place, count_graphemes)
    found += find_too_long(card, "title", MAX_TITLE, place, count_graphemes)
    least_actions, most_actions = _ACTIONS[kind]
    actions = card.get("actions")
    wrong = find_wrong_size(actions, least_actions, most_actions, f"{place}.actions")
    if wrong or not isinstance(actions, list):
        return found + wrong
    for number, action in enumerate(actions):
        found += find_action_errors(action, Place(f"{place}.actions[{number}]"))
    return found


def _columns_errors(template: Mapping[str, Any], kind: str, place: str) -> list[Detail]:
    columns = template.get("columns")
    wrong = find_wrong_size(columns, 1, MAX_COLUMNS, f"{place}.columns")
    if wrong or not isinstance(columns, list):
        return wrong
    found: list[Detail] = []
    for number, column in enumerate(columns):
        found += _column_errors(column, kind, f"{place}.columns[{number}]")
    if not found and kind == "carousel" and len({_shape(column) for column in columns}) > 1:
        detail = "Columns must be alike in their actions, pictures and titles"
        found.append({"message": detail, "property": f"{place}.columns"})
    return found


def _column_errors(column: Any, kind: str, place: str) -> list[Detail]:
    if not isinstance(column, Mapping):
        return [{"message": "May not be empty", "property": place}]
    if kind == "carousel":
        return _card_errors(column, "column", place)
    where = Place(f"{place}.action", MAX_IMAGE_LABEL, needs_label=False)
    found = find_empty(column, ("imageUrl",), place)
    return found + find_action_errors(column.get("action"), where)


def _shape(column: Mapping[str, Any]) -> tuple[int, bool, bool]:
    has_picture, has_title = bool(column.get("thumbnailImageUrl")), bool(column.get("title"))
    return len(column["actions"]), has_picture, has_title


def _actions_within(tree: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Every action in a flex tree, with its path."""
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            if key == "action":
                yield f"{place}.{key}", value
            else:
                yield from _actions_within(value, f"{place}.{key}")
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            yield from _actions_within(value, f"{place}[{number}]")
