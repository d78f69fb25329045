"""What reports are tested with: days of a counter, and the figures worked out the long way.

The long way reads nothing that `report_keeping` wrote, and shares no code with it.
"""

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import mean
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from storage import desk, post
from storage.conversations import Scope
from storage.deliveries import journal_delivery
from storage.desk import Assignment
from storage.models.operators import Operator
from storage.models.people import Account
from storage.models.talks import Conversation, Handoff, Message
from storage.models.work import Delivery
from storage.refusals import Refusal
from storage.report_counting import Clock
from storage.report_keeping import is_up_to_date, keep_next
from storage.unit import Store
from tests import given

TOKYO = ZoneInfo("Asia/Tokyo")
OPENS, CLOSES = 10, 19  # of the sample hours, every day


def open_s(begin: datetime, end: datetime) -> int:
    """Ten to seven, every day: minute by minute, so that it cannot be wrong in a clever way."""
    seconds, at = 0, begin
    while at < end:
        step = min(end, at + timedelta(seconds=60 - at.second or 60))
        if OPENS <= at.astimezone(TOKYO).hour < CLOSES:
            seconds += round((step - at).total_seconds())
        at = step
    return seconds


CLOCK = Clock("Asia/Tokyo", open_s)
EVERYBODY = Scope("nobody")


@dataclass
class Counter:
    """Some accounts, staff and talks, and time that passes."""

    store: Store
    now: datetime
    staff: list[str] = field(default_factory=list)
    events: int = 0

    @classmethod
    def opened(cls, store: Store, now: datetime) -> "Counter":
        counter = cls(store, now)

        def work(db: Session) -> list[str]:
            for account_id in ("main", "other"):
                given.an_account(db, now, account_id, provider=account_id)
            people = [given.an_operator(db, now, f"見本{n}") for n in "AB"]
            db.flush()
            return [one.id for one in people]

        counter.staff = store.write(work)
        return counter

    def passes(self, **length: float) -> None:
        self.now += timedelta(**length)

    def do(
        self, work: Callable[[Session, Conversation], Any], who: int = 1, account: str = "main"
    ) -> str:
        """Something in the talk of one friend; what is refused changes nothing. Its id."""

        def write(db: Session) -> str:
            talk = given.a_talk(db, db.get_one(Account, account), self.now, f"U{who:032d}")
            db.flush()
            with suppress(Refusal):
                work(db, talk)
            return talk.id

        return self.store.write(write)

    def says(self, text: str, who: int = 1, account: str = "main") -> str:
        self.events += 1
        number = self.events

        def write(db: Session) -> str:
            user = f"U{who:032d}"
            talk, _ = given.a_message(
                db, db.get_one(Account, account), text, self.now, number, user
            )
            if talk.status == "done":
                desk.reopen(db, talk, self.now)
            return talk.id

        return self.store.write(write)

    def bot_says(self, who: int = 1, account: str = "main", flow: str = "welcome") -> str:
        self.events += 1
        said = post.Said(
            [given.HELLO], ["はい"], f"t{self.events}", None, [{"flow": flow, "step": "s"}]
        )
        return self.do(lambda db, talk: post.say(db, talk, said, self.now), who, account)

    def hands_off(
        self, who: int = 1, account: str = "main", flow: str = "welcome", queue: str = "受付"
    ) -> str:
        asked = desk.HandoffRequest(queue, {"kind": "step", "flow": flow}, run_id="r")
        return self.do(lambda db, talk: desk.hand_off(db, talk, asked, self.now), who, account)

    def takes(self, by: int = 0, who: int = 1, account: str = "main") -> str:
        return self.do(
            lambda db, talk: desk.take(db, talk.id, self._person(db, by), talk.epoch, self.now),
            who, account,
        )  # fmt: skip

    def gives(self, to: int | None, who: int = 1, account: str = "main") -> str:
        def work(db: Session, talk: Conversation) -> None:
            operator = None if to is None else self._person(db, to)
            assignment = Assignment(operator, None, talk.epoch)
            desk.assign(db, talk.id, self._person(db, 0), assignment, self.now)

        return self.do(work, who, account)

    def answers(self, by: int = 0, who: int = 1, account: str = "main") -> str:
        self.events += 1
        reply = given.a_reply(f"c{self.events}", 9999, force=True)
        return self.do(
            lambda db, talk: post.send(db, talk.id, self._person(db, by), reply, self.now),
            who, account,
        )  # fmt: skip

    def resolves(self, by: int = 0, who: int = 1, account: str = "main") -> str:
        return self.do(
            lambda db, talk: desk.resolve(db, talk.id, self._person(db, by), self.now), who, account
        )

    def returns(self, by: int = 0, who: int = 1, account: str = "main") -> str:
        return self.do(
            lambda db, talk: desk.return_to_bot(db, talk.id, self._person(db, by), self.now),
            who, account,
        )  # fmt: skip

    def goes_out(self, mode: str = "reply", state: str = "sent") -> None:
        """What waits is sent, or fails."""

        def work(db: Session) -> None:
            for one in db.scalars(select(Delivery).where(Delivery.state == "pending")).all():
                one.mode, one.state, one.ended_at = mode, state, self.now
                db.add(one)
                journal_delivery(db, one, self.now)

        self.store.write(work)

    def counts(self) -> None:
        """The keeper works until there is nothing to do."""
        while self.store.write(lambda db: keep_next(db, CLOCK, self.now)):
            pass
        assert self.store.read(lambda db: is_up_to_date(db, CLOCK.zone))

    def _person(self, db: Session, number: int) -> Operator:
        return db.get_one(Operator, self.staff[number])


