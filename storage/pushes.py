"""Pushes to browsers (RFC 8030): where they go, and which are still to be sent.

An address belongs to the session in which it was given. Whether that session still stands is asked
when a push is claimed, so that nobody is told anything after they were signed out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from sqlalchemy import delete, select
from sqlmodel import Session, col

from storage.models.notices import PushAddress, WebPush
from storage.models.operators import Operator, OperatorSession
from storage.operators import AT_FIRST, Lasting
from storage.seal import seal, unseal

LIFE = timedelta(minutes=10)  # what is older is no news
LEASE = timedelta(seconds=60)
MOST_OF_ONE = 10  # browsers of one person


@dataclass(frozen=True, slots=True)
class Given:
    """What a browser gives: its push service's address for it, and its keys."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Push:
    """Everything that one push needs; no row of the database."""

    id: str
    operator_id: str
    language: str
    to: Given
    occasion: str
    account_id: str | None
    conversation_id: str | None
    entry_id: int | None
    count: int
    tries: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class News:
    """What a push is about."""

    occasion: str
    account_id: str | None = None
    conversation_id: str | None = None
    entry_id: int | None = None
    count: int = 1


def place_of(address_id: str) -> str:
    """Where a browser's secret lies, for its seal."""
    return f"push_address:{address_id}"


def subscribe(
    db: Session, key: bytes, operator_id: str, token_sha256: str, given: Given, *, now: datetime
) -> None:
    """This browser takes pushes, for as long as its session stands."""
    id_ = address_id(given.endpoint)
    db.execute(delete(WebPush).where(col(WebPush.address_id) == id_))
    db.execute(delete(PushAddress).where(col(PushAddress.id) == id_))
    db.add(
        PushAddress(
            id=id_,
            operator_id=operator_id,
            token_sha256=token_sha256,
            endpoint=given.endpoint,
            p256dh=given.p256dh,
            auth_sealed=seal(key, given.auth, place_of(id_)),
            created_at=now,
        )
    )
    db.flush()
    _drop_oldest(db, operator_id)


def unsubscribe(db: Session, token_sha256: str) -> None:
    """This browser takes pushes no more."""
    query = select(col(PushAddress.id)).where(col(PushAddress.token_sha256) == token_sha256)
    _drop(db, db.scalars(query).all())


def find_address(db: Session, token_sha256: str) -> PushAddress | None:
    """Where this browser takes pushes; None when it takes none."""
    query = select(PushAddress).where(col(PushAddress.token_sha256) == token_sha256)
    return db.scalars(query.order_by(col(PushAddress.created_at).desc()).limit(1)).first()


def enqueue(
    db: Session, operator_id: str, news: News, now: datetime, token_sha256: str | None = None
) -> int:
    """A push for each browser of somebody, or only that of one session; how many there are."""
    query = select(col(PushAddress.id)).where(col(PushAddress.operator_id) == operator_id)
    if token_sha256 is not None:
        query = query.where(col(PushAddress.token_sha256) == token_sha256)
    ids = db.scalars(query).all()
    for id_ in ids:
        db.add(
            WebPush(
                address_id=id_,
                occasion=news.occasion,
                account_id=news.account_id,
                conversation_id=news.conversation_id,
                entry_id=news.entry_id,
                count=news.count,
                due_at=now,
                created_at=now,
            )
        )
    return len(ids)


def claim(db: Session, key: bytes, now: datetime, limit: int = 50) -> list[Push]:
    """What is due, to sessions that stand; the try is committed before it is made."""
    prune(db, now)
    due = db.execute(
        select(WebPush, PushAddress, Operator)
        .join(PushAddress, col(PushAddress.id) == col(WebPush.address_id))
        .join(Operator, col(Operator.id) == col(PushAddress.operator_id))
        .where(col(WebPush.due_at) <= now)
        .order_by(col(WebPush.due_at), col(WebPush.id))
        .limit(limit)
        .with_for_update(skip_locked=True, of=WebPush)
    ).all()
    claimed = []
    for push, address, operator in due:
        push.tries, push.due_at = push.tries + 1, now + LEASE
        db.add(push)
        claimed.append(_read(key, push, address, operator))
    return claimed


Fate = Literal["sent", "gone", "later", "refused"]


def record(db: Session, push: Push, fate: Fate, now: datetime) -> None:
    """How a try ended. A browser that its push service knows no more is forgotten."""
    id_ = address_id(push.to.endpoint)
    if fate == "gone":
        _drop(db, [id_])
        return
    address, row = db.get(PushAddress, id_), db.get(WebPush, push.id)
    if address is not None:
        address.fate, address.fate_at = fate, now
        db.add(address)
    if row is None:
        return
    if fate == "later":  # again soon, for as long as it is news
        row.due_at = now + timedelta(seconds=min(120, 2**row.tries))
        db.add(row)
    else:
        db.delete(row)


def prune(db: Session, now: datetime, lasts: Lasting = AT_FIRST) -> None:
    """Forget what is no news any more, and browsers whose session has ended."""
    standing = (
        select(col(OperatorSession.token_sha256))
        .join(Operator, col(Operator.id) == col(OperatorSession.operator_id))
        .where(
            col(Operator.is_disabled).is_(False),
            col(OperatorSession.used_at) >= now - lasts.idle,
            col(OperatorSession.created_at) >= now - lasts.absolute,
        )
    )
    ended = select(col(PushAddress.id)).where(col(PushAddress.token_sha256).not_in(standing))
    _drop(db, db.scalars(ended).all())
    db.execute(delete(WebPush).where(col(WebPush.created_at) < now - LIFE))


def address_id(endpoint: str) -> str:
    """What an address is known by."""
    return sha256(endpoint.encode()).hexdigest()


def has_work(db: Session, now: datetime) -> bool:
    """Whether there is anything to claim."""
    query = select(col(WebPush.id)).where(col(WebPush.due_at) <= now)
    return db.scalars(query.limit(1)).first() is not None


def _read(key: bytes, push: WebPush, address: PushAddress, operator: Operator) -> Push:
    auth = unseal(key, address.auth_sealed, place_of(address.id))
    return Push(
        id=push.id,
        operator_id=operator.id,
        language=operator.language,
        to=Given(address.endpoint, address.p256dh, auth),
        occasion=push.occasion,
        account_id=push.account_id,
        conversation_id=push.conversation_id,
        entry_id=push.entry_id,
        count=push.count,
        tries=push.tries,
        created_at=push.created_at,
    )


def _drop_oldest(db: Session, operator_id: str) -> None:
    theirs = select(col(PushAddress.id)).where(col(PushAddress.operator_id) == operator_id)
    newest_first = theirs.order_by(col(PushAddress.created_at).desc())
    _drop(db, db.scalars(newest_first.offset(MOST_OF_ONE)).all())


def _drop(db: Session, ids: Sequence[str]) -> None:
    if not ids:
        return
    db.execute(delete(WebPush).where(col(WebPush.address_id).in_(ids)))
    db.execute(delete(PushAddress).where(col(PushAddress.id).in_(ids)))
