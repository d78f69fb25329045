"""One message to many: each of them once, whatever LINE answers and whoever intervenes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlmodel import Session, select

from storage import (
    broadcast_calls,
    broadcast_chunks,
    broadcast_freezing,
    broadcast_life,
    broadcast_recording,
    broadcast_rows,
    broadcasts,
    journal,
    operator_friends,
)
from storage.broadcast_outcomes import Halted, Strangers
from storage.broadcasts import Written, audience_size
from storage.conversations import Scope
from storage.models.audit import AuditRow
from storage.models.broadcasts import Broadcast
from storage.models.drafting import AccountQuota
from storage.models.operators import Operator
from storage.models.people import Account, Friend
from storage.outcomes import KEY_LIFE, Limited, NoAnswer, NotBegun, Sent
from storage.refusals import (
    LostRace,
    NobodyToReach,
    NotFound,
    ShortMonth,
    TooFarOff,
    WrongBroadcastStatus,
)
from storage.unit import Store
from tests import given
from tests.storage.broadcasting import (
    HELLO,
    a_draft,
    a_house,
    add_friends,
    begun,
    chunks_of,
    claimed,
    counts,
    decided,
    found,
    freeze,
    recorded,
    user,
)

SECOND = timedelta(seconds=1)
EVERYWHERE = Scope("nobody")


def a_month(store: Store, now: datetime, most: int, used: int) -> None:
    """What LINE says of the account's month."""
    row = AccountQuota(
        account_id="main", kind="limited", most=most, used=used, read_at=now, due_at=now
    )
    store.write(lambda db: db.merge(row) and None)


def told(store: Store) -> list[dict[str, Any]]:
    """The entries about broadcasts, as consoles got them."""
    entries = store.read(lambda db: journal.tail(db, "main", 0)).entries
    return [entry.payload["broadcast"] for entry in entries if entry.kind == "broadcast.changed"]


def test_a_broadcast_goes_to_every_friend_in_calls_of_five_hundred(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 1200)
    assert store.read(lambda db: audience_size(db, "main")) == 1200

    broadcast = begun(store, manager, now)
    calls = claimed(store, now)
    assert [len(call.line_user_ids) for call in calls] == [500, 500, 200]
    assert len({one for call in calls for one in call.line_user_ids}) == 1200
    assert claimed(store, now) == []

    for call in calls:
        assert recorded(store, call, Sent("request"), now) == "sent"
    after = found(store, broadcast.id)
    assert (after.status, counts(after)) == ("done", (1200, 1200, 0, 0, 0))


def test_who_has_blocked_us_and_who_is_one_of_us_gets_nothing(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 3)

    def work(db: Session) -> None:
        friends = db.exec(select(Friend).order_by(Friend.line_user_id)).all()
        friends[0].is_blocked = True
        db.add(friends[0])
        account = db.get_one(Account, "main")
        talk = given.a_talk(db, account, now, user=user(1))
        operator_friends.link(db, talk, db.get_one(Operator, manager), now)
        given.an_account(db, now, "other", provider="別の見本")
        add_friends(db, db.get_one(Account, "other"), 5, now)

    store.write(work)

    assert store.read(lambda db: audience_size(db, "main")) == 1
    begun(store, manager, now)
    assert [call.line_user_ids for call in claimed(store, now)] == [[user(2)]]


def test_recipients_are_frozen_in_pages_and_nobody_is_missed_after_a_crash(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast_freezing, "PAGE", 40)
    monkeypatch.setattr(broadcast_freezing, "MOST_RECIPIENTS", 20)
    manager = a_house(store, now, 100)
    draft = a_draft(store, manager, now)
    decided(store, manager, broadcast_life.schedule, draft, None, now)

    def dying(db: Session) -> None:
        broadcast_freezing.freeze_next(db, now)
        raise RuntimeError

    assert store.write(lambda db: broadcast_freezing.freeze_next(db, now))
    with pytest.raises(RuntimeError):
        store.write(dying)
    assert claimed(store, now) == []  # not before the list is whole
    assert freeze(store, now) == 2

    ids = [one for chunk in chunks_of(store, draft.id) for one in chunk.line_user_ids]
    assert sorted(ids) == [user(number) for number in range(100)]
    assert [chunk.number for chunk in chunks_of(store, draft.id)] == [0, 1, 2, 3, 4]
    assert len({chunk.retry_key for chunk in chunks_of(store, draft.id)}) == 5
    assert found(store, draft.id).recipients == 100


