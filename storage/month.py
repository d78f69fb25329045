"""The month's messages: a push that they do not reach for waits here until there are some again.

Two reasons to hold a push back: `limit`, LINE takes none any more; `reserve`, what is left of the
month is kept for what staff send. Free replies go on. What is held gives up its place before later
messages, because a customer who asks must get an answer; among themselves what is held keeps order.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, select, true
from sqlmodel import Session, col

from storage import journal, quota
from storage.bell import DELIVERIES, JOBS
from storage.deliveries import journal_delivery
from storage.models.drafting import AccountQuota
from storage.models.people import Account
from storage.models.work import Delivery
from storage.objects import Joined, Query, write_changes

LIMIT, RESERVE = "limit", "reserve"


class Months:
    """What is left to each account, as one unit of work uses it."""

    def __init__(self, db: Session, account_ids: Iterable[str]) -> None:
        found = [_MONTH.first(db, {"of_account": one}) for one in sorted(set(account_ids))]
        self._quotas = {one[0].account_id: one for one in found if one is not None}
        self._going: dict[str, int] = {}

    def hold_reason(self, delivery: Delivery) -> str | None:
        """Why a push has to wait; None when it may go."""
        if delivery.account_id not in self._quotas:
            return None
        known, account = self._quotas[delivery.account_id]
        if known.stopped_at is not None or _is_used_up(known, delivery):
            return LIMIT
        going = self._going.get(delivery.account_id, 0)
        if delivery.is_automatic and not quota.is_spare(known, account, going):
            return RESERVE
        self._going[delivery.account_id] = going + 1
        return None

    def is_stopped(self, account_id: str) -> bool:
        """Whether LINE takes no push of this account, as far as we know."""
        return account_id in self._quotas and self._quotas[account_id][0].stopped_at is not None


def is_older_than_try() -> ColumnElement[bool]:
    """Of a delivery: whether LINE has not told the month since its last try; false when it never
    did, because then nobody may wait for it."""
    return exists().where(
        col(AccountQuota.account_id) == col(Delivery.account_id),
        col(AccountQuota.read_at) < col(Delivery.tried_at),
    )


_MONTH = Joined(
    [AccountQuota, Account],
    select(AccountQuota, Account)
    .join(Account, col(Account.id) == col(AccountQuota.account_id))
    .where(col(AccountQuota.account_id) == bindparam("of_account")),
)


def _is_used_up(known: AccountQuota, delivery: Delivery) -> bool:
    """LINE's words for a refusal may change; a second one is believed when the figures say so."""
    is_doubtful = delivery.tries > 1 and not delivery.is_unsure
    return is_doubtful and known.most is not None and (known.used or 0) >= known.most


def hold(db: Session, delivery: Delivery, reason: str, now: datetime) -> None:
    """Keep a push until the month has messages for it."""
    delivery.state, delivery.held, delivery.due_at = "pending", reason, None
    db.add(delivery)
    journal_delivery(db, delivery, now)


def stop(db: Session, account_id: str, now: datetime) -> None:
    """LINE has refused a push because the month is used up. The consoles are told once."""
    known = quota.find_or_begin(db, account_id, now)
    if known.stopped_at is not None:
        return
    known.stopped_at, known.stop_count = now, known.stop_count + 1
    db.add(known)
    quota.ask_soon(db, account_id, now)
    quota.tell(db, known, now)
    journal.ring_later(db, JOBS)


def note_push(db: Session, account_id: str, now: datetime, count: int = 1) -> None:
    """LINE took a push to so many: as many messages less, and what it had refused is over."""
    write_changes(db)
    known = _HELD.first(db, {"of_account": account_id})
    if known is None:
        return
    known.sent_since += count
    was_refused, known.stop_count = known.stop_count > 0, 0
    if was_refused and known.stopped_at is None:
        release(db, account_id, now)


_HELD = Query(
    AccountQuota,
    select(AccountQuota)
    .where(col(AccountQuota.account_id) == bindparam("of_account"))
    .with_for_update(),
    is_fresh=True,
)


def release(db: Session, account_id: str, now: datetime) -> int:
    """Let go what may go by now, the oldest first; how many.

    After LINE has contradicted its own figures one goes ahead, and the rest when it was taken.
    """
    known = db.get(AccountQuota, account_id)
    if known is not None and known.stopped_at is not None:
        return 0
    query = select(Delivery).where(
        col(Delivery.account_id) == account_id,
        col(Delivery.held).is_not(None),
        col(Delivery.state) == "pending",
    )
    account = db.get_one(Account, account_id)
    is_scarce = known is not None and not quota.is_spare(known, account)
    if is_scarce:
        query = query.where(col(Delivery.held) == LIMIT)
    if known is not None and known.stop_count > 1:
        may_go = ~col(Delivery.is_automatic) if is_scarce else true()
        query = query.where(may_go).limit(1)
    freed = db.scalars(query.order_by(col(Delivery.id)).with_for_update()).all()
    for delivery in freed:
        delivery.held = None
        db.add(delivery)
        journal_delivery(db, delivery, now)
    if freed:
        journal.ring_later(db, DELIVERIES)
    return len(freed)
