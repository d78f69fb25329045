"""Which entry of the FAQ a question asks for: answer, did you mean, or hand off.

The best variant of an entry counts, normalised by what the question could score at most. Two gates,
calibrated from the FAQ alone when it is loaded (`faq_calibration`), decide whether the best entry
is said, offered, or passed to a person.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.language.faq_calibration import calibrate, certainty
from flows.language.faq_index import Gates, Index, Question, Ranked
from flows.language.faq_tokens import tokens
from flows.language.normalise import normalise

OFFERED = 2  # with 担当者に聞く as the third quick reply


@dataclass(frozen=True, slots=True)
class Answered:
    """This entry is the answer."""

    id: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """One of these may be meant, the likeliest first."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A person must answer."""


Match = Answered | Unsure | Unknown


class Matcher:
    """A FAQ, ready to be asked."""

    def __init__(self, questions: Sequence[Question], index: Index, gates: Gates | None) -> None:
        self._asks = [(q.id, ask) for q in questions for ask in q.ask]
        self._exact = {normalise(ask): id_ for id_, ask in reversed(self._asks)}
        self._index = index
        self._answers = Index([(q.id, q.answer) for q in questions if q.answer])
        self._gates = gates

    @staticmethod
    def build(questions: Sequence[Question]) -> "Matcher":
        """Index the entries and calibrate the gates; without enough variants there are none.

        In an order of their own, so that moving an entry in its file never moves an answer.
        """
        questions = sorted((_in_order(question) for question in questions), key=_order)
        index = Index([(q.id, ask) for q in questions for ask in q.ask])
        return Matcher(questions, index, calibrate(questions, index))

    def match(self, text: str) -> Match:
        """A text that is a variant word for word is always answered."""
        exact = self._exact.get(normalise(text))
        if exact is not None:
            return Answered(exact)
        query = Counter(tokens(text))
        ranked = self._index.rank(query)
        if self._gates is None:
            return self._offer(ranked, query) if ranked else Unknown()
        if not ranked or ranked[0].score < self._gates.offer_from:
            return Unknown()
        if self._is_certain(ranked, query):
            return Answered(ranked[0].id)
        return self._offer(ranked, query)

    def stolen(self) -> list[tuple[str, str, str]]:
        """Ways to ask that another entry would answer, were they not written: (id, ask, thief)."""
        found = []
        for number, (id_, ask) in enumerate(self._asks):
            query = Counter(tokens(ask))
            ranked = self._index.ranked(self._index.scores(query), without_document=number)
            thief = self._exact[normalise(ask)]
            if thief == id_ and ranked and self._is_certain(ranked, query):
                thief = ranked[0].id
            if thief != id_:
                found.append((id_, ask, thief))
        return found

    def ranking(self, text: str) -> list[str]:
        """The entries that share anything with a text, the likeliest first."""
        ids = [ranked.id for ranked in self._index.rank(Counter(tokens(text)))]
        exact = self._exact.get(normalise(text))
        return ids if exact is None else [exact, *(id_ for id_ in ids if id_ != exact)]

    def top_score(self, text: str) -> float:
        """How near the likeliest entry is, from 0 to 1."""
        if normalise(text) in self._exact:
            return 1.0
        ranked = self._index.rank(Counter(tokens(text)))
        return ranked[0].score if ranked else 0.0

    def _is_certain(self, ranked: Sequence[Ranked], query: Mapping[str, int]) -> bool:
        gates = self._gates
        return gates is not None and certainty(gates.weights, ranked, query) >= gates.answer_from

    def _offer(self, ranked: Sequence[Ranked], query: Mapping[str, int]) -> Unsure:
        """The likeliest entries; what only an answer's own words suggest comes last."""
        by_answer = [r.id for r in self._answers.rank(query)]
        ids = dict.fromkeys([*(r.id for r in ranked[:OFFERED]), *by_answer])
        return Unsure(tuple(ids)[:OFFERED])


def _in_order(question: Question) -> Question:
    return Question(question.id, tuple(sorted(question.ask)), question.answer)


def _order(question: Question) -> tuple[str, tuple[str, ...], str]:
    return (question.id, question.ask, question.answer)