def test_a_broadcast_to_nobody_is_refused_and_one_that_finds_nobody_is_done(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 1)
    draft = a_draft(store, manager, now)
    later = decided(store, manager, broadcast_life.schedule, draft, now + SECOND, now)

    def block(db: Session) -> None:
        friend = db.exec(select(Friend)).one()
        friend.is_blocked = True
        db.add(friend)

    store.write(block)
    store.write(lambda db: broadcast_freezing.begin_due(db, now + SECOND))
    freeze(store, now + SECOND)
    assert (found(store, later.id).status, found(store, later.id).recipients) == ("done", 0)

    another = a_draft(store, manager, now)
    with pytest.raises(NobodyToReach):
        decided(store, manager, broadcast_life.schedule, another, None, now)


def test_one_that_is_scheduled_waits_for_its_moment(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 2)
    draft = a_draft(store, manager, now)
    for wrong in (now, now - SECOND, now + timedelta(days=367)):
        with pytest.raises(TooFarOff):
            decided(store, manager, broadcast_life.schedule, draft, wrong, now)

    hour = now + timedelta(hours=1)
    later = decided(store, manager, broadcast_life.schedule, draft, hour, now)
    assert (later.status, later.send_at, later.sent_by) == ("scheduled", hour, manager)
    assert store.write(lambda db: broadcast_freezing.begin_due(db, hour - SECOND)) == 0

    back = decided(store, manager, broadcast_life.unschedule, draft, now)
    assert (back.status, back.send_at) == ("draft", None)
    assert store.write(lambda db: broadcast_freezing.begin_due(db, hour)) == 0

    decided(store, manager, broadcast_life.schedule, draft, hour, now)
    assert store.read(lambda db: broadcast_calls.look(db, hour)).is_due
    assert store.write(lambda db: broadcast_freezing.begin_due(db, hour)) == 1
    assert freeze(store, hour) == 1
    assert len(claimed(store, hour)) == 1


def test_one_whose_moment_was_missed_waits_for_staff(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 2)
    draft = a_draft(store, manager, now)
    hour = now + timedelta(hours=1)
    decided(store, manager, broadcast_life.schedule, draft, hour, now)

    morning = hour + timedelta(hours=9)
    store.write(lambda db: broadcast_freezing.begin_due(db, morning))
    missed = found(store, draft.id)
    assert (missed.status, missed.why_stopped, missed.recipients) == ("stopped", "late", 0)
    assert freeze(store, morning) == 0

    decided(store, manager, broadcast_life.resume, draft, morning)
    assert freeze(store, morning) == 1
    assert len(claimed(store, morning)) == 1


def test_a_later_month_is_not_judged_by_what_is_left_of_this_one(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 200)
    draft = a_draft(store, manager, now)
    a_month(store, now, most=1000, used=1000)
    with pytest.raises(ShortMonth):
        decided(store, manager, broadcast_life.schedule, draft, now + timedelta(minutes=1), now)

    december = datetime(2026, 11, 30, 15, tzinfo=UTC)  # its first moment in Japan
    later = decided(store, manager, broadcast_life.schedule, draft, december, now)
    assert later.status == "scheduled"
    # LINE has not told the new month yet; the old one says nothing of it.
    store.write(lambda db: broadcast_freezing.begin_due(db, december))
    freeze(store, december)
    assert len(claimed(store, december)) == 1


