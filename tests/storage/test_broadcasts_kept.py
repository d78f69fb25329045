"""What stays true of broadcasts later: after a restore, after months, in figures."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from storage import broadcast_chunks, broadcast_freezing, broadcast_life, pruning
from storage.broadcast_figures import count_open, count_people, count_troubled
from storage.broadcast_outcomes import Halted
from storage.broadcast_recording import recover
from storage.broadcast_restored import distrust_broadcasts
from storage.models.broadcasts import Broadcast
from storage.models.operators import Operator
from storage.models.people import Friend
from storage.outcomes import KEY_LIFE, NoAnswer, NotBegun, Sent
from storage.pruning import BROADCASTS_KEPT, prune_broadcasts
from storage.refusals import NotFound
from storage.unit import Store
from tests.storage.broadcasting import (
    HELLO,
    a_draft,
    a_house,
    begun,
    chunks_of,
    claimed,
    counts,
    decided,
    found,
    freeze,
    recorded,
)

HOUR = timedelta(hours=1)


def restored(store: Store, now: datetime) -> int:
    return store.write(lambda db: distrust_broadcasts(db, now))


def test_after_a_restore_a_call_goes_again_with_its_own_key_while_line_knows_it(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 1200)
    broadcast = begun(store, manager, now)
    first, *others = claimed(store, now, limit=2)
    recorded(store, first, Sent(), now)

    assert restored(store, now + HOUR) == 0
    again = claimed(store, now + HOUR)
    keys = {chunk.retry_key for chunk in chunks_of(store, broadcast.id)} - {first.retry_key}
    assert {call.retry_key for call in again} == keys
    assert others[0].retry_key in keys
    for call in again:
        recorded(store, call, Sent(), now + HOUR)
    assert counts(found(store, broadcast.id)) == (1200, 1200, 0, 0, 0)


def test_after_a_restore_a_call_that_comes_too_late_is_no_younger_for_it(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 3)
    broadcast = begun(store, manager, now)
    assert restored(store, now + HOUR) == 0
    (call,) = claimed(store, now + HOUR)
    assert recorded(store, call, NotBegun(), now + HOUR) == "pending"

    (chunk,) = chunks_of(store, broadcast.id)
    assert (chunk.is_unsure, chunk.first_tried_at) == (True, now)
    (again,) = claimed(store, now + 2 * HOUR)
    assert again.retry_key == call.retry_key
    recorded(store, again, NotBegun(), now + 2 * HOUR)
    assert claimed(store, now + KEY_LIFE) == [], "LINE has forgotten the key"
    store.write(lambda db: recover(db, now + KEY_LIFE))
    assert counts(found(store, broadcast.id)) == (3, 0, 3, 0, 0)


@pytest.mark.parametrize("decision", [None, broadcast_life.pause, broadcast_life.cancel])
def test_after_a_restore_what_is_older_than_its_key_is_unknown(
    store: Store, now: datetime, decision: object
) -> None:
    manager = a_house(store, now, 1200)
    broadcast = begun(store, manager, now)
    first, _second = claimed(store, now, limit=2)
    recorded(store, first, Sent(), now)
    if callable(decision):
        decided(store, manager, decision, broadcast, now)

    count = restored(store, now + 13 * HOUR)
    after = found(store, broadcast.id)
    if decision is broadcast_life.cancel:  # nobody of whom it said so is sent to
        assert (count, counts(after)) == (1, (1200, 500, 500, 0, 200))
        assert after.status == "cancelled"
    else:
        assert (count, counts(after)) == (2, (1200, 500, 700, 0, 0))
        assert after.status == "done"
    assert claimed(store, now + 48 * HOUR) == []


def test_after_a_restore_whoever_may_have_been_sent_to_meanwhile_waits_for_a_person(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast_freezing, "PAGE", 40)
    monkeypatch.setattr(broadcast_freezing, "MOST_RECIPIENTS", 20)
    manager = a_house(store, now, 100)
    past, later, half = (a_draft(store, manager, now) for _ in range(3))
    decided(store, manager, broadcast_life.schedule, past, now + HOUR, now)
    decided(store, manager, broadcast_life.schedule, later, now + 9 * HOUR, now)
    decided(store, manager, broadcast_life.schedule, half, None, now)
    store.write(lambda db: broadcast_freezing.freeze_next(db, now))

    restored(store, now + 2 * HOUR)
    after = [found(store, one.id) for one in (past, later, half)]
    assert [(one.status, one.why_stopped) for one in after] == [
        ("stopped", "restored"),
        ("scheduled", None),
        ("stopped", "restored"),
    ]
    assert freeze(store, now + 2 * HOUR) == 0

    resumed = decided(store, manager, broadcast_life.resume, past, now + 2 * HOUR)
    assert (resumed.status, resumed.began_at) == ("sending", now + 2 * HOUR)
    assert freeze(store, now + 2 * HOUR) == 3
    assert found(store, past.id).recipients == 100


def test_the_same_words_to_the_same_people_in_another_copy_have_the_same_key_and_no_others(
    store: Store, now: datetime
) -> None:
    """A restore takes the list back; who is written down anew is known to LINE by then, and so are
    the words that went out meanwhile, not those of the draft that it brought back."""
    manager = a_house(store, now, 600)
    broadcast = begun(store, manager, now)
    keys = [chunk.retry_key for chunk in chunks_of(store, broadcast.id)]

    def forget(db: Session, messages: list[dict[str, Any]]) -> None:
        row = db.get_one(Broadcast, broadcast.id)
        for chunk in chunks_of(store, broadcast.id):
            db.delete(db.merge(chunk))
        row.frozen_at, row.frozen_to, row.recipients = None, None, 0
        row.messages = messages
        db.add(row)

    turned = [dict(reversed(one.items())) for one in HELLO]  # as PostgreSQL may give it back
    store.write(lambda db: forget(db, turned))
    freeze(store, now + HOUR)
    assert [chunk.retry_key for chunk in chunks_of(store, broadcast.id)] == keys

    store.write(lambda db: forget(db, [{"type": "text", "text": "別のお知らせ"}]))
    freeze(store, now + HOUR)
    others = [chunk.retry_key for chunk in chunks_of(store, broadcast.id)]
    assert len(others) == len(keys)
    assert not set(others) & set(keys)


def test_to_whom_a_broadcast_went_is_forgotten_in_time_and_how_many_is_not(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "CALLS_AT_ONCE", 2)
    manager = a_house(store, now, 1200)
    old = begun(store, manager, now)
    first, *others = claimed(store, now)
    recorded(store, first, NoAnswer("timeout"), now + KEY_LIFE)
    for call in others:
        recorded(store, call, Sent(), now)
    (unknown,) = store.read(lambda db: broadcast_chunks.list_unknown(db, old.id))
    young = begun(store, manager, now + timedelta(days=5))
    friend = store.read(lambda db: db.exec(select(Friend)).first())

    late = now + BROADCASTS_KEPT + timedelta(days=2)
    assert store.write(lambda db: prune_broadcasts(db, now + BROADCASTS_KEPT)) == 0
    assert [store.write(lambda db: prune_broadcasts(db, late)) for _ in range(3)] == [2, 1, 0]

    assert counts(found(store, old.id)) == (1200, 700, 500, 0, 0)
    assert len(chunks_of(store, young.id)) == 3
    got = store.read(lambda db: broadcast_chunks.of_friend(db, friend.id))
    assert [one.broadcast.id for one in got] == [young.id]
    with pytest.raises(NotFound):
        store.write(lambda db: _again(db, manager, old.id, unknown.id, late))


def test_figures_tell_what_is_left_and_what_a_person_has_to_see(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 1200)
    broadcast = begun(store, manager, now)
    assert store.read(count_open) == 3
    assert store.read(count_troubled) == (0, 0)

    first, second, third = claimed(store, now)
    recorded(store, first, Sent(), now)
    recorded(store, second, NoAnswer("timeout"), now + KEY_LIFE)
    recorded(store, third, Halted("token"), now)
    assert store.read(count_open) == 1
    assert store.read(count_troubled) == (1, 1)
    people = {"sent": 500, "unknown": 500, "failed": 0, "cancelled": 0}
    assert store.read(count_people) == people
    assert found(store, broadcast.id).status == "stopped"


def _again(db: Session, manager: str, broadcast_id: str, chunk_id: int, now: datetime) -> None:
    by = db.get_one(Operator, manager)
    broadcast_chunks.send_unknown_again(db, broadcast_id, chunk_id, by, now)
