"""YAML as text with places: every scalar stays a string, every node knows its line and column.

Refused here: what YAML allows and managers only meet by accident (aliases, anchors, tags, merge
keys, second documents), equal keys, files that are too large or too deep.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.reader import ReaderError

from flows.language.problems import Place, Problems
from flows.language.sayings.saying import Saying, saying

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTROL_SIGN = re.compile(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ALIAS, ANCHOR, TAG = Saying("yaml.alias"), Saying("yaml.anchor"), Saying("yaml.tag")
_SCANNED = {"an alias": ALIAS, "an anchor": ANCHOR, "a tag": TAG}  # of the parser's messages
_STANDARD_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text. is_cut: a ` #` follows it, from where on YAML reads a remark. holes: each `{{`."""

    text: str
    place: Place
    is_cut: bool = False
    holes: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """One key with its value."""

    key: Scalar
    value: "Node"


@dataclass(frozen=True, slots=True)
class Table:
    """A map, in the order of the file."""

    entries: tuple[Entry, ...]
    place: Place

    def get(self, key: str) -> "Node | None":
        """The value of a key."""
        return next((entry.value for entry in self.entries if entry.key.text == key), None)

    def key_place(self, key: str) -> Place:
        """Where a key stands; the map's own place when it is not there."""
        found = (entry.key.place for entry in self.entries if entry.key.text == key)
        return next(found, self.place)

    def key(self, key: str) -> Scalar:
        """A key that is there, with its place."""
        return next(entry.key for entry in self.entries if entry.key.text == key)

    def keys(self) -> list[str]:
        """The keys, in order."""
        return [entry.key.text for entry in self.entries]


Node = Scalar | Items | Table


@dataclass(frozen=True, slots=True)
class _Source:
    events: Iterator[Any]
    lines: Sequence[str]
    file: str
    problems: Problems


def compose(text: str, file: str, problems: Problems) -> Node | None:
    """The tree of a file, or None with a problem noted."""
    events: list[Any] = []
    try:
        if not _is_plain_yaml(yaml.parse(text, Loader=_LOADER), events, file, problems):
            return None
    except yaml.YAMLError as error:
        _note_syntax(error, events, text, file, problems)
        return None
    return _build(_Source(iter(events), text.split("\n"), file, problems))


def from_json(tree: Any, file: str = "") -> Node:
    """The same tree from a published bundle; it has no places."""
    place = Place(file)
    if isinstance(tree, dict):
        entries = [Entry(Scalar(key, place), from_json(value, file)) for key, value in tree.items()]
        return Table(tuple(entries), place)
    if isinstance(tree, list):
        return Items(tuple(from_json(item, file) for item in tree), place)
    return Scalar(str(tree), place)


def to_json(node: Node) -> Any:
    """Plain maps, lists and texts."""
    match node:
        case Scalar():
            return node.text
        case Items():
            return [to_json(item) for item in node.items]
        case Table():
            return {entry.key.text: to_json(entry.value) for entry in node.entries}


def decode(content: bytes, file: str, problems: Problems) -> str | None:
    """The text of a file, or None with a problem noted. A byte-order mark and CRLF are allowed."""
    if len(content) > MAX_BYTES:
        problems.add("F008", Place(file), "file_too_large")
        return None
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.add(
            "F008",
            Place(file, line),
            "file_not_utf8",
        )
        return None


