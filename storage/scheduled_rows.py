"""Messages for a later moment as rows: shown, listed, and stopped before their moment.

The verbs that send them stand higher, in `scheduled`; what a customer's message stops is here,
because it is told in the same transaction as that message.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, literal_column, select
from sqlmodel import Session, col

from storage import journal
from storage.lookups import operator_names
from storage.models.drafting import Scheduled
from storage.models.talks import Conversation, Message
from storage.objects import Query
from storage.rows import Row, moment
from storage.uploads import files_of, let_go

MOST = 500
OPEN = ("waiting", "stopped")  # what somebody may still have to do with


def scheduled_row(db: Session, scheduled: Scheduled) -> Row:
    """As the API and the journal show it."""
    names = operator_names(db, [scheduled.operator_id])
    return {
        "id": scheduled.id,
        "conversation_id": scheduled.conversation_id,
        "operator_id": scheduled.operator_id,
        "operator_name": names.get(scheduled.operator_id),
        "client_msg_id": scheduled.client_msg_id,
        "messages": [_without_token(message) for message in scheduled.messages],
        "files": [one["upload"] for one in scheduled.origins if one and "upload" in one],
        "text": scheduled.text,
        "send_at": moment(scheduled.send_at),
        "stops_on_reply": scheduled.stops_on_reply,
        "state": scheduled.state,
        "reason": scheduled.reason,
        "created_at": moment(scheduled.created_at),
        "ended_at": moment(scheduled.ended_at),
        "version": scheduled.version,
    }


def _without_token(message: dict[str, Any]) -> dict[str, Any]:
    """A token to quote is for LINE alone."""
    return {key: value for key, value in message.items() if key != "quoteToken"}


def list_open(
    db: Session, accounts: frozenset[str] | None, conversation_id: str | None
) -> Sequence[Scheduled]:
    """What waits, and what was stopped and nobody has settled yet; soonest first."""
    query = (
        select(Scheduled)
        .join(Conversation, col(Conversation.id) == col(Scheduled.conversation_id))
        .where(col(Scheduled.state).in_(OPEN), col(Conversation.operator_id).is_(None))
    )
    if accounts is not None:
        query = query.where(col(Conversation.account_id).in_(accounts))
    if conversation_id is not None:
        query = query.where(col(Scheduled.conversation_id) == conversation_id)
    return db.scalars(query.order_by(col(Scheduled.send_at), col(Scheduled.id)).limit(MOST)).all()


def stop_on_reply(db: Session, conversation: Conversation, now: datetime) -> None:
    """The customer has written: what was to go out only without that does not."""
    for scheduled in _WAITING.all(db, {"of_talk": conversation.id}):
        if scheduled.stops_on_reply:
            end(scheduled, "stopped", "replied", now)
            tell(db, conversation, scheduled, "scheduled.stopped", journal.CUSTOMER, now)
            db.add(scheduled)


def drop_waiting(db: Session, conversation: Conversation, now: datetime) -> None:
    """The talk is no customer's any more: nothing goes out there by itself."""
    for scheduled in _WAITING.all(db, {"of_talk": conversation.id}):
        end(scheduled, "deleted", None, now)
        let_files_go(db, scheduled, now)
        tell(db, conversation, scheduled, "scheduled.deleted", journal.SYSTEM, now)
        db.add(scheduled)


def end(scheduled: Scheduled, state: str, reason: str | None, now: datetime) -> None:
    """It waits no more. The caller tells it."""
    scheduled.state, scheduled.reason, scheduled.ended_at = state, reason, now
    scheduled.version += 1


def let_files_go(db: Session, scheduled: Scheduled, now: datetime) -> None:
    """It is deleted: its files go too, but for those that something else of the talk has."""
    ids = set(files_of(scheduled.origins))
    if not ids:
        return
    others = select(col(Scheduled.origins)).where(
        col(Scheduled.conversation_id) == scheduled.conversation_id,
        col(Scheduled.id) != scheduled.id,
        col(Scheduled.state) != "deleted",
    )
    lines = select(col(Message.origin)).where(
        col(Message.conversation_id) == scheduled.conversation_id,
        col(Message.sender) == "operator",
    )
    needed = {one for origins in db.scalars(others) for one in files_of(origins)}
    needed |= set(files_of(list(db.scalars(lines))))
    let_go(db, sorted(ids - needed), now)


def tell(
    db: Session, conversation: Conversation, scheduled: Scheduled, kind: str,
    actor: dict[str, str], now: datetime,
) -> None:  # fmt: skip
    """Journal how it stands."""
    entry = journal.Entry(
        conversation.account_id,
        kind,
        {"scheduled": scheduled_row(db, scheduled)},
        actor,
        now,
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
    )
    journal.record(db, entry)


# The state stands in the text: only so does SQLite use the index of those that wait.
_WAITING = Query(
    Scheduled,
    select(Scheduled)
    .where(
        col(Scheduled.conversation_id) == bindparam("of_talk"),
        col(Scheduled.state) == literal_column("'waiting'"),
    )
    .order_by(col(Scheduled.id))
    .with_for_update(),
    is_fresh=True,
)