def test_a_draft_is_changed_and_deleted_and_then_no_more(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 1)
    draft = a_draft(store, manager, now)
    words = [{"type": "text", "text": "別の文"}]
    store.write(lambda db: broadcasts.note_checked(db, draft.id, draft.version, now))

    changed = decided(
        store, manager, _verb(broadcasts.change_draft), draft, Written("別の題", words), now
    )
    assert (changed.title, changed.messages, changed.checked_at) == ("別の題", words, None)
    with pytest.raises(LostRace) as lost:
        store.write(
            lambda db: broadcasts.delete_draft(db, draft.id, 1, db.get_one(Operator, manager), now)
        )
    assert lost.value.details["broadcast"]["version"] == changed.version

    decided(store, manager, broadcast_life.schedule, draft, None, now)
    for verb in (broadcasts.delete_draft, broadcast_life.unschedule):
        with pytest.raises(WrongBroadcastStatus):
            decided(store, manager, verb, draft, now)

    other = a_draft(store, manager, now)
    decided(store, manager, broadcasts.delete_draft, other, now)
    with pytest.raises(NotFound):
        store.read(lambda db: broadcasts.get(db, EVERYWHERE, other.id))
    with pytest.raises(NotFound):
        store.write(lambda db: broadcasts.hold(db, other.id, None))


def _verb(verb: Callable[..., Broadcast]) -> Callable[..., Broadcast]:
    """A verb that takes what is written before the version."""

    def turned(db: Session, id_: str, version: int, written: Written, *rest: Any) -> Broadcast:
        return verb(db, id_, written, version, *rest)

    return turned


def test_a_call_of_unknown_outcome_is_repeated_with_the_same_key_and_no_longer_than_line_knows_it(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 3)
    broadcast = begun(store, manager, now)
    (first,) = claimed(store, now)
    assert recorded(store, first, NoAnswer("timeout"), now) == "pending"
    assert claimed(store, now) == []  # it waits a little

    soon = now + timedelta(hours=13)
    (again,) = claimed(store, soon)
    assert (again.retry_key, again.line_user_ids) == (first.retry_key, first.line_user_ids)
    assert recorded(store, again, NoAnswer("500"), soon) == "pending"

    late = now + KEY_LIFE
    assert claimed(store, late) == []
    store.write(lambda db: broadcast_recording.recover(db, late, 15.0))
    after = found(store, broadcast.id)
    assert (after.status, counts(after)) == ("done", (3, 0, 3, 0, 0))
    assert chunks_of(store, broadcast.id)[0].reason == "LINE has forgotten the retry key"
    assert claimed(store, late + timedelta(days=30)) == []


def test_consoles_are_told_whose_call_line_did_not_answer_while_it_is_made_again(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 1200)
    broadcast = begun(store, manager, now)
    first, second, third = claimed(store, now)
    assert told(store)[-1]["retried"] == 0

    soon = now + SECOND
    recorded(store, first, NoAnswer("500"), soon)
    assert told(store)[-1]["retried"] == 500

    paused = decided(store, manager, broadcast_life.pause, broadcast, soon)
    assert told(store)[-1]["retried"] == 0  # it is made again when the broadcast goes on
    decided(store, manager, broadcast_life.resume, paused, soon)
    assert told(store)[-1]["retried"] == 500

    later = soon + SECOND
    (again,) = claimed(store, later)
    for call in (again, second, third):
        recorded(store, call, Sent("r"), later)
    assert (told(store)[-1]["status"], told(store)[-1]["retried"]) == ("done", 0)


def test_an_answer_that_comes_too_late_for_its_key_is_unknown_and_a_200_is_true_all_the_same(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 3)
    broadcast = begun(store, manager, now)
    (call,) = claimed(store, now)
    assert recorded(store, call, NoAnswer("timeout"), now + KEY_LIFE) == "unknown"
    assert found(store, broadcast.id).status == "done"

    assert recorded(store, call, Sent("request"), now + KEY_LIFE) == "sent"
    after = found(store, broadcast.id)
    assert (after.status, counts(after)) == ("done", (3, 3, 0, 0, 0))
    assert recorded(store, call, NoAnswer("late"), now + KEY_LIFE) == "sent"


