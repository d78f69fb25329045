"""What LINE is told of the reading: that a talk was read, up to the newest message with a token.

Only for accounts that want it: LINE marks nothing while the account's Chat is off, because then it
marks everything by itself. Best effort: after some tries it is left alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlmodel import Session, col

from storage import journal
from storage.bell import JOBS
from storage.dialects import insert_into
from storage.models.people import Account
from storage.models.talks import Conversation, Message
from storage.models.work import ReadMark
from storage.objects import find_one

TOKEN = "markAsReadToken"  # noqa: S105 # LINE's own key in a message
MOST_TRIES = 5
FIRST_WAIT = timedelta(seconds=2)
LOOKED_AT = 20  # of the newest lines: the token of one serves all before it


@dataclass(frozen=True, slots=True)
class Reading:
    """A talk that was read, up to the message of this token."""

    conversation_id: str
    account_id: str
    token: str


def note_read(db: Session, conversation: Conversation, seq: int, now: datetime) -> None:
    """The talk was read here up to `seq`; LINE is told soon, if the account wants that."""
    if not find_one(db, Account, conversation.account_id).marks_read:
        return
    query = select(col(Message.content)).where(
        col(Message.conversation_id) == conversation.id,
        col(Message.sender) == "customer",
        col(Message.seq) <= seq,
    )
    contents = db.scalars(query.order_by(col(Message.seq).desc()).limit(LOOKED_AT))
    token = next((one[TOKEN] for one in contents if isinstance(one.get(TOKEN), str)), None)
    if token is None:
        return
    row = {"token": token, "tries": 0, "due_at": now}
    statement = insert_into(db, ReadMark).values(
        conversation_id=conversation.id, account_id=conversation.account_id, **row
    )
    db.execute(statement.on_conflict_do_update(index_elements=["conversation_id"], set_=row))
    journal.ring_later(db, JOBS)


def claim(db: Session, now: datetime, limit: int) -> list[Reading]:
    """What LINE is to be told; each is put off already, and left alone after its last try."""
    due = db.scalars(
        select(ReadMark)
        .where(col(ReadMark.due_at) <= now)
        .order_by(col(ReadMark.due_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    readings = [Reading(row.conversation_id, row.account_id, row.token) for row in due]
    for row in due:
        row.tries += 1
        row.due_at = now + FIRST_WAIT * 2**row.tries
        db.add(row) if row.tries < MOST_TRIES else db.delete(row)
    return readings


def record(db: Session, reading: Reading) -> None:
    """LINE was told, or will never take it; a later one of the same talk stays."""
    db.execute(
        delete(ReadMark).where(
            col(ReadMark.conversation_id) == reading.conversation_id,
            col(ReadMark.token) == reading.token,
        )
    )
