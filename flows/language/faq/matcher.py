"""Which entry of the FAQ a question asks for: answer, did you mean, or hand off.

The best variant of an entry counts, normalised by what the question could score at most. Two gates,
calibrated from the FAQ alone when it is loaded (`calibration`), decide whether the best entry
is said, offered, or passed to a person. Where an encoder told how near the text is in meaning
(`nearness`), that counts too, and its own gates hold; without it everything is as if there were
no encoder.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.language.faq.calibration import Scores, calibrate, certainty
from flows.language.faq.index import Gates, Index, Question, Ranked
from flows.language.faq.nearness import Nearness, text_key
from flows.language.faq.tokens import tokens
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


@dataclass(frozen=True, slots=True)
class _Look:
    """A question, what was found for it, and the gates by which to judge that."""

    query: Mapping[str, int]
    ranked: Sequence[Ranked]
    gates: Gates | None

    @property
    def is_certain(self) -> bool:
        """Whether the best entry is likely enough the right one to be said."""
        gates = self.gates
        return gates is not None and self._certainty(gates) >= gates.answer_from

    def _certainty(self, gates: Gates) -> float:
        return certainty(gates.weights, self.ranked, self.query)


class Matcher:
    """A FAQ, ready to be asked."""

    def __init__(self, questions: Sequence[Question], index: Index, gates: Gates | None) -> None:
        self._questions = questions
        self._asks = [(q.id, ask) for q in questions for ask in q.ask]
        self._exact = {normalise(ask): id_ for id_, ask in reversed(self._asks)}
        self._index = index
        self._answers = Index([(q.id, q.answer) for q in questions if q.answer])
        self._gates = gates
        self.keys = tuple(text_key(ask) for _, ask in self._asks)

    @staticmethod
    def build(questions: Sequence[Question]) -> "Matcher":
        """Index the entries and calibrate the gates; without enough variants there are none.

        In an order of their own, so that moving an entry in its file never moves an answer.
        """
        questions = sorted((_in_order(question) for question in questions), key=_order)
        index = Index([(q.id, ask) for q in questions for ask in q.ask])
        return Matcher(questions, index, calibrate(questions, index))

    def match(self, text: str, near: Nearness | None = None) -> Match:
        """A text that is a variant word for word is always answered."""
        if (exact := self.exact(text)) is not None:
            return Answered(exact)
        look = self._look(text, near)
        if look.gates is None:
            return self._offer(look) if look.ranked else Unknown()
        if not look.ranked or look.ranked[0].score < look.gates.offer_from:
            return Unknown()
        return Answered(look.ranked[0].id) if look.is_certain else self._offer(look)

    def exact(self, text: str) -> str | None:
        """The entry of which a text is a variant, word for word."""
        return self._exact.get(normalise(text))

    def asks(self) -> Iterator[tuple[str, str]]:
        """Every way to ask in the order of `keys`: the entry's id, and the text."""
        yield from self._asks

    def learn(self, scores: Scores) -> Gates | None:
        """The gates for other scores than those of the letters alone."""
        return calibrate(self._questions, self._index, scores)

    def stolen(self) -> list[tuple[str, str, str]]:
        """Ways to ask that another entry would answer, were they not written: (id, ask, thief)."""
        found = []
        for number, (id_, ask) in enumerate(self._asks):
            query = Counter(tokens(ask))
            ranked = self._index.ranked(self._index.scores(query), without_document=number)
            thief = self._exact[normalise(ask)]
            if thief == id_ and ranked and _Look(query, ranked, self._gates).is_certain:
                thief = ranked[0].id
            if thief != id_:
                found.append((id_, ask, thief))
        return found

    def ranking(self, text: str, near: Nearness | None = None) -> list[str]:
        """The entries that share anything with a text, the likeliest first."""
        ids = [ranked.id for ranked in self._look(text, near).ranked]
        exact = self.exact(text)
        return ids if exact is None else [exact, *(id_ for id_ in ids if id_ != exact)]

    def top_score(self, text: str, near: Nearness | None = None) -> float:
        """How near the likeliest entry is, from 0 to 1."""
        if self.exact(text) is not None:
            return 1.0
        ranked = self._look(text, near).ranked
        return ranked[0].score if ranked else 0.0

    def _look(self, text: str, near: Nearness | None) -> _Look:
        query = Counter(tokens(text))
        scores = self._index.scores(query)
        if near is None:
            return _Look(query, self._index.ranked(scores), self._gates)
        return _Look(query, self._index.ranked(near.mixed(scores, self.keys)), near.gates)

    def _offer(self, look: _Look) -> Unsure:
        """The likeliest entries; what only an answer's own words suggest comes last."""
        by_answer = [r.id for r in self._answers.rank(look.query)]
        ids = dict.fromkeys([*(r.id for r in look.ranked[:OFFERED]), *by_answer])
        return Unsure(tuple(ids)[:OFFERED])


def _in_order(question: Question) -> Question:
    return Question(question.id, tuple(sorted(question.ask)), question.answer)


def _order(question: Question) -> tuple[str, tuple[str, ...], str]:
    return (question.id, question.ask, question.answer)
