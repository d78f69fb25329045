"""Talks given by rule: to whom, in which order, and never twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from storage import absence, assignment, customers, desk, journal, post, presence, runs, standing
from storage.desk import Assignment
from storage.desk_rules import Rule, Rules, Way, get_rules, put_rules
from storage.flow_versions import publish
from storage.models.operators import Operator, QueueMember
from storage.models.people import Account
from storage.models.talks import Conversation, Message
from storage.models.work import Timer
from storage.runs import RunState
from storage.unit import Store, open_store
from tests import given
from tests.storage.test_desk_life import hear

SOON = timedelta(seconds=30)
HOUR = timedelta(hours=1)


def rule(store: Store, now: datetime, *ways: Way, most_open: int = 0) -> None:
    version = store.read(get_rules).version
    house = Rule(assign=ways, most_open=most_open)
    store.write(lambda db: put_rules(db, Rules(version, house, {}), "見本", now))


def come(db: Session, operator: Operator, now: datetime, doing: presence.Doing = "viewing") -> None:
    presence.set_presence(db, f"socket-{operator.id}", operator.id, None, doing, now=now)


def staff(
    store: Store, now: datetime, *names: str, **more: str | tuple[str, ...]
) -> list[Operator]:
    """Operators who are there."""

    def work(db: Session) -> list[Operator]:
        found = [given.an_operator(db, now, name, **more) for name in names]
        for one in found:
            come(db, one, now)
        return found

    return store.write(work)


def talks(store: Store, now: datetime, count: int = 1) -> list[str]:
    """Talks that wait, oldest first, each of another friend."""

    def work(db: Session) -> list[str]:
        account = db.get(Account, "main") or given.an_account(db, now)
        begun = [(now + n * timedelta(seconds=1), f"U{n:032x}") for n in range(count)]
        return [given.a_waiting_talk(db, account, at, user).id for at, user in begun]

    return store.write(work)


def give_all(store: Store, now: datetime) -> int:
    count = 0
    while store.write(lambda db: assignment.assign_next(db, now)):
        count += 1
    return count


def holder(store: Store, talk: str) -> str | None:
    return store.read(lambda db: db.get_one(Conversation, talk)).assignee_id


def why(store: Store, talk: str) -> dict[str, object]:
    query = select(Message).where(Message.conversation_id == talk, Message.sender == "system")
    lines = store.read(lambda db: db.exec(query.order_by(Message.seq)).all())
    return lines[-1].content


def test_nothing_is_given_before_a_rule_says_so(store: Store, now: datetime) -> None:
    [talk] = talks(store, now)
    staff(store, now, "見本A")

    assert not store.read(lambda db: assignment.is_wanted(db, now))
    assert give_all(store, now) == 0

    rule(store, now, "round_robin")
    assert store.read(lambda db: assignment.is_wanted(db, now))
    assert give_all(store, now) == 1
    assert holder(store, talk) is not None
    assert not store.read(lambda db: assignment.is_wanted(db, now))


def test_the_ways_are_tried_in_their_order_and_the_reason_is_written_down(
    store: Store, now: datetime
) -> None:
    first, second, third, busy = talks(store, now, 4)
    owner, answerer, idle = staff(store, now, "見本A", "見本B", "見本C")
    rule(store, now, "owner", "sticky", "least_busy")

    def tie(db: Session) -> None:
        customer = db.get_one(Conversation, first).customer_id
        customers.set_owner(db, customer, owner.id, journal.BOT, now)
        desk.take(db, busy, answerer, 1, now)
        post.send(db, second, answerer, given.a_reply(), now)
        desk.resolve(db, second, answerer, now)
        desk.reopen(db, db.get_one(Conversation, second), now + SOON)
        talk = db.get_one(Conversation, second)
        desk.assign(db, second, owner, Assignment(None, None, talk.epoch), now + SOON)

    store.write(tie)

    assert give_all(store, now + SOON) == 3
    assert [holder(store, t) for t in (first, second, third)] == [owner.id, answerer.id, idle.id]
    told = [why(store, t) for t in (first, second, third)]
    assert [line["way"] for line in told] == ["owner", "sticky", "least_busy"]
    assert told[0] == {
        "activity": "assigned_by_rule", "operator": "見本A", "way": "owner", "queue": "受付",
    }  # fmt: skip
    handoff = store.read(lambda db: desk.open_handoff(db, db.get_one(Conversation, first)))
    assert handoff is not None
    assert (handoff.taken_by, handoff.taken_at) == (owner.id, now + SOON)


def test_in_turn_everybody_gets_the_same_and_who_comes_late_is_next(
    store: Store, now: datetime
) -> None:
    talks(store, now, 7)
    people = staff(store, now, "見本A", "見本B", "見本C")
    rule(store, now, "round_robin")

    assert give_all(store, now) == 7
    given_to = Counter(store.read(lambda db: db.exec(select(Conversation.assignee_id)).all()))
    assert sorted(given_to.values()) == [2, 2, 3]

    [late] = staff(store, now, "見本D")
    another = store.write(
        lambda db: given.a_waiting_talk(db, db.get_one(Account, "main"), now, "U" + "f" * 32).id
    )
    assert give_all(store, now) == 1
    assert holder(store, another) == late.id
    assert late.id not in {one.id for one in people}


@pytest.mark.parametrize("reason", ["idle", "gone", "away", "out", "viewer", "wall", "queue"])
def test_who_cannot_answer_is_given_nothing_and_the_talk_waits_for_somebody(
    store: Store, now: datetime, reason: str
) -> None:
    [talk] = talks(store, now)
    rule(store, now, "round_robin")
    store.write(lambda db: given.an_account(db, now, "other"))
    role = "viewer" if reason == "viewer" else "operator"
    accounts = ("other",) if reason == "wall" else ()
    [one] = staff(store, now, "見本A", role=role, accounts=accounts)

    def hinder(db: Session) -> None:
        match reason:
            case "idle":
                come(db, one, now, "away")
            case "gone":
                presence.clear_presence(db, f"socket-{one.id}")
            case "away":
                standing.set_receiving(db, one.id, is_receiving=False)
            case "out":
                absence.go_out(db, one, one, None, now)
            case "queue":
                db.add(QueueMember(operator_id=one.id, queue="予約"))

    store.write(hinder)
    assert (give_all(store, now), holder(store, talk)) == (0, None)

    [other] = staff(store, now, "見本B")
    assert (give_all(store, now), holder(store, talk)) == (1, other.id)


def test_nobody_is_given_more_than_the_limit_and_an_answer_makes_room(
    store: Store, now: datetime
) -> None:
    waiting = talks(store, now, 3)
    [one] = staff(store, now, "見本A")
    rule(store, now, "least_busy", most_open=2)

    assert give_all(store, now) == 2
    assert holder(store, waiting[2]) is None

    store.write(lambda db: post.send(db, waiting[0], one, given.a_reply(), now))
    assert give_all(store, now) == 1
    assert holder(store, waiting[2]) == one.id


def test_who_puts_a_talk_back_does_not_get_it_again(store: Store, now: datetime) -> None:
    [talk] = talks(store, now)
    one, other = staff(store, now, "見本A", "見本B")
    rule(store, now, "sticky", "round_robin")
    store.write(lambda db: post.send(db, talk, one, given.a_reply(), now))
    hear(store, talk, now, 2)

    def put_back(db: Session) -> None:
        epoch = db.get_one(Conversation, talk).epoch
        desk.assign(db, talk, one, Assignment(None, None, epoch), now)

    store.write(put_back)
    assert give_all(store, now) == 1
    assert holder(store, talk) == other.id


def test_a_handoff_of_closed_hours_is_given_when_its_queue_opens(
    store: Store, now: datetime
) -> None:
    def work(db: Session) -> str:
        talk, _ = given.a_message(db, given.an_account(db, now), "夜です", now)
        asked = desk.HandoffRequest("受付", {"kind": "step"}, notify_at=now + HOUR)
        desk.hand_off(db, talk, asked, now)
        return talk.id

    talk = store.write(work)
    rule(store, now, "round_robin")
    [one] = staff(store, now, "見本A")
    assert give_all(store, now) == 0

    store.write(lambda db: come(db, one, now + HOUR))
    assert give_all(store, now + HOUR) == 1
    assert holder(store, talk) == one.id


def test_two_workers_give_each_talk_once_and_stay_fair(
    store: Store, database_url: str, now: datetime
) -> None:
    waiting = talks(store, now, 12)
    staff(store, now, "見本A", "見本B", "見本C", "見本D")
    rule(store, now, "round_robin", most_open=3)
    other = store if database_url.startswith("sqlite") else open_store(database_url)

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda s: give_all(s, now), [store, other, store, other]))

    assert sum(counts) == 12
    given_to = Counter(holder(store, talk) for talk in waiting)
    assert sorted(given_to.values()) == [3, 3, 3, 3]
    kinds = [e.kind for e in store.read(lambda db: journal.tail(db, "main", 0)).entries]
    assert kinds.count("conversation.assigned") == 12
    if other is not store:
        other.close()


def test_out_of_office_hands_over_what_waits_and_the_rest_when_the_customer_answers(
    store: Store, now: datetime
) -> None:
    waiting, pending, quiet = talks(store, now, 3)
    one, boss = staff(store, now, "見本A", "見本B")

    def hold(db: Session) -> None:
        for talk in (waiting, pending, quiet):
            desk.take(db, talk, one, db.get_one(Conversation, talk).epoch, now)
        post.send(db, pending, one, given.a_reply("p"), now)
        post.send(db, quiet, one, given.a_reply("q"), now)

    store.write(hold)
    moved = store.write(lambda db: absence.go_out(db, one, boss, now + HOUR, now))

    assert moved == 1
    gone = store.read(lambda db: db.get_one(Conversation, waiting))
    assert (gone.status, gone.assignee_id, gone.queue) == ("waiting", None, "受付")
    assert why(store, waiting) == {"activity": "left", "operator": "見本A", "queue": "受付"}
    assert holder(store, pending) == one.id

    hear(store, pending, now + SOON, 50)
    answered = store.read(lambda db: db.get_one(Conversation, pending))
    assert (answered.status, answered.assignee_id) == ("waiting", None)

    store.write(lambda db: absence.come_back(db, one))
    assert holder(store, waiting) is None  # nothing moves by itself
    hear(store, quiet, now + SOON, 51)
    assert holder(store, quiet) == one.id


def test_being_out_ends_by_itself_at_its_moment(store: Store, now: datetime) -> None:
    [one] = staff(store, now, "見本A")
    store.write(lambda db: absence.go_out(db, one, one, now + HOUR, now))

    def states(at: datetime) -> list[str]:
        found = store.read(lambda db: standing.list_colleagues(db, at))
        return [colleague.state for colleague in found]

    assert states(now) == ["out"]
    store.write(lambda db: come(db, one, now + HOUR))
    assert states(now + HOUR) == ["there"]
    store.write(lambda db: standing.set_receiving(db, one.id, is_receiving=False))
    assert states(now + HOUR) == ["away"]
    assert states(now + 2 * HOUR) == ["offline"]


@pytest.mark.parametrize(("to", "expected"), [("person", True), ("queue", False)])
def test_a_talk_reopens_for_the_last_person_or_for_the_queue(
    store: Store, now: datetime, to: str, *, expected: bool
) -> None:
    [talk] = talks(store, now)
    [one] = staff(store, now, "見本A")
    rules = Rules(0, Rule(reopen_to=to), {})
    store.write(lambda db: put_rules(db, rules, "見本", now))
    store.write(lambda db: desk.take(db, talk, one, 1, now))
    store.write(lambda db: desk.resolve(db, talk, one, now))

    store.write(lambda db: desk.reopen(db, db.get_one(Conversation, talk), now))

    reopened = store.read(lambda db: db.get_one(Conversation, talk))
    assert (reopened.status, reopened.queue) == ("waiting", "受付")
    assert (reopened.assignee_id == one.id) is expected


def test_a_talk_that_woke_or_reopened_while_its_person_is_out_is_for_the_queue(
    store: Store, now: datetime
) -> None:
    woken, reopened = talks(store, now, 2)
    [one] = staff(store, now, "見本A")
    store.write(lambda db: [desk.take(db, t, one, 1, now) for t in (woken, reopened)])
    store.write(lambda db: desk.snooze(db, woken, one, now + HOUR, now))
    store.write(lambda db: desk.resolve(db, reopened, one, now))
    store.write(lambda db: absence.go_out(db, one, one, None, now))

    store.write(lambda db: desk.wake(db, db.get_one(Conversation, woken), now + HOUR))
    store.write(lambda db: desk.reopen(db, db.get_one(Conversation, reopened), now))

    assert (holder(store, woken), holder(store, reopened)) == (None, None)


def test_a_talk_returns_by_rule_only_while_the_customer_has_not_answered(
    store: Store, now: datetime
) -> None:
    [talk] = talks(store, now)
    [one] = staff(store, now, "見本A")
    rules = Rules(0, Rule(return_minutes=60), {"予約": Rule(return_minutes=0)})
    store.write(lambda db: put_rules(db, rules, "見本", now))

    def timer() -> datetime | None:
        query = select(Timer.due_at).where(Timer.kind == "return")
        return store.read(lambda db: db.exec(query).first())

    store.write(lambda db: post.send(db, talk, one, given.a_reply(), now))
    assert timer() == now + HOUR
    hear(store, talk, now, 60)
    assert timer() is None
    late = store.write(lambda db: desk.return_to_bot(db, talk, None, now + HOUR))
    assert late.status != "bot"  # the timer was under way when the customer answered

    store.write(lambda db: post.send(db, talk, one, given.a_reply("c-2"), now))
    assert timer() == now + HOUR
    assert store.write(lambda db: desk.return_to_bot(db, talk, None, now + HOUR)).status == "bot"
    assert why(store, talk) == {"activity": "returned", "operator": None}


def test_giving_a_talk_back_says_where_the_bot_goes_on(store: Store, now: datetime) -> None:
    [one] = staff(store, now, "見本A")

    def give_back(db: Session, handoff: dict[str, Any] | None, step: str) -> Conversation:
        account = db.get(Account, "main") or given.an_account(db, now)
        talk, _ = given.a_message(db, account, "はい", now, len(step), f"U{step:0>32}")
        state = RunState(f"run-{step}", "welcome", "h1", "waiting", {}, now, step)
        runs.save_run(db, talk, state, now)
        said = replace(
            given.an_answer(step, state.id), origins=[{"run_id": state.id, "step": "ask"}]
        )
        post.say(db, talk, said, now)
        if handoff is None:
            desk.take(db, talk.id, one, talk.epoch, now)
        else:
            desk.hand_off(db, talk, desk.HandoffRequest("受付", **handoff), now)
        return desk.return_to_bot(db, talk.id, one, now)

    def told(handoff: dict[str, Any] | None, step: str) -> dict[str, object]:
        talk = store.write(lambda db: give_back(db, handoff, step)).id
        return {k: v for k, v in why(store, talk).items() if k in {"question", "flow"}}

    store.write(lambda db: publish(db, [given.a_version()], None, now))
    assert told(None, "ask") == {"question": "こんにちは"}
    assert told(None, "other") == {"flow": "ようこそ"}
    assert told({"reason": {"kind": "step"}}, "handoff") == {"flow": "ようこそ"}
    asked = {"reason": {"kind": "give_up"}, "open_question": "ご予約日は?"}
    assert told(asked, "give_up") == {"question": "ご予約日は?"}
