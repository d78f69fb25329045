"""A question to the encoder keeps its customer's lane; a process that dies keeps it for seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import asking
from bot.worker import Worker
from storage import arrivals
from storage.unit import Store
from tests import given
from tests.bot.test_lease import Room


@dataclass
class Answer:
    """Comes after so many seconds, or never."""

    room: Room
    after_s: float

    def wait(self, timeout: float | None = None) -> bool:
        step_s = min(timeout or 0.0, self.after_s)
        self.room.now += timedelta(seconds=step_s)
        self.after_s -= step_s
        assert self.after_s <= 0 or nobody_takes_it(self.room)
        return self.after_s <= 0

    def set(self) -> None:
        raise AssertionError("only the one who asks tells that it is answered")

    clear = set


def nobody_takes_it(room: Room) -> bool:
    return room.store.write(lambda db: arrivals.claim(db, room.now)) is None


@pytest.fixture
def room(store: Store, tmp_path: Path, now: datetime) -> Room:
    return Room(store, tmp_path, now)


def put_off(room: Room) -> arrivals.Try:
    """A customer's question, about to be asked."""

    def work(db) -> arrivals.Try:
        account = given.an_account(db, room.now)
        return arrivals.Try.of(given.an_arrival(db, account, given.a_text_event("質問"), room.now))

    asked = room.store.write(work)
    assert asking.put_off(room.means(), asked)
    return asked


def test_the_lane_is_kept_for_as_long_as_the_question_is_open(room: Room) -> None:
    asked = put_off(room)

    asking.keep_while_asked(room.means(), asked, Answer(room, 7.5))

    assert nobody_takes_it(room)  # the turn that was asked for comes first
    room.now += asking.LEASE
    assert not nobody_takes_it(room)


def test_a_question_that_never_ends_gives_the_lane_back(room: Room) -> None:
    asked, asked_at = put_off(room), room.now

    asking.keep_while_asked(room.means(), asked, Answer(room, 1000))

    assert (room.now - asked_at).total_seconds() == asking.ASKING_S
    room.now += asking.LEASE
    assert not nobody_takes_it(room)


def test_a_process_that_is_alone_does_not_wait_for_one_that_died(room: Room) -> None:
    put_off(room)

    Worker(room.means()).recover(is_alone=False)
    assert nobody_takes_it(room)
    Worker(room.means()).recover(is_alone=True)
    assert not nobody_takes_it(room)
