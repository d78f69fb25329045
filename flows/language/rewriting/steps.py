"""The changes that there are. `at` leads to a part: keys of maps, numbers of lists."""

from dataclasses import dataclass

from flows.language.rewriting.spots import Path
from flows.language.rewriting.writing import Value


@dataclass(frozen=True, slots=True)
class Put:
    """A value at a place; a key that is not there is added. after: behind which key."""

    at: Path
    value: Value
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """A key or an item taken out."""

    at: Path


@dataclass(frozen=True, slots=True)
class Insert:
    """One more item of a list; the last step of `at` is its number there."""

    at: Path
    value: Value


@dataclass(frozen=True, slots=True)
class Move:
    """An item at another place of its list."""

    at: Path
    to: int


@dataclass(frozen=True, slots=True)
class Rename:
    """Another name for a key. Refused when it is taken."""

    at: Path
    to: str


@dataclass(frozen=True, slots=True)
class SetDay:
    """The hours of one day of the week, also when the file has one line for several days."""

    day: str
    hours: Value


PartChange = Put | Remove | Insert | Move | Rename
Change = PartChange | SetDay
