"""A file of the house as rows for a form, each with its place, its uses and its problems."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flows.language.grammar.primitives import YES
from flows.language.house_rows.hours import calendar_rows
from flows.language.house_rows.odd import Odd, as_list, as_map, as_text, as_texts
from flows.language.house_rows.places import problems_by_place
from flows.language.house_rows.uses import Uses
from flows.language.nodes import Node, Table, to_json
from flows.language.problems import Problem
from flows.language.rewriting.writing import Value

Row = dict[str, Any]
BY_NAME = {
    "tags.yaml": "tags",
    "fields.yaml": "fields",
    "links.yaml": "links",
    "queues.yaml": "queues",
}
BY_FOLDER = {"faq": "faq", "calendars": "calendar"}
_USED_AS = {"tags": "tag", "fields": "field", "links": "link", "queues": "queue"}


def kind_of(file: str) -> str | None:
    """Which form a file has; None for those that are text alone."""
    return BY_NAME.get(file) or BY_FOLDER.get(file.partition("/")[0] if "/" in file else "")


def read_rows(file: str, tree: Node, problems: Sequence[Problem], uses: Uses) -> Row:
    """What a form shows of a file. Raises Odd.

    Each row has `at` (its path), `uses` and its `problems`; those of no row stand beside the rows.
    """
    kind = kind_of(file)
    plain: Value = to_json(tree)
    if kind is None or not isinstance(plain, dict) or not isinstance(tree, Table):
        raise Odd
    sheet = _READERS[kind](plain)
    rows = [*sheet["rows"], *sheet.get("week", []), *sheet.get("notify_rows", [])]
    by_place, others = problems_by_place(tree, problems, [tuple(row["at"]) for row in rows])
    seen: set[tuple[str | int, ...]] = set()
    for row in rows:
        at = tuple(row["at"])
        row["problems"] = [] if at in seen else by_place.get(at, [])
        row["uses"] = uses.of(_USED_AS.get(kind, ""), str(row.get("name", row.get("key", ""))))
        seen.add(at)  # of a line for several days, the first tells what is wrong
    for row in sheet.get("notify_rows", []):
        row["uses"] = uses.of("notify", row["name"])
    return {**sheet, "problems": others}


def _tags(tree: dict[str, Value]) -> Row:
    return {"rows": [_tag(n, item) for n, item in enumerate(as_list(tree.get("tags", "")))]}


def _tag(number: int, item: Value) -> Row:
    if isinstance(item, str):
        return {"at": ["tags", number], "name": item, "note": None}
    [(name, more)] = as_map(item).items() if len(as_map(item)) == 1 else [("", "")]
    if not name:
        raise Odd
    note = as_map(more).get("note")
    return {
        "at": ["tags", number],
        "name": name,
        "note": as_text(note) if note is not None else None,
    }


def _fields(tree: dict[str, Value]) -> Row:
    fields = as_map(tree.get("fields", ""))
    return {"rows": [_field(key, as_map(more)) for key, more in fields.items()]}


def _field(key: str, more: dict[str, Value]) -> Row:
    return {
        "at": ["fields", key],
        "key": key,
        "title": as_text(more.get("title", "")),
        "type": as_text(more.get("type", "text")),
        "options": as_texts(more.get("options", [])),
        "max": as_text(more.get("max", "")),
        "personal": as_text(more.get("personal", "")).strip().casefold() in YES,
    }


def _links(tree: dict[str, Value]) -> Row:
    links = as_map(tree.get("links", ""))
    return {"rows": [_link(key, more) for key, more in links.items()]}


def _link(key: str, more: Value) -> Row:
    if isinstance(more, str):
        return {"at": ["links", key], "key": key, "url": more, "title": None, "is_short": True}
    given = as_map(more)
    title = given.get("title")
    return {
        "at": ["links", key],
        "key": key,
        "url": as_text(given.get("url", "")),
        "title": as_text(title) if title is not None else None,
        "is_short": False,
    }


def _queues(tree: dict[str, Value]) -> Row:
    notify = as_texts(tree.get("notify", []))
    return {
        "rows": [_queue(n, item) for n, item in enumerate(as_list(tree.get("queues", "")))],
        "default": as_text(tree.get("default", "")),
        "notify_rows": [{"at": ["notify", n], "name": name} for n, name in enumerate(notify)],
        "has_notify": "notify" in tree,
    }


def _queue(number: int, item: Value) -> Row:
    if isinstance(item, str):
        return {"at": ["queues", number], "name": item, "hours": "", "accounts": []}
    [(name, more)] = as_map(item).items() if len(as_map(item)) == 1 else [("", "")]
    if not name:
        raise Odd
    own = as_map(more)
    return {
        "at": ["queues", number],
        "name": name,
        "hours": as_text(own.get("hours", "")),
        "accounts": as_texts(own.get("accounts", [])),
    }


def _faq(tree: dict[str, Value]) -> Row:
    entries = as_list(tree.get("entries", ""))
    return {
        "id": as_text(tree.get("faq", "")),
        "title": as_text(tree.get("title", "")),
        "rows": [_entry(number, as_map(entry)) for number, entry in enumerate(entries)],
    }


def _entry(number: int, entry: dict[str, Value]) -> Row:
    tag = entry.get("tag")
    return {
        "at": ["entries", number],
        "id": as_text(entry.get("id", "")),
        "ask": as_texts(entry.get("ask", [])),
        "answer": as_text(entry.get("answer", "")),
        "tag": as_text(tag) if tag is not None else None,
    }


_READERS: Mapping[str, Callable[[dict[str, Value]], Row]] = {
    "tags": _tags,
    "fields": _fields,
    "links": _links,
    "queues": _queues,
    "faq": _faq,
    "calendar": calendar_rows,
}
