"""Ways to ask that lead to another entry of the FAQ."""

from functools import lru_cache

from flows.language.faq.index import Question
from flows.language.faq.matcher import Matcher
from flows.language.grammar.house_files import FaqFile
from flows.language.problems import Problems


def check_faq(faq: FaqFile, problems: Problems) -> None:
    """W217, at the way to ask."""
    places = {(entry.id.text, ask.text): ask.place for entry in faq.entries for ask in entry.ask}
    questions = tuple(Question(e.id.text, tuple(a.text for a in e.ask)) for e in faq.entries)
    for id_, ask, thief in _stolen(questions):
        problems.add(
            "W217",
            places[id_, ask],
            "stolen",
            id=id_,
            ask=ask,
            thief=thief,
        )


@lru_cache(maxsize=16)  # an editor checks the folder at each pause, and the FAQ seldom changes
def _stolen(questions: tuple[Question, ...]) -> tuple[tuple[str, str, str], ...]:
    return tuple(Matcher.build(questions).stolen())