def test_a_call_whose_process_died_is_taken_over(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 3)
    broadcast = begun(store, manager, now)
    (call,) = claimed(store, now)

    soon = now + 20 * SECOND
    assert store.write(lambda db: broadcast_recording.recover(db, soon, 30.0)) == 0
    assert store.write(lambda db: broadcast_recording.recover(db, soon, 15.0)) == 1
    (again,) = claimed(store, soon + SECOND)
    assert again.retry_key == call.retry_key
    assert recorded(store, call, NoAnswer("late"), soon) == "sending"  # it tells nothing now
    assert recorded(store, call, Sent(), soon) == "sent"  # but this is still true
    assert recorded(store, again, Sent(), soon) == "sent"
    assert counts(found(store, broadcast.id)) == (3, 3, 0, 0, 0)


def test_ids_that_line_does_not_know_fail_alone(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 5)
    broadcast = begun(store, manager, now)
    (call,) = claimed(store, now)
    strange = [call.line_user_ids[place] for place in (1, 3)]
    assert recorded(store, call, Strangers((1, 3), "400 to[1], to[3]"), now) == "failed"

    (rest,) = claimed(store, now)
    assert rest.retry_key != call.retry_key
    assert sorted([*rest.line_user_ids, *strange]) == sorted(call.line_user_ids)
    recorded(store, rest, Sent(), now)
    after = found(store, broadcast.id)
    assert (after.status, counts(after)) == ("done", (5, 3, 0, 2, 0))
    by_user = {row.line_user_id: row.id for row in _friends(store)}
    for line_user_id, friend_id in by_user.items():
        (got,) = store.read(lambda db, one=friend_id: broadcast_chunks.of_friend(db, one))
        assert got.state == ("failed" if line_user_id in strange else "sent")


def test_a_call_of_strangers_alone_leaves_nothing_to_send(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 2)
    broadcast = begun(store, manager, now)
    (call,) = claimed(store, now)
    recorded(store, call, Strangers((0, 1), "400"), now)
    after = found(store, broadcast.id)
    assert (after.status, counts(after)) == ("done", (2, 0, 0, 2, 0))


def test_strangers_in_a_call_that_may_have_been_taken_leave_it_unknown(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 2)
    broadcast = begun(store, manager, now)
    (call,) = claimed(store, now)
    recorded(store, call, NoAnswer("timeout"), now)
    (again,) = claimed(store, now + SECOND)
    assert recorded(store, again, Strangers((0,), "400"), now + SECOND) == "unknown"
    assert counts(found(store, broadcast.id)) == (2, 0, 2, 0, 0)


def test_a_place_that_the_call_has_not_stops_the_broadcast(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 2)
    broadcast = begun(store, manager, now)
    (call,) = claimed(store, now)
    assert recorded(store, call, Strangers((7,), "400 to[7]"), now) == "pending"
    after = found(store, broadcast.id)
    assert (after.status, after.why_stopped) == ("stopped", "refused")


@pytest.mark.parametrize("why", ["month", "refused", "token"])
def test_what_is_true_of_every_call_stops_the_broadcast_until_staff_resume_it(
    store: Store, now: datetime, why: Any
) -> None:
    manager = a_house(store, now, 600)
    broadcast = begun(store, manager, now)
    first, second = claimed(store, now)
    assert recorded(store, first, Halted(why, "LINE's words"), now) == "pending"
    stopped = found(store, broadcast.id)
    assert (stopped.status, stopped.why_stopped) == ("stopped", why)
    assert stopped.line_said == "LINE's words"
    assert told(store)[-1]["status"] == "stopped"
    recorded(store, second, Sent(), now)
    assert claimed(store, now) == []

    decided(store, manager, broadcast_life.resume, broadcast, now)
    (again,) = claimed(store, now)
    assert again.retry_key == first.retry_key
    recorded(store, again, Sent(), now)
    after = found(store, broadcast.id)
    assert (after.status, after.why_stopped) == ("done", None)
    assert (after.line_said, counts(after)) == (None, (600, 600, 0, 0, 0))


