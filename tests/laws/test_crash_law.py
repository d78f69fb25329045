"""A crash between any two writes of a turn, resumed, gives the same outbox, and all else the same.

A day of one friend goes through the product's own worker twice. Once nobody disturbs it. The other
time the process dies at the first write of each unit of work, then a new one at the second, and so
on to the moment after the commit, until one lives long enough; each time what is left must be what
was there before. In the end every row of every table must be the same in both.
"""

import json
import secrets
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func
from sqlalchemy import select as select_from
from sqlmodel import Session, SQLModel, select

import bot.flow_source
import bot.worker
from bot.accounts import Accounts
from bot.flow_source import FlowSource
from bot.line_client import LineClient
from bot.means import Means
from bot.media_folder import MediaFolder
from bot.worker import Worker
from console.publishing import Wish, publish_folder
from flows.language.loader import load_folder
from storage import arrivals, desk, post
from storage.models import columns
from storage.models.operators import Operator
from storage.models.people import Account
from storage.models.talks import Conversation
from storage.unit import Store, open_store
from tests import given
from tests.flows.test_salon import FLOWS
from tests.laws.killing import Failpoint, Killed, watch

NOBODY = LineClient("http://127.0.0.1:9", "http://127.0.0.1:9")  # nothing is sent here
Dump = dict[str, list[str]]
Doing = Callable[["Day"], None]


class Day:
    """A database, what comes in from outside, and the worker, born anew for each unit of work."""

    def __init__(
        self, url: str, now: datetime, failpoint: Failpoint, folder: Path, going_on: list["Day"]
    ) -> None:
        self.url, self.now, self.failpoint, self.folder = url, now, failpoint, folder
        self.door = open_store(url)  # of the web process, which does not die
        self.events, self.units, self.ids = count(1), 0, 0
        self.deaths, self.most_in_one_unit = Counter[str](), 0
        going_on[:] = [self]
        self.operator = self.door.write(self._furnish)
        publish_folder(self.door, load_folder(FLOWS), Wish("finish", ""), now)
        self.flows = FlowSource(self.door)  # what is published does not change on this day
        self.flows.book()
        Worker(self._means(self.door)).fire_once()  # what it plans once for a day is there

    def _furnish(self, db: Session) -> Operator:
        given.an_account(db, self.now)
        return given.an_operator(db, self.now)

    def arrives(self, event: dict[str, Any]) -> None:
        """LINE delivers an event, which is kept before it gets its answer."""
        self.door.write(
            lambda db: arrivals.keep(db, db.get_one(Account, "main"), [event], self.now)
        )

    def staff(self, verb: Callable[[Session, Conversation], object]) -> None:
        """Somebody from the staff does something to the talk."""
        self.door.write(lambda db: verb(db, db.exec(select(Conversation)).one()))

    def next_id(self) -> str:
        """The same in every try of a unit, so that rows can be compared."""
        self.ids += 1
        return f"{self.units:07d}{self.ids:07d}"

    def lives_through(self, doing: Doing, *, is_stormy: bool = False) -> Dump:
        """What happens, and all the work that it makes; the rows after it."""
        self.now += timedelta(minutes=1)
        self.units, self.ids = self.units + 1, 0
        doing(self)
        is_busy = True
        while is_busy:
            self.units += 1
            is_busy = self._unit_in_a_storm() if is_stormy else self._unit()
        return self.dump()

    def close(self) -> None:
        """The day is over."""
        self.door.close()

    def _unit_in_a_storm(self) -> bool:
        """One unit of work that dies at each boundary in turn, until it lives or is committed."""
        before = self.dump()
        for at in count(1):
            try:
                return self._unit(at)
            except Killed:
                where = self.failpoint.reached[-1]
            self.deaths[where] += 1
            self.most_in_one_unit = max(self.most_in_one_unit, at)
            is_done = self.dump() != before
            assert where == "after the commit" or not is_done, where
            if is_done:
                return True
        raise AssertionError("not reached")

    def _unit(self, at: int | None = None) -> bool:
        """One unit of a new process, which dies at a boundary; whether there was anything to do."""
        self.door.write(self._close_gaps)
        self.ids = 0
        with (
            self.failpoint.process(),
            closing(open_store(self.url)) as store,
            self.failpoint.watched(at),
        ):
            worker = Worker(self._means(store))
            return worker.fire_once() or worker.turns_once()

    def _means(self, store: Store) -> Means:
        return Means(
            store, Accounts(store, given.KEY), self.flows, NOBODY, MediaFolder(self.folder),
            spawn=lambda _: None, room=lambda: 1, beside=lambda _: None, clock=lambda: self.now,
        )  # fmt: skip

    def dump(self) -> Dump:
        """Every row of every table."""

        def rows(db: Session) -> Dump:
            self._close_gaps(db)
            return {
                name: sorted(
                    json.dumps(list(row), default=_plain) for row in db.execute(select(table))
                )
                for name, table in SQLModel.metadata.tables.items()
            }

        return self.door.write(rows)

    def _close_gaps(self, db: Session) -> None:
        """PostgreSQL does not give a number twice, not even one that was rolled back."""
        if self.door.dialect == "postgresql":
            db.execute(select_from(*NEXT_NUMBERS))


