"""Notes of a talk: written, put into other words by who wrote them, deleted; and one's mentions."""

from collections.abc import Sequence

from sqlmodel import Session

from console import bodies
from console.api.talk_colleagues import check_mentions
from console.api.talks import at_now, read_limit
from console.door import Asker, House, Row
from console.refusals import Forbidden
from storage import audit, conversations, mentions, notes, rows
from storage.audit import Deed, by_operator
from storage.mentions import Asked
from storage.models.talks import Conversation, Note
from storage.notes import Rewording
from storage.operators import LEADERS, get_operator


def list_notes(house: House, asker: Asker, talk_id: str) -> Row:
    """Every note of a talk, oldest first."""

    def read(db: Session) -> Row:
        at = at_now(db, asker)
        talk = conversations.get_conversation(db, asker.scope, talk_id)
        return {**notes_of(db, talk), "at": at}

    return house.store.read(read)


def notes_of(db: Session, talk: Conversation) -> Row:
    """Every note of a talk, oldest first, as a page without another after it."""
    found = conversations.list_notes(db, talk)
    return {"items": [rows.note_row(db, note) for note in found], "next": None}


def add(house: House, asker: Asker, talk_id: str, body: bodies.NewNote) -> tuple[Row, int]:
    """Write a note: 201, or 200 for one that is here already."""

    def write(db: Session) -> tuple[Row, int]:
        talk = conversations.get_conversation(db, asker.scope, talk_id)
        calls = check_mentions(db, body.mentions, talk)
        note, is_new = notes.add_note(
            db, talk_id, asker.operator, body.client_note_id, body.text,
            now=house.clock(), calls=calls,
        )  # fmt: skip
        return rows.note_row(db, note), 201 if is_new else 200

    return house.store.write(write)


def edit(house: House, asker: Asker, note_id: str, body: bodies.NoteChange) -> Row:
    """Other words; only who wrote it may."""

    def write(db: Session) -> Row:
        note, talk = _visible(db, asker, note_id)
        if note.operator_id != asker.operator.id:
            raise Forbidden
        calls = _called(db, note, body.mentions, talk)
        to = Rewording(body.version, body.text, calls)
        changed = notes.edit_note(db, note_id, asker.operator, to, house.clock())
        return rows.note_row(db, changed)

    return house.store.write(write)


def remove(house: House, asker: Asker, note_id: str, body: bodies.NoteVersion) -> Row:
    """Only that there was one stays. Its writer may, and whoever leads."""

    def write(db: Session) -> Row:
        note, _ = _visible(db, asker, note_id)
        if note.operator_id != asker.operator.id and asker.role not in LEADERS:
            raise Forbidden
        was_there, now = note.deleted_at is None, house.clock()
        gone = notes.delete_note(db, note_id, asker.operator, body.version, now)
        if was_there:
            writer = get_operator(db, gone.operator_id)
            by = by_operator(asker.operator)
            deed = Deed("note_deleted", by, (writer.id, writer.name), asker.address)
            audit.note(db, deed, now)
        return rows.note_row(db, gone)

    return house.store.write(write)


def list_own_mentions(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """The notes that call the asker, newest first; `unseen=yes` leaves out what they have seen."""
    if query.get("unseen", "yes") != "yes":
        raise ValueError("unseen is yes, or left out")
    asked = Asked(query.get("account"), "unseen" in query)
    me, limit = asker.operator.id, read_limit(query)

    def read(db: Session) -> Row:
        items, following = mentions.list_mentions(
            db, asker.scope, me, asked, query.get("cursor"), limit
        )
        unseen = mentions.count_unseen(db, asker.scope, me, asked.account)
        return {"items": items, "next": following, "unseen": unseen}

    return house.store.read(read)


def see_own_mentions(house: House, asker: Asker, body: bodies.MentionsSeen) -> Row:
    """One has looked: at those of a talk, or at all."""
    me, now = asker.operator.id, house.clock()

    def write(db: Session) -> Row:
        mentions.mark_seen(db, me, body.conversation_id, now, account=body.account)
        return {"unseen": mentions.count_unseen(db, asker.scope, me)}

    return house.store.write(write)


def _called(db: Session, note: Note, wanted: Sequence[str], talk: Conversation) -> list[str]:
    """Whoever was called already may have left since; whoever is new may not. Raises NotFound."""
    known = [one for one in dict.fromkeys(wanted) if one in (note.mentions or ())]
    anew = [one for one in wanted if one not in known]
    return [*known, *check_mentions(db, anew, talk)]


def _visible(db: Session, asker: Asker, note_id: str) -> tuple[Note, Conversation]:
    note = notes.get_note(db, note_id)
    return note, conversations.get_conversation(db, asker.scope, note.conversation_id)