def local(at: datetime) -> datetime:
    return at.astimezone(TOKYO)


@dataclass
class Long:
    """The figures of one bucket, the long way."""

    received: set[str] = field(default_factory=set)
    spoke: set[str] = field(default_factory=set)
    wrote: set[str] = field(default_factory=set)
    helped_talks: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lengths: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


@dataclass
class LongWay:
    """Everything counted by reading all of it, one bucket after another."""

    db: Session
    by: str | None
    first: str
    last: str
    found: dict[str, Long] = field(default_factory=lambda: defaultdict(Long))

    def walk(self) -> dict[str, dict[str, Any]]:
        """Every bucket in which anything happened."""
        for talk in self.db.scalars(select(Conversation)):
            helps = self.all_of(Handoff, talk, Handoff.asked_at)
            lines = self.all_of(Message, talk, Message.seq)
            for line in lines:
                self.count_line(talk, line)
            for delivery in self.db.scalars(
                select(Delivery).where(Delivery.conversation_id == talk.id)
            ):
                self.count_call(talk, delivery, lines)
            for line in lines:
                if line.content.get("activity") == "resolved":
                    over = [h for h in helps if h.resolved_at == line.at]
                    parts = _parts(over[0], lines) if over else {}
                    self.add(line.at, talk, "resolved", **parts)
            for one in helps:
                self.count_help(talk, one, lines)
        return {key: _told(one, self.by) for key, one in self.found.items()}

    def all_of(self, table: Any, talk: Conversation, order: Any) -> list[Any]:
        query = select(table).where(table.conversation_id == talk.id)
        return list(self.db.scalars(query.order_by(order)))

    def count_line(self, talk: Conversation, line: Message) -> None:
        match line.sender:
            case "customer":
                name, kept, parts = "received", "received", {}
            case "bot":
                name, kept, parts = "bot", "spoke", {"flow": (line.origin or {}).get("flow")}
            case "operator":
                name, kept, parts = "staff", "wrote", {"operator": line.operator_id}
            case _:
                return
        for bucket in self.add(line.at, talk, name, **parts):
            getattr(bucket, kept).add(talk.id)

    def count_call(self, talk: Conversation, delivery: Delivery, lines: list[Message]) -> None:
        first = next(line for line in lines if line.delivery_id == delivery.id)
        if delivery.state == "sent":
            flow = (first.origin or {}).get("flow")
            name = "free" if delivery.mode == "reply" else "push"
            self.add(first.at, talk, name, operator=first.operator_id, flow=flow)

    def count_help(self, talk: Conversation, one: Handoff, lines: list[Message]) -> None:
        parts = _parts(one, lines)
        for bucket in self.add(one.asked_at, talk, "helped", **parts):
            bucket.helped_talks.add(talk.id)
            bucket.counts["handed"] += one.run_id is not None
            bucket.counts["reopened"] += one.reason["kind"] == "reopened"
            for name, seconds in _lengths(one, lines).items():
                bucket.lengths[name].append(seconds)

    def add(self, at: datetime, talk: Conversation, name: str, **parts: str | None) -> list[Long]:
        """The bucket that it belongs to, where there is one."""
        day = local(at).date().isoformat()
        if not self.first <= day <= self.last:
            return []
        of_all = {
            None: "",
            "day": day,
            "hour": local(at).strftime("%H"),
            "account": talk.account_id,
        }
        key = of_all[self.by] if self.by in of_all else parts.get(str(self.by))
        if key is None or (not key and self.by is not None):
            return []
        self.found[key].counts[name] += 1
        return [self.found[key]]


