"""How well a FAQ answers a list of questions whose right entries are known."""

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from flows.language.faq.matcher import Answered, Matcher
from flows.language.faq.nearness import Nearness
from flows.language.sayings.catalogue import say
from flows.language.sayings.saying import Param, saying


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the entry that should answer it; none: a person should."""

    text: str
    expected: str | None


NearOf = Callable[[str], Nearness | None]


def by_letters(_text: str) -> Nearness | None:
    """What is said where there is no encoder."""
    return None


class BadQuestions(ValueError):
    """A line of the file of questions cannot be used. The message names it."""

    def __init__(self, key: str, /, **params: Param) -> None:
        self.about = saying(key, **params)
        super().__init__(say(self.about))


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares from 0 to 1; None where there was nothing to take a share of.

    first, among_three: of the questions that have an entry, how often it ranks first, or among
    three. auroc: how often a question with an entry scores above one without. answered: of all
    questions, how many were answered at once; precision: of these, how many rightly.
    """

    questions: int
    strangers: int
    first: float | None
    among_three: float | None
    auroc: float | None
    answered: float | None
    precision: float | None


def read_questions(lines: Iterable[str], ids: Collection[str]) -> list[Asked]:
    """Rows of `question,expected`; an empty second cell means that no entry fits.

    Raises BadQuestions, with the line.
    """
    try:
        return list(_rows(lines, ids))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadQuestions("questions.unreadable") from error


def evaluate(matcher: Matcher, asked: Sequence[Asked], near_of: NearOf = by_letters) -> Figures:
    """Ask everything, and count. near_of: what an encoder says of a text."""
    near = {question.text: near_of(question.text) for question in asked}
    known = [question for question in asked if question.expected is not None]
    ranks = [_rank(matcher, question, near[question.text]) for question in known]
    answers = [(matcher.match(q.text, near[q.text]), q.expected) for q in asked]
    said = [(match.id, expected) for match, expected in answers if isinstance(match, Answered)]
    tops = [(matcher.top_score(q.text, near[q.text]), q.expected) for q in asked]
    inside = [top for top, expected in tops if expected is not None]
    outside = [top for top, expected in tops if expected is None]
    return Figures(
        questions=len(asked),
        strangers=len(outside),
        first=_share(sum(rank == 0 for rank in ranks), len(known)),
        among_three=_share(sum(rank is not None and rank < 3 for rank in ranks), len(known)),  # noqa: PLR2004 # S@3
        auroc=_auroc(inside, outside),
        answered=_share(len(said), len(asked)),
        precision=_share(sum(id_ == expected for id_, expected in said), len(said)),
    )


def _rows(lines: Iterable[str], ids: Collection[str]) -> Iterator[Asked]:
    for number, row in enumerate(csv.reader(lines), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and cells[:2] == ["question", "expected"]):
            continue
        if len(cells) > 2:  # noqa: PLR2004 # question and entry
            raise BadQuestions("questions.two_columns", number=number)
        expected = cells[1] if len(cells) > 1 else ""
        if expected and expected not in ids:
            raise BadQuestions("questions.no_entry", number=number, entry=expected)
        yield Asked(cells[0], expected or None)


def _rank(matcher: Matcher, question: Asked, near: Nearness | None) -> int | None:
    ids = matcher.ranking(question.text, near)
    return ids.index(question.expected) if question.expected in ids else None


def _auroc(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    won = sum((one > other) + (one == other) / 2 for one in inside for other in outside)
    return _share(won, len(inside) * len(outside))


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None
