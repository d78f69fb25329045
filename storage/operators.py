"""The people at the console: who they are, what they may see, and their signed-in browsers.

Passwords arrive here hashed; sessions are kept as the SHA-256 of their token.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session, col

from storage.models.operators import (
    Operator,
    OperatorAccount,
    OperatorSession,
    QueueMember,
)
from storage.models.people import Account
from storage.objects import find
from storage.prepared import Prepared
from storage.refusals import AlreadyThere, LastManager, NotFound
from storage.roles import ROLES

LEADERS = frozenset({"supervisor", "manager"})


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session lasts: unused, and in all."""

    idle: timedelta = timedelta(hours=12)
    absolute: timedelta = timedelta(days=7)

    def is_over(self, session: OperatorSession, now: datetime) -> bool:
        """Whether it was left alone for too long, or is too old."""
        return now - session.used_at > self.idle or now - session.created_at > self.absolute


AT_FIRST = Lasting()


@dataclass(frozen=True, slots=True)
class NewOperator:
    """A person to be let in. No accounts: every account; no queues: every queue."""

    email: str
    name: str
    role: str
    password_hash: str
    accounts: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different about an operator; None leaves it as it is."""

    role: str | None = None
    is_disabled: bool | None = None
    password_hash: str | None = None
    accounts: tuple[str, ...] | None = None
    queues: tuple[str, ...] | None = None
    language: str | None = None
    name: str | None = None


def add_operator(db: Session, new: NewOperator, now: datetime) -> Operator:
    """Let a person in. Raises AlreadyThere."""
    if find_by_email(db, new.email) is not None:
        raise AlreadyThere(f"there is an operator {new.email} already")
    operator = Operator(
        email=new.email.casefold(),
        name=new.name,
        role=new.role,
        password_hash=new.password_hash,
        created_at=now,
    )
    db.add(operator)
    db.flush()
    _set_places(db, operator.id, new.accounts, new.queues)
    return operator


def change_operator(db: Session, operator: Operator, change: Change) -> None:
    """Change a person's role, places, password or standing.

    A new password, a lesser role or a lock-out ends every session of theirs. Raises LastManager.
    """
    is_lesser = change.role is not None and _rank(change.role) < _rank(operator.role)
    if operator.role == "manager" and (is_lesser or change.is_disabled):
        _check_other_manager(db, operator)
    operator.role = change.role or operator.role
    operator.name = change.name or operator.name
    operator.language = change.language or operator.language
    if change.is_disabled is not None:
        operator.is_disabled = change.is_disabled
    if change.password_hash is not None:
        operator.password_hash = change.password_hash
    if change.password_hash is not None or change.is_disabled or is_lesser:
        end_sessions(db, operator.id)
    if replace(change, password_hash=None, language=None) != Change():
        operator.version += 1  # of what managers see; their own password is not among it
    db.add(operator)
    _set_places(db, operator.id, change.accounts, change.queues)


def list_operators(db: Session) -> Sequence[Operator]:
    """Everybody, by name."""
    return db.scalars(select(Operator).order_by(col(Operator.name), col(Operator.id))).all()


def is_joined(operator: Operator) -> bool:
    """Whether they have chosen a password; before, there is only an invitation."""
    return operator.password_hash != ""


def find_by_email(db: Session, email: str) -> Operator | None:
    """The operator of an e-mail address, in any case."""
    return db.scalars(select(Operator).where(col(Operator.email) == email.casefold())).first()


def get_operator(db: Session, operator_id: str) -> Operator:
    """Raises NotFound."""
    operator = db.get(Operator, operator_id)
    if operator is None:
        raise NotFound(f"there is no operator {operator_id!r}")
    return operator


def accounts_of(db: Session, operator_id: str) -> frozenset[str] | None:
    """The accounts that an operator may see; None: every account."""
    db.flush()
    return frozenset(one for (one,) in _ACCOUNTS.all(db, {"of_operator": operator_id})) or None


def queues_of(db: Session, operator_id: str) -> frozenset[str] | None:
    """The queues that an operator serves; None: every queue."""
    db.flush()
    return frozenset(one for (one,) in _QUEUES.all(db, {"of_operator": operator_id})) or None


def begin_session(db: Session, operator: Operator, session: OperatorSession) -> None:
    """Let a browser in; the caller made the token and gives only its hash."""
    session.operator_id = operator.id
    get_operator(db, operator.id).seen_at = session.created_at
    db.add(session)


def find_session(
    db: Session, token: str, now: datetime, lasts: Lasting = AT_FIRST
) -> tuple[OperatorSession, Operator] | None:
    """Who is behind a token; None when it is unknown, too old, or its owner is locked out."""
    session = find(db, OperatorSession, hash_token(token))
    if session is None or lasts.is_over(session, now):
        return None
    operator = find(db, Operator, session.operator_id)
    if operator is None or operator.is_disabled:
        return None
    return session, operator


def touch_session(db: Session, token: str, now: datetime) -> None:
    """The browser is still in use."""
    session = db.get(OperatorSession, hash_token(token))
    if session is not None:
        session.used_at = now
        get_operator(db, session.operator_id).seen_at = now


def prove_session(db: Session, token: str, now: datetime) -> None:
    """Whoever sits at this browser has just said the password again."""
    session = db.get(OperatorSession, hash_token(token))
    if session is not None:
        session.proved_at = now


def list_sessions(
    db: Session, operator_id: str, now: datetime, lasts: Lasting = AT_FIRST
) -> Sequence[OperatorSession]:
    """The browsers in which somebody is signed in, the last used first."""
    query = (
        select(OperatorSession)
        .where(
            col(OperatorSession.operator_id) == operator_id,
            col(OperatorSession.used_at) >= now - lasts.idle,
            col(OperatorSession.created_at) >= now - lasts.absolute,
        )
        .order_by(col(OperatorSession.used_at).desc(), col(OperatorSession.token_sha256))
    )
    return db.scalars(query).all()


def end_session(db: Session, token: str) -> None:
    """Sign one browser out."""
    db.execute(
        delete(OperatorSession).where(col(OperatorSession.token_sha256) == hash_token(token))
    )


def end_sessions(db: Session, operator_id: str, but: str | None = None) -> None:
    """Sign an operator out everywhere. but: the token of the one browser that stays."""
    theirs = delete(OperatorSession).where(col(OperatorSession.operator_id) == operator_id)
    if but is not None:
        theirs = theirs.where(col(OperatorSession.token_sha256) != hash_token(but))
    db.execute(theirs)


def hash_token(token: str) -> str:
    """What is kept of a session's token."""
    return sha256(token.encode()).hexdigest()