def _parts(h: Handoff, lines: list[Message]) -> dict[str, str | None]:
    return {"operator": _who(h, lines), "flow": h.reason.get("flow"), "queue": h.queue}


def _who(h: Handoff, lines: list[Message]) -> str:
    wrote = [m for m in _within(h, lines) if m.sender == "operator"]
    return (wrote[0].operator_id if wrote else h.taken_by) or ""


def _within(h: Handoff, lines: list[Message]) -> list[Message]:
    return [m for m in lines if m.at >= h.asked_at and (not h.resolved_at or m.at <= h.resolved_at)]


def _lengths(h: Handoff, lines: list[Message]) -> dict[str, int]:
    found: dict[str, int] = {}
    within = _within(h, lines)
    wrote = next((m for m in within if m.sender == "operator"), None)
    since = h.asked_at if h.reason["kind"] != "taken" else _waited_since(h, lines)
    if wrote is not None and since is not None:
        found["reply"] = round((wrote.at - since).total_seconds())
        found["opened"] = open_s(since, wrote.at)
    taken = next((m for m in within if _is_taking(m) and m.content["operator"]), None)
    if taken is not None and h.resolved_at is not None:
        found["handled"] = round((h.resolved_at - taken.at).total_seconds())
    return found


def _is_taking(m: Message) -> bool:
    return m.content.get("activity") in ("taken", "assigned")


def _waited_since(h: Handoff, lines: list[Message]) -> datetime | None:
    """The oldest line of the customer before the taking that nothing came after."""
    until = next(
        (n for n, m in enumerate(lines) if m.at >= h.asked_at and _is_answer(m)), len(lines)
    )
    before = lines[:until]
    last = max((n for n, m in enumerate(before) if _is_end(m)), default=-1)
    return next((m.at for m in before[last + 1 :] if m.sender == "customer"), None)


def _is_answer(m: Message) -> bool:
    return _is_taking(m) or m.sender == "operator"


def _is_end(m: Message) -> bool:
    return m.sender in ("bot", "operator") or m.content.get("activity") in ("resolved", "returned")


def _told(one: Long, by: str | None) -> dict[str, Any]:
    of_parts = {"operator": one.wrote, "flow": one.spoke, "queue": one.helped_talks}
    alone = one.received - one.wrote - one.helped_talks
    return {
        "talks": len(of_parts.get(by or "", one.received)),
        "bot_only": None if by in of_parts else len(alone),
        **{name: one.counts[name] for name in NAMES},
        **{name: _times(lengths) for name, lengths in one.lengths.items()},
    }


NAMES = ("received", "bot", "staff", "free", "push", "helped", "handed", "reopened", "resolved")


def _times(lengths: list[int]) -> tuple[int, int, int, int]:
    ordered = sorted(lengths)
    median, p90 = (
        next(s for n, s in enumerate(ordered, 1) if n * 100 >= len(ordered) * p) for p in (50, 90)
    )
    return len(ordered), round(mean(ordered)), median, p90
