"""The files beside the flows: names that exist, segments, questions and answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.language.grammar.conditions import read_when
from flows.language.grammar.parts import When, Words
from flows.language.grammar.primitives import (
    Reader,
    Reading,
    https,
    integer,
    items,
    literal,
    many,
    one_of,
    read_table,
    scalar,
    words,
    wrong,
    yes_no,
)
from flows.language.nodes import Node, Scalar, Table
from flows.language.problems import Place
from flows.language.sayings.saying import Saying

FIELD_TYPES = (
    "text", "number", "date", "datetime", "time", "phone", "email", "postcode", "yesno",
    "choice", "list",
)  # fmt: skip
NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Tag:
    """A mark on customers. has_note: it says when people put it on."""

    name: Scalar
    has_note: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A fact that the card may hold."""

    key: str
    title: str
    type: str = "text"
    options: tuple[str, ...] = ()
    is_personal: bool = False
    max_length: int = 100


@dataclass(frozen=True, slots=True)
class Link:
    """An address under a name."""

    key: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Queues:
    """Where talks wait for a person, and who can be told.

    hours: the calendars of those queues that name one. accounts: those that a queue is for; of a
    queue that names none, every account.
    """

    names: tuple[str, ...]
    default: str
    notify: tuple[str, ...] = ()
    hours: Mapping[str, Scalar] = field(default_factory=dict)
    accounts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue as its file says it."""

    name: Scalar
    hours: Scalar | None = None
    accounts: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A saved condition on customers."""

    id: Scalar
    title: str
    when: When


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """One answer with the ways to ask for it."""

    id: Scalar
    ask: tuple[Scalar, ...]
    answer: Words
    tag: Scalar | None = None


@dataclass(frozen=True, slots=True)
class FaqFile:
    """Questions and answers."""

    id: Scalar
    title: str
    entries: tuple[FaqEntry, ...]
    place: Place


def read_tags(node: Node, reading: Reading) -> tuple[Tag, ...] | None:
    """`tags: [新規, VIP: {note: …}]`."""
    values = read_table(node, {"tags": _tags}, reading, required=("tags",), what="tags.yaml")
    return values.get("tags") if values is not None else None


def _tags(node: Node, reading: Reading) -> tuple[Tag, ...]:
    found = []
    for item in items(node, reading, "tags"):
        if isinstance(item, Table) and len(item.entries) == 1:
            own = read_table(item.entries[0].value, TAG, reading, what=Saying("in.tag"))
            found.append(Tag(item.entries[0].key, has_note=bool(own)))
        else:
            name = scalar(item, reading)
            found.extend([Tag(name)] if name is not None else [])
    return tuple(found)


def read_fields(node: Node, reading: Reading) -> dict[str, Field] | None:
    """`fields: {phone: {title, type, personal}}`."""
    values = read_table(
        node, {"fields": _fields}, reading, required=("fields",), what="fields.yaml"
    )
    return values.get("fields") if values is not None else None


def _fields(node: Node, reading: Reading) -> dict[str, Field]:
    found = {}
    for key, value in _named(node, reading, "fields"):
        values = read_table(value, FIELD, reading, required=("title",), what=Saying("in.field"))
        if values is not None:
            found[key.text] = Field(
                key=key.text,
                title=values["title"].text if "title" in values else key.text,
                type=values.get("type", "text"),
                options=tuple(option.text for option in values.get("options", ())),
                is_personal=values.get("personal", False),
                max_length=values.get("max", 100),
            )
    return found


def read_links(node: Node, reading: Reading) -> dict[str, Link] | None:
    """`links: {howto: {url, title}}`, or the address alone."""
    values = read_table(node, {"links": _links}, reading, required=("links",), what="links.yaml")
    return values.get("links") if values is not None else None


def _links(node: Node, reading: Reading) -> dict[str, Link]:
    found = {}
    for key, value in _named(node, reading, "links"):
        if isinstance(value, Table):
            values = (
                read_table(value, LINK, reading, required=("url",), what=Saying("in.link")) or {}
            )
        else:
            values = {"url": https(value, reading)}
        if values.get("url") is not None:
            title = values["title"].text if "title" in values else key.text
            found[key.text] = Link(key.text, values["url"].text, title)
    return found


