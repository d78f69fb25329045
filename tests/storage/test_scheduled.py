"""Messages for a later moment: sent once by the verb of a reply, or stopped for a reason."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from storage import (
    assignment,
    customers,
    desk,
    journal,
    operator_friends,
    outbox,
    scheduled,
    timers,
)
from storage.models.drafting import Scheduled
from storage.models.operators import Operator
from storage.models.people import Account, Friend
from storage.models.talks import Conversation, Message
from storage.models.work import Arrival
from storage.operators import Change as OperatorChange
from storage.operators import change_operator
from storage.refusals import FileOver, FriendHasBlocked, LostRace, NotFound, TooFarOff
from storage.scheduled import Change, Plan
from storage.talks import lock, open_handoff
from storage.unit import Store
from tests import given

HOUR = timedelta(hours=1)


class Counter:
    """A talk that waits, and two of its staff."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now = store, now

        def furnish(db: Session) -> tuple[str, Operator, Operator]:
            talk = given.a_waiting_talk(db, given.an_account(db, now), now)
            operators = given.an_operator(db, now), given.an_operator(db, now, "見本スタッフB")
            return talk.id, *operators

        self.talk_id, self.writer, self.colleague = store.write(furnish)

    def do(self, work: Callable[[Session], Any]) -> Any:
        return self.store.write(work)

    def schedule(self, *, stops: bool = True, name: str = "s-1") -> Scheduled:
        plan = Plan(name, [given.HELLO], "こんにちは", self.now + HOUR, stops)
        found, _ = self.do(
            lambda db: scheduled.schedule(db, self.talk_id, self.writer, plan, self.now)
        )
        return found

    def hours_pass(self, hours: float = 1.0) -> None:
        """The timers fire, and the worker does what they ask for."""
        self.now += HOUR * hours
        self.do(lambda db: timers.fire_due(db, self.now))

        def turns(db: Session) -> None:
            for arrival in db.exec(select(Arrival).where(Arrival.kind == "timer")).all():
                if arrival.state == "pending" and arrival.raw["kind"] == "scheduled":
                    id_ = arrival.raw["scheduled_id"]
                    scheduled.fire(db, lock(db, self.talk_id), id_, self.now)
                    given.finish(db, arrival, self.now)

        self.do(turns)

    def hears(self) -> None:
        account = lambda db: db.get_one(Account, "main")  # noqa: E731 # short
        self.do(lambda db: given.a_message(db, account(db), "やっぱり", self.now, 7))

    def state(self, one: Scheduled) -> tuple[str, str | None]:
        found = self.store.read(lambda db: db.get_one(Scheduled, one.id))
        return found.state, found.reason

    def sent(self) -> list[Message]:
        query = select(Message).where(Message.sender == "operator").order_by(Message.seq)
        return list(self.store.read(lambda db: db.exec(query).all()))

    @property
    def talk(self) -> Conversation:
        return self.store.read(lambda db: db.get_one(Conversation, self.talk_id))


@pytest.fixture
def counter(store: Store, now: datetime) -> Counter:
    return Counter(store, now)


def test_it_goes_out_at_its_moment_under_the_name_of_who_scheduled_it(counter: Counter) -> None:
    one = counter.schedule()
    assert counter.schedule().id == one.id  # the same browser, the same message

    counter.hours_pass(0.9)
    assert counter.sent() == []
    counter.hours_pass(0.1)
    counter.hours_pass(5)

    (message,) = counter.sent()
    assert (message.operator_id, message.client_msg_id) == (counter.writer.id, "s-1")
    assert message.origin == {"scheduled": one.id}
    assert counter.state(one) == ("sent", None)
    assert counter.talk.status == "pending"
    assert len(counter.do(lambda db: outbox.claim_due(db, counter.now, 9))) == 1
    entries = counter.store.read(lambda db: journal.tail(db, "main", 0)).entries
    kinds = [e.kind for e in entries if e.kind.startswith("scheduled")]
    assert kinds == ["scheduled.added", "scheduled.sent"]


