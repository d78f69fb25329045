"""What is promised, held against a world after each step.

What was asked for is told by LINE's side (its letters, its phones, its log) and by the operators'
browsers; what became of it, by the rows. No promise is read out of the product's own words.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from storage import journal
from storage.models.talks import Conversation, Message
from storage.models.work import Arrival, Delivery, JournalEntry, Timer
from storage.outcomes import KEY_LIFE
from tests.laws.one_thread.world import World

ENDED = frozenset({"sent", "inferred_sent", "maybe_sent", "unknown", "rejected", "cancelled"})
STATES = ENDED | {"pending", "sending"}
# What has ended may still become this: LINE told the truth late, or delivered the event again.
MOVES = {
    ("maybe_sent", "pending"),
    ("maybe_sent", "sending"),
    ("maybe_sent", "sent"),
    ("maybe_sent", "inferred_sent"),
}
OUT_OF_ORDER = frozenset({"maybe_sent", "unknown"})
NOT_SHOWN = frozenset({"cancelled", "rejected"})


@dataclass
class Seen:
    """The rows that the promises are about, each with what they ask of it."""

    arrivals: Sequence[Any]
    talks: Sequence[Any]
    messages: Sequence[Any]
    deliveries: Sequence[Any]
    timers: Sequence[Any]
    entries: Sequence[Any]
    heads: dict[str, int]

    @staticmethod
    def of(db: Session) -> "Seen":
        """All of them, in their order."""
        return Seen(
            _rows(db, Arrival, "id event_id is_inside kind state trouble conversation_id raw"),
            _rows(db, Conversation, "id last_seq"),
            _rows(db, Message, "id conversation_id seq sender text content delivery_id at"),
            _rows(db, Delivery, _OF_DELIVERY),
            _rows(db, Timer, "id kind due_at"),
            _rows(db, JournalEntry, "id account_id"),
            journal.all_heads(db),
        )


_OF_DELIVERY = """
id conversation_id lane state reason held messages epoch is_unsure reply_token reply_until
first_tried_at tried_at due_at ended_at settled_at
"""


def _rows(db: Session, table: Any, names: str) -> Sequence[Any]:
    return db.execute(_select(table, names)).all()


@cache
def _select(table: Any, names: str) -> Any:
    return select(*(getattr(table, name) for name in names.split())).order_by(table.id)


@dataclass
class Promises:
    """The promises, and what of the past they have to remember."""

    world: World
    states: dict[int, str] = field(default_factory=dict)
    passed_over: set[int] = field(default_factory=set)  # deliveries that later ones may pass
    _seen: Seen | None = None

    def hold(self) -> Seen:
        """Raises AssertionError for the first that is broken."""
        if self._seen is not None and not self.world.is_changed:
            return self._seen
        seen = self._seen = self.world.store.read(Seen.of)
        self.world.is_changed = False
        self._remember(seen)
        for promise in (
            self._kept_and_done_once, self._in_order, self._said_once, self._sent_once,
            self._every_end_is_known, self._numbered, self._timers_fire_once, self._fenced_off,
        ):  # fmt: skip
            for broken in promise(seen):
                raise AssertionError(f"{promise.__name__}: {broken}")
        return seen

    def _remember(self, seen: Seen) -> None:
        for one in seen.deliveries:
            was, id_ = self.states.get(one.id or 0), one.id or 0
            if was in ENDED and was != one.state and (was, one.state) not in MOVES:
                raise AssertionError(f"delivery {id_} had ended as {was} and is {one.state}")
            self.states[id_] = one.state
            if one.held is not None or one.state in OUT_OF_ORDER:
                self.passed_over.add(id_)

    def _kept_and_done_once(self, seen: Seen) -> Iterator[str]:
        """G1, G3: what was answered with a 2xx is there, once; and was written down once."""
        kept = Counter(one.event_id for one in seen.arrivals if not one.is_inside)
        done = {one.event_id for one in seen.arrivals if one.state == "done"}
        lines = Counter(m.text for m in seen.messages if m.sender == "customer")
        for letter in self.world.line.letters:
            event_id, text = letter.event["webhookEventId"], letter.event["message"]["text"]
            if letter.is_answered and not kept[event_id]:
                yield f"{text} was acknowledged and is lost"
            if lines[text] > 1 or kept[event_id] > 1:
                yield f"{text} was done twice"
            if event_id in done and lines[text] != 1:
                yield f"{text} was done and is not in the talk"
        for one in seen.arrivals:
            if one.state not in {"pending", "done"}:
                yield f"arrival {one.id} is {one.state}: {one.trouble}"

    def _in_order(self, seen: Seen) -> Iterator[str]:
        """G4: one turn after another, one call after another, and on the phone in that order."""
        under_way = Counter(one.lane for one in seen.deliveries if one.state == "sending")
        for lane, count in under_way.items():
            if count > 1:
                yield f"{count} calls of {lane} are under way together"
        by_text = _by_text(seen)
        for friend in self.world.friends:
            shown = [by_text[text][0].id or 0 for text in _phone(friend) if len(by_text[text]) == 1]
            firm = [id_ for id_ in shown if id_ not in self.passed_over]
            if firm != sorted(firm):
                yield f"{friend.name} saw {firm}"

    def _said_once(self, seen: Seen) -> Iterator[str]:
        """G3, G9: no step runs twice, and no browser's message is posted twice."""
        bot = Counter(m.text for m in seen.messages if m.sender == "bot")
        yield from (f"{text} was said {n} times" for text, n in bot.items() if n > 1)
        staff = Counter(m.text for m in seen.messages if m.sender == "operator")
        yield from (f"{text} was posted {n} times" for text, n in staff.items() if n > 1)

    def _sent_once(self, seen: Seen) -> Iterator[str]:
        """G5, G6: on the phone at most once, and as the row says."""
        shown = Counter(text for friend in self.world.friends for text in _phone(friend))
        by_text = _by_text(seen)
        for text, deliveries in by_text.items():
            possible = [one for one in deliveries if one.state not in NOT_SHOWN]
            sure = [one for one in deliveries if one.state == "sent" or self._is_inferred(one)]
            if not len(sure) <= shown[text] <= len(possible):
                states = [(one.id, one.state, one.reason) for one in deliveries]
                yield f"{text} was shown {shown[text]} times: {states}"
        yield from (f"{text} came from nowhere" for text in shown if text not in by_text)
        for call in self.world.line.simulator.log:
            if call.get("is_other_body"):
                yield f"a retry key came with another body: {call}"
            if call["path"].endswith("/push") and "X-Line-Retry-Key" not in call["headers"]:
                yield f"a push without a retry key: {call}"

    def _is_inferred(self, delivery: Any) -> bool:
        return delivery.state == "inferred_sent" and not self.world.line.broke_its_word

    def _every_end_is_known(self, seen: Seen) -> Iterator[str]:
        """G5, G6, G7: one of the states that are told; unknown only when nothing could be known."""
        for one in seen.deliveries:
            is_strict = one.reply_token is None
            if one.state not in STATES:
                yield f"delivery {one.id} is {one.state}"
            if (one.ended_at is not None) != (one.state in ENDED):
                yield f"delivery {one.id} is {one.state} and ended at {one.ended_at}"
            if one.state == "cancelled" and not one.reason:
                yield f"delivery {one.id} was cancelled without a reason"
            if one.reason == "given up" or one.settled_at is not None:
                continue
            if one.state == "maybe_sent" and (is_strict or not _is_late(one)):
                yield f"delivery {one.id} is maybe_sent within its window"
            if one.state == "unknown" and not _is_forgotten(one):
                yield f"delivery {one.id} is unknown within 24 hours"

    def _numbered(self, seen: Seen) -> Iterator[str]:
        """G8: no gap and no repeat, neither in a talk nor in a stream."""
        seqs: dict[str, list[int]] = {talk.id: [] for talk in seen.talks}
        for message in seen.messages:
            seqs[message.conversation_id].append(message.seq)
        entries: dict[str, list[int]] = {account: [] for account in seen.heads}
        for entry in seen.entries:
            entries[entry.account_id].append(entry.id)
        for talk in seen.talks:
            if sorted(seqs[talk.id]) != list(range(1, talk.last_seq + 1)):
                yield f"the lines of {talk.id} are {seqs[talk.id]} of {talk.last_seq}"
        for account, head in seen.heads.items():
            if entries[account] != list(range(1, head + 1)):
                yield f"the entries of {account} are {entries[account]} of {head}"

    def _timers_fire_once(self, seen: Seen) -> Iterator[str]:
        """G10: never twice. What the timer says is said once too (`_said_once`)."""
        fired = Counter(
            (
                one.conversation_id,
                one.raw.get("run_id"),
                one.raw.get("timer"),
                str(one.raw.get("entry")),
            )
            for one in seen.arrivals
            if one.kind == "timer" and one.raw.get("kind") == "run"
        )
        yield from (f"{timer} fired {n} times" for timer, n in fired.items() if n > 1)

    def _fenced_off(self, seen: Seen) -> Iterator[str]:
        """What a run had not sent when a person took over is not begun any more."""
        takes = _takes(seen)
        line_of = {m.delivery_id: m for m in seen.messages if m.delivery_id is not None}
        for one in seen.deliveries:
            line = line_of.get(one.id)
            if one.epoch is None or one.is_unsure or one.tried_at is None or line is None:
                continue
            for seq, at in takes.get(one.conversation_id, ()):
                if line.seq < seq and one.tried_at > at:
                    yield f"delivery {one.id} was tried at {one.tried_at}, after the take at {at}"


