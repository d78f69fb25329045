"""Where a customer's words may stand in the rows of the product: nothing else is ever changed.

A text that a machine reads (a moment, an id, an address, a button's data, the name of a step) has
none of these names, so no words can reach it.
"""

import json
from collections.abc import Mapping
from typing import Any, Protocol

Leaf = str | int | float


class Change(Protocol):
    """A value as it is to be. is_map: whether it is one of many values under names of their own."""

    def __call__(self, leaf: Leaf, *, is_map: bool) -> Leaf: ...


_TEXTS = frozenset(
    {
        *("text", "altText", "label", "displayText", "fillInText", "title", "address", "alt"),
        *("fileName", "file_name", "note", "question", "open_question", "value", "message"),
    }
)
_MAPS = frozenset({"answers", "vars", "rounds", "fields", "event"})
_REASON = frozenset({"reason"})  # the rest of it names a flow, a version and a step
_CLOSED = frozenset({"origin", "run", "link", "about"})


def change_words(tree: Any, change: Change) -> Any:
    """The same tree, changed where words may stand."""
    if isinstance(tree, list):
        return [change_words(part, change) for part in tree]
    if not isinstance(tree, dict):
        return tree
    return {key: _under(key, part, change) for key, part in tree.items()}


def change_text(value: Any, change: Change) -> Any:
    """A column that is words itself, or a list of them, or a tree."""
    return _leaves(value, change, is_map=False)


def change_reason(reason: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """Why something is on a card: of it only the answer is words."""
    return {
        key: _leaves(part, change, is_map=False) if key == "answer" else part
        for key, part in reason.items()
    }


def change_values(values: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """A map of values."""
    return {key: _leaves(part, change, is_map=True) for key, part in values.items()}


def change_state(state: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """What a run heard: its last words, its event, and its frames' values."""
    changed = {**state, "frames": [_frame(frame, change) for frame in state.get("frames", [])]}
    if isinstance(state.get("message"), str):
        changed["message"] = change(state["message"], is_map=False)
    if isinstance(state.get("event"), dict):
        changed["event"] = change_values(state["event"], change)
    return changed


def blank_fields(tree: Any, gone: Mapping[str, Any], removed: Any) -> Any:
    """The same tree; where it tells of a card, these facts of it are gone."""
    if isinstance(tree, list):
        return [blank_fields(part, gone, removed) for part in tree]
    if not isinstance(tree, dict):
        return tree
    return {
        key: {
            name: removed if name in gone and gone[name] == value else value
            for name, value in part.items()
        }
        if key == "fields" and isinstance(part, dict)
        else blank_fields(part, gone, removed)
        for key, part in tree.items()
    }


def _frame(frame: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """An answer that is none has a status, which is the language's."""
    maps = {
        name: {
            key: part if isinstance(part, dict) else _leaves(part, change, is_map=True)
            for key, part in frame.get(name, {}).items()
        }
        for name in ("answers", "vars", "rounds")
        if name in frame
    }
    return {**frame, **maps}


def _under(key: str, part: Any, change: Change) -> Any:
    if key in _CLOSED:
        return part
    if key == "flex" and isinstance(part, str):
        return _in_card(part, change)
    if isinstance(part, dict):
        if key in _REASON:
            return change_reason(part, change)
        if key in _MAPS and "kind_of" not in part:
            return change_values(part, change)
        return change_words(part, change)
    if key in _TEXTS:
        return _leaves(part, change, is_map=False)
    return change_words(part, change)


def _leaves(part: Any, change: Change, *, is_map: bool) -> Any:
    if isinstance(part, list):
        return [_leaves(one, change, is_map=is_map) for one in part]
    if isinstance(part, dict):
        return change_words(part, change)
    if part is None or isinstance(part, bool):
        return part
    return change(part, is_map=is_map)


def _in_card(text: str, change: Change) -> str:
    """A card is kept as the JSON of its contents."""
    try:
        tree = json.loads(text)
    except ValueError:
        return text
    after = change_words(tree, change)
    return text if after == tree else json.dumps(after, ensure_ascii=False)
