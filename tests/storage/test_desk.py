"""What happens at the counter, on both databases."""

from datetime import datetime, timedelta

import pytest

from storage import desk, journal, notes, rows
from storage.customers import blocked, followed
from storage.desk import Assignment, HandoffRequest
from storage.models.operators import Operator
from storage.models.people import Friend
from storage.models.talks import Conversation
from storage.post import Reply, Said, say, send
from storage.refusals import AssignedToOther, FriendHasBlocked, LostRace, Stale, WrongStatus
from storage.talks import lock, open_handoff
from storage.unit import Store
from tests import given

ASKED = HandoffRequest(queue="受付", reason={"kind": "step"}, note="見本", run_id="r.1")


@pytest.fixture
def asked(store: Store, now: datetime) -> tuple[str, Operator, Operator]:
    """A talk whose flow asked for a person, and two operators."""

    def work(db) -> tuple[str, Operator, Operator]:
        account = given.an_account(db, now)
        conversation, _ = given.a_message(db, account, "人と話したい", now)
        desk.hand_off(db, conversation, ASKED, now)
        return (
            conversation.id,
            given.an_operator(db, now),
            given.an_operator(db, now, "見本スタッフB"),
        )

    return store.write(work)


def test_given_a_waiting_talk_when_two_take_it_then_one_wins(
    store: Store, now: datetime, asked: tuple[str, Operator, Operator]
) -> None:
    talk, first, second = asked

    store.write(lambda db: desk.take(db, talk, first, 1, now))

    with pytest.raises(LostRace) as lost:
        store.write(lambda db: desk.take(db, talk, second, 1, now))
    assert lost.value.details["conversation"]["assignee_id"] == first.id
    again = store.write(lambda db: desk.take(db, talk, first, 1, now))
    assert (again.status, again.assignee_id, again.epoch) == ("active", first.id, 2)
    over = store.write(lambda db: desk.take(db, talk, second, 2, now))
    assert (over.assignee_id, over.epoch) == (second.id, 3)


def test_a_handoff_is_asked_taken_and_resolved_once(
    store: Store, now: datetime, asked: tuple[str, Operator, Operator]
) -> None:
    talk, operator, _ = asked
    with pytest.raises(WrongStatus):
        store.write(lambda db: desk.hand_off(db, lock(db, talk), ASKED, now))

    store.write(lambda db: desk.take(db, talk, operator, 1, now))
    resolved = store.write(lambda db: desk.resolve(db, talk, operator, now))

    assert (resolved.status, resolved.waiting_since) == ("done", None)
    assert store.read(lambda db: open_handoff(db, db.get_one(Conversation, talk))) is None
    with pytest.raises(WrongStatus):
        store.write(lambda db: desk.snooze(db, talk, operator, now + timedelta(hours=1), now))
    returned = store.write(lambda db: desk.return_to_bot(db, talk, operator, now))
    assert (returned.status, returned.assignee_id, returned.queue) == ("bot", None, None)


def test_a_send_takes_a_talk_that_nobody_holds_and_posts_once(
    store: Store, now: datetime, asked: tuple[str, Operator, Operator]
) -> None:
    talk, operator, colleague = asked
    reply = Reply("c-1", [{"type": "text", "text": "はい"}], ["はい"], seen_seq=9)

    lines, is_new = store.write(lambda db: send(db, talk, operator, reply, now))
    same, is_new_again = store.write(lambda db: send(db, talk, operator, reply, now))

    assert (is_new, is_new_again) == (True, False)
    assert [line.id for line in same] == [line.id for line in lines]
    conversation = store.read(lambda db: db.get_one(Conversation, talk))
    assert (conversation.status, conversation.assignee_id) == ("pending", operator.id)
    assert conversation.waiting_since is None
    other = Reply("c-2", reply.messages, reply.texts, seen_seq=9)
    with pytest.raises(AssignedToOther):
        store.write(lambda db: send(db, talk, colleague, other, now))
    forced = Reply("c-2", reply.messages, reply.texts, seen_seq=0, force=True)
    assert store.write(lambda db: send(db, talk, colleague, forced, now))[1]


def test_a_send_on_a_stale_screen_is_held_and_shown(
    store: Store, now: datetime, asked: tuple[str, Operator, Operator]
) -> None:
    talk, operator, _ = asked
    said = Said([{"type": "text", "text": "ボットです"}], ["ボットです"], "turn-1")
    store.write(lambda db: say(db, lock(db, talk), said, now))
    stale = Reply("c-1", [{"type": "text", "text": "はい"}], ["はい"], seen_seq=2)

    with pytest.raises(Stale) as held:
        store.write(lambda db: send(db, talk, operator, stale, now))

    assert [m["text"] for m in held.value.details["messages"]] == ["ボットです"]
    seen = Reply("c-1", stale.messages, stale.texts, seen_seq=3)
    assert store.write(lambda db: send(db, talk, operator, seen, now))[1]


def test_nothing_is_sent_to_a_friend_who_has_blocked_us(
    store: Store, now: datetime, asked: tuple[str, Operator, Operator]
) -> None:
    talk, operator, _ = asked
    reply = Reply("c-1", [{"type": "text", "text": "はい"}], ["はい"], seen_seq=9, force=True)

    def block(db) -> None:
        blocked(db, db.get_one(Friend, lock(db, talk).friend_id), now, now)

    store.write(block)
    with pytest.raises(FriendHasBlocked):
        store.write(lambda db: send(db, talk, operator, reply, now))

    store.write(lambda db: followed(db, db.get_one(Friend, lock(db, talk).friend_id), now))
    assert store.write(lambda db: send(db, talk, operator, reply, now))[1]


def test_the_journal_carries_the_rows_as_a_fresh_look_finds_them(
    store: Store, now: datetime, asked: tuple[str, Operator, Operator]
) -> None:
    talk, operator, colleague = asked
    store.write(lambda db: desk.take(db, talk, operator, 1, now))
    to = Assignment(colleague, "予約担当", 2)
    store.write(lambda db: desk.assign(db, talk, operator, to, now))
    store.write(lambda db: notes.add_note(db, talk, operator, "n-1", "前回はカット", now=now))
    store.write(lambda db: desk.snooze(db, talk, operator, now + timedelta(hours=1), now))

    def fresh(db) -> dict:
        return rows.conversation_row(db, db.get_one(Conversation, talk))

    tail = store.read(lambda db: journal.tail(db, "main", 0))
    shown = [entry.payload["conversation"] for entry in tail.entries]
    assert shown[-1] == store.read(fresh)
    versions = [row["version"] for row in shown]
    assert versions == sorted(versions)
    assert tail.entries[-1].kind == "conversation.snoozed"
