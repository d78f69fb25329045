"""BM25 over `mixed12` tokens: which entries a question is most like, each by its best variant."""

import math
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flows.language.faq_tokens import tokens

K1 = 1.2
B = 0.75


@dataclass(frozen=True, slots=True)
class Question:
    """One entry: its id, the ways to ask for it, and its answer's own words."""

    id: str
    ask: tuple[str, ...]
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry with its score, 0..1."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Gates:
    """Where certainty begins and where guessing ends. weights: of the logistic's features."""

    weights: tuple[float, ...]
    answer_from: float
    offer_from: float


@dataclass(frozen=True, slots=True)
class _Posting:
    """Where a token stands, and what it is worth there. Arrays, because they stay in the cache."""

    documents: "array[int]" = field(default_factory=lambda: array("i"))
    gains: "array[float]" = field(default_factory=lambda: array("d"))


_NOWHERE = _Posting()


class Index:
    """Documents (entry id, text) that can be ranked for a question.

    What a token is worth to a document is worked out once, so that a question only adds up.
    """

    def __init__(self, documents: Sequence[tuple[str, str]]) -> None:
        counted = [Counter(tokens(text)) for _, text in documents]
        self._entries = [id_ for id_, _ in documents]
        self._idf = _rarity(counted)
        self._postings = {token: _Posting() for token in self._idf}
        mean_length = sum(counts.total() for counts in counted) / max(1, len(counted))
        for number, counts in enumerate(counted):
            damping = K1 * (1 - B + B * counts.total() / (mean_length or 1))
            for token, count in counts.items():
                posting = self._postings[token]
                posting.documents.append(number)
                posting.gains.append(self._idf[token] * count * (K1 + 1) / (count + damping))

    def rank(self, query: Mapping[str, int]) -> list[Ranked]:
        """Entries by their best document, best first."""
        return self.ranked(self.scores(query))

    def scores(self, query: Mapping[str, int]) -> list[float]:
        """Of each document, 0..1: its share of what the question could score at most."""
        unseen = math.log(2 * len(self._entries) + 2)
        possible = sum(w * self._idf.get(token, unseen) for token, w in query.items()) * (K1 + 1)
        scores = [0.0] * len(self._entries)
        for token, weight in query.items():
            posting = self._postings.get(token, _NOWHERE)
            share = weight / possible
            for number, gain in zip(posting.documents, posting.gains, strict=True):
                scores[number] += share * gain
        return scores

    def ranked(
        self,
        scores: Sequence[float],
        *,
        without_document: int | None = None,
        without_entry: str | None = None,
    ) -> list[Ranked]:
        """Entries by their best score, best first; what is left out does not count."""
        best: dict[str, float] = {}
        for number, (id_, score) in enumerate(zip(self._entries, scores, strict=True)):
            if score > best.get(id_, 0.0) and number != without_document and id_ != without_entry:
                best[id_] = score
        ranked = [Ranked(id_, score) for id_, score in best.items()]
        return sorted(ranked, key=lambda r: (-r.score, r.id))


def _rarity(counted: Sequence[Counter[str]]) -> dict[str, float]:
    """Each token's inverse document frequency."""
    found = Counter(token for counts in counted for token in counts)
    return {
        token: math.log(1 + (len(counted) - times + 0.5) / (times + 0.5))
        for token, times in found.items()
    }