def test_a_refusal_for_the_rate_pauses_the_endpoint_and_a_call_that_goes_through_ends_that(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 600)
    broadcast = begun(store, manager, now)
    first, second = claimed(store, now)
    assert recorded(store, first, Limited(), now) == "pending"
    assert recorded(store, second, Limited(), now) == "pending"
    assert claimed(store, now) == []

    later = now + 2 * SECOND
    probes = claimed(store, later)
    assert [probe.is_probe for probe in probes] == [True, True]
    for probe in probes:
        recorded(store, probe, Sent(), later)
    assert found(store, broadcast.id).status == "done"


def test_a_key_that_line_has_seen_and_never_taken_is_given_up_before_line_forgets_it(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 3)
    begun(store, manager, now)
    (call,) = claimed(store, now)
    recorded(store, call, Limited(), now)

    (soon,) = claimed(store, now + timedelta(hours=11))
    assert soon.retry_key == call.retry_key
    recorded(store, soon, Limited(), now + timedelta(hours=11))
    (late,) = claimed(store, now + timedelta(hours=13))
    assert late.retry_key != call.retry_key


def test_a_call_that_was_not_made_is_as_if_it_had_not_been_claimed(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 3)
    broadcast = begun(store, manager, now)
    (call,) = claimed(store, now)
    assert recorded(store, call, NotBegun(), now) == "pending"
    (chunk,) = chunks_of(store, broadcast.id)
    assert (chunk.tries, chunk.first_tried_at, chunk.is_unsure) == (0, None, False)
    assert [one.retry_key for one in claimed(store, now)] == [call.retry_key]


def test_a_paused_broadcast_begins_no_call_and_goes_on_where_it_stood(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 600)
    broadcast = begun(store, manager, now)
    (first,) = claimed(store, now, limit=1)
    decided(store, manager, broadcast_life.pause, broadcast, now)
    assert claimed(store, now) == []
    assert store.write(lambda db: broadcast_calls.claim(db, broadcast.id, now, 9)) == []
    recorded(store, first, Sent(), now)
    assert found(store, broadcast.id).status == "paused"

    decided(store, manager, broadcast_life.resume, broadcast, now)
    (second,) = claimed(store, now)
    assert not set(second.line_user_ids) & set(first.line_user_ids)
    recorded(store, second, Sent(), now)
    assert found(store, broadcast.id).status == "done"
    with pytest.raises(WrongBroadcastStatus):
        decided(store, manager, broadcast_life.pause, broadcast, now)


def test_a_broadcast_that_is_paused_while_its_last_call_ends_is_done(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 2)
    broadcast = begun(store, manager, now)
    (call,) = claimed(store, now)
    decided(store, manager, broadcast_life.pause, broadcast, now)
    recorded(store, call, Sent(), now)
    assert found(store, broadcast.id).status == "done"


def test_who_was_not_sent_to_when_it_is_cancelled_is_not(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 2200)
    broadcast = begun(store, manager, now)
    sent, doubtful, under_way, late = claimed(store, now, limit=4)
    recorded(store, sent, Sent(), now)
    recorded(store, doubtful, NoAnswer("timeout"), now)

    decided(store, manager, broadcast_life.cancel, broadcast, now)
    assert counts(found(store, broadcast.id)) == (2200, 500, 500, 0, 200)
    recorded(store, under_way, Sent(), now)
    recorded(store, late, Limited(), now)
    after = found(store, broadcast.id)
    assert (after.status, counts(after)) == ("cancelled", (2200, 1000, 500, 0, 700))
    assert claimed(store, now + timedelta(days=2)) == []

    unknown = store.read(lambda db: broadcast_chunks.list_unknown(db, broadcast.id))
    with pytest.raises(WrongBroadcastStatus):
        seen_to(store, manager, broadcast_chunks.send_unknown_again, broadcast, unknown[0].id, now)


