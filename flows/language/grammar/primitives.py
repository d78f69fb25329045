"""How one value is read: a node in, a value out, or None with a problem noted."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import re2

from flows.language.grammar.parts import FlexFile, Words
from flows.language.nodes import Items, Node, Scalar, Table
from flows.language.problems import Place, Problems, did_you_mean
from flows.language.sayings.saying import Param, Saying
from flows.language.templates import TemplateError, parse_template

T = TypeVar("T")
VAR = re.compile(r"[a-z][a-z0-9_]*")
YES = frozenset({"true", "yes", "on"})
SHOWN = 15  # of a text that is cut, its last signs
NO = frozenset({"false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Reading:
    """Where problems go, and what is known of the file.

    key: where the value's key stands. flex: the cards by id; None for one whose file is broken.
    """

    problems: Problems
    file: str
    key: Place | None = None
    flex: Mapping[str, FlexFile | None] = field(default_factory=dict)


Reader = Callable[[Node, Reading], Any]


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number between two bounds."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Many:
    """A list of these, or one alone."""

    of: Reader


@dataclass(frozen=True, slots=True)
class Pair:
    """`[low, high]`."""

    of: Reader


@dataclass(frozen=True, slots=True)
class NoneOr:
    """The word `none`, or what the reader reads."""

    of: Reader


@dataclass(frozen=True, slots=True)
class Matching:
    """A text of this form, from its beginning to its end."""

    pattern: str


Shape = OneOf | Whole | Many | Pair | NoneOr | Matching
SHAPES: WeakKeyDictionary[Reader, Shape] = WeakKeyDictionary()  # for the schema


def shaped(reader: Reader, shape: Shape) -> Reader:
    """The reader, with its shape noted."""
    SHAPES[reader] = shape
    return reader


def read_table(
    node: Node,
    readers: Mapping[str, Reader],
    reading: Reading,
    *,
    required: Sequence[str] = (),
    what: Param,
) -> dict[str, Any] | None:
    """A map by its keys; every unknown key and every missing one is a problem of its own."""
    if not isinstance(node, Table):
        wrong(node, reading, "not_table", what=what)
        return None
    values: dict[str, Any] = {}
    for entry in node.entries:
        reader = readers.get(entry.key.text)
        if reader is None:
            unknown_key(entry.key, readers, reading, what)
            continue
        value = reader(entry.value, replace(reading, key=entry.key.place))
        if value is not None:
            values[entry.key.text] = value
    for key in required:
        if node.get(key) is None:
            missing_key(node, key, reading, "key_missing", what=what, key=key)
    return values


def missing_key(node: Table, key: str, reading: Reading, said: str, /, **params: Param) -> None:
    """F009, unless the key is there, misspelt."""
    given = [entry.key.place for entry in node.entries]
    reading.problems.add_missing(node.place, key, given, said, **params)


def unknown_key(key: Scalar, known: Mapping[str, Any], reading: Reading, what: Param) -> None:
    """F002, with the nearest known key."""
    meant = did_you_mean(key.text, known)
    reading.problems.add(
        "F002", key.place, "unknown_key", meant, key=key.text, what=what, known=tuple(known)
    )


def wrong(
    node: Node, reading: Reading, key: str, remedy: Saying | None = None, /, **params: Param
) -> None:
    """F003: the value is of the wrong kind."""
    reading.problems.add("F003", node.place, key, remedy, **params)


def scalar(node: Node, reading: Reading) -> Scalar | None:
    """One text."""
    if isinstance(node, Scalar) and node.text.strip():
        return node
    wrong(node, reading, "not_one_text")
    return None


def literal(node: Node, reading: Reading) -> Scalar | None:
    """One text without holes."""
    found = scalar(node, reading)
    if found is not None and "{{" in found.text:
        reading.problems.add(
            "F022",
            _hole(found, 0),
            "no_holes_here",
        )
        return None
    return found


def https(node: Node, reading: Reading) -> Scalar | None:
    """An address that LINE accepts."""
    address = literal(node, reading)
    if address is not None and not address.text.startswith("https://"):
        reading.problems.add("L108", address.place, "not_https")
    return address


def words(node: Node, reading: Reading) -> Words | None:
    """A text with holes; final line breaks are dropped."""
    if not isinstance(node, Scalar):
        wrong(node, reading, "not_text")
        return None
    if node.is_cut:
        reading.problems.add(
            "W216",
            node.place,
            "text_cut",
            end=node.text[-SHOWN:],
        )
    try:
        template = parse_template(node.text.rstrip("\n"))
        return Words(template, node.place, reading.key or node.place, node.holes)
    except TemplateError as error:
        place = _hole(node, error.number)
        reading.problems.add("F022", place, error.about.key, **dict(error.about.params))
        return None


def _hole(node: Scalar, number: int | None) -> Place:
    is_known = number is not None and number < len(node.holes)
    return node.holes[number] if number is not None and is_known else node.place


def one_of(*allowed: str) -> Reader:
    """One of these words."""

    def read(node: Node, reading: Reading) -> str | None:
        if isinstance(node, Scalar) and node.text in allowed:
            return node.text
        text = node.text if isinstance(node, Scalar) else ""
        wrong(node, reading, "not_allowed", did_you_mean(text, allowed), text=text, allowed=allowed)
        return None

    return shaped(read, OneOf(allowed))


def integer(low: int, high: int) -> Reader:
    """A whole number between two bounds, in any width of digits."""

    def read(node: Node, reading: Reading) -> int | None:
        text = plain_of(node)
        if re.fullmatch(r"[+-]?\d{1,9}", text) and low <= int(text) <= high:
            return int(text)
        wrong(node, reading, "not_whole", low=low, high=high)
        return None

    return shaped(read, Whole(low, high))


def number(node: Node, reading: Reading) -> float | None:
    """A number."""
    try:
        found = float(plain_of(node))
    except ValueError:
        found = math.nan
    if math.isfinite(found):
        return found
    wrong(node, reading, "not_number")
    return None


def yes_no(node: Node, reading: Reading) -> bool | None:
    """yes or no, in YAML's usual spellings."""
    text = plain_of(node).casefold()
    if text in YES or text in NO:
        return text in YES
    wrong(node, reading, "not_yes_no")
    return None


def pattern(node: Node, reading: Reading) -> Scalar | None:
    """A regular expression that RE2 accepts, so that no text can make it run for ever."""
    found = scalar(node, reading)
    if found is None:
        return None
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(found.text, options=options)
    except re2.error:
        wrong(node, reading, "not_pattern")
        return None
    return found


def many(reader: Callable[[Node, Reading], T | None]) -> Callable[[Node, Reading], tuple[T, ...]]:
    """A list of these; one alone may stand without the list."""

    def read(node: Node, reading: Reading) -> tuple[T, ...]:
        nodes = node.items if isinstance(node, Items) else (node,)
        found = [reader(item, reading) for item in nodes]
        return tuple(item for item in found if item is not None)

    return shaped(read, Many(reader))


def items(node: Node, reading: Reading, what: Param) -> tuple[Node, ...]:
    """The items of what must be a list."""
    if isinstance(node, Items):
        return node.items
    wrong(node, reading, "not_list", what=what)
    return ()


def plain_of(node: Node) -> str:
    """The text in half-width signs, without the space around it."""
    return unicodedata.normalize("NFKC", node.text).strip() if isinstance(node, Scalar) else ""
