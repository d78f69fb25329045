"""Events that failed every try: set aside with the reason, and given another five by hand."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage import journal, rows
from storage.bell import ARRIVALS
from storage.conversations import Scope
from storage.cursors import read_cursor, write_cursor
from storage.models.people import Account, Friend
from storage.models.talks import Conversation
from storage.models.work import Arrival
from storage.refusals import NotFound
from storage.talks import changed, lock

PAGE = 50


def list_aside(
    db: Session, scope: Scope, account: str | None, after: str | None
) -> tuple[list[rows.Row], str | None]:
    """One page, the newest first, and the next cursor. What a customer sent is not in it."""
    query = select(Arrival).where(col(Arrival.state) == "aside")
    if scope.accounts is not None:
        query = query.where(col(Arrival.account_id).in_(scope.accounts))
    if account is not None:
        query = query.where(col(Arrival.account_id) == account)
    if after is not None:
        query = query.where(col(Arrival.id) < read_cursor(after, [int])[0])
    found = db.exec(query.order_by(col(Arrival.id).desc()).limit(PAGE + 1)).all()
    page = found[:PAGE]
    following = write_cursor([page[-1].id]) if len(found) > PAGE else None
    return [_shown(db, one) for one in page], following


def ids_aside(db: Session) -> Sequence[int]:
    """All that are set aside, the oldest first."""
    query = select(Arrival.id).where(col(Arrival.state) == "aside")
    return [id_ for id_ in db.exec(query.order_by(col(Arrival.id))) if id_ is not None]


def get_aside(db: Session, arrival_id: int) -> Arrival:
    """One that is set aside, held until the unit ends. Raises NotFound."""
    arrival = db.get(Arrival, arrival_id, with_for_update=True, populate_existing=True)
    if arrival is None or arrival.state != "aside":
        raise NotFound("there is no event here that was set aside")
    return arrival


def requeue(db: Session, arrivals: Sequence[Arrival], now: datetime) -> None:
    """Give events back to their queues, with all their tries; their talks show no trouble more."""
    for arrival in arrivals:
        arrival.state, arrival.tries, arrival.due_at = "pending", 0, None
        arrival.trouble, arrival.done_at = None, None
        db.add(arrival)
        talk = _talk_of(db, arrival)
        if talk is not None and talk.trouble is not None:
            conversation = lock(db, talk.id)
            conversation.trouble = None
            changed(db, conversation, "conversation.trouble", journal.SYSTEM, now)
    journal.ring_later(db, ARRIVALS)


def _shown(db: Session, arrival: Arrival) -> rows.Row:
    talk = _talk_of(db, arrival)
    is_customers = talk is not None and talk.operator_id is None  # one of us is no customer
    shown = rows.conversation_row(db, talk) if talk is not None and is_customers else None
    return {
        "id": arrival.id,
        "account": arrival.account_id,
        "kind": arrival.kind,
        "conversation_id": shown["id"] if shown is not None else None,
        "customer_name": shown["customer_name"] if shown is not None else None,
        "received_at": rows.moment(arrival.received_at),
        "at": rows.moment(arrival.done_at),
        "tries": arrival.tries,
        "reason": (arrival.trouble or "").partition(":")[0],  # behind it, words of an exception
    }


def _talk_of(db: Session, arrival: Arrival) -> Conversation | None:
    if arrival.conversation_id is not None:
        return db.get(Conversation, arrival.conversation_id)
    source = arrival.raw.get("source")
    user_id = source.get("userId") if isinstance(source, dict) else None
    account = db.get_one(Account, arrival.account_id)
    query = (
        select(Conversation)
        .join(Friend, col(Friend.id) == col(Conversation.friend_id))
        .where(col(Friend.account_id) == account.id, col(Friend.line_user_id) == user_id)
    )
    return db.exec(query).first()