def test_of_a_cancelled_call_strangers_fail_and_the_others_are_cancelled(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 4)
    broadcast = begun(store, manager, now)
    (call,) = claimed(store, now)
    decided(store, manager, broadcast_life.cancel, broadcast, now)
    recorded(store, call, Strangers((0,), "400"), now)
    after = found(store, broadcast.id)
    assert (after.status, counts(after)) == ("cancelled", (4, 0, 0, 1, 3))
    assert claimed(store, now) == []


def test_what_line_refuses_after_a_cancel_stops_nothing_any_more(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 2)
    broadcast = begun(store, manager, now)
    (call,) = claimed(store, now)
    decided(store, manager, broadcast_life.cancel, broadcast, now)
    recorded(store, call, Halted("refused", "400"), now)
    after = found(store, broadcast.id)
    assert (after.status, after.why_stopped) == ("cancelled", None)
    assert counts(after) == (2, 0, 0, 0, 2)


def test_a_call_that_died_with_its_process_after_a_cancel_is_unknown(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 2)
    broadcast = begun(store, manager, now)
    claimed(store, now)
    decided(store, manager, broadcast_life.cancel, broadcast, now)
    store.write(lambda db: broadcast_recording.recover(db, now))
    assert counts(found(store, broadcast.id)) == (2, 0, 2, 0, 0)


def test_a_month_that_is_too_short_refuses_before_and_stops_at_the_start(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 100)
    draft = a_draft(store, manager, now)
    a_month(store, now, most=1000, used=850)
    with pytest.raises(ShortMonth) as short:
        decided(store, manager, broadcast_life.schedule, draft, None, now)
    assert short.value.details == {"recipients": 100, "left": 50, "reserve": 100}

    a_month(store, now, most=1000, used=800)
    decided(store, manager, broadcast_life.schedule, draft, None, now)
    a_month(store, now, most=1000, used=850)
    freeze(store, now)
    stopped = found(store, draft.id)
    assert (stopped.status, stopped.why_stopped) == ("stopped", "reserve")
    assert (stopped.recipients, claimed(store, now)) == (100, [])
    with pytest.raises(ShortMonth):
        decided(store, manager, broadcast_life.resume, draft, now)

    a_month(store, now, most=2000, used=850)
    decided(store, manager, broadcast_life.resume, draft, now)
    assert len(claimed(store, now)) == 1


def test_a_month_that_others_use_up_meanwhile_stops_it_once_no_call_is_under_way(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 1500)
    a_month(store, now, most=10_000, used=7500)
    broadcast = begun(store, manager, now)
    (first,) = claimed(store, now, limit=1)
    a_month(store, now, most=10_000, used=8400)
    assert claimed(store, now) == []
    assert found(store, broadcast.id).status == "sending"  # the one under way may not count

    recorded(store, first, Sent(), now)
    assert store.read(lambda db: db.get_one(AccountQuota, "main")).sent_since == 500
    assert claimed(store, now) == []
    stopped = found(store, broadcast.id)
    assert (stopped.status, stopped.why_stopped) == ("stopped", "reserve")


def test_a_month_that_is_over_stops_it_only_once_what_was_in_doubt_is_learnt(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 700)
    broadcast = begun(store, manager, now)
    (first,) = claimed(store, now, limit=1)
    recorded(store, first, NoAnswer("timeout"), now)
    a_month(store, now, most=1000, used=1000)
    assert claimed(store, now) == []
    assert found(store, broadcast.id).status == "sending"

    soon = now + timedelta(seconds=1)
    (again,) = claimed(store, soon)
    assert again.retry_key == first.retry_key
    recorded(store, again, Sent(), soon)
    assert claimed(store, soon) == []
    stopped = found(store, broadcast.id)
    assert (stopped.status, counts(stopped)) == ("stopped", (700, 500, 0, 0, 0))


def test_the_month_is_asked_about_anew_when_line_says_that_it_is_over(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 3)
    a_month(store, now - timedelta(hours=1), most=1000, used=0)
    store.write(lambda db: _put_off(db, now))
    begun(store, manager, now)
    (call,) = claimed(store, now)
    recorded(store, call, Halted("month"), now)
    month = store.read(lambda db: db.get_one(AccountQuota, "main"))
    assert month.due_at == now
    assert month.stopped_at is None  # a push to one person may still go


