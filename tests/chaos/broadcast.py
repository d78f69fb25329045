"""A10: a broadcast to many, whose process is killed time and again, and whose calls often fail.

Each life ends by kill -9, at one of the places of a broadcast or at any moment. One call in twenty
fails: LINE answers 500, or its answer is lost, before or after it has taken the call. The answers
to one call are lost for a day: after that nobody may make it again. Only LINE's log and the
database are looked at.
"""

import random
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from sqlmodel import Session, col, select

from storage import broadcast_life
from storage.broadcasts import Written, create_draft
from storage.models.broadcasts import Broadcast, BroadcastChunk
from storage.models.operators import Operator
from storage.models.people import Account
from storage.unit import Store, open_store
from tests.chaos.checker import bound
from tests.chaos.haunt import Haunt
from tests.chaos.points import IN_BROADCASTS, ON_WIRE
from tests.chaos.rig import Rig, raised
from tests.chaos.wire import Break, Request
from tests.storage.broadcasting import HELLO, add_friends, user

ACCOUNT, NAME = "strict", "whole"
FAILS = 0.05  # of all calls
DAY_S = 24 * 3600.0
LONGEST_LIFE_S, SETTLES_S, QUIET_S, LOOK_S = 30.0, 180.0, 3.0, 0.02
LIFE_S = (0.0, 0.6)
CALL_S = 0.15  # one after another: a life is to end in the middle, and not after the last
LEAST = 3  # calls that have to be left, or a place may not be reached any more
MULTICAST = "/message/multicast"
SENDING: tuple[str | None, ...] = (*IN_BROADCASTS[1:], None)  # None: at any moment
ENDED = ("sent", "unknown", "failed", "cancelled")


@dataclass(frozen=True)
class Many:
    """How many people, and how often the process dies meanwhile."""

    seed: int
    recipients: int
    kills: int


@dataclass
class Mailing:
    """What came of it. died: at which place how often. broken: calls. calls: that LINE saw."""

    many: Many
    findings: list[str] = field(default_factory=list)
    died: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    people: Counter[str] = field(default_factory=Counter)
    took_s: float = 0.0

    def told(self) -> str:
        """For people, with what a zero means."""
        lines = [
            f"seed {self.many.seed}: {self.many.recipients} recipients, {self.calls} calls that "
            f"LINE saw, {self.took_s:.0f} s",
            f"people: {dict(self.people)}; failed calls: {dict(self.broken)}",
            f"{sum(self.died.values())} kills: {dict(self.died)}",
        ]
        if self.findings:
            return "\n".join([*lines, *self.findings[:20]])
        return "\n".join([*lines, f"left out or sent to twice: {bound(self.many.recipients)}"])


def send_to_many(folder: Path, database_url: str, many: Many) -> Mailing:
    """Send it through all that, and judge."""
    mailing, began = Mailing(many), time.monotonic()
    with raised(folder, database_url) as rig, closing(open_store(database_url)) as store:
        id_ = _begin(store, many.recipients)
        _Lives(rig, store, mailing, id_).pass_()
        _judge(rig, store, mailing, id_)
    mailing.took_s = time.monotonic() - began
    return mailing


def _begin(store: Store, recipients: int) -> str:
    """The friends, and a broadcast to all of them that staff have sent."""

    def work(db: Session) -> str:
        now = datetime.now(UTC)
        add_friends(db, db.get_one(Account, ACCOUNT), recipients, now)
        operator = db.exec(select(Operator)).one()
        draft = create_draft(db, ACCOUNT, Written("お知らせ", HELLO), operator, now)
        broadcast_life.schedule(db, draft.id, draft.version, None, operator, now)
        return draft.id

    return store.write(work)


