"""How near a text is in meaning to each way to ask, for one set of FAQ files: plain numbers.

They are measured outside (`vectors`) and come in with the turn, the nearest ones only, so that what
a turn saw is small enough to be kept with it and to be done again without any server.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flows.language.faq.index import Gates
from flows.language.normalise import normalise
from flows.language.words import Meaning

LETTERS, MEANING = 0.3, 0.7  # the share of each in a score
KEY_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Nearness:
    """near: by `text_key`, 0..1; whatever is not in it is `floor` at most, and counts as that."""

    near: Mapping[str, float]
    floor: float
    gates: Gates

    def mixed(self, scores: Sequence[float], keys: Sequence[str]) -> list[float]:
        """The scores of the letters and of the meaning as one."""
        return mixed(scores, [self.near.get(key, self.floor) for key in keys])


def text_key(text: str) -> str:
    """A text that is the same to us has the same key; it tells nothing of the text."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()[:KEY_DIGITS]


def mixed(letters: Sequence[float], meaning: Sequence[float]) -> list[float]:
    """Each document's score."""
    return [LETTERS * one + MEANING * other for one, other in zip(letters, meaning, strict=True)]


def scope_of(faq_ids: Iterable[str]) -> str:
    """The name of a set of FAQ files."""
    return ",".join(faq_ids)


def numbers_of(floor: float, gates: Gates) -> tuple[float, ...]:
    """What a meaning keeps of one scope."""
    return (floor, gates.answer_from, gates.offer_from, *gates.weights)


def find_nearness(meanings: Iterable[Meaning], text: str, scope: str) -> Nearness | None:
    """What an encoder said of this text for these FAQ files; None when it said nothing."""
    key = text_key(text)
    for meaning in meanings:
        if meaning.text == key and scope in meaning.scopes:
            floor, answer_from, offer_from, *weights = meaning.scopes[scope]
            return Nearness(meaning.near, floor, Gates(tuple(weights), answer_from, offer_from))
    return None
