"""What LINE says of an account that seldom changes: the address by which friends find it."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlmodel import Session, col

from storage.models.notices import AccountFacts
from storage.models.people import Account

FRESH = timedelta(days=1)


def find_basic_id(db: Session, account_id: str) -> str | None:
    """As LINE last said it; None before it was asked."""
    facts = db.get(AccountFacts, account_id)
    return facts.basic_id if facts is not None else None


def keep_basic_id(db: Session, account_id: str, basic_id: str | None, now: datetime) -> None:
    """Write down what LINE said."""
    row = db.get(AccountFacts, account_id) or AccountFacts(account_id=account_id, read_at=now)
    row.basic_id, row.read_at = basic_id or row.basic_id, now
    db.add(row)


def list_wanted(db: Session, now: datetime) -> list[str]:
    """The accounts that LINE is to be asked about."""
    query = (
        select(col(Account.id))
        .outerjoin(AccountFacts, col(AccountFacts.account_id) == col(Account.id))
        .where(
            col(Account.is_active),
            or_(col(AccountFacts.account_id).is_(None), col(AccountFacts.read_at) <= now - FRESH),
        )
        .order_by(col(Account.id))
    )
    return list(db.scalars(query))