def remove_invited(db: Session, operator: Operator) -> None:
    """Take back an invitation that nobody has used. Raises AlreadyThere for who has joined."""
    if is_joined(operator):
        raise AlreadyThere("they have joined already; disable them instead")
    _set_places(db, operator.id, (), ())
    db.delete(operator)
    db.flush()


def _rank(role: str) -> int:
    return ROLES.index(role)


def _check_other_manager(db: Session, operator: Operator) -> None:
    """Somebody must stay who can let people in. The lock makes two who demote each other wait."""
    managers = select(Operator).where(col(Operator.role) == "manager").order_by(col(Operator.id))
    others = db.scalars(managers.with_for_update().execution_options(populate_existing=True)).all()
    if not any(o.id != operator.id and not o.is_disabled and is_joined(o) for o in others):
        raise LastManager


def _set_places(
    db: Session,
    operator_id: str,
    accounts: tuple[str, ...] | None,
    queues: tuple[str, ...] | None,
) -> None:
    if accounts is not None:
        for account_id in accounts:
            if db.get(Account, account_id) is None:
                raise NotFound(f"there is no account {account_id!r}; see `madoguchi account list`")
        db.execute(delete(OperatorAccount).where(col(OperatorAccount.operator_id) == operator_id))
        db.add_all(OperatorAccount(operator_id=operator_id, account_id=a) for a in accounts)
    if queues is not None:
        db.execute(delete(QueueMember).where(col(QueueMember.operator_id) == operator_id))
        db.add_all(QueueMember(operator_id=operator_id, queue=q) for q in queues)
    db.flush()


_ACCOUNTS = Prepared(
    select(col(OperatorAccount.account_id)).where(
        col(OperatorAccount.operator_id) == bindparam("of_operator")
    )
)
_QUEUES = Prepared(
    select(col(QueueMember.queue)).where(col(QueueMember.operator_id) == bindparam("of_operator"))
)
