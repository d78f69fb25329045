"""What the flows say themselves: their whole texts, and the pieces between a text's holes.

A version never changes, so what was read of one is kept as long as the process lives.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.copied_words import squash
from storage.flow_versions import FOLDER
from storage.models.flows import FlowVersion, Run

LONGEST_SAYING = 5000  # signs of a text that LINE takes
MOST_KEPT = 32
_OF_YESNO = ("はい", "いいえ", "yes", "no")  # the language's own choices, in no file
_HOLE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
# Of these a customer sees nothing: a word that is one of them by chance is still theirs.
_NAMES = frozenset({"id", "flow", "type", "save", "goto", "call", "grammar", "var", "check"})


@dataclass(frozen=True, slots=True)
class Sayings:
    """wholes: each also squashed. pieces: of a text that says more, with how it is squashed."""

    wholes: frozenset[str]
    pieces: tuple[tuple[str, str], ...]


_KEPT: dict[str, Sayings] = {}


def sayings_of_talk(db: Session, conversation_id: str) -> list[Sayings]:
    """Of the versions that the talk's runs walk or walked, and of what all flows share."""
    walked = select(col(Run.hash)).where(col(Run.conversation_id) == conversation_id).distinct()
    shared = (
        select(col(FlowVersion.hash))
        .where(col(FlowVersion.flow_id) == FOLDER)
        .order_by(col(FlowVersion.number).desc())
        .limit(1)
    )
    hashes = {*db.scalars(walked), *db.scalars(shared)}
    return [_sayings(db, each) for each in sorted(hashes)]


def own_words(words: Iterable[str], sayings: Iterable[Sayings]) -> tuple[str, ...]:
    """Those that no flow says in these very words."""
    known = {*_OF_YESNO}.union(*(each.wholes for each in sayings))
    return tuple(one for one in words if not {one.strip(), squash(one)} - {""} & known)


def spared_pieces(words: Iterable[str], sayings: Iterable[Sayings]) -> tuple[str, ...]:
    """The flows' own pieces of text that contain one of the words, and more."""
    sought = [(one, squash(one)) for one in words]
    found = {
        piece: None
        for each in sayings
        for piece, plain in each.pieces
        for word, squashed in sought
        if (squashed in plain and squashed != plain if squashed else word in piece)
    }
    return tuple(found)


def _sayings(db: Session, version: str) -> Sayings:
    known = _KEPT.get(version)
    if known is None:
        known = _read(db.get_one(FlowVersion, version).bundle)
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[version] = known
    return known


def _read(bundle: Any) -> Sayings:
    texts = {one for one in _texts(bundle) if len(one) <= LONGEST_SAYING}
    said = {one for one in texts if not squash(one).isdigit()} | {*_labels(bundle)}
    wholes = {each for one in said for each in (one.strip(), squash(one))} - {""}
    pieces = {each.strip() for one in texts for each in _HOLE.split(one)} - {""}
    return Sayings(frozenset(wholes), tuple((each, squash(each)) for each in sorted(pieces)))


def _labels(tree: Any) -> Iterator[str]:
    """What can be chosen; of a choice with a way to go on, its label is a key."""
    match tree:
        case list():
            for part in tree:
                yield from _labels(part)
        case {"choices": list(choices), **others}:
            yield from (one for choice in choices for one in _labels_of(choice))
            yield from _labels([choices, *others.values()])
        case dict():
            yield from _labels([*tree.values()])


def _labels_of(choice: Any) -> Iterator[str]:
    if isinstance(choice, str):
        yield choice
    elif isinstance(choice, dict):
        yield from choice
        yield from (one["value"] for one in choice.values() if _has_value(one))


def _has_value(way: Any) -> bool:
    return isinstance(way, dict) and isinstance(way.get("value"), str)


def _texts(tree: Any) -> Iterator[str]:
    """Every text. A number alone says nothing: it may be how often something is asked again."""
    match tree:
        case str():
            yield tree
        case list():
            for part in tree:
                yield from _texts(part)
        case dict():
            for key, part in tree.items():
                if not (key in _NAMES and isinstance(part, str)):
                    yield from _texts(part)
