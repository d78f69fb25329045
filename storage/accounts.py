"""The LINE official accounts that we serve, with their sealed credentials."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session, col, select

from storage.models.people import Account
from storage.models.work import JournalHead
from storage.refusals import AlreadyThere, NotFound
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
    next_secret: str | None = None  # taken beside the first while it is changed

    @property
    def secrets(self) -> tuple[str, ...]:
        """All by which LINE may sign now."""
        return (self.secret, self.next_secret) if self.next_secret is not None else (self.secret,)

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
        secret_sealed=seal(key, new.secret, place_of(new.id, "secret")),
        token_sealed=seal(key, new.token, place_of(new.id, "token")),
        mode=new.mode,
        created_at=now,
    )
    db.add(account)
    db.flush()
    db.add(JournalHead(account_id=new.id))
    return account


def place_of(account_id: str, what: Literal["secret", "token"]) -> str:
    """Where one of an account's secrets lies, for its seal."""
    return f"account:{account_id}:{what}"


def list_accounts(db: Session) -> Sequence[Account]:
    """Every account, by id."""
    return db.exec(select(Account).order_by(col(Account.id))).all()


def credentials(key: bytes, account: Account) -> Credentials:
    """Open the account's sealed secrets."""
    return Credentials(
        secret=unseal(key, account.secret_sealed, place_of(account.id, "secret")),
        token=unseal(key, account.token_sealed, place_of(account.id, "token")),
        next_secret=None
        if account.next_secret_sealed is None
        else unseal(key, account.next_secret_sealed, place_of(account.id, "secret")),
    )


def get_account(db: Session, account_id: str) -> Account:
    """An account by its id, held until the unit ends. Raises NotFound."""
    account = db.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound(f"there is no account {account_id!r}; see `madoguchi account list`")
    return account


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be otherwise with an account; None: as it is. token: in clear, about to be
    sealed."""

    mode: str | None = None
    token: str | None = None
    reserve_percent: int | None = None
    shows_loading: bool | None = None
    marks_read: bool | None = None


def change_account(db: Session, key: bytes, account_id: str, change: Change) -> list[str]:
    """Set what is given; the names of what is otherwise now. Raises NotFound."""
    account, changed = get_account(db, account_id), []
    for name in ("mode", "reserve_percent", "shows_loading", "marks_read"):
        value = getattr(change, name)
        if value is not None and value != getattr(account, name):
            setattr(account, name, value)
            changed.append(name)
    if change.token is not None:
        account.token_sealed = seal(key, change.token, place_of(account.id, "token"))
        changed.append("token")
    account.version += 1
    db.add(account)
    return changed


def add_secret(db: Session, key: bytes, account_id: str, secret: str) -> None:
    """Take what is signed by another secret too, from now on. Raises NotFound, AlreadyThere."""
    account = get_account(db, account_id)
    if account.next_secret_sealed is not None:
        raise AlreadyThere("a second secret is there already; retire the first one before")
    account.next_secret_sealed = seal(key, secret, place_of(account.id, "secret"))
    db.add(account)


def retire_secret(db: Session, account_id: str) -> None:
    """Only the newer secret counts from now on. Raises NotFound."""
    account = get_account(db, account_id)
    if account.next_secret_sealed is None:
        raise NotFound("there is no second secret that could take the place of the first")
    account.secret_sealed, account.next_secret_sealed = account.next_secret_sealed, None
    db.add(account)
