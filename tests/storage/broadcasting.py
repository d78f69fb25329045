"""Builders and steps for the tests of broadcasts."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from storage import broadcast_calls, broadcast_freezing, broadcast_life, broadcast_recording
from storage.broadcast_outcomes import Call, Outcome
from storage.broadcasts import Written, create_draft
from storage.customers import find_or_create_friend
from storage.models.broadcasts import Broadcast, BroadcastChunk
from storage.models.operators import Operator
from storage.models.people import Account, Customer, Friend
from storage.unit import Store
from tests import given

HELLO: list[dict[str, Any]] = [{"type": "text", "text": "新しいメニューができました"}]


def a_house(store: Store, now: datetime, friends: int) -> str:
    """An account with so many friends, and a manager; the manager's id."""

    def work(db: Session) -> str:
        account = given.an_account(db, now)
        add_friends(db, account, friends, now)
        return given.an_operator(db, now, role="manager").id

    return store.write(work)


def user(number: int) -> str:
    """A friend's id at LINE."""
    return f"U{number:032x}"


def add_friends(db: Session, account: Account, count: int, now: datetime) -> None:
    """Written in bulk: the verbs would take a second for a thousand."""
    if count < 20:
        for number in range(count):
            find_or_create_friend(db, account, user(number), now)
        return
    customers = [Customer(created_at=now, updated_at=now) for _ in range(count)]
    db.add_all(customers)
    db.flush()
    tie = {"account_id": account.id, "followed_at": now}
    db.add_all(
        Friend(**tie, customer_id=one.id, line_user_id=user(number))
        for number, one in enumerate(customers)
    )
    db.flush()


def a_draft(store: Store, by: str, now: datetime, account: str = "main") -> Broadcast:
    """A message that nobody gets yet."""
    written = Written("新メニューのお知らせ", HELLO)
    return store.write(lambda db: create_draft(db, account, written, db.get_one(Operator, by), now))


def begun(store: Store, by: str, now: datetime) -> Broadcast:
    """One that is sent now, its recipients frozen."""
    draft = a_draft(store, by, now)
    sending = store.write(
        lambda db: broadcast_life.schedule(
            db, draft.id, draft.version, None, db.get_one(Operator, by), now
        )
    )
    freeze(store, now)
    return found(store, sending.id)


def freeze(store: Store, now: datetime) -> int:
    """Write down all recipients; in how many units."""
    units = 0
    while store.write(lambda db: broadcast_freezing.freeze_next(db, now)):
        units += 1
    return units


def claimed(store: Store, now: datetime, limit: int = 100) -> list[Call]:
    """The calls of all broadcasts, as a worker takes them; at most so many of each."""
    ready = store.read(lambda db: broadcast_calls.look(db, now)).ready
    claims = [
        store.write(lambda db, one=one: broadcast_calls.claim(db, one, now, limit)) for one in ready
    ]
    return [call for calls in claims for call in calls]


def recorded(store: Store, call: Call, outcome: Outcome, now: datetime) -> str:
    return store.write(lambda db: broadcast_recording.record(db, call, outcome, now))


def found(store: Store, broadcast_id: str) -> Broadcast:
    return store.read(lambda db: db.get_one(Broadcast, broadcast_id))


def chunks_of(store: Store, broadcast_id: str) -> Sequence[BroadcastChunk]:
    query = (
        select(BroadcastChunk)
        .where(BroadcastChunk.broadcast_id == broadcast_id)
        .order_by(BroadcastChunk.number)
    )
    return store.read(lambda db: db.exec(query).all())


def counts(broadcast: Broadcast) -> tuple[int, int, int, int, int]:
    """recipients, sent, unknown, failed, cancelled."""
    ended = (broadcast.sent, broadcast.unknown, broadcast.failed, broadcast.cancelled)
    return (broadcast.recipients, *ended)


def decided(
    store: Store, by: str, verb: Callable[..., Broadcast], broadcast: Broadcast, *args: Any
) -> Broadcast:
    """What a manager decides about a broadcast as it is now."""

    def work(db: Session) -> Broadcast:
        manager = db.get_one(Operator, by)
        version = db.get_one(Broadcast, broadcast.id).version
        before, now = args[:-1], args[-1]
        return verb(db, broadcast.id, version, *before, manager, now)

    return store.write(work)