def quiet(seen: Seen, now: datetime) -> Iterator[str]:
    """What may not be left once everything works again and time has passed."""
    for arrival in seen.arrivals:
        if arrival.state != "done":
            yield f"arrival {arrival.id} is {arrival.state}"
    for one in seen.deliveries:
        if one.state not in ENDED:
            yield f"delivery {one.id} is {one.state}, held {one.held}, due {one.due_at}"
    for timer in seen.timers:
        if timer.due_at <= now:
            yield f"timer {timer.kind} was due at {timer.due_at}"


def _phone(friend: Any) -> list[str]:
    return [item["message"]["text"] for item in friend.screen if item["from"] == "account"]


def _by_text(seen: Seen) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for one in seen.deliveries:
        for message in one.messages:
            found.setdefault(message["text"], []).append(one)
    return found


def _takes(seen: Seen) -> dict[str, list[tuple[int, datetime]]]:
    found: dict[str, list[tuple[int, datetime]]] = {}
    for message in seen.messages:
        if message.sender == "system" and message.content.get("activity") == "taken":
            found.setdefault(message.conversation_id, []).append((message.seq, message.at))
    return found


def _is_late(one: Any) -> bool:
    return (
        one.reply_until is not None and one.ended_at is not None and one.ended_at >= one.reply_until
    )


def _is_forgotten(one: Any) -> bool:
    first = one.first_tried_at
    return first is not None and one.ended_at is not None and one.ended_at - first >= KEY_LIFE
