"""What LINE says of an account that the console needs to know: its address, and its quota."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from storage.models.notices import AccountFacts, FriendCode, OperatorFriend
from storage.models.people import Account

FRESH = timedelta(minutes=10)
RESERVE = 0.1  # of the month's messages is kept for customers


@dataclass(frozen=True, slots=True)
class Said:
    """LINE's answers. quota None: the plan has no limit."""

    basic_id: str | None
    quota: int | None
    used: int


def find_facts(db: Session, account_id: str) -> AccountFacts | None:
    """As LINE last said it; None before it was asked."""
    return db.get(AccountFacts, account_id)


def is_fresh(facts: AccountFacts | None, now: datetime) -> bool:
    """Whether it need not be asked again."""
    return facts is not None and now - facts.read_at < FRESH


def keep_facts(db: Session, account_id: str, said: Said, now: datetime) -> None:
    """Write down what LINE said."""
    row = db.get(AccountFacts, account_id) or AccountFacts(account_id=account_id, read_at=now)
    row.basic_id = said.basic_id or row.basic_id
    row.quota, row.used, row.read_at = said.quota, said.used, now
    db.add(row)


def is_above_reserve(facts: AccountFacts | None) -> bool:
    """Whether messages to staff take nothing from what customers may need this month."""
    if facts is None or facts.quota is None:
        return True
    return facts.quota - facts.used > facts.quota * RESERVE


def list_wanted(db: Session, now: datetime) -> list[str]:
    """The accounts that LINE is to be asked about: unknown ones, and those that staff use."""
    known = {row.account_id: row for row in db.scalars(select(AccountFacts))}
    used = {*db.scalars(select(col(OperatorFriend.account_id)))}
    used |= {*db.scalars(select(col(FriendCode.account_id)))}
    active = db.scalars(
        select(col(Account.id)).where(col(Account.is_active)).order_by(col(Account.id))
    )
    return [
        account
        for account in active
        if account not in known or (account in used and not is_fresh(known[account], now))
    ]