class _Lives:
    """The lives of the process, until nothing is left."""

    def __init__(self, rig: Rig, store: Store, mailing: Mailing, id_: str) -> None:
        self.rig, self.store, self.mailing, self.id = rig, store, mailing, id_
        self.draw = random.Random(mailing.many.seed)
        self.clock = rig.folder / "clock"
        self.slow = Lock()
        self.next_break: Break | None = None
        self.is_broken = True
        self.doomed = user(0).encode()  # the answers to the call to this person are all lost

    def pass_(self) -> None:
        self.rig.wire.choose = self._choose
        self.rig.wire.on_death = lambda: self.rig.strike(NAME)
        self._live("recipients frozen")
        for _ in range(self.mailing.many.kills - 1):
            self._live(self.draw.choice(SENDING) if self._left() > LEAST else None)
        self._let_a_day_pass()

    def _live(self, place: str | None) -> None:
        haunt = self._plain()
        if place in ON_WIRE:
            self.next_break = "swallow" if place == "request on the wire" else "deafen"
        elif place is not None:
            hit = 1 if place == "recipients frozen" else self.draw.randint(1, 3)
            haunt = replace(haunt, point=place, hit=hit)
        self.rig.launch(NAME, haunt)
        if place is None:
            self.rig.wait(NAME)
            time.sleep(self.draw.uniform(*LIFE_S))
        if place is not None and self._dies():
            self.mailing.died[place] += 1
        else:
            self.mailing.died["any moment"] += 1
        self.rig.kill(NAME)
        self.next_break = None

    def _dies(self) -> bool:
        one, deadline = self.rig.processes[NAME], time.monotonic() + LONGEST_LIFE_S
        while one.is_alive and time.monotonic() < deadline and self._left() > 1:
            time.sleep(LOOK_S)
        return not one.is_alive

    def _let_a_day_pass(self) -> None:
        """What can end does; then the line is well again, but LINE has forgotten its keys."""
        self.rig.start(NAME, self._plain())
        _until(lambda: self._left() == 1)
        self.rig.kill(NAME)
        self.is_broken, seen = False, len(_log(self.rig))
        self.clock.write_text(str(DAY_S))
        self.rig.sim("clock", {"advance_s": DAY_S})
        self.rig.start(NAME, self._plain())
        _until(lambda: self._left() == 0)
        time.sleep(QUIET_S)  # whatever might still come twice has had its time
        self.rig.kill(NAME)
        if later := len(_log(self.rig)) - seen:
            self.mailing.findings.append(f"{later} calls in doubt were made again after a day")

    def _choose(self, request: Request) -> Break | None:
        """What breaks of one call; a 500 is LINE's own."""
        if MULTICAST not in request.path:
            return None
        with self.slow:
            time.sleep(CALL_S)
        if self.next_break is not None:
            chosen, self.next_break = self.next_break, None
            return chosen
        if not self.is_broken:
            return None
        if self.doomed in request.raw:
            return "reset after"
        if self.draw.random() >= FAILS:
            return None
        how = self.draw.choice(["reset before", "reset after", "error", "error_after"])
        self.mailing.broken[how] += 1
        if how.startswith("error"):
            self.rig.sim("faults", {"kind": how, "path": MULTICAST})
            return None
        return "reset before" if how == "reset before" else "reset after"

    def _plain(self) -> Haunt:
        return Haunt(note=str(self.rig.notes), lost=str(self.rig.lost), clock=str(self.clock))

    def _chunks(self) -> Sequence[BroadcastChunk]:
        return _chunks(self.store, self.id)

    def _left(self) -> int:
        """How many calls have not ended; more than there are, before the list is whole."""
        if _broadcast(self.store, self.id).frozen_at is None:
            return self.mailing.many.recipients
        return sum(chunk.ended_at is None for chunk in self._chunks())


def _until(check: Any) -> None:
    deadline = time.monotonic() + SETTLES_S
    while not check():
        assert time.monotonic() < deadline, "it does not come to its end"
        time.sleep(0.05)


def _judge(rig: Rig, store: Store, mailing: Mailing, id_: str) -> None:
    got, calls = _got(_log(rig)), _log(rig)
    mailing.calls = len(calls)
    findings = mailing.findings
    if any(call.get("is_other_body") for call in calls):
        findings.append("a key came with another body")
    broadcast, chunks = _broadcast(store, id_), _chunks(store, id_)
    for chunk in chunks:
        mailing.people[chunk.state] += chunk.size
        least, most = (1, 1) if chunk.state == "sent" else (0, 1)
        for one in chunk.line_user_ids:
            if not least <= got[one] <= most:
                findings.append(f"{chunk.state}, and LINE took it {got[one]} times: {one}")
    listed = Counter(one for chunk in chunks for one in chunk.line_user_ids)
    meant = Counter(user(number) for number in range(mailing.many.recipients))
    if listed != meant:
        findings.append(f"{len(meant - listed)} were left out, {len(listed - meant)} too many")
    told = {state: getattr(broadcast, state) for state in ENDED}
    if Counter(told) != mailing.people or broadcast.recipients != mailing.many.recipients:
        findings.append(f"the counts are {told}, the calls {dict(mailing.people)}")
    if broadcast.status != "done":
        findings.append(f"it is {broadcast.status}")


def _got(calls: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """How often LINE took a call for each person: a 200, or a 409 that tells of one whose own
    answer was an error."""
    taken: Counter[str] = Counter()
    bodies: dict[str, Sequence[str]] = {}
    for call in calls:
        bodies[_key(call)] = call["body"]["to"]
        taken[_key(call)] += call["status"] == 200
    for call in calls:
        if call["status"] == 409 and taken[_key(call)] == 0:
            taken[_key(call)] = 1
    return Counter({one: taken[key] for key, ids in bodies.items() for one in ids})


def _key(call: Mapping[str, Any]) -> str:
    headers = {name.lower(): value for name, value in call["headers"].items()}
    return str(headers["x-line-retry-key"])


def _log(rig: Rig) -> list[Mapping[str, Any]]:
    found = rig.sim("log")
    calls = found["items"] if isinstance(found, dict) else found
    return [call for call in calls if re.search(f"{MULTICAST}$", call["path"])]


def _broadcast(store: Store, id_: str) -> Broadcast:
    return store.read(lambda db: db.get_one(Broadcast, id_))


def _chunks(store: Store, id_: str) -> Sequence[BroadcastChunk]:
    query = select(BroadcastChunk).where(BroadcastChunk.broadcast_id == id_)
    return store.read(lambda db: db.exec(query.order_by(col(BroadcastChunk.id))).all())
