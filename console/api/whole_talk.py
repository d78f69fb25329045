"""A talk as it is opened: what four addresses tell of it, read at once and true at one moment."""

from sqlmodel import Session

from console.api.drafts import drafts_of
from console.api.lines import page_row
from console.api.notes import notes_of
from console.api.talks import PAGE, at_now, detail_of
from console.door import Asker, House, Row
from storage import conversations, lines


def get(house: House, asker: Asker, talk_id: str) -> Row:
    """Each part is what its own address answers; the lines are the newest page.

    To read it is not to have looked: nothing is marked as seen, and nobody is told.
    """

    def read(db: Session) -> Row:
        at = at_now(db, asker)
        talk = conversations.get_conversation(db, asker.scope, talk_id)
        parts = {
            "detail": detail_of(db, asker, talk),
            "messages": page_row(db, lines.lines_before(db, talk, None, PAGE)),
            "notes": notes_of(db, talk),
            "drafts": drafts_of(db, asker, talk),
        }
        return {name: {**part, "at": at} for name, part in parts.items()}

    return house.store.read_as_one(read)