def _put_off(db: Session, now: datetime) -> None:
    month = db.get_one(AccountQuota, "main")
    month.due_at = now + timedelta(minutes=10)
    db.add(month)


def test_a_month_that_line_has_closed_lets_no_broadcast_begin(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 3)
    draft = a_draft(store, manager, now)
    for most in (None, 1000):
        row = AccountQuota(
            account_id="main", most=most, used=most and 0, stopped_at=now, due_at=now
        )
        store.write(lambda db, row=row: db.merge(row) and None)
        with pytest.raises(ShortMonth):
            decided(store, manager, broadcast_life.schedule, draft, None, now)


def test_a_person_sends_what_is_unknown_again_or_lets_it_be(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 700)
    broadcast = begun(store, manager, now)
    first, second = claimed(store, now)
    for call in (first, second):
        recorded(store, call, NoAnswer("timeout"), now + KEY_LIFE)
    one, two = store.read(lambda db: broadcast_chunks.list_unknown(db, broadcast.id))
    of_all = store.read(lambda db: broadcast_chunks.count_unknown(db, broadcast.id))
    assert of_all == (2, 700)
    (first_of_all,) = store.read(lambda db: broadcast_chunks.list_unknown(db, broadcast.id, 1))
    assert first_of_all.id == one.id
    assert "line_user_ids" in inspect(first_of_all).unloaded
    assert broadcast_rows.chunk_row(one)["size"] == 500

    seen_to(store, manager, broadcast_chunks.send_unknown_again, broadcast, one.id, now)
    assert found(store, broadcast.id).status == "sending"
    (again,) = claimed(store, now)
    assert again.retry_key != first.retry_key
    assert again.line_user_ids == first.line_user_ids
    recorded(store, again, Sent(), now)

    seen_to(store, manager, broadcast_chunks.leave_unknown, broadcast, two.id, now)
    assert store.read(lambda db: broadcast_chunks.list_unknown(db, broadcast.id)) == []
    after = found(store, broadcast.id)
    assert (after.status, counts(after)) == ("done", (700, 500, 200, 0, 0))
    for id_ in (one.id, 10**9):
        with pytest.raises(NotFound):
            seen_to(store, manager, broadcast_chunks.leave_unknown, broadcast, id_, now)


def seen_to(
    store: Store, by: str, verb: Callable[..., Any], broadcast: Broadcast, id_: int, now: datetime
) -> None:
    store.write(lambda db: verb(db, broadcast.id, id_, db.get_one(Operator, by), now))


def test_who_got_which_broadcast_is_found_by_the_person(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 1200)
    first = begun(store, manager, now)
    for call in claimed(store, now):
        recorded(store, call, Sent(), now)
    store.write(lambda db: add_friend(db, now))
    second = begun(store, manager, now + SECOND)

    friends = {friend.line_user_id: friend.id for friend in _friends(store)}
    old, new = friends[user(700)], friends[given.USER]
    got = store.read(lambda db: broadcast_chunks.of_friend(db, old))
    assert [(one.broadcast.id, one.state) for one in got] == [
        (second.id, "pending"),
        (first.id, "sent"),
    ]
    assert len(store.read(lambda db: broadcast_chunks.of_friend(db, old, limit=1))) == 1
    late = store.read(lambda db: broadcast_chunks.of_friend(db, new))
    assert [one.broadcast.id for one in late] == [second.id]
    assert store.read(lambda db: broadcast_chunks.of_friend(db, "nobody")) == []


def add_friend(db: Session, now: datetime) -> None:
    given.a_talk(db, db.get_one(Account, "main"), now)


def _friends(store: Store) -> list[Friend]:
    return store.read(lambda db: list(db.exec(select(Friend)).all()))


