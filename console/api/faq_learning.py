"""What customers asked the FAQ in vain, grouped, and each group's proposal for the FAQ's text.

Nothing is written here: a proposal is a text for the manager to look at, save and publish.
"""

from collections.abc import Sequence
from datetime import timedelta

from console import bodies, flow_folder
from console.api.numbers import read_days
from console.door import Asker, House, Row
from console.refusals import NoFaqFile, StaleFolder
from flows.language.book import House as SharedFiles
from flows.language.faq import writing
from flows.language.faq.learning import Draft, Missed
from flows.language.faq.learning import draft as draft_all
from flows.language.loader import Folder
from storage import faq_questions, rows
from storage.faq_questions import OpenQuestion
from storage.refusals import NotFound


def list_drafts(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """What the FAQ did not answer, grouped, the largest group first, each with its proposal."""
    since = house.clock() - timedelta(days=read_days(query))
    found = house.store.read(lambda db: faq_questions.list_open(db, asker.scope, since))

    def work() -> list[Row]:
        shared = _shared(flow_folder.load_draft(house.settings.flows_dir))
        asked = {question.id: question for question in found}
        return [_item(shared, draft, asked) for draft in _drafts(shared, found)]

    return {"items": house.beside(work) if found else [], "next": None}


def settle(house: House, asker: Asker, body: bodies.FaqQuestions) -> Row:
    """These need no answer any more: accepted, or let go."""
    now = house.clock()
    house.store.write(lambda db: faq_questions.settle(db, asker.scope, body.ids, now))
    return {}


def draft(house: House, asker: Asker, body: bodies.FaqQuestions) -> Row:
    """The FAQ file's text with a group's proposal in it, and the hash of the file it began from."""
    found = house.store.read(lambda db: faq_questions.find_open(db, asker.scope, body.ids))

    def work() -> Row:
        root = house.settings.flows_dir
        folder = flow_folder.load_draft(root)
        drafts = _drafts(_shared(folder), found)
        if not drafts:  # settled, or answered by what a colleague saved
            raise NotFound
        file = _file_for(folder, drafts[0])
        read = flow_folder.read_file(root, file)
        if read.text != folder.sources[file]:
            raise StaleFolder
        return {"file": file, "hash": read.hash, "text": _written(folder, read.text, drafts[0])}

    row: Row = house.beside(work)
    return row


def _shared(folder: Folder) -> SharedFiles:
    return SharedFiles(faqs=folder.faqs)


def _drafts(shared: SharedFiles, found: Sequence[OpenQuestion]) -> list[Draft]:
    missed = [Missed(one.id, one.text, one.entry_id, one.reply) for one in found]
    return draft_all(shared.questions(tuple(sorted(shared.faqs))), missed)


def _file_for(folder: Folder, proposal: Draft) -> str:
    """Where the entry stands; a new one goes into the first FAQ."""
    for faq in sorted(folder.faqs.values(), key=lambda one: one.place.file):
        if proposal.entry is None or any(e.id.text == proposal.entry for e in faq.entries):
            return faq.place.file
    raise NoFaqFile


def _written(folder: Folder, text: str, proposal: Draft) -> str:
    if proposal.entry is not None:
        return writing.add_asks(text, proposal.entry, proposal.ask)
    taken = {entry.id.text for faq in folder.faqs.values() for entry in faq.entries}
    id_ = f"new_{proposal.questions[0]}"
    while id_ in taken:
        id_ += "_"
    return writing.add_entry(text, writing.NewEntry(id_, proposal.ask, proposal.answer))


def _item(shared: SharedFiles, proposal: Draft, asked: dict[int, OpenQuestion]) -> Row:
    entry = shared.faq_entry(proposal.entry) if proposal.entry is not None else None
    return {
        "entry": proposal.entry,
        "entry_ask": entry.ask[0].text if entry is not None else None,
        "ask": list(proposal.ask),
        "answer": proposal.answer,
        "count": len(proposal.questions),
        "questions": [_question(asked[id_]) for id_ in proposal.questions],
    }


def _question(question: OpenQuestion) -> Row:
    return {
        "id": question.id,
        "text": question.text,
        "outcome": question.outcome,
        "conversation_id": question.conversation_id,
        "at": rows.moment(question.at),
    }
