"""What staff take back: resolved, put aside, and seen too soon."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from storage import desk, post, undoing
from storage.models.operators import Operator
from storage.models.talks import Conversation, Message
from storage.models.work import Timer
from storage.refusals import WrongStatus
from storage.talks import open_handoff
from storage.unit import Store
from tests import given

HOUR = timedelta(hours=1)


@pytest.fixture
def operator(store: Store, now: datetime) -> Operator:
    return store.write(lambda db: given.an_operator(db, now))


@pytest.fixture
def talk(store: Store, now: datetime) -> str:
    """A talk that waits since `now`."""
    return store.write(lambda db: given.a_waiting_talk(db, given.an_account(db, now), now).id)


def found(store: Store, talk: str) -> Conversation:
    return store.read(lambda db: db.get_one(Conversation, talk))


def last_activity(store: Store, talk: str) -> str:
    def read(db: Session) -> str:
        query = select(Message).where(Message.conversation_id == talk, Message.kind == "activity")
        lines = db.exec(query).all()
        return str(max(lines, key=lambda line: line.seq).content["activity"])

    return store.read(read)


def test_a_talk_that_was_resolved_too_soon_waits_again_as_long_as_before(
    store: Store, operator: Operator, talk: str, now: datetime
) -> None:
    with pytest.raises(WrongStatus):
        store.write(lambda db: undoing.reopen_by_hand(db, talk, operator, now))
    store.write(lambda db: desk.take(db, talk, operator, 1, now))
    store.write(lambda db: desk.resolve(db, talk, operator, now + HOUR))

    store.write(lambda db: undoing.reopen_by_hand(db, talk, operator, now + HOUR))

    row = found(store, talk)
    assert (row.status, row.assignee_id, row.waiting_since) == ("waiting", operator.id, now)
    assert row.resolved_at is None
    assert store.read(lambda db: open_handoff(db, row)) is not None
    assert last_activity(store, talk) == "reopened_by_hand"


def test_an_answered_talk_is_reopened_without_a_wait(
    store: Store, operator: Operator, talk: str, now: datetime
) -> None:
    store.write(lambda db: post.send(db, talk, operator, given.a_reply(), now))
    store.write(lambda db: desk.resolve(db, talk, operator, now))

    store.write(lambda db: undoing.reopen_by_hand(db, talk, operator, now))

    assert found(store, talk).waiting_since is None


def test_a_talk_that_was_put_aside_is_back_where_it_was(
    store: Store, operator: Operator, talk: str, now: datetime
) -> None:
    with pytest.raises(WrongStatus):
        store.write(lambda db: undoing.wake_by_hand(db, talk, operator, now))
    store.write(lambda db: desk.snooze(db, talk, operator, now + HOUR, now))

    store.write(lambda db: undoing.wake_by_hand(db, talk, operator, now))

    row = found(store, talk)
    assert (row.status, row.snoozed_until, row.waiting_since) == ("waiting", None, now)
    assert store.read(lambda db: db.exec(select(Timer).where(Timer.kind == "snooze")).all()) == []
    assert last_activity(store, talk) == "woken_by_hand"


def test_what_somebody_holds_is_theirs_again_after_the_snooze(
    store: Store, operator: Operator, talk: str, now: datetime
) -> None:
    store.write(lambda db: desk.take(db, talk, operator, 1, now))
    store.write(lambda db: desk.snooze(db, talk, operator, now + HOUR, now))

    store.write(lambda db: undoing.wake_by_hand(db, talk, operator, now))

    row = found(store, talk)
    assert (row.status, row.assignee_id, row.snoozed_until) == ("active", operator.id, None)


def test_unseen_is_a_mark_of_the_staff_that_seeing_takes_away(
    store: Store, operator: Operator, talk: str, now: datetime
) -> None:
    store.write(lambda db: desk.mark_seen(db, talk, operator, 99, now))
    version = found(store, talk).version

    for _ in range(2):
        store.write(lambda db: undoing.mark_unseen(db, talk, operator, now))

    assert (found(store, talk).unseen_count, found(store, talk).version) == (1, version + 1)
    store.write(lambda db: desk.mark_seen(db, talk, operator, 99, now))
    assert found(store, talk).unseen_count == 0
