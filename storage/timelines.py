"""What happened with one person, newest first, over all the accounts that one may see.

Read from the journal. What was said stays in the talks; here is what was done.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from storage import rows
from storage.conversations import Scope, visible_customer
from storage.cursors import read_cursor, write_cursor
from storage.models.work import JournalEntry

KINDS = frozenset(
    {
        "conversation.assigned",
        "conversation.resolved",
        "conversation.returned",
        "conversation.snoozed",
        "conversation.reopened_by_hand",
        "conversation.woken_by_hand",
        "conversation.taken",
        "conversation.trouble",
        "conversation.waiting",
        "customer.changed",
        "customer.tagged",
        "customer.untagged",
        "friend.blocked",
        "friend.followed",
        "handoff.asked",
        "note.added",
        "note.deleted",
        "run.changed",
    }
)
SHOWN = ("change", "handoff", "note", "run")  # what of an entry's payload tells the story


def list_timeline(
    db: Session, scope: Scope, customer_id: str, cursor: str | None, limit: int = 50
) -> tuple[list[rows.Row], str | None]:
    """One page `{at, kind, actor, conversation_id, data}` and the next cursor. Raises NotFound."""
    visible_customer(db, scope, customer_id)
    query = select(JournalEntry).where(
        col(JournalEntry.customer_id) == customer_id, col(JournalEntry.kind).in_(KINDS)
    )
    if scope.accounts is not None:
        query = query.where(col(JournalEntry.account_id).in_(scope.accounts))
    if cursor is not None:
        query = query.where(_before(cursor))
    newest_first = (
        col(JournalEntry.at).desc(),
        col(JournalEntry.account_id),
        col(JournalEntry.id).desc(),
    )
    found = db.scalars(query.order_by(*newest_first).limit(limit + 1)).all()
    page = found[:limit]
    items = [_item(e) for e in page if not _is_repeated(e, scope)]
    return items, _cursor(page[-1]) if len(found) > limit else None


def _item(entry: JournalEntry) -> rows.Row:
    return {
        "at": rows.moment(entry.at),
        "kind": entry.kind,
        "actor": entry.actor,
        "conversation_id": entry.conversation_id,
        "data": {key: entry.payload[key] for key in SHOWN if key in entry.payload},
    }


def _is_repeated(entry: JournalEntry, scope: Scope) -> bool:
    """A change of the person is told in every account's stream; one of them counts."""
    customer = entry.payload.get("customer")
    if customer is None:
        return False
    streams = [f["account"] for f in customer["friends"] if scope.allows(f["account"])]
    return bool(entry.account_id != min(streams))


def _cursor(last: JournalEntry) -> str:
    return write_cursor([last.at, last.account_id, last.id])


def _before(cursor: str) -> Any:
    moment, account, number = read_cursor(cursor, [datetime, str, int])
    same = col(JournalEntry.at) == moment
    return or_(
        col(JournalEntry.at) < moment,
        and_(same, col(JournalEntry.account_id) > account),
        and_(same, col(JournalEntry.account_id) == account, col(JournalEntry.id) < number),
    )
