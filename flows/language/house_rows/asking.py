"""A question put to the FAQ as it is being written: what the customer would get, and why."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flows.language import nodes
from flows.language.book import House
from flows.language.faq.index import Question
from flows.language.faq.matcher import Answered, Matcher, Unsure
from flows.language.faq_steps import ASK_STAFF, DID_YOU_MEAN, option_label
from flows.language.grammar.house_files import FaqEntry
from flows.language.loader import Folder

Row = dict[str, Any]


def ask_faqs(folder: Folder, question: str) -> Row:
    """As a step `faq: message` asks all FAQs of the folder together.

    decision: answered (one entry), unsure (those that are offered) or unknown (a person answers).
    """
    entries = {e.id.text: (f.place.file, e) for f in folder.faqs.values() for e in f.entries}
    asked = House(faqs=folder.faqs).questions(tuple(sorted(folder.faqs)))
    match = _matcher(tuple(asked)).match(question)
    ids: Sequence[str] = ()
    decision = "unknown"
    if isinstance(match, Answered):
        decision, ids = "answered", (match.id,)
    elif isinstance(match, Unsure):
        decision, ids = "unsure", match.ids
    return {
        "decision": decision,
        "entries": [_entry(folder, *entries[id_]) for id_ in ids],
        "did_you_mean": DID_YOU_MEAN,
        "staff": ASK_STAFF,
    }


def _entry(folder: Folder, file: str, entry: FaqEntry) -> Row:
    return {
        "file": file,
        "id": entry.id.text,
        "label": option_label(entry.ask[0].text),
        "answer": _answer(folder, file, entry.id.text),
        "tag": entry.tag.text if entry.tag is not None else None,
    }


def _answer(folder: Folder, file: str, entry_id: str) -> str:
    """As it is written, with its holes."""
    tree: Any = nodes.to_json(folder.trees[file])
    found = (entry["answer"] for entry in tree["entries"] if entry.get("id") == entry_id)
    return str(next(found, "")).rstrip("\n")


@lru_cache(maxsize=4)  # several questions are tried on one text
def _matcher(questions: tuple[Question, ...]) -> Matcher:
    return Matcher.build(questions)