NEXT_NUMBERS = [
    func.setval(
        func.pg_get_serial_sequence(table.name, column.name),
        select_from(func.coalesce(func.max(column), 0) + 1).scalar_subquery(),
        False,  # noqa: FBT003 # PostgreSQL's own way to say that this number is still to be given
    )
    for table in SQLModel.metadata.tables.values()
    for column in table.primary_key.columns
    if column is table.autoincrement_column
]


def _plain(value: object) -> str:
    """A sealed secret has other bytes each time that it is sealed."""
    return "(sealed)" if isinstance(value, bytes) else str(value)


def says(words: str) -> Doing:
    return lambda day: day.arrives(given.a_text_event(words, next(day.events)))


def follows(day: Day) -> None:
    event = given.a_text_event("", next(day.events))
    del event["message"]
    day.arrives({**event, "type": "follow", "follow": {"isUnblocked": False}})


def hours(number: float) -> Doing:
    def pass_(day: Day) -> None:
        day.now += timedelta(hours=number)

    return pass_


def takes(day: Day) -> None:
    day.staff(lambda db, talk: desk.take(db, talk.id, day.operator, talk.epoch, day.now))


def replies(day: Day) -> None:
    day.staff(lambda db, talk: post.send(db, talk.id, day.operator, given.a_reply(), day.now))


def resolves(day: Day) -> None:
    day.staff(lambda db, talk: desk.resolve(db, talk.id, day.operator, day.now))


DAY: dict[str, Doing] = {
    "a flow starts": follows,
    "a tag is put on": says("はじめて"),
    "an answer is saved": says("２０代"),
    "several answers at once": says("カラー、カット"),
    "a wrong answer": says("ひみつ"),
    "the end, in several bubbles": says("1998年4月2日"),
    "a question to the FAQ": says("駐車場はありますか"),
    "a handoff": says("スタッフ"),
    "a person takes it": takes,
    "a person writes": replies,
    "a person is done": resolves,
    "a delayed start": hours(0.2),
    "a score": says("3"),
    "a reason, and a notice to staff": says("待ち時間"),
    "a date": says("予約"),
    "a choice": says("カット"),
    "a time-out": hours(1),
    "a keyword that is over and done with": says("アンケート"),
}


@pytest.fixture(autouse=True)
def one_turn_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each unit of work is one turn; what is published is looked at once."""
    monkeypatch.setattr(bot.flow_source, "FRESH_S", 1e9)


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> list[Day]:
    """The day that is going on. Its ids are made from its clock: the same each time."""
    going_on: list[Day] = []

    def token(_: int) -> str:
        return going_on[0].next_id() if going_on else secrets.token_hex(7)

    monkeypatch.setattr(columns, "secrets", SimpleNamespace(token_hex=token))
    monkeypatch.setattr(columns, "time", SimpleNamespace(time_ns=lambda: 0))
    return going_on


def test_wherever_a_unit_of_work_dies_it_is_done_once_and_the_same(
    database_url: str,
    another_database_url: str,
    now: datetime,
    tmp_path: Path,
    days: list[Day],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failpoint = Failpoint()
    watch(failpoint, monkeypatch)
    with closing(Day(database_url, now, failpoint, tmp_path, days)) as calm:
        quiet = {name: calm.lives_through(doing) for name, doing in DAY.items()}

    with closing(Day(another_database_url, now, failpoint, tmp_path, days)) as stormy:
        for name, doing in DAY.items():
            assert stormy.lives_through(doing, is_stormy=True) == quiet[name], name

    assert stormy.deaths["before the commit"] == stormy.deaths["after the commit"] > 50
    assert stormy.deaths["insert"] + stormy.deaths["update"] + stormy.deaths["delete"] > 200
    assert stormy.most_in_one_unit > 20
    last = quiet[name]
    assert {len(last["delivery"]), len(last["customer_tag"]), len(last["handoff"])} == {17, 6, 2}
