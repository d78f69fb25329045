"""What the FAQ could learn from the questions that it did not answer: drafts for managers.

Questions that are alike are grouped. A group becomes another way to ask for an entry (the friend
picked it, or staff answered almost in its words), or else the draft of a new entry. A draft that
would take another entry's place for one of its own ways to ask is not made.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from flows.language.faq.index import Question
from flows.language.faq.matcher import Answered, Matcher
from flows.language.faq.tokens import tokens
from flows.language.normalise import normalise

ALIKE = 0.55  # cosine of the tokens: questions of one group
ALMOST_SAID = 0.6  # the same, of what staff wrote and an entry's answer
MOST_ASKS = 5


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that was not answered at once. entry: picked by the friend. reply: of staff."""

    id: int
    text: str
    entry: str | None = None
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal. entry None: a new one, with `answer` as staff gave it, where they did.

    questions: the ids of those that it stands for.
    """

    entry: str | None
    ask: tuple[str, ...]
    answer: str | None
    questions: tuple[int, ...]


def draft(questions: Sequence[Question], missed: Sequence[Missed]) -> list[Draft]:
    """One draft for each group, the largest first; what is answered by now needs none."""
    matcher = Matcher.build(questions)
    said = [one for one in missed if normalise(one.text).strip()]
    still = [one for one in said if not isinstance(matcher.match(one.text), Answered)]
    groups = sorted(_groups(still), key=len, reverse=True)
    return [_draft(questions, matcher, group) for group in groups]


def _groups(missed: Sequence[Missed]) -> list[list[Missed]]:
    groups: list[tuple[Mapping[str, int], list[Missed]]] = []
    for one in missed:
        bag = Counter(tokens(one.text))
        near = [(likeness(bag, seed), group) for seed, group in groups]
        best = max(near, key=lambda found: found[0], default=(0.0, []))
        if best[0] >= ALIKE and _same_entry(one, best[1]):
            best[1].append(one)
        else:
            groups.append((bag, [one]))
    return [group for _, group in groups]


def _same_entry(one: Missed, group: Sequence[Missed]) -> bool:
    entries = {member.entry for member in (*group, one) if member.entry is not None}
    return len(entries) <= 1


def _draft(questions: Sequence[Question], matcher: Matcher, group: Sequence[Missed]) -> Draft:
    ids = tuple(member.id for member in group)
    asks = tuple({normalise(member.text): member.text for member in reversed(group)}.values())
    entry = _entry_of(questions, group)
    wanted = asks[::-1][:MOST_ASKS]
    if entry is not None:
        fitting = tuple(ask for ask in wanted if _is_safe(questions, matcher, entry, ask))
        if fitting:
            return Draft(entry, fitting, None, ids)
    reply = next((member.reply for member in group if member.reply), None)
    return Draft(None, wanted, reply, ids)


def _entry_of(questions: Sequence[Question], group: Sequence[Missed]) -> str | None:
    picked = next((member.entry for member in group if member.entry is not None), None)
    if picked is not None and any(question.id == picked for question in questions):
        return picked
    for member in group:
        said = Counter(tokens(member.reply or ""))
        near = [(likeness(said, Counter(tokens(q.answer))), q.id) for q in questions]
        share, id_ = max(near, default=(0.0, ""))
        if share >= ALMOST_SAID:
            return id_
    return None


def _is_safe(questions: Sequence[Question], matcher: Matcher, entry: str, ask: str) -> bool:
    """Whether every other way to ask is as safe with the new one as without."""
    grown = [Question(q.id, (*q.ask, ask), q.answer) if q.id == entry else q for q in questions]
    before = {(id_, lost) for id_, lost, _ in matcher.stolen()}
    after = {(id_, lost) for id_, lost, _ in Matcher.build(grown).stolen()}
    return after <= before


def likeness(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    """The cosine of two bags of tokens, 0..1."""
    shared = sum(count * other.get(token, 0) for token, count in one.items())
    size = sqrt(sum(c * c for c in one.values()) * sum(c * c for c in other.values()))
    return shared / size if size else 0.0
