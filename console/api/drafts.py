"""What operators have begun to write: their own, and what colleagues share with them."""

from collections.abc import Callable

from sqlmodel import Session

from console import drafting_bodies as bodies
from console.api.talk_colleagues import find_colleague
from console.api.talks import at_now
from console.door import Asker, House, Row
from storage import drafts
from storage.conversations import get_conversation
from storage.drafts import Settling, Written, own_row, shared_row
from storage.models.drafting import Draft
from storage.models.talks import Conversation


def get(house: House, asker: Asker, talk_id: str) -> Row:
    """One's own drafts in a talk, and those that are shared there."""

    def read(db: Session) -> Row:
        at = at_now(db, asker)
        talk = get_conversation(db, asker.scope, talk_id)
        return {**drafts_of(db, asker, talk), "at": at}

    return house.store.read(read)


def drafts_of(db: Session, asker: Asker, talk: Conversation) -> Row:
    """The asker's own in a talk, and those that are shared there."""
    own = drafts.own_drafts(db, talk, asker.operator.id)
    return {
        "reply": own_row(own["reply"]) if "reply" in own else None,
        "note": own_row(own["note"]) if "note" in own else None,
        "shared": [shared_row(db, draft) for draft in drafts.shared_drafts(db, talk)],
    }


def list_own(house: House, asker: Asker) -> Row:
    """Everything that one has begun, newest first."""

    def read(db: Session) -> Row:
        found = drafts.all_own(db, asker.operator.id, asker.scope.accounts)
        return {"items": [own_row(draft) for draft in found], "next": None}

    return house.store.read(read)


def save(house: House, asker: Asker, talk_id: str, body: bodies.DraftSave) -> Row:
    """Keep the newest text."""
    written = Written(body.kind, body.text, body.device, body.base)

    def work(db: Session, talk: Conversation) -> Draft:
        return drafts.save(db, talk, asker.operator, written, house.clock())

    return _own(house, asker, talk_id, work)


def settle(house: House, asker: Asker, talk_id: str, body: bodies.DraftSettle) -> Row:
    """Take the text of another page, or drop it."""

    def work(db: Session, talk: Conversation) -> Draft:
        settling = Settling(body.kind, body.device, body.takes)
        return drafts.settle(db, talk, asker.operator, settling, house.clock())

    return _own(house, asker, talk_id, work)


def share(house: House, asker: Asker, talk_id: str, body: bodies.DraftShare) -> Row:
    """Show one's draft to colleagues, hand it to one of them, or keep it to oneself again."""

    def work(db: Session, talk: Conversation) -> Draft:
        now = house.clock()
        if not body.shared:
            return drafts.unshare(db, talk, asker.operator, body.kind, now)
        to = find_colleague(db, body.to, talk).id if body.to is not None else None
        return drafts.share(db, talk, asker.operator, body.kind, to, now)

    return _own(house, asker, talk_id, work)


def take(house: House, asker: Asker, talk_id: str, body: bodies.DraftTake) -> Row:
    """Go on with what a colleague shares."""

    def write(db: Session) -> Row:
        talk = get_conversation(db, asker.scope, talk_id)
        draft, words = drafts.take_over(db, talk, asker.operator, body.draft_id, house.clock())
        return {"kind": draft.kind, "text": words}

    return house.store.write(write)


def _own(
    house: House, asker: Asker, talk_id: str, work: Callable[[Session, Conversation], Draft]
) -> Row:
    def write(db: Session) -> Row:
        return own_row(work(db, get_conversation(db, asker.scope, talk_id)))

    return house.store.write(write)
