"""Whoever claims a call has it for a short time: it begins in that time, or was never begun."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot import line_client, sending, worker
from bot.accounts import Accounts
from bot.flow_source import FlowSource
from bot.line_client import CALL_S, LineClient
from bot.means import Means
from bot.media_folder import MediaFolder
from bot.sending import BEGINS_WITHIN_S, send
from bot.simulator.app import create_app
from bot.simulator.state import SimAccount, Simulator
from bot.worker import Worker
from storage import intents, outbox, post
from storage.models.work import Delivery
from storage.outcomes import NoAnswer, Outcome, Refused, Sent, Work
from storage.unit import Store
from tests import given
from tests.bot.conftest import serve

SECOND = timedelta(seconds=1)
TOO_LATE = timedelta(seconds=BEGINS_WITHIN_S + 0.1)


class Nobody(LineClient):
    """LINE as it answers here: at once, and what is told."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:1", "http://127.0.0.1:1")
        self.called: list[Work] = []
        self.answer: Outcome = Sent("id-1")

    def send(self, work: Work, _token: str) -> Outcome:
        self.called.append(work)
        return self.answer


@dataclass
class Room:
    """One worker's room for calls, with a clock of its own."""

    store: Store
    folder: Path
    now: datetime
    room: int = 2
    begun: list[Callable[[], None]] = field(default_factory=list)
    client: Nobody = field(default_factory=Nobody)

    def means(self, **other: Any) -> Means:
        return Means(
            **{
                "store": self.store, "accounts": Accounts(self.store, given.KEY),
                "flows": FlowSource(self.store), "client": self.client,
                "media": MediaFolder(self.folder), "spawn": self.begun.append,
                "room": lambda: self.room, "beside": lambda _: None, "clock": lambda: self.now,
                **other,
            }
        )  # fmt: skip

    def answers(self, count: int, mode: str = "economy") -> None:
        """As many customers wrote, and the bot's answers are about to be sent."""

        def work(db: Session) -> None:
            account = given.an_account(db, self.now, mode=mode)
            for number in range(count):
                talk, _ = given.a_message(
                    db, account, "こんにちは", self.now, number, user=f"U{number:032x}"
                )
                post.say(db, talk, given.an_answer(f"turn-{number}"), self.now)

        self.store.write(work)

    def claim(self) -> Work:
        (work,) = self.store.write(lambda db: intents.claim_due(db, self.now, 1))
        return work

    def found(self) -> list[Delivery]:
        query = select(Delivery).order_by(col(Delivery.id))
        return self.store.read(lambda db: list(db.exec(query)))

    def recover(self) -> int:
        return self.store.write(lambda db: outbox.recover(db, self.now, worker.LEASE_S))


@pytest.fixture
def room(store: Store, now: datetime, tmp_path: Path) -> Room:
    return Room(store, tmp_path, now)


def test_no_more_is_claimed_than_there_is_room_to_call(room: Room) -> None:
    room.answers(3)
    one = Worker(room.means())

    assert one.send_once()

    states = [delivery.state for delivery in room.found()]
    assert (len(room.begun), states) == (2, ["sending", "sending", "pending"])
    one.stop()
    assert not one.send_once(), "it has been told to end while it waited for room"
    assert len(room.begun) == 2


def test_a_call_ends_before_its_lease_does() -> None:
    assert BEGINS_WITHIN_S + CALL_S < worker.LEASE_S


@pytest.mark.parametrize("mode", ["economy", "strict"])
def test_a_call_that_would_begin_too_late_was_never_begun(room: Room, mode: str) -> None:
    room.answers(1, mode)
    late = room.claim()
    room.now += TOO_LATE
    send(room.means(), late)

    (delivery,) = room.found()
    told = (delivery.state, delivery.is_unsure, delivery.tries, delivery.first_tried_at)
    assert (room.client.called, told) == ([], ("pending", False, 0, None))

    room.now += timedelta(minutes=2)  # the free reply is over: nobody called, so a push is right
    again = room.claim()
    assert (again.mode, again.retry_key) == ("push", late.retry_key)
    send(room.means(), again)
    assert [work.tried_at for work in room.client.called] == [again.tried_at]
    assert room.found()[0].state == "sent"


def test_of_an_earlier_try_the_doubt_stays(room: Room) -> None:
    room.answers(1)
    room.client.answer = NoAnswer("ReadTimeoutError")
    first = room.claim()
    send(room.means(), first)
    room.now += SECOND
    late = room.claim()
    room.now += TOO_LATE
    send(room.means(), late)

    (delivery,) = room.found()
    told = (delivery.state, delivery.is_unsure, delivery.tries, delivery.first_tried_at)
    assert told == ("pending", True, 1, first.tried_at)
    assert len(room.client.called) == 1


