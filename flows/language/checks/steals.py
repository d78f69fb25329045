"""Ways to ask that lead to another entry of the FAQ."""

from flows.language.faq import Matcher
from flows.language.faq_index import Question
from flows.language.grammar.house_files import FaqFile
from flows.language.problems import Problems


def check_faq(faq: FaqFile, problems: Problems) -> None:
    """W217, at the way to ask."""
    places = {(entry.id.text, ask.text): ask.place for entry in faq.entries for ask in entry.ask}
    questions = [Question(e.id.text, tuple(ask.text for ask in e.ask)) for e in faq.entries]
    for id_, ask, thief in Matcher.build(questions).stolen():
        problems.add(
            "W217",
            places[id_, ask],
            f"「{ask}」は、項目「{thief}」の聞き方とまぎらわしくなっています。",
            f"2つを1つの項目にまとめるか、「{id_}」らしい言葉を足してください。",
        )