def test_consoles_see_the_counts_rise_once_a_second_and_the_end_at_once(
    store: Store, now: datetime
) -> None:
    manager = a_house(store, now, 2500)
    broadcast = begun(store, manager, now)
    before = len(told(store))
    calls = claimed(store, now)
    for call in calls[:3]:
        recorded(store, call, Sent(), now)
    assert len(told(store)) == before
    assert not store.read(lambda db: broadcast_calls.look(db, now)).is_untold

    later = now + SECOND
    assert store.read(lambda db: broadcast_calls.look(db, later)).is_untold
    assert store.write(lambda db: broadcast_rows.tell_late(db, later)) == 1
    assert [row["sent"] for row in told(store)[before:]] == [1500]
    assert store.write(lambda db: broadcast_rows.tell_late(db, later + SECOND)) == 0

    recorded(store, calls[3], Sent(), later)
    recorded(store, calls[4], Sent(), later)
    rows = told(store)[before + 1 :]
    assert [(row["status"], row["sent"]) for row in rows] == [("done", 2500)]
    assert "messages" not in rows[0]
    assert found(store, broadcast.id).status == "done"


def test_lists_are_paged_narrowed_and_end_at_the_wall(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 2)
    store.write(lambda db: given.an_account(db, now, "other") and None)
    drafts = [a_draft(store, manager, now) for _ in range(3)]
    behind = a_draft(store, manager, now, account="other")
    decided(store, manager, broadcast_life.schedule, drafts[1], None, now)

    def listed(scope: Scope = EVERYWHERE, **wanted: Any) -> tuple[list[str], str | None]:
        found, more = store.read(lambda db: broadcasts.list_page(db, scope, **wanted))
        return [one.id for one in found], more

    newest = [one.id for one in reversed(drafts)]
    page, more = listed(limit=2)
    assert page == [behind.id, newest[0]]
    assert listed(limit=2, cursor=more) == (newest[1:], None)
    assert listed(account="other") == ([behind.id], None)
    assert listed(statuses=["sending"]) == ([drafts[1].id], None)
    walled = Scope("somebody", frozenset({"main"}))
    assert listed(walled) == (newest, None)
    with pytest.raises(NotFound):
        store.read(lambda db: broadcasts.get(db, walled, behind.id))
    assert store.read(lambda db: broadcasts.get(db, walled, newest[0]).id) == newest[0]


def test_the_history_tells_what_staff_decided(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 2)
    draft = a_draft(store, manager, now)
    decided(store, manager, broadcast_life.schedule, draft, None, now)
    decided(store, manager, broadcast_life.pause, draft, now)
    decided(store, manager, broadcast_life.resume, draft, now)
    decided(store, manager, broadcast_life.cancel, draft, now)
    rows = store.read(lambda db: db.exec(select(AuditRow).order_by(AuditRow.id)).all())
    kinds = [row.kind for row in rows if row.kind.startswith("broadcast_")]
    assert kinds == [
        f"broadcast_{deed}" for deed in ("created", "scheduled", "paused", "resumed", "cancelled")
    ]
    assert rows[-1].target_name == "新メニューのお知らせ"
    assert HELLO[0]["text"] not in str([row.params for row in rows])


def test_two_broadcasts_share_the_rate(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 8000)
    first, second = begun(store, manager, now), begun(store, manager, now)
    calls = claimed(store, now)
    assert len(calls) == 25  # a quarter of a second's, for the account's endpoint
    assert {call.broadcast_id for call in calls} == {first.id, second.id}


def test_several_workers_at_once_never_take_the_same_call(store: Store, now: datetime) -> None:
    manager = a_house(store, now, 5000)
    broadcast = begun(store, manager, now)

    def work(_number: int) -> list[int]:
        calls = claimed(store, now, limit=2)
        for call in calls:
            recorded(store, call, Sent(), now)
        return [call.chunk_id for call in calls]

    with ThreadPoolExecutor(4) as workers:
        taken = [one for chunks in workers.map(work, range(8)) for one in chunks]

    assert sorted(taken) == sorted(chunk.id or 0 for chunk in chunks_of(store, broadcast.id))
    after = found(store, broadcast.id)
    assert (after.status, counts(after)) == ("done", (5000, 5000, 0, 0, 0))
