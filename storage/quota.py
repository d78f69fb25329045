"""How many messages an account may still send this month, as LINE last said.

LINE counts people, not bubbles: a call of up to five messages to one friend is one. Its figure is
approximate and comes late, so it is always shown with the moment at which it was read. The worker
asks every 15 minutes, and again when LINE refuses a message because the month is used up.

The forecast is plain: what was used so far, over the days that have gone, for all days of the
month. LINE's months are those of Japan.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlmodel import Session, col

from storage import journal
from storage.bell import JOBS
from storage.dialects import insert_once
from storage.models.drafting import AccountQuota
from storage.models.people import Account
from storage.rows import Row, moment

READ_EVERY = timedelta(minutes=15)
FIRST_WAIT = timedelta(seconds=30)  # after no answer; doubled up to READ_EVERY
SOONEST = timedelta(minutes=1)  # however many messages are refused at once
LINES_ZONE = ZoneInfo("Asia/Tokyo")  # whose months LINE counts by
SHORTEST_MONTH_DAYS = 1.0  # so much has to have gone before a forecast is worth anything
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
    if _begin(db, account_id, tries=1, due_at=now + FIRST_WAIT):
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
    quota = db.get_one(AccountQuota, account_id, with_for_update=True)
    quota.kind = NO_LIMIT if told.most is None else LIMITED
    quota.most, quota.used, quota.read_at = told.most, told.used, now
    quota.tries, quota.due_at, quota.sent_since = 0, now + READ_EVERY, 0
    _go_on(quota, now)
    db.add(quota)
    tell(db, quota, now)


def _begin(db: Session, account_id: str, *, tries: int, due_at: datetime) -> bool:
    blank = {"account_id": account_id, "tries": tries, "due_at": due_at}
    zeros = {"sent_since": 0, "stop_count": 0}
    return insert_once(db, AccountQuota, {**blank, **zeros}, ["account_id"])


def _go_on(quota: AccountQuota, now: datetime) -> None:
    """LINE says that there are messages again: pushes go on, later each time that was not true."""
    is_empty = quota.most is not None and (quota.used or 0) >= quota.most
    if quota.stopped_at is None or is_empty:
        return
    wait = min(READ_EVERY, SOONEST * 2 ** min(quota.stop_count - 1, 8))
    go_on_at = quota.stopped_at + (wait if quota.stop_count > 1 else timedelta())
    if now >= go_on_at:
        quota.stopped_at = None
    else:
        quota.due_at = min(quota.due_at, go_on_at)


def tell(db: Session, quota: AccountQuota, now: datetime) -> None:
    """Tell the consoles how the month stands."""
    shown = quota_row(quota, db.get_one(Account, quota.account_id))
    entry = journal.Entry(quota.account_id, "account.quota", {"quota": shown}, journal.SYSTEM, now)
    journal.record(db, entry)


def find_or_begin(db: Session, account_id: str, now: datetime) -> AccountQuota:
    """The account's month, held until the unit ends; a blank one that is asked about at once."""
    _begin(db, account_id, tries=0, due_at=now)
    db.flush()  # what this unit has changed of it is not loaded over
    return db.get_one(AccountQuota, account_id, with_for_update=True, populate_existing=True)


def ask_soon(db: Session, account_id: str, now: datetime) -> None:
    """LINE has refused a message because the month is used up: what we know is old."""
    quota = db.get(AccountQuota, account_id, with_for_update=True)
    if quota is None:
        return
    soonest = now if quota.read_at is None else max(now, quota.read_at + SOONEST)
    quota.due_at = min(quota.due_at, soonest)
    db.add(quota)
    journal.ring_later(db, JOBS)


def is_above_reserve(db: Session, account_id: str) -> bool:
    """Whether messages to staff take nothing from what customers may need this month."""
    quota = db.get(AccountQuota, account_id)
    return quota is None or is_spare(quota, db.get_one(Account, account_id))


def is_spare(quota: AccountQuota, account: Account, going: int = 0) -> bool:
    """Whether what nobody of the staff wrote may still go, beside so many that are going."""
    if quota.most is None or quota.used is None:
        return True
    left = quota.most - quota.used - quota.sent_since - going
    return left > reserve_of(quota.most, account)


def reserve_of(most: int, account: Account) -> int:
    """How many of the month's messages are kept for what staff send."""
    return ceil(most * account.reserve_percent / 100)


def quota_rows(db: Session, account_ids: Sequence[str]) -> list[Row]:
    """What is known of these accounts, in their order; of one that was never asked, a blank."""
    query = select(Account, AccountQuota).outerjoin(
        AccountQuota, col(AccountQuota.account_id) == col(Account.id)
    )
    found = db.execute(query.where(col(Account.id).in_(account_ids)))
    known = {account.id: quota_row(quota or _unread(account), account) for account, quota in found}
    return [known[id_] for id_ in account_ids if id_ in known]


def quota_row(quota: AccountQuota, account: Account) -> Row:
    """As the API and the journal show it. left: never below zero; None: unknown, or no limit.

    forecast: how many will be used by the end of the month; ends_on: when none will be left.
    """
    left = reserve = None
    if quota.kind == LIMITED and quota.most is not None and quota.used is not None:
        left = max(0, quota.most - quota.used)
        reserve = reserve_of(quota.most, account)
    return {
        "id": quota.account_id,
        "account": quota.account_id,
        "kind": quota.kind,
        "most": quota.most,
        "used": quota.used,
        "left": left,
        "read_at": moment(quota.read_at),
        "reserve": reserve,
        "reserve_percent": account.reserve_percent,
        "stopped_at": moment(quota.stopped_at),
        "shows_loading": account.shows_loading,
        "marks_read": account.marks_read,
        **_forecast(quota),
    }


def _forecast(quota: AccountQuota) -> Row:
    """By the average of the days that have gone; nothing on the first one."""
    nothing = {"forecast": None, "ends_on": None}
    if quota.read_at is None or quota.used is None:
        return nothing
    at = quota.read_at.astimezone(LINES_ZONE)
    first = at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    gone = (at - first) / timedelta(days=1)
    if gone < SHORTEST_MONTH_DAYS:
        return nothing
    days = monthrange(at.year, at.month)[1]
    forecast = ceil(quota.used / gone * days)
    if quota.most is None or forecast <= quota.most or quota.used == 0:
        return {"forecast": forecast, "ends_on": None}
    ends = first + timedelta(days=min(quota.most / quota.used * gone, days - 1))
    return {"forecast": forecast, "ends_on": max(ends, at).date().isoformat()}


def _unread(account: Account) -> AccountQuota:
    return AccountQuota(account_id=account.id, due_at=account.created_at)