def test_what_was_taken_over_is_not_given_back(room: Room) -> None:
    room.answers(1)
    late = room.claim()
    room.now += timedelta(seconds=worker.LEASE_S)
    assert room.recover() == 1
    room.now += SECOND
    again = room.claim()

    send(room.means(), late)

    (delivery,) = room.found()
    assert (delivery.state, delivery.tried_at) == ("sending", again.tried_at)


class Hanging:
    """A database of which every write hangs, and a clock that knows how long."""

    def __init__(self, hangs_s: float) -> None:
        self.hangs_s, self.passed_s, self.tries = hangs_s, 0.0, 0

    def write(self, _work: Any) -> None:
        self.tries += 1
        self.passed_s += self.hangs_s
        raise ConnectionError

    def waiter(self) -> Event:
        hanging = self

        class Pause(Event):
            def wait(self, timeout: float | None = None) -> bool:
                hanging.passed_s += timeout or 0.0
                return False

        return Pause()


def test_an_outcome_that_no_database_takes_is_given_up_by_the_clock(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    room.answers(1)
    work, hanging = room.claim(), Hanging(hangs_s=25.0)
    monkeypatch.setattr(sending, "monotonic", lambda: hanging.passed_s)
    caplog.set_level(logging.WARNING, logger="bot.sending")
    accounts = room.means().accounts

    assert accounts.find("main") is not None, "it is known while the database hangs"
    send(room.means(store=hanging, accounts=accounts, waiter=hanging.waiter), work)

    assert hanging.tries == 3
    assert [bool(record.exc_info) for record in caplog.records] == [True, False]
    assert "was not written down" in caplog.records[-1].getMessage()
    assert str(work.delivery_id) in caplog.records[-1].getMessage()


def test_an_outcome_is_written_down_when_the_database_is_back(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.answers(1)
    work, store, fails = room.claim(), room.store, [ConnectionError(), ConnectionError()]

    class Back(Hanging):
        def write(self, work: Any) -> Any:
            if fails:
                raise fails.pop()
            return store.write(work)

    accounts = room.means().accounts
    assert accounts.find("main") is not None
    send(room.means(store=Back(0), accounts=accounts, waiter=Back(0).waiter), work)

    assert room.found()[0].state == "sent"
    assert len([record for record in caplog.records if record.exc_info]) == 1


@pytest.fixture
def simulator() -> Iterator[tuple[Simulator, Any, str]]:
    simulator = Simulator()
    simulator.add_account(SimAccount("main", given.SECRET, given.TOKEN, "http://127.0.0.1:1/"))
    app = create_app(simulator)
    server, url = serve(app)
    yield simulator, app.test_client(), url
    server.shutdown()


def a_push(simulator: Simulator, now: datetime) -> Work:
    user = simulator.add_friend("main", "見本 花子").user_id
    good = {"type": "text", "text": "よい"}
    bad = {"type": "sticker", "packageId": "", "stickerId": "1"}
    key = "5f0c5a0e-9d5c-4f6a-8a53-0a2a5d9c7c11"
    return Work(1, "main", "push", user, [bad, good, bad, good, bad], key, None, now)


def test_all_checks_of_a_refused_call_have_one_time_together(
    simulator: tuple[Simulator, Any, str], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, control, url = simulator
    work, client = a_push(line, now), LineClient(url, url)
    clock = iter((0.0, 1.0, 1.0, 2.0, 3.9, 4.1, 9.0))  # begun, refused, then before each check
    monkeypatch.setattr(line_client, "monotonic", lambda: next(clock))
    control.post("/sim/v1/faults", json={"kind": "terse", "path": "/push", "times": 9})

    found = client.send(work, given.TOKEN)

    assert isinstance(found, Refused)
    assert found.places == (0, 2), "what was not checked counts as good until it is refused"
    assert len([call for call in line.log if "/validate/" in call["path"]]) == 3


def test_a_check_that_is_not_answered_ends_with_the_time_of_all(
    simulator: tuple[Simulator, Any, str], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, control, url = simulator
    work, client = a_push(line, now), LineClient(url, url)
    monkeypatch.setattr(line_client, "CHECKS_S", 0.3)
    asked: list[float] = []
    post_ = client._post

    def noted(call: str, *rest: Any) -> Any:
        if call == "check":
            asked.append(rest[-1].total)
        return post_(call, *rest)

    monkeypatch.setattr(client, "_post", noted)
    control.post("/sim/v1/faults", json={"kind": "terse", "path": "/message/push", "times": 1})
    delay = {"kind": "delay", "path": "/validate/", "seconds": 5, "times": 9}
    control.post("/sim/v1/faults", json=delay)

    found = client.send(work, given.TOKEN)

    assert isinstance(found, Refused)
    assert (found.places, len(asked)) == ((), 1)
    assert 0 < asked[0] <= 0.3
