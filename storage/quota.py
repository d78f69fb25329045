"""How many messages an account may still send this month, as LINE last said.

LINE counts people, not bubbles: a call of up to five messages to one friend is one. Its figure is
approximate and comes late, so it is always shown with the moment at which it was read. The worker
asks every 15 minutes, and again when LINE refuses a message because the month is used up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlmodel import Session, col

from storage import journal
from storage.dialects import insert_once
from storage.models.drafting import AccountQuota
from storage.models.people import Account
from storage.rows import Row, moment

READ_EVERY = timedelta(minutes=15)
FIRST_WAIT = timedelta(seconds=30)  # after no answer; doubled up to READ_EVERY
RESERVE = 0.1  # of the month's messages is kept for customers
SOONEST = timedelta(minutes=1)  # however many messages are refused at once
NO_LIMIT, LIMITED = "none", "limited"


@dataclass(frozen=True, slots=True)
class Told:
    """LINE's answer. most None: the plan has no limit."""

    most: int | None
    used: int


def find_due(db: Session, now: datetime) -> list[str]:
    """The accounts that LINE is to be asked about."""
    query = (
        select(col(Account.id))
        .outerjoin(AccountQuota, col(AccountQuota.account_id) == col(Account.id))
        .where(
            col(Account.is_active),
            or_(col(AccountQuota.account_id).is_(None), col(AccountQuota.due_at) <= now),
        )
        .order_by(col(Account.id))
    )
    return list(db.scalars(query))


def claim(db: Session, account_id: str, now: datetime) -> bool:
    """Whether to ask about a due account; it is put off already, so that two workers ask once."""
    blank = {"account_id": account_id, "tries": 1, "due_at": now + FIRST_WAIT}
    if insert_once(db, AccountQuota, blank, ["account_id"]):
        return True
    quota = db.get(AccountQuota, account_id, with_for_update=True, populate_existing=True)
    if quota is None or quota.due_at > now:
        return False
    quota.tries += 1
    quota.due_at = now + min(READ_EVERY, FIRST_WAIT * 2 ** min(quota.tries - 1, 8))
    db.add(quota)
    return True


def record(db: Session, account_id: str, told: Told, now: datetime) -> None:
    """Keep LINE's answer, and tell the consoles."""
    quota = db.get_one(AccountQuota, account_id)
    quota.kind = NO_LIMIT if told.most is None else LIMITED
    quota.most, quota.used, quota.read_at = told.most, told.used, now
    quota.tries, quota.due_at = 0, now + READ_EVERY
    db.add(quota)
    entry = journal.Entry(
        account_id, "account.quota", {"quota": quota_row(quota)}, journal.SYSTEM, now
    )
    journal.record(db, entry)


def ask_soon(db: Session, account_id: str, now: datetime) -> None:
    """LINE has refused a message because the month is used up: what we know is old."""
    quota = db.get(AccountQuota, account_id, with_for_update=True)
    if quota is None or (quota.read_at is not None and now - quota.read_at < SOONEST):
        return
    quota.due_at = min(quota.due_at, now)
    db.add(quota)


def is_above_reserve(db: Session, account_id: str) -> bool:
    """Whether messages to staff take nothing from what customers may need this month."""
    quota = db.get(AccountQuota, account_id)
    if quota is None or quota.most is None or quota.used is None:
        return True
    return quota.most - quota.used > quota.most * RESERVE


def quota_rows(db: Session, account_ids: Sequence[str]) -> list[Row]:
    """What is known of these accounts, in their order; of one that was never asked, a blank."""
    query = select(AccountQuota).where(col(AccountQuota.account_id).in_(account_ids))
    known = {quota.account_id: quota_row(quota) for quota in db.scalars(query)}
    return [known.get(id_) or {**_UNREAD, "id": id_, "account": id_} for id_ in account_ids]


def quota_row(quota: AccountQuota) -> Row:
    """As the API and the journal show it. left: never below zero; None: unknown, or no limit."""
    left = None
    if quota.kind == LIMITED and quota.most is not None and quota.used is not None:
        left = max(0, quota.most - quota.used)
    return {
        "id": quota.account_id,
        "account": quota.account_id,
        "kind": quota.kind,
        "most": quota.most,
        "used": quota.used,
        "left": left,
        "read_at": moment(quota.read_at),
    }


_UNREAD: Row = {"kind": None, "most": None, "used": None, "left": None, "read_at": None}
