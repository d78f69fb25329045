"""The rest of a talk's life at the counter: left to people, reopened, put aside, given back."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage import conversations, desk, journal, notes, outbox, post, presence, rows, timers
from storage.desk import Assignment
from storage.incoming import Incoming, receive, unsend
from storage.models.operators import Operator
from storage.models.people import Account
from storage.models.talks import Conversation, Handoff, Media, Message
from storage.models.work import Arrival, Timer
from storage.refusals import LostRace, NotFound, WrongStatus
from storage.talks import lock, open_handoff
from storage.timers import RunTimer
from storage.unit import Store
from tests import given

HOUR = timedelta(hours=1)
House = tuple[str, Operator, Operator]


@pytest.fixture
def house(store: Store, now: datetime) -> House:
    """A talk that waits for a person, and two operators."""

    def work(db) -> House:
        talk = given.a_waiting_talk(db, given.an_account(db, now), now)
        return talk.id, given.an_operator(db, now), given.an_operator(db, now, "見本スタッフB")

    return store.write(work)


def found(store: Store, talk: str) -> Conversation:
    return store.read(lambda db: db.get_one(Conversation, talk))


def hear(
    store: Store, talk: str, now: datetime, number: int, kind: str = "text", **event: Any
) -> Message:
    def work(db) -> Message:
        account = db.get_one(Account, "main")
        arrival = given.an_arrival(db, account, given.a_text_event("あの", number, **event), now)
        incoming = Incoming(kind, {"type": kind}, now, "あの", str(number))
        message = receive(db, lock(db, talk), incoming, arrival, now)
        given.finish(db, arrival, now)
        return message

    return store.write(work)


def told(store: Store) -> list[str]:
    """What the bot was told from inside."""
    inside = select(Arrival).where(Arrival.is_inside).order_by(Arrival.id)
    kept = store.read(lambda db: db.exec(inside).all())
    return [arrival.kind for arrival in kept]


def test_a_message_that_nothing_takes_waits_without_a_handoff(store: Store, now: datetime) -> None:
    def work(db) -> str:
        talk, _ = given.a_message(db, given.an_account(db, now), "？", now)
        desk.leave_to_people(db, talk, "受付", now)
        desk.leave_to_people(db, talk, "予約", now)
        return talk.id

    talk = store.write(work)

    left = found(store, talk)
    assert (left.status, left.queue, left.waiting_since) == ("waiting", "受付", now)
    assert store.read(lambda db: open_handoff(db, db.get_one(Conversation, talk))) is None
    store.write(lambda db: desk.hand_off(db, lock(db, talk), given.ASKED, now))
    assert found(store, talk).status == "waiting"


def test_a_talk_reopens_with_the_same_assignee_or_the_bot_answers(
    store: Store, now: datetime, house: House
) -> None:
    talk, operator, _ = house
    store.write(lambda db: desk.take(db, talk, operator, 1, now))
    store.write(lambda db: desk.resolve(db, talk, operator, now))
    assert store.write(lambda db: desk.resolve(db, talk, operator, now)).status == "done"
    hear(store, talk, now, 2)
    assert found(store, talk).status == "done"  # the turn decides

    store.write(lambda db: desk.reopen(db, lock(db, talk), now))

    reopened = found(store, talk)
    assert (reopened.status, reopened.assignee_id) == ("waiting", operator.id)
    handoff = store.read(lambda db: open_handoff(db, db.get_one(Conversation, talk)))
    assert handoff is not None
    assert handoff.reason == {"kind": "reopened"}
    store.write(lambda db: desk.resolve(db, talk, operator, now))
    store.write(lambda db: desk.rest(db, lock(db, talk), now))
    rested = found(store, talk)
    assert (rested.status, rested.assignee_id, rested.queue) == ("bot", None, None)
    assert told(store) == ["taken", "resolved", "resolved"]


def test_a_customer_who_answers_comes_back_to_whoever_is_there(
    store: Store, now: datetime, house: House
) -> None:
    talk, operator, _ = house
    store.write(lambda db: post.send(db, talk, operator, given.a_reply(), now))
    assert found(store, talk).status == "pending"

    hear(store, talk, now, 2)
    assert (found(store, talk).status, found(store, talk).waiting_since) == ("waiting", now)

    def be_there(db) -> None:
        presence.set_presence(db, "socket", operator.id, talk, "viewing", now=now)
        post.send(db, talk, operator, given.a_reply("c-2"), now)

    store.write(be_there)
    hear(store, talk, now, 3)
    assert found(store, talk).status == "active"
    assert found(store, talk).unseen_count == 3
    assert store.write(lambda db: desk.mark_seen(db, talk, operator, 2, now)).unseen_count == 2
    assert store.write(lambda db: desk.mark_seen(db, talk, operator, 99, now)).unseen_count == 0


def test_a_talk_is_put_aside_until_its_moment(store: Store, now: datetime, house: House) -> None:
    talk, operator, _ = house
    store.write(lambda db: desk.snooze(db, talk, operator, now + HOUR, now))
    same = store.write(lambda db: desk.snooze(db, talk, operator, now + HOUR, now))
    assert (same.status, same.snoozed_until) == ("snoozed", now + HOUR)

    assert store.read(given.next_timer) == now + HOUR
    assert store.write(lambda db: timers.fire_due(db, now)) == 0
    assert store.write(lambda db: timers.fire_due(db, now + HOUR)) == 1
    assert store.write(lambda db: timers.fire_due(db, now + HOUR)) == 0
    store.write(lambda db: desk.wake(db, lock(db, talk), now + HOUR))
    store.write(lambda db: desk.wake(db, lock(db, talk), now + HOUR))  # it moved on already

    assert (found(store, talk).status, found(store, talk).snoozed_until) == ("waiting", None)
    assert told(store) == ["timer"]


def test_a_talk_that_nobody_holds_is_put_aside_and_waits_again(store: Store, now: datetime) -> None:
    def work(db) -> tuple[str, Operator]:
        talk, _ = given.a_message(db, given.an_account(db, now), "？", now)
        desk.leave_to_people(db, talk, "受付", now)
        return talk.id, given.an_operator(db, now)

    talk, operator = store.write(work)
    moved = Assignment(None, "予約", 0)
    store.write(lambda db: desk.assign(db, talk, operator, moved, now))
    store.write(lambda db: desk.snooze(db, talk, operator, now + HOUR, now))

    hear(store, talk, now, 2)

    heard = found(store, talk)
    assert (heard.status, heard.queue, heard.snoozed_until) == ("waiting", "予約", None)
    assert store.read(given.next_timer) is None
    store.write(lambda db: desk.resolve(db, talk, operator, now))
    assert found(store, talk).status == "done"


def test_a_strict_account_offers_no_free_reply(store: Store, now: datetime) -> None:
    def work(db) -> Conversation:
        account = given.an_account(db, now, mode="strict")
        return given.a_message(db, account, "こんにちは", now)[0]

    assert store.write(work).free_reply_until is None


def test_assigning_gives_puts_back_and_moves(store: Store, now: datetime, house: House) -> None:
    talk, operator, colleague = house

    def assign(to: Operator | None, queue: str | None, epoch: int) -> Conversation:
        to_whom = Assignment(to, queue, epoch)
        return store.write(lambda db: desk.assign(db, talk, operator, to_whom, now))

    given_away = assign(colleague, None, 1)
    assert (given_away.assignee_id, given_away.status, given_away.epoch) == (
        colleague.id,
        "active",
        2,
    )
    assert assign(colleague, "受付", 1).epoch == 2  # holds already: nothing changes
    with pytest.raises(LostRace):
        assign(operator, None, 1)
    moved = assign(None, "予約", 2)
    assert (moved.assignee_id, moved.status, moved.queue, moved.epoch) == (
        None,
        "waiting",
        "予約",
        3,
    )
    assert assign(None, "予約", 1).epoch == 3
    handoff = store.read(lambda db: db.exec(select(Handoff)).one())
    assert (handoff.queue, handoff.taken_at) == ("予約", None)
    with pytest.raises(NotFound):
        store.write(lambda db: desk.take(db, "nothing", operator, 0, now))


def test_nothing_is_taken_back_that_the_bot_holds(store: Store, now: datetime) -> None:
    def work(db) -> tuple[str, Operator]:
        talk = given.a_talk(db, given.an_account(db, now), now)
        return talk.id, given.an_operator(db, now)

    talk, operator = store.write(work)

    assert store.write(lambda db: desk.return_to_bot(db, talk, operator, now)).status == "bot"
    with pytest.raises(WrongStatus) as refused:
        store.write(lambda db: desk.resolve(db, talk, operator, now))
    assert refused.value.details == {"status": "bot"}
    with pytest.raises(WrongStatus):
        store.write(lambda db: desk.assign(db, talk, operator, Assignment(None, "予約", 0), now))


def test_an_account_may_give_talks_back_by_itself(
    store: Store, now: datetime, house: House
) -> None:
    talk, operator, _ = house

    def allow(db) -> None:
        db.get_one(Account, "main").return_after_s = 3600

    store.write(allow)
    store.write(lambda db: post.send(db, talk, operator, given.a_reply(), now))
    assert store.read(given.next_timer) == now + HOUR
    hear(store, talk, now, 2)  # who waits for a person is not given to the bot
    assert store.read(given.next_timer) is None

    store.write(lambda db: post.send(db, talk, operator, given.a_reply("c-2"), now))
    store.write(lambda db: timers.fire_due(db, now + HOUR))
    store.write(lambda db: desk.return_to_bot(db, talk, None, now + HOUR))

    back = found(store, talk)
    assert (back.status, back.assignee_id, back.epoch) == ("bot", None, 2)
    last = store.read(lambda db: journal.tail(db, "main", 0)).entries[-1]
    assert (last.kind, last.actor) == ("conversation.returned", journal.SYSTEM)


def test_trouble_is_shown_and_a_talk_with_people_stays_with_them(
    store: Store, now: datetime, house: House
) -> None:
    talk, operator, _ = house
    store.write(lambda db: desk.take(db, talk, operator, 1, now))

    store.write(lambda db: desk.show_trouble(db, lock(db, talk), "壊れた", "受付", now))
    assert (found(store, talk).status, found(store, talk).trouble) == ("active", "壊れた")

    store.write(lambda db: desk.return_to_bot(db, talk, operator, now))
    assert found(store, talk).trouble is None
    store.write(lambda db: desk.show_trouble(db, lock(db, talk), "壊れた", "受付", now))
    assert (found(store, talk).status, found(store, talk).queue) == ("waiting", "受付")


@pytest.mark.parametrize("is_taken", [False, True])
def test_who_asked_after_hours_is_told_of_at_the_opening_unless_taken(
    store: Store, now: datetime, *, is_taken: bool
) -> None:
    def ask(db) -> tuple[str, Operator]:
        conversation = given.a_talk(db, given.an_account(db, now), now)
        request = replace(given.ASKED, notify_at=now + HOUR)
        desk.hand_off(db, conversation, request, now)
        return conversation.id, given.an_operator(db, now)

    talk, operator = store.write(ask)
    assert store.write(lambda db: timers.fire_due(db, now)) == 0
    if is_taken:
        store.write(lambda db: desk.take(db, talk, operator, 1, now))
    assert store.write(lambda db: timers.fire_due(db, now + HOUR)) == 1
    fired = store.read(lambda db: db.exec(select(Arrival).where(Arrival.kind == "timer")).one().raw)
    assert fired["kind"] == "notify"

    handoff_id = fired["handoff_id"]
    store.write(lambda db: desk.tell_staff(db, lock(db, talk), handoff_id, now + HOUR))

    tail = store.read(lambda db: journal.tail(db, "main", 0))
    due = [e.payload for e in tail.entries if e.kind == "handoff.due"]
    assert [p["handoff"]["id"] for p in due] == ([] if is_taken else [handoff_id])


def test_a_note_is_written_once(store: Store, now: datetime, house: House) -> None:
    talk, operator, _ = house

    def write(db):
        return notes.add_note(db, talk, operator, "n-1", "前回はカット", now=now)

    assert store.read(lambda db: conversations.list_notes(db, db.get_one(Conversation, talk))) == []
    (note, is_new), (same, is_new_again) = store.write(write), store.write(write)

    assert (is_new, is_new_again, same.id) == (True, False, note.id)
    row = store.read(lambda db: rows.note_row(db, note))
    assert (row["text"], row["operator_name"]) == ("前回はカット", "見本スタッフA")


def test_what_a_customer_takes_back_is_erased(store: Store, now: datetime, house: House) -> None:
    talk, _, _ = house
    hear(store, talk, now, 7, "image")

    store.write(lambda db: unsend(db, lock(db, talk), "7", now))
    store.write(lambda db: unsend(db, lock(db, talk), "99", now))  # it overtook its message

    gone = store.read(lambda db: db.exec(select(Message).where(Message.unsent_at == now)).all())
    assert [(m.text, m.content) for m in gone] == [(None, {}), (None, {})]
    media = store.read(lambda db: db.exec(select(Media)).one())
    assert (media.state, media.due_at) == ("unsent", now)  # its file is to be deleted
    assert found(store, talk).last_message["kind"] == "unsent"


def test_a_message_that_comes_after_its_unsend_stays_erased(
    store: Store, now: datetime, house: House
) -> None:
    talk, _, _ = house
    store.write(lambda db: unsend(db, lock(db, talk), "7", now))

    late = hear(store, talk, now, 7)
    other = hear(store, talk, now, 8)

    assert (late.text, late.content, late.unsent_at) == (None, {}, now)
    assert (other.text, other.unsent_at) == ("あの", None)


def test_a_runs_timers_are_replaced_whole(store: Store, now: datetime, house: House) -> None:
    talk, _, _ = house

    def put(*keys: str) -> None:
        due = [RunTimer(key, now, {"timer": key}) for key in keys]
        store.write(lambda db: timers.set_run_timers(db, talk, "run-1", due))

    put("remind", "give_up")
    put("remind")
    assert [t.key for t in store.read(lambda db: db.exec(select(Timer)).all())] == ["run-1:remind"]

    store.write(lambda db: timers.fire_due(db, now))

    (arrival,) = store.read(lambda db: db.exec(select(Arrival).where(Arrival.is_inside)).all())
    assert arrival.raw == {"timer": "remind", "kind": "run", "run_id": "run-1"}
    put("x")
    put()
    assert store.read(given.next_timer) is None


def test_what_waits_for_a_colleague_names_who_holds_it(
    store: Store, now: datetime, house: House
) -> None:
    talk, operator, _ = house
    store.write(lambda db: desk.take(db, talk, operator, 1, now))
    store.write(lambda db: post.send(db, talk, operator, given.a_reply(), now))
    (work,) = store.write(lambda db: outbox.claim_due(db, now, 5))
    assert work.mode == "reply"

    row = store.read(lambda db: rows.conversation_row(db, db.get_one(Conversation, talk)))

    assert (row["assignee_name"], row["has_handoff"]) == ("見本スタッフA", True)
    assert row["free_reply_until"] is None  # the answer took it
    line = store.read(lambda db: rows.message_rows(db, db.exec(select(Message)).all()))[-1]
    assert (line["operator_name"], line["delivery"], line["cost"]) == (
        "見本スタッフA",
        "pending",
        None,
    )
