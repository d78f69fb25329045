"""BM25 over `mixed12` tokens: which entries a question is most like, each by its best variant."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


class Index:
    """Documents (entry id, text) that can be ranked for a question."""

    def __init__(self, documents: Sequence[tuple[str, str]]) -> None:
        counted = [(id_, Counter(tokens(text))) for id_, text in documents]
        self.ids = [id_ for id_, _ in counted]
        self.lengths = [sum(counts.values()) for _, counts in counted]
        self.mean_length = sum(self.lengths) / max(1, len(self.lengths))
        self.postings: dict[str, list[tuple[int, int]]] = {}
        for number, (_, counts) in enumerate(counted):
            for token, count in counts.items():
                self.postings.setdefault(token, []).append((number, count))

    def rank(
        self,
        query: Mapping[str, int],
        *,
        without_document: int | None = None,
        without_entry: str | None = None,
    ) -> list[Ranked]:
        """Entries by their best document, best first; what is left out does not count."""
        scores: dict[int, float] = {}
        best_possible = 0.0
        for token, weight in query.items():
            idf = self._idf(token)
            best_possible += weight * idf * (K1 + 1)
            for number, count in self.postings.get(token, ()):
                length = 1 - B + B * self.lengths[number] / self.mean_length
                gain = idf * count * (K1 + 1) / (count + K1 * length)
                scores[number] = scores.get(number, 0.0) + weight * gain
        best: dict[str, float] = {}
        for number, score in scores.items():
            id_ = self.ids[number]
            if number != without_document and id_ != without_entry:
                best[id_] = max(best.get(id_, 0.0), score)
        ceiling = best_possible or 1.0
        ranked = [Ranked(id_, score / ceiling) for id_, score in best.items()]
        return sorted(ranked, key=lambda r: (-r.score, r.id))

    def _idf(self, token: str) -> float:
        found = len(self.postings.get(token, ()))
        return math.log(1 + (len(self.ids) - found + 0.5) / (found + 0.5))
