"""One broadcast under whatever may happen: nobody gets it twice but by a person's decision, nobody
is in two calls, and the counts are those of the calls.

LINE is played with its rule for retry keys: a key is taken once, and forgotten a day after it was
first shown.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select, update

from storage import (
    broadcast_calls,
    broadcast_chunks,
    broadcast_freezing,
    broadcast_life,
    broadcast_recording,
)
from storage.broadcast_outcomes import Call, Halted, Outcome, Strangers
from storage.broadcast_restored import distrust_broadcasts
from storage.broadcasts import Written, create_draft
from storage.customers import find_or_create_friend
from storage.models.broadcasts import Broadcast, BroadcastChunk
from storage.models.operators import Operator
from storage.models.people import Account, Friend
from storage.outcomes import Limited, NoAnswer, NotBegun, Sent
from storage.unit import Store, open_store
from tests import given as made
from tests.storage.broadcasting import HELLO, counts, user

FRIENDS, OF_A_CALL, OF_A_PAGE = 11, 3, 6
KEY_LASTS = timedelta(hours=24)
ENDED = ("sent", "unknown", "failed", "cancelled")
EXAMPLES = settings(
    max_examples=int(os.environ.get("MADOGUCHI_EXAMPLES", "25")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
HOWS = (
    *("sent", "sent", "sent", "answer lost", "error", "limited"),
    *("month", "refused", "token", "strangers", "not begun"),
)
DEEDS = (
    *HOWS,
    *("freeze", "claim", "claim", "claim", "late 200", "crash", "crash", "restore"),
    *("pause", "resume", "resume", "cancel", "again", "leave", "join", "block"),
    *("second", "hour", "half a day", "day"),
)
LENGTHS = {
    "second": timedelta(seconds=1),
    "hour": timedelta(hours=1),
    "half a day": timedelta(hours=13),
    "day": timedelta(hours=25),
}
_NUMBERS = count()


@dataclass
class Line:
    """LINE as it treats retry keys. got: how often each id was sent to."""

    got: Counter[str] = field(default_factory=Counter)
    first_at: dict[str, datetime] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    bodies: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def show(self, call: Call, now: datetime) -> bool:
        """It sees a key: whether it would take the call as a new one."""
        known = self.first_at.get(call.retry_key)
        if known is None or now - known > KEY_LASTS:
            self.first_at[call.retry_key] = now
            self.taken.discard(call.retry_key)
            self.bodies[call.retry_key] = tuple(call.line_user_ids)
        assert self.bodies[call.retry_key] == tuple(call.line_user_ids), "one key, one body"
        return call.retry_key not in self.taken

    def take(self, call: Call, now: datetime) -> None:
        if self.show(call, now):
            self.taken.add(call.retry_key)
            self.got.update(call.line_user_ids)


@dataclass
class World:
    """One broadcast, LINE, and a clock of their own. under_way: calls that were claimed."""

    store: Store
    account: str
    manager: str
    broadcast_id: str
    now: datetime
    line: Line = field(default_factory=Line)
    under_way: list[Call] = field(default_factory=list)
    late: list[Call] = field(default_factory=list)  # taken by LINE, whose process stood still
    again: Counter[str] = field(default_factory=Counter)  # sent once more by a person's decision
    meant: frozenset[str] = frozenset()  # who was there when it began

    def do(self, deed: str) -> None:
        if deed in LENGTHS:
            self.now += LENGTHS[deed]
            self._recover(15.0)
        elif deed in HOWS:
            self._answer(deed)
        else:
            DO[deed](self)

    def freeze(self) -> None:
        self.store.write(lambda db: broadcast_freezing.freeze_next(db, self.now))

    def hear_late(self) -> None:
        if self.late:
            self._record(self.late.pop(0), Sent())

    def claim(self) -> None:
        before = self.broadcast()
        calls = self.store.write(
            lambda db: broadcast_calls.claim(db, self.broadcast_id, self.now, 2)
        )
        assert before.status == "sending" or not calls
        self.under_way += calls

    def _answer(self, how: str) -> None:
        if not self.under_way:
            return
        call = self.under_way.pop(0)
        self._record(call, self._outcome(call, how))

    def _outcome(self, call: Call, how: str) -> Outcome:
        if how == "not begun":
            return NotBegun()
        is_new = self.line.show(call, self.now)
        if how in {"sent", "answer lost"} or (how != "error" and not is_new):
            self.line.take(call, self.now)
            return NoAnswer("timeout") if how == "answer lost" else Sent()
        match how:
            case "error":
                return NoAnswer("500")
            case "limited":
                return Limited()
            case "strangers":
                return Strangers((0,), "400 to[0]")
            case "month" | "refused" | "token":
                return Halted(how)
        raise AssertionError(how)

    def _record(self, call: Call, outcome: Outcome) -> None:
        self.store.write(lambda db: broadcast_recording.record(db, call, outcome, self.now))

    def crash(self, *, is_restore: bool = False) -> None:
        """The process dies: of two calls LINE has taken one, and of some the answer comes late."""
        for number, call in enumerate(self.under_way):
            if number % 2 == 0:
                self.line.take(call, self.now)
                self.late.append(call)
        self.under_way.clear()
        if is_restore:
            self.store.write(lambda db: distrust_broadcasts(db, self.now))
        else:
            self._recover(0.0)

    def _recover(self, older_than_s: float) -> None:
        self.store.write(lambda db: broadcast_recording.recover(db, self.now, older_than_s))

    def decide(self, deed: str) -> None:
        allowed = {
            "pause": {"sending"},
            "resume": {"paused", "stopped"},
            "cancel": {"sending", "paused", "stopped"},
        }[deed]
        verb = getattr(broadcast_life, deed)
        known = self.broadcast()
        if known.status in allowed:
            self.store.write(
                lambda db: verb(
                    db, known.id, known.version, db.get_one(Operator, self.manager), self.now
                )
            )

    def see_to(self, deed: str) -> None:
        verb = broadcast_chunks.send_unknown_again
        if deed == "leave":
            verb = broadcast_chunks.leave_unknown
        found = self.store.read(lambda db: broadcast_chunks.list_unknown(db, self.broadcast_id))
        if not found or self.broadcast().status == "cancelled":
            return
        self.store.write(
            lambda db: verb(
                db, self.broadcast_id, found[0].id, db.get_one(Operator, self.manager), self.now
            )
        )
        if deed == "again":
            (called,) = (one for one in self.chunks() if one.id == found[0].id)
            self.again.update(called.line_user_ids)

    def change_friends(self, deed: str) -> None:
        def work(db: Session) -> None:
            if deed == "join":
                account = db.get_one(Account, self.account)
                find_or_create_friend(db, account, user(10**6 + next(_NUMBERS)), self.now)
                return
            oldest = select(Friend.id).where(
                Friend.account_id == self.account, col(Friend.is_blocked).is_(False)
            )
            first = db.exec(oldest.order_by(col(Friend.id)).limit(1)).first()
            db.exec(update(Friend).where(col(Friend.id) == first).values(is_blocked=True))

        if deed == "join" or self.broadcast().frozen_at is not None:
            self.store.write(work)

    def broadcast(self) -> Broadcast:
        return self.store.read(lambda db: db.get_one(Broadcast, self.broadcast_id))

    def chunks(self) -> list[BroadcastChunk]:
        query = select(BroadcastChunk).where(BroadcastChunk.broadcast_id == self.broadcast_id)
        return self.store.read(lambda db: list(db.exec(query.order_by(col(BroadcastChunk.id)))))

    def check(self) -> None:
        """What holds at any moment."""
        broadcast, chunks = self.broadcast(), self.chunks()
        ids = [one for chunk in chunks for one in chunk.line_user_ids]
        assert len(ids) == len(set(ids)) == broadcast.recipients
        assert all(len(chunk.line_user_ids) == chunk.size for chunk in chunks)
        sizes = Counter[str]()
        for chunk in chunks:
            sizes[chunk.state] += chunk.size
            for one in chunk.line_user_ids:
                times = self.line.got[one]
                assert times <= 1 + self.again[one], "sent to twice"
                assert times >= 1 or chunk.state != "sent", "said to be sent, and is not"
                if chunk.state in {"failed", "cancelled"}:
                    assert times <= self.again[one], f"said to be {chunk.state}, and was sent"
        assert counts(broadcast) == (broadcast.recipients, *(sizes[state] for state in ENDED))
        if broadcast.frozen_at is not None:
            assert self.meant <= set(ids)
        if broadcast.status == "done":
            assert sum(sizes[state] for state in ENDED) == broadcast.recipients

    def heal(self) -> None:
        """All is well, and time passes: everything comes to its end, and stays so."""
        for _ in range(40):
            self.decide("resume")
            self.freeze()
            self.claim()
            while self.under_way:
                self._answer("sent")
            if all(chunk.state in ENDED for chunk in self.chunks()):
                break
            self.now += timedelta(minutes=6)
            self._recover(15.0)
        assert self.broadcast().status in {"done", "cancelled"}
        assert all(chunk.state in ENDED for chunk in self.chunks())
        self.check()
        before = Counter(self.line.got)
        self.now += timedelta(days=3)
        self._recover(15.0)
        self.claim()
        assert (self.under_way, self.line.got) == ([], before)


DO: dict[str, Callable[[World], None]] = {
    "freeze": World.freeze,
    "claim": World.claim,
    "late 200": World.hear_late,
    "crash": World.crash,
    "restore": lambda world: world.crash(is_restore=True),
    **{deed: partial(World.decide, deed=deed) for deed in ("pause", "resume", "cancel")},
    **{deed: partial(World.see_to, deed=deed) for deed in ("again", "leave")},
    **{deed: partial(World.change_friends, deed=deed) for deed in ("join", "block")},
}


@contextmanager
def a_world(store: Store, now: datetime) -> Iterator[World]:
    number = next(_NUMBERS)
    account = f"a{number}"

    def begin(db: Session) -> tuple[str, str]:
        row = made.an_account(db, now, account, provider=account)
        for place in range(FRIENDS):
            find_or_create_friend(db, row, user(number * 100 + place), now)
        manager = made.an_operator(db, now, f"見本{number}", role="manager")
        draft = create_draft(db, account, Written("お知らせ", HELLO), manager, now)
        broadcast_life.schedule(db, draft.id, draft.version, None, manager, now)
        return manager.id, draft.id

    manager, broadcast = store.write(begin)
    meant = frozenset(user(number * 100 + place) for place in range(FRIENDS))
    world = World(store, account, manager, broadcast, now, meant=meant)
    try:
        yield world
    finally:  # what is open of it would be the next one's
        world.decide("cancel")


@pytest.fixture(autouse=True)
def small_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast_freezing, "MOST_RECIPIENTS", OF_A_CALL)
    monkeypatch.setattr(broadcast_freezing, "PAGE", OF_A_PAGE)


def played(store: Store, now: datetime, deeds: list[str]) -> None:
    with a_world(store, now) as world:
        for deed in deeds:
            world.do(deed)
            world.check()
        world.heal()


def test_nobody_gets_it_twice_and_the_counts_add_up_whatever_happens(
    store: Store, now: datetime
) -> None:
    @EXAMPLES
    @given(st.lists(st.sampled_from(DEEDS), max_size=60))
    def law(deeds: list[str]) -> None:
        played(store, now, ["freeze", "freeze", *deeds])

    law()


@pytest.fixture
def small_store(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Store]:
    """The teeth are the same on both databases."""
    path = tmp_path / "small.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    with closing(open_store(f"sqlite:///{path}")) as store:
        yield store


def bites(store: Store, now: datetime, deeds: list[str]) -> bool:
    try:
        played(store, now, ["freeze", "freeze", "claim", *deeds])
    except AssertionError:
        return True
    return False


def test_a_key_that_is_trusted_for_longer_than_line_knows_it_breaks_the_law(
    small_store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    deeds = ["answer lost", "day", "claim", "sent"]
    assert not bites(small_store, now, deeds)
    for module in (broadcast_calls, broadcast_recording):
        monkeypatch.setattr(module, "KEY_LIFE", timedelta(days=365))
    assert bites(small_store, now, deeds)


def test_a_call_that_died_and_is_held_not_to_have_been_sent_breaks_the_law(
    small_store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    deeds = ["crash", "cancel"]
    assert not bites(small_store, now, deeds)
    forgetful = lambda _broadcast, chunk, _reason, _now: broadcast_recording._wait(chunk)  # noqa: E731
    monkeypatch.setattr(broadcast_recording, "_apply_no_answer", forgetful)
    assert bites(small_store, now, deeds)