def test_a_reply_of_the_customer_stops_it_at_once_unless_it_is_to_go_anyway(
    counter: Counter,
) -> None:
    careful, anyway = counter.schedule(), counter.schedule(stops=False, name="s-2")

    counter.hears()
    assert counter.state(careful) == ("stopped", "replied")
    counter.hours_pass()

    assert [m.client_msg_id for m in counter.sent()] == ["s-2"]
    assert counter.state(anyway) == ("sent", None)


def test_a_follow_is_not_a_reply(counter: Counter) -> None:
    one = counter.schedule()

    def follow(db: Session) -> None:
        talk = lock(db, counter.talk_id)
        customers.followed(db, db.get_one(Friend, talk.friend_id), counter.now)

    counter.do(follow)

    assert counter.state(one) == ("waiting", None)


def test_a_friend_who_has_blocked_us_gets_nothing(counter: Counter) -> None:
    one = counter.schedule()

    def block(db: Session) -> None:
        friend = db.get_one(Friend, lock(db, counter.talk_id).friend_id)
        customers.blocked(db, friend, counter.now, counter.now)

    counter.do(block)
    with pytest.raises(FriendHasBlocked):
        counter.schedule(name="s-2")
    with pytest.raises(FriendHasBlocked):
        counter.do(
            lambda db: scheduled.send_now(db, one.id, counter.writer, Change(1), counter.now)
        )
    counter.hours_pass()

    assert counter.sent() == []
    assert counter.state(one) == ("stopped", "blocked")


def test_who_may_not_answer_any_more_sends_nothing(counter: Counter) -> None:
    one = counter.schedule()
    gone = OperatorChange(is_disabled=True)
    counter.do(lambda db: change_operator(db, db.get_one(Operator, counter.writer.id), gone))

    counter.hours_pass()

    assert counter.sent() == []
    assert counter.state(one) == ("stopped", "sender_gone")


def test_a_done_talk_is_taken_up_again_and_a_colleagues_stays_theirs(counter: Counter) -> None:
    counter.schedule()
    epoch = counter.talk.epoch
    counter.do(lambda db: desk.take(db, counter.talk_id, counter.colleague, epoch, counter.now))

    counter.hours_pass()
    assert (counter.talk.assignee_id, len(counter.sent())) == (counter.colleague.id, 1)

    counter.schedule(name="s-2")
    counter.do(lambda db: desk.resolve(db, counter.talk_id, counter.colleague, counter.now))
    counter.hours_pass()
    assert len(counter.sent()) == 2
    assert (counter.talk.status, counter.talk.assignee_id) == ("pending", counter.writer.id)


def test_it_is_moved_changed_sent_at_once_or_deleted_but_only_as_it_was_looked_at(
    counter: Counter,
) -> None:
    one = counter.schedule()
    later = Change(1, "ほかの文", counter.now + 3 * HOUR)
    moved = counter.do(lambda db: scheduled.change(db, one.id, counter.writer, later, counter.now))
    assert (moved.version, moved.messages) == (2, [{"type": "text", "text": "ほかの文"}])
    with pytest.raises(LostRace) as lost:
        counter.do(lambda db: scheduled.change(db, one.id, counter.writer, later, counter.now))
    assert lost.value.details["scheduled"]["version"] == 2

    counter.hours_pass(1)  # the first moment is none any more
    assert counter.sent() == []
    counter.do(lambda db: scheduled.send_now(db, one.id, counter.colleague, Change(2), counter.now))
    assert [(m.text, m.operator_id) for m in counter.sent()] == [("ほかの文", counter.writer.id)]
    counter.hours_pass(5)
    assert len(counter.sent()) == 1

    other = counter.schedule(name="s-2")
    counter.do(lambda db: scheduled.remove(db, other.id, counter.writer, 1, counter.now))
    counter.do(lambda db: scheduled.remove(db, other.id, counter.writer, 1, counter.now))
    with pytest.raises(LostRace):
        counter.do(
            lambda db: scheduled.send_now(db, other.id, counter.writer, Change(2), counter.now)
        )
    counter.hours_pass(5)
    assert len(counter.sent()) == 1


