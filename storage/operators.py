"""The people at the console: who they are, what they may see, and their signed-in browsers.

Passwords arrive here hashed; sessions are kept as the SHA-256 of their token.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from storage.models.operators import (
    Operator,
    OperatorAccount,
    OperatorSession,
    QueueMember,
    SignInFailure,
)
from storage.models.people import Account
from storage.refusals import AlreadyThere, NotFound, TooManySignIns

ROLES = ("viewer", "operator", "supervisor", "manager")
IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
FREE_FAILURES = 5
FAILURES_PER_ADDRESS = 50
WINDOW = timedelta(minutes=15)
LONGEST_WAIT_S = 900


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

    A new password or a lock-out ends every session of theirs.
    """
    operator.role = change.role or operator.role
    operator.language = change.language or operator.language
    if change.is_disabled is not None:
        operator.is_disabled = change.is_disabled
    if change.password_hash is not None:
        operator.password_hash = change.password_hash
    if change.password_hash is not None or change.is_disabled:
        end_sessions(db, operator.id)
    operator.version += 1
    db.add(operator)
    _set_places(db, operator.id, change.accounts, change.queues)


def list_operators(db: Session) -> Sequence[Operator]:
    """Everybody, by name."""
    return db.scalars(select(Operator).order_by(col(Operator.name), col(Operator.id))).all()


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
    query = select(col(OperatorAccount.account_id)).where(
        col(OperatorAccount.operator_id) == operator_id
    )
    return frozenset(db.scalars(query)) or None


def queues_of(db: Session, operator_id: str) -> frozenset[str] | None:
    """The queues that an operator serves; None: every queue."""
    query = select(col(QueueMember.queue)).where(col(QueueMember.operator_id) == operator_id)
    return frozenset(db.scalars(query)) or None


def begin_session(db: Session, operator: Operator, session: OperatorSession) -> None:
    """Let a browser in; the caller made the token and gives only its hash."""
    session.operator_id = operator.id
    db.add(session)


def find_session(db: Session, token: str, now: datetime) -> tuple[OperatorSession, Operator] | None:
    """Who is behind a token; None when it is unknown, too old, or its owner is locked out."""
    session = db.get(OperatorSession, hash_token(token))
    if session is None or now - session.used_at > IDLE or now - session.created_at > ABSOLUTE:
        return None
    operator = db.get(Operator, session.operator_id)
    if operator is None or operator.is_disabled:
        return None
    return session, operator


def touch_session(db: Session, token: str, now: datetime) -> None:
    """The browser is still in use."""
    session = db.get(OperatorSession, hash_token(token))
    if session is not None:
        session.used_at = now
        db.add(session)


def end_session(db: Session, token: str) -> None:
    """Sign one browser out."""
    db.execute(
        delete(OperatorSession).where(col(OperatorSession.token_sha256) == hash_token(token))
    )


def end_sessions(db: Session, operator_id: str) -> None:
    """Sign an operator out everywhere."""
    db.execute(delete(OperatorSession).where(col(OperatorSession.operator_id) == operator_id))


def hash_token(token: str) -> str:
    """What is kept of a session's token."""
    return sha256(token.encode()).hexdigest()


def check_sign_in(db: Session, email: str, address: str, now: datetime) -> None:
    """Raises TooManySignIns with `wait_s` while a further try must wait.

    Five failures of one e-mail from one address are free; then the wait doubles with each. Fifty
    failures from one address within 15 minutes close it for the rest of them.
    """
    since = now - WINDOW
    failures = select(func.count(), func.max(col(SignInFailure.at))).where(
        col(SignInFailure.address) == address, col(SignInFailure.at) > since
    )
    everywhere, _ = db.execute(failures).one()
    here, last = db.execute(failures.where(col(SignInFailure.email) == email.casefold())).one()
    if everywhere >= FAILURES_PER_ADDRESS:
        raise TooManySignIns(wait_s=int(WINDOW.total_seconds()))
    if here >= FREE_FAILURES and last is not None:
        wait_s = min(LONGEST_WAIT_S, 30 * 2 ** (here - FREE_FAILURES))
        left_s = wait_s - (now - last).total_seconds()
        if left_s > 0:
            raise TooManySignIns(wait_s=int(left_s) + 1)


def note_failure(db: Session, email: str, address: str, now: datetime) -> None:
    """Count a failed sign-in, and forget those that no longer count."""
    db.execute(delete(SignInFailure).where(col(SignInFailure.at) <= now - WINDOW))
    db.add(SignInFailure(email=email.casefold(), address=address, at=now))


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
