"""One message to many, over the wire: each friend sees it once, whatever happens on the way."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Event
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlmodel import Session

from bot import sending
from bot.accounts import Accounts
from bot.broadcasting import Ended, write_down_ended
from bot.line_client import LineClient, LineUnreachable
from bot.means import Means
from console.cli.line_checks import find_faults
from storage import broadcast_life, broadcast_recording, broadcasts
from storage.broadcast_outcomes import Call
from storage.broadcasts import Written
from storage.customers import find_or_create_friend
from storage.models.broadcasts import Broadcast
from storage.models.operators import Operator
from storage.models.people import Account
from storage.outcomes import Sent
from storage.refusals import ShortMonth
from storage.unit import Store
from tests import given
from tests.bot.conftest import Line
from tests.bot.waiting import eventually
from tests.storage import broadcasting
from tests.storage.broadcasting import HELLO

NEWS = "新しいメニューができました"


@pytest.fixture
def manager(store: Store, counter: Line) -> str:
    return store.write(lambda db: given.an_operator(db, counter.now(), role="manager").id)


def friends(counter: Line, store: Store, count: int) -> list[str]:
    """People who follow the account, and whom our memory knows; nothing was said yet."""
    users = [counter.friend(f"見本 {number}") for number in range(count)]
    for user in users:
        counter.simulator.friends[user].is_friend = True

    def know(db: Session) -> None:
        for user in users:
            find_or_create_friend(db, db.get_one(Account, "main"), user, counter.now())

    store.write(know)
    return users


def sent(
    counter: Line, store: Store, by: str, messages: Sequence[dict[str, Any]] = HELLO
) -> Callable[[], Broadcast]:
    """A broadcast that staff send now; how it stands."""

    def work(db: Session) -> str:
        operator, now = db.get_one(Operator, by), counter.now()
        draft = broadcasts.create_draft(db, "main", Written("お知らせ", messages), operator, now)
        broadcast_life.schedule(db, draft.id, draft.version, None, operator, now)
        return draft.id

    id_ = store.write(work)
    return lambda: store.read(lambda db: db.get_one(Broadcast, id_))


def resumed(counter: Line, store: Store, by: str, broadcast: Broadcast) -> None:
    store.write(
        lambda db: broadcast_life.resume(
            db, broadcast.id, broadcast.version, db.get_one(Operator, by), counter.now()
        )
    )


def copies(counter: Line, users: Sequence[str]) -> list[int]:
    """How often each of them sees it."""
    return [counter.texts(user).count(NEWS) for user in users]


def test_every_friend_sees_it_once_in_one_call(counter: Line, store: Store, manager: str) -> None:
    users = friends(counter, store, 5)
    broadcast = sent(counter, store, manager)
    eventually(lambda: broadcast().status == "done", "it is sent")

    assert copies(counter, users) == [1] * 5
    (call,) = counter.calls("/message/multicast")
    assert sorted(call["body"]["to"]) == sorted(users)
    assert call["headers"]["X-Line-Retry-Key"]
    assert (broadcast().sent, broadcast().recipients) == (5, 5)


@pytest.mark.parametrize("kind", ["error", "error_after", "reset_before", "reset_after", "rate"])
def test_whatever_breaks_on_the_way_nobody_gets_it_twice_and_nobody_is_left_out(
    counter: Line, store: Store, manager: str, kind: str
) -> None:
    users = friends(counter, store, 3)
    counter.post("faults", kind=kind, path="multicast", times=2)
    broadcast = sent(counter, store, manager)
    eventually(lambda: broadcast().status == "done", "it is sent in the end")

    assert copies(counter, users) == [1] * 3
    assert broadcast().sent == 3
    calls = counter.calls("/message/multicast")
    assert len({call["headers"]["X-Line-Retry-Key"] for call in calls}) == 1
    assert not any(call["is_other_body"] for call in calls)


def test_ids_that_line_does_not_know_fail_and_the_others_get_it(
    counter: Line, store: Store, manager: str
) -> None:
    users = friends(counter, store, 3)
    gone = users[1]
    del counter.simulator.friends[gone]
    counter.post("faults", kind="strangers", path="multicast")
    broadcast = sent(counter, store, manager)
    eventually(lambda: broadcast().status == "done", "it is sent in the end")

    assert (broadcast().sent, broadcast().failed) == (2, 1)
    assert copies(counter, [users[0], users[2]]) == [1, 1]


def test_a_month_that_is_over_stops_it_and_it_goes_on_when_there_are_messages_again(
    counter: Line, store: Store, manager: str
) -> None:
    users = friends(counter, store, 3)
    counter.simulator.accounts["main"].plan_limit = 2
    broadcast = sent(counter, store, manager)
    eventually(lambda: broadcast().status == "stopped", "LINE takes no more")
    assert (broadcast().why_stopped, copies(counter, users)) == ("month", [0, 0, 0])

    counter.simulator.accounts["main"].plan_limit = 200
    counter.passes(timedelta(minutes=20))
    eventually(lambda: _may_resume(counter, store, manager, broadcast()), "the month is read anew")
    eventually(lambda: broadcast().status == "done", "it is sent")
    assert copies(counter, users) == [1, 1, 1]


def _may_resume(counter: Line, store: Store, manager: str, broadcast: Broadcast) -> bool:
    try:
        resumed(counter, store, manager, broadcast)
    except ShortMonth:
        return False
    return True


def test_what_line_refuses_stops_it_with_lines_own_words(
    counter: Line, store: Store, manager: str
) -> None:
    users = friends(counter, store, 2)
    long = [{"type": "text", "text": "あ" * 5001}]
    broadcast = sent(counter, store, manager, long)
    eventually(lambda: broadcast().status == "stopped", "LINE does not take it")

    assert broadcast().why_stopped == "refused"
    assert "messages[0].text" in (broadcast().line_said or "")
    assert copies(counter, users) == [0, 0]


def test_a_token_that_is_not_valid_stops_it_until_it_is(
    counter: Line, store: Store, manager: str
) -> None:
    users = friends(counter, store, 2)
    counter.simulator.accounts["main"].token = "another"
    broadcast = sent(counter, store, manager)
    eventually(lambda: broadcast().status == "stopped", "LINE does not let us in")
    assert broadcast().why_stopped == "token"

    counter.simulator.accounts["main"].token = given.TOKEN
    resumed(counter, store, manager, broadcast())
    eventually(lambda: broadcast().status == "done", "it is sent")
    assert copies(counter, users) == [1, 1]


def test_whoever_writes_is_answered_while_line_is_slow_with_many(
    counter: Line, store: Store, manager: str
) -> None:
    (user,) = friends(counter, store, 1)
    counter.opens()
    counter.post("faults", kind="delay", seconds=2, path="multicast")
    broadcast = sent(counter, store, manager)
    before = len(counter.texts(user))
    counter.does(user, "say", text="営業時間")
    eventually(lambda: len(counter.texts(user)) > before, "the answer is there")

    assert broadcast().status == "sending"
    eventually(lambda: broadcast().status == "done", "it is sent")
    assert copies(counter, [user]) == [1]


def test_an_outcome_that_the_database_does_not_take_at_once_is_kept_until_it_does(
    counter: Line, store: Store, manager: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = friends(counter, store, 2)
    record, refusals = broadcast_recording.record, iter([True, True])

    def refusing(*given: Any) -> str:
        if next(refusals, False):
            raise OSError("the disk is full")
        return record(*given)

    monkeypatch.setattr(broadcast_recording, "record", refusing)
    broadcast = sent(counter, store, manager)
    eventually(lambda: broadcast().status == "done", "it is written down")

    assert copies(counter, users) == [1, 1]
    assert len(counter.calls("/message/multicast")) == 1


def test_what_the_database_does_not_take_of_one_broadcast_keeps_back_no_other(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = broadcasting.a_house(store, now, 3)
    bad, good = (broadcasting.begun(store, manager, now) for _ in range(2))
    ended: list[Ended] = [(call, Sent()) for call in broadcasting.claimed(store, now)]
    record = broadcast_recording.record

    def refusing(db: Session, call: Call, *given: Any) -> str:
        if call.broadcast_id == bad.id:
            raise LookupError("its row is broken")
        return record(db, call, *given)

    monkeypatch.setattr(broadcast_recording, "record", refusing)
    monkeypatch.setattr(sending, "WRITTEN_WITHIN_S", 0.2)
    means = SimpleNamespace(store=store, clock=lambda: now, waiter=Event)
    write_down_ended(cast("Means", means), ended)

    after = [broadcasting.found(store, one.id) for one in (bad, good)]
    assert [(one.status, one.sent) for one in after] == [("sending", 0), ("done", 3)]


def test_line_says_before_what_it_would_refuse(counter: Line) -> None:
    client = LineClient(counter.url, counter.url)
    assert client.check_multicast(HELLO, given.TOKEN) == []

    (detail,) = client.check_multicast([{"type": "text", "text": ""}], given.TOKEN)
    assert (detail.place, detail.said) == ("messages[0].text", "May not be empty")
    with pytest.raises(LineUnreachable):
        client.check_multicast(HELLO, "another")
    with pytest.raises(LineUnreachable):
        LineClient("http://127.0.0.1:1").check_multicast(HELLO, given.TOKEN)


def test_the_console_hears_what_line_would_refuse_or_that_it_does_not_say(
    counter: Line, store: Store
) -> None:
    client, accounts = LineClient(counter.url), Accounts(store, given.KEY)
    empty = [{"type": "text", "text": ""}]
    assert find_faults(client, accounts, "main", empty) == [
        ("messages[0].text", "May not be empty")
    ]
    assert find_faults(client, accounts, "main", HELLO) == []
    assert find_faults(client, accounts, "nobody", HELLO) is None
    assert find_faults(LineClient("http://127.0.0.1:1"), accounts, "main", HELLO) is None