def test_what_was_stopped_can_be_planned_anew(counter: Counter) -> None:
    one = counter.schedule()
    counter.hears()
    again = Change(2, send_at=counter.now + 2 * HOUR)

    counter.do(lambda db: scheduled.change(db, one.id, counter.writer, again, counter.now))
    counter.hours_pass(2)

    assert (len(counter.sent()), counter.state(one)) == (1, ("sent", None))


@pytest.mark.parametrize("length", [-HOUR, timedelta(0), timedelta(days=367)])
def test_a_moment_that_is_past_or_too_far_off_is_refused(
    counter: Counter, length: timedelta
) -> None:
    plan = Plan("s-9", [given.HELLO], "こんにちは", counter.now + length, stops_on_reply=True)

    with pytest.raises(TooFarOff):
        counter.do(
            lambda db: scheduled.schedule(db, counter.talk_id, counter.writer, plan, counter.now)
        )
    with pytest.raises(NotFound):
        counter.do(lambda db: scheduled.remove(db, "none", counter.writer, 1, counter.now))


FILE = {"upload": {"name": "a.pdf", "kind": "file", "size_bytes": 9}}
PICTURE = {"type": "image", "originalContentUrl": "https://a/1", "previewImageUrl": "https://a/2"}


def test_a_file_is_not_promised_for_later_than_it_is_kept(counter: Counter) -> None:
    def plan(name: str, hours: int) -> Plan:
        until = (counter.now + 2 * HOUR).isoformat()
        origin = {"upload": {**FILE["upload"], "until": until}}
        at = counter.now + hours * HOUR
        return Plan(name, [PICTURE], None, at, stops_on_reply=False, origins=[origin])

    def keep(name: str, hours: int) -> Scheduled:
        return counter.do(
            lambda db: scheduled.schedule(
                db, counter.talk_id, counter.writer, plan(name, hours), counter.now
            )
        )[0]

    with pytest.raises(FileOver):
        keep("s-1", 3)
    one = keep("s-2", 1)
    later = Change(1, send_at=counter.now + 2 * HOUR)
    with pytest.raises(FileOver):
        counter.do(lambda db: scheduled.change(db, one.id, counter.writer, later, counter.now))


def test_other_words_leave_the_pictures_beside_them(counter: Counter) -> None:
    said = [PICTURE, {"type": "text", "text": "前", "quoteToken": "q", "emojis": []}, given.HELLO]
    plan = Plan(
        "s-1", said, "前", counter.now + HOUR, stops_on_reply=True, origins=[FILE, None, None]
    )
    one, _ = counter.do(
        lambda db: scheduled.schedule(db, counter.talk_id, counter.writer, plan, counter.now)
    )

    to = Change(1, text="後")
    changed = counter.do(lambda db: scheduled.change(db, one.id, counter.writer, to, counter.now))

    assert changed.messages == [PICTURE, {"type": "text", "text": "後", "quoteToken": "q"}]
    assert changed.origins == [FILE, None]
    counter.hours_pass()
    assert counter.state(one) == ("sent", None)


def test_what_waits_for_a_talk_that_becomes_a_colleagues_is_dropped(counter: Counter) -> None:
    one = counter.schedule()

    def link(db: Session) -> None:
        talk = db.get_one(Conversation, counter.talk_id)
        operator_friends.link(db, talk, db.get_one(Operator, counter.writer.id), counter.now)

    counter.do(link)

    assert counter.state(one)[0] == "deleted"
    talk = counter.do(lambda db: db.get_one(Conversation, counter.talk_id))
    assert (talk.status, talk.assignee_id, talk.waiting_since) == ("bot", None, None)
    assert counter.do(lambda db: open_handoff(db, talk)) is None
    assert not counter.do(lambda db: assignment.is_wanted(db, counter.now))