def _opened(events: Sequence[Any]) -> Any:
    """Where the innermost bracket that was not closed stands; None when all are."""
    opened: list[Any] = []
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            opened.append(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            opened.pop()
    is_bracket = bool(opened) and opened[-1].flow_style
    return opened[-1].start_mark if is_bracket else None


def _note_syntax(
    error: yaml.YAMLError, events: Sequence[Any], text: str, file: str, problems: Problems
) -> None:
    mark = getattr(error, "problem_mark", None)
    opened = getattr(error, "context_mark", None)
    context = str(getattr(error, "context", "") or "")
    refused = next((what for word, what in _SCANNED.items() if word in context), None)
    if opened is not None and refused is not None:
        _note_refused(refused, Place(file, opened.line + 1, opened.column + 1), problems)
        return
    if mark is not None and "depth" in str(error):
        _note_depth(Place(file, mark.line + 1, mark.column + 1), problems)
        return
    if isinstance(error, ReaderError):
        _note_control_sign(text, file, problems)
        return
    if mark is not None and mark.line >= text.count("\n") and _opened(events):
        mark = _opened(events)  # what is never closed: where it opens
    elif opened is not None and ("quoted scalar" in context or "flow" in context):
        mark = opened
    line = min(mark.line + 1, max(1, text.count("\n") + 1)) if mark is not None else 1
    column = mark.column + 1 if mark is not None else 1
    problems.add(
        "F006",
        Place(file, line, column),
        "not_yaml",
    )


def _is_plain_yaml(events: Iterable[Any], kept: list[Any], file: str, problems: Problems) -> bool:
    """Refuse aliases, anchors, tags, second documents, and what is nested too deep."""
    documents, depth = 0, 0
    for event in events:  # as they come: what is refused is not read to its end
        kept.append(event)
        if _is_plain_text(event):  # which most are
            continue
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        what = _refused(event, documents)
        if what is not None:
            _note_refused(what, _place_of(event, file), problems)
            return False
        if depth > MAX_DEPTH:
            _note_depth(_place_of(event, file), problems)
            return False
    return True


def _is_plain_text(event: Any) -> bool:
    is_text = type(event) is yaml.ScalarEvent
    return is_text and event.anchor is None and event.tag is None and event.value != "<<"


def _place_of(event: Any, file: str) -> Place:
    return Place(file, event.start_mark.line + 1, event.start_mark.column + 1)


def _note_depth(place: Place, problems: Problems) -> None:
    problems.add("F008", place, "too_deep")


def _note_refused(what: Saying, place: Place, problems: Problems) -> None:
    problems.add("F007", place, "not_plain_yaml", what=what)


def _note_control_sign(text: str, file: str, problems: Problems) -> None:
    found = _CONTROL_SIGN.search(text)
    before = text[: found.start()] if found is not None else ""
    place = Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
    problems.add("F006", place, "invisible_sign")


def _refused(event: Any, documents: int) -> Saying | None:
    if isinstance(event, yaml.AliasEvent):
        return ALIAS
    if documents > 1:
        return Saying("yaml.second_document")
    if getattr(event, "anchor", None):
        return ANCHOR
    tag = getattr(event, "tag", None)
    if tag:
        return saying("yaml.tag_named", tag=tag.replace(_STANDARD_TAG, "!!"))
    if isinstance(event, yaml.ScalarEvent) and event.value == "<<" and not event.style:
        return Saying("yaml.merge_key")
    return None


def _build(source: _Source) -> Node | None:
    for event in source.events:
        if isinstance(event, yaml.NodeEvent):
            return _node(event, source)
    return None


def _node(event: Any, source: _Source) -> Node:
    place = _place_of(event, source.file)
    if isinstance(event, yaml.ScalarEvent):
        is_cut = not event.style and _is_cut(event, source)
        holes = tuple(_holes(event, source)) if "{{" in event.value else ()
        return Scalar(event.value, place, is_cut, holes)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(inner := next(source.events), yaml.SequenceEndEvent):
            items.append(_node(inner, source))
        return Items(tuple(items), place)
    return _table(place, source)


def _is_cut(event: Any, source: _Source) -> bool:
    line = source.lines[event.end_mark.line] if event.end_mark.line < len(source.lines) else ""
    rest = line[event.end_mark.column :]
    return rest.startswith((" ", "\t")) and rest.lstrip(" \t").startswith("#")


def _holes(event: Any, source: _Source) -> Iterator[Place]:
    """Where in the file each `{{` of a text stands, which may go over many lines."""
    first, last = event.start_mark, event.end_mark
    for number in range(first.line, min(last.line + 1, len(source.lines))):
        end = last.column if number == last.line else None
        start = first.column if number == first.line else 0
        line = source.lines[number][:end]
        while (start := line.find("{{", start)) >= 0:
            yield Place(source.file, number + 1, start + 1)
            start += len("{{")


def _table(place: Place, source: _Source) -> Table:
    entries: list[Entry] = []
    seen: set[str] = set()
    while not isinstance(inner := next(source.events), yaml.MappingEndEvent):
        key = _node(inner, source)
        value = _node(next(source.events), source)
        if not isinstance(key, Scalar):
            source.problems.add("F006", place, "key_not_text")
        elif key.text in seen:
            source.problems.add("F004", key.place, "key_twice", key=key.text)
        else:
            seen.add(key.text)
            entries.append(Entry(key, value))
    return Table(tuple(entries), place)