def _named(node: Node, reading: Reading, what: str) -> list[tuple[Scalar, Node]]:
    if not isinstance(node, Table):
        wrong(node, reading, "not_named_table", what=what)
        return []
    found = []
    for entry in node.entries:
        if NAME.fullmatch(entry.key.text):
            found.append((entry.key, entry.value))
        else:
            reading.problems.add(
                "F012",
                entry.key.place,
                "bad_name",
                name=entry.key.text,
            )
    return found


def read_queues(node: Node, reading: Reading) -> Queues | None:
    """`queues: [受付, 予約: {hours: main}]`, with `default` and `notify`."""
    values = read_table(node, QUEUES, reading, required=("queues",), what="queues.yaml")
    if values is None or not values.get("queues"):
        return None
    queues: tuple[Queue, ...] = values["queues"]
    names = tuple(queue.name.text for queue in queues)
    default: Scalar | None = values.get("default")
    if default is not None and default.text not in names:
        reading.problems.add("F020", default.place, "not_among_queues", name=default.text)
    notify = tuple(name.text for name in values.get("notify", ()))
    return Queues(
        names,
        default.text if default is not None else names[0],
        notify,
        hours={q.name.text: q.hours for q in queues if q.hours is not None},
        accounts={q.name.text: tuple(a.text for a in q.accounts) for q in queues if q.accounts},
    )


def read_queue(node: Node, reading: Reading) -> Queue | None:
    """A name alone, or with its hours and accounts."""
    if isinstance(node, Table) and len(node.entries) == 1:
        [entry] = node.entries
        own = read_table(entry.value, QUEUE, reading, what=Saying("in.queue")) or {}
        return Queue(entry.key, own.get("hours"), own.get("accounts", ()))
    name = literal(node, reading)
    return Queue(name) if name is not None else None


def read_segment(node: Node, reading: Reading) -> Segment | None:
    """`segment: id`, `title`, `when`."""
    required = tuple(SEGMENT)
    values = read_table(node, SEGMENT, reading, required=required, what=Saying("in.segment"))
    if values is None or len(values) < len(SEGMENT):
        return None
    return Segment(values["segment"], values["title"].text, values["when"])


def read_faq(node: Node, reading: Reading) -> FaqFile | None:
    """`faq: id`, `title`, `entries`."""
    values = read_table(node, FAQ, reading, required=("faq", "entries"), what=Saying("in.faq"))
    if values is None or "faq" not in values or "entries" not in values:
        return None
    title = values["title"].text if "title" in values else values["faq"].text
    return FaqFile(values["faq"], title, values["entries"], node.place)


def _entries(node: Node, reading: Reading) -> tuple[FaqEntry, ...]:
    read = [_entry(item, reading) for item in items(node, reading, "entries")]
    return tuple(entry for entry in read if entry is not None)


def _entry(node: Node, reading: Reading) -> FaqEntry | None:
    required = ("id", "ask", "answer")
    values = read_table(node, FAQ_ENTRY, reading, required=required, what=Saying("in.faq_entry"))
    if values is None:
        return None
    if values.get("ask") == ():  # nobody can ask for it
        reading.problems.add("F009", node.place, "no_way_to_ask")
    if any(not values.get(key) for key in required):
        return None
    return FaqEntry(values["id"], values["ask"], values["answer"], values.get("tag"))


def read_answer(node: Node, reading: Reading) -> Words | None:
    """A text with holes, and not an empty one: a question that is answered with nothing."""
    answer = words(node, reading)
    if answer is None or any(str(part).strip() for part in answer.template.parts):
        return answer
    wrong(node, reading, "empty_answer")
    return None


TAG: Mapping[str, Reader] = {"note": scalar}
FIELD: Mapping[str, Reader] = {
    "title": literal,
    "type": one_of(*FIELD_TYPES),
    "options": many(literal),
    "personal": yes_no,
    "max": integer(1, 5000),
}
LINK: Mapping[str, Reader] = {"url": https, "title": literal}
QUEUE: Mapping[str, Reader] = {"hours": literal, "accounts": many(literal)}
QUEUES: Mapping[str, Reader] = {
    "queues": many(read_queue),
    "default": literal,
    "notify": many(literal),
}
SEGMENT: Mapping[str, Reader] = {"segment": scalar, "title": literal, "when": read_when}
FAQ: Mapping[str, Reader] = {"faq": scalar, "title": literal, "entries": _entries}
FAQ_ENTRY: Mapping[str, Reader] = {
    "id": scalar,
    "ask": many(literal),
    "answer": read_answer,
    "tag": literal,
}
