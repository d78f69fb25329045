"""The LINE official accounts that we serve, with their sealed credentials."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage.models.people import Account
from storage.models.work import JournalHead
from storage.refusals import AlreadyThere
from storage.seal import seal, unseal


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What makes an account: the channel's secret and token in clear, about to be sealed."""

    id: str
    name: str
    provider: str
    secret: str
    token: str
    mode: str = "economy"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What proves LINE to us (secret) and us to LINE (token), in clear. Never logged."""

    secret: str
    token: str

    def __repr__(self) -> str:
        return "Credentials(…)"


def add_account(db: Session, key: bytes, new: NewAccount, now: datetime) -> Account:
    """Serve one more account. Raises AlreadyThere."""
    if db.get(Account, new.id) is not None:
        raise AlreadyThere(f"the account {new.id!r} exists already")
    account = Account(
        id=new.id,
        name=new.name,
        provider=new.provider,
        secret_sealed=seal(key, new.secret, f"account:{new.id}:secret"),
        token_sealed=seal(key, new.token, f"account:{new.id}:token"),
        mode=new.mode,
        created_at=now,
    )
    db.add(account)
    db.flush()
    db.add(JournalHead(account_id=new.id))
    return account


def list_accounts(db: Session) -> Sequence[Account]:
    """Every account, by id."""
    return db.exec(select(Account).order_by(col(Account.id))).all()


def credentials(key: bytes, account: Account) -> Credentials:
    """Open the account's sealed secrets."""
    return Credentials(
        secret=unseal(key, account.secret_sealed, f"account:{account.id}:secret"),
        token=unseal(key, account.token_sealed, f"account:{account.id}:token"),
    )
