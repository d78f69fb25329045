"""The FAQ's ways to ask as vectors of one encoder: what is near a question, and how near is enough.

Pure, like the rest of the language: vectors come in as bytes (little-endian float32) and go out as
the few numbers that a turn needs. Encoders differ in how near they put texts that have nothing to
do with each other (from 0.1 to 0.8), so that is measured here and becomes the zero.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from flows.language.faq.index import Gates
from flows.language.faq.matcher import Matcher
from flows.language.faq.nearness import mixed, numbers_of, text_key
from flows.language.normalise import normalise
from flows.language.words import Meaning

KEPT = 24  # of each scope; what ranks below decides nothing but the margin to the fourth
PLACES = 4

Floats = npt.NDArray[np.float32]


class OtherLength(ValueError):
    """The vectors are not all of one length: they come from different models."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """A matcher's ways to ask, as rows of the vectors, and the gates learnt on them."""

    rows: npt.NDArray[np.int64]
    gates: Gates


class Vectors:
    """The ways to ask of some matchers, each in its scope. Raises OtherLength."""

    def __init__(
        self, encoder: str, matchers: Mapping[str, Matcher], vectors: Mapping[str, bytes]
    ) -> None:
        self._encoder = encoder
        self._keys = sorted({key for matcher in matchers.values() for key in matcher.keys})
        place = {key: number for number, key in enumerate(self._keys)}
        self._matrix = _unit_rows([vectors[key] for key in self._keys])
        entries = {
            key: id_
            for matcher in matchers.values()
            for key, (id_, _) in zip(matcher.keys, matcher.asks(), strict=True)
        }
        self._zero = _of_strangers(self._matrix, [entries[key] for key in self._keys])
        self._scopes: dict[str, _Scope] = {}
        for name, matcher in matchers.items():
            rows = np.array([place[key] for key in matcher.keys], dtype=np.int64)
            gates = self._learn(matcher, rows)
            if gates is not None:
                self._scopes[name] = _Scope(rows, gates)

    @property
    def can_tell(self) -> bool:
        """Whether any FAQ has enough ways to ask to know how near is near enough."""
        return bool(self._scopes)

    def meaning(self, text: str, vector: bytes) -> Meaning:
        """What a turn is told of a text. Raises OtherLength."""
        row = _unit_rows([vector])[0]
        if row.shape[0] != self._matrix.shape[1]:
            raise OtherLength(f"{row.shape[0]} numbers instead of {self._matrix.shape[1]}")
        near = self._near(_dots(self._matrix, row))
        kept: dict[str, float] = {}
        scopes = {}
        for name, scope in self._scopes.items():
            best, floor = _nearest(near[scope.rows])
            kept |= {self._keys[scope.rows[at]]: _round(near[scope.rows[at]]) for at in best}
            scopes[name] = numbers_of(floor, scope.gates)
        return Meaning(text_key(text), self._encoder, kept, scopes)

    def _near(self, cosines: Floats) -> Floats:
        """From what strangers have on the average (0) to the same (1)."""
        near: Floats = np.clip((cosines - self._zero) / (1 - self._zero), 0.0, 1.0)
        return near.astype(np.float32)

    def _learn(self, matcher: Matcher, rows: npt.NDArray[np.int64]) -> Gates | None:
        own = self._matrix[rows]

        def scores(number: int, letters: Sequence[float]) -> list[float]:
            near = self._near(_dots(own, own[number]))
            best, floor = _nearest(near)
            seen = np.full(len(rows), floor, dtype=np.float64)
            seen[best] = [_round(near[at]) for at in best]
            return mixed(letters, seen.tolist())

        return matcher.learn(scores)


def texts_of(matchers: Iterable[Matcher]) -> dict[str, str]:
    """What an encoder must be given: every way to ask by its key, in the form that is compared."""
    return {
        key: normalise(ask)
        for matcher in matchers
        for key, (_, ask) in zip(matcher.keys, matcher.asks(), strict=True)
    }


def _unit_rows(vectors: Sequence[bytes]) -> Floats:
    if len({len(vector) for vector in vectors}) > 1:
        raise OtherLength("the vectors are of different lengths")
    flat: Floats = np.frombuffer(b"".join(vectors), dtype="<f4").astype(np.float32)
    matrix = flat.reshape(len(vectors), -1)
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def _dots(matrix: Floats, row: Floats) -> Floats:
    """One row against all. Not by `@`: its threads wait for each other 20 times longer."""
    dots: Floats = np.einsum("ij,j->i", matrix, row)
    return dots


def _of_strangers(matrix: Floats, entries: Sequence[str]) -> float:
    """The mean cosine of ways to ask for different things, from sums: there are N² of them."""
    pairs, total = float(len(entries)) ** 2, float(np.sum(matrix.sum(axis=0) ** 2))
    for rows in _by_entry(entries):
        pairs -= float(len(rows)) ** 2
        total -= float(np.sum(matrix[rows].sum(axis=0) ** 2))
    return min(0.95, max(0.0, total / pairs)) if pairs > 0 else 0.0


def _by_entry(entries: Sequence[str]) -> Iterator[list[int]]:
    places: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        places.setdefault(entry, []).append(number)
    yield from places.values()


def _nearest(near: Floats) -> tuple[list[int], float]:
    """Where the nearest stand, the nearest first, and how near all others are at most."""
    order = np.argsort(-near, kind="stable")
    floor = _round(near[order[KEPT]]) if len(order) > KEPT else 0.0
    return [int(at) for at in order[:KEPT] if _round(near[at]) > floor], floor


def _round(number: np.float32) -> float:
    return round(float(number), PLACES)
