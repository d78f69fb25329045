"""The promises have teeth: with any one protection taken out, a short walk breaks one of them.

Each protection is taken out from here, by a patch; there is no switch for it in the product. The
same walk with the protection in its place breaks nothing.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid5

import pytest
from sqlmodel import Session, col, select

import bot.webhook
import console.live
from storage import arrivals, holding, intents, journal, outbox, post, timers
from storage.models.work import Delivery
from tests.laws.one_thread import shop
from tests.laws.one_thread.line import ANSWER_LOST, NEVER_ARRIVES
from tests.laws.one_thread.processes import Flight
from tests.laws.one_thread.promises import Promises
from tests.laws.one_thread.settling_down import settle_down
from tests.laws.one_thread.stages import Stage
from tests.laws.one_thread.world import World

Patch = pytest.MonkeyPatch


def dedupe(patch: Patch) -> None:
    """A copy of an event is a new event."""
    numbers, event_id_of = count(), arrivals.event_id_of
    seen: set[str] = set()

    def another(event: Any) -> str:
        known = event_id_of(event)
        if known in seen:
            return f"{known}{next(numbers)}"
        seen.add(known)
        return known

    patch.setattr(arrivals, "event_id_of", another)


def commit_before_ack(patch: Patch) -> None:
    """LINE gets its 200 first, and what dies at the write after it is gone."""
    keep = bot.webhook._keep

    def later(*given: Any) -> None:
        with suppress(BaseException):
            keep(*given)

    patch.setattr(bot.webhook, "_keep", later)


def intent_row(patch: Patch) -> None:
    """After a death nobody knows that a call was begun."""

    def forget(db: Session, _: datetime, __: float = 0.0) -> int:
        stuck = db.exec(select(Delivery).where(col(Delivery.state) == "sending")).all()
        for one in stuck:
            one.state, one.tries, one.first_tried_at = "pending", 0, None
            db.add(one)
        return len(stuck)

    patch.setattr(outbox, "recover", forget)


def retry_key(patch: Patch) -> None:
    """Each try of a push has a key of its own."""
    begin = intents._begin_try

    def anew(delivery: Any, mode: Any, now: Any) -> Any:
        delivery.retry_key = str(uuid5(UUID(delivery.retry_key), "another"))
        return begin(delivery, mode, now)

    patch.setattr(intents, "_begin_try", anew)


def fencing_of_answers(patch: Patch) -> None:
    """Who takes a talk over does not stop what the bot was about to say."""
    patch.setattr(intents, "_is_fenced_off", lambda *_: False)
    patch.setattr(holding, "cancel_old_answers", lambda *_: None)


def fencing_of_calls(patch: Patch) -> None:
    """A worker that lost its call writes down what came of it all the same."""

    def record(db: Any, work: Any, outcome: Any, now: Any) -> str:
        delivery = outbox._BY_ID.one(db, {"delivery_id": work.delivery_id})
        outbox.end_try(db, delivery, outcome, now)
        return str(delivery.state)

    patch.setattr(outbox, "record", record)


def unknown_is_unknown(patch: Patch) -> None:
    """The common fallback: a reply that LINE refuses is pushed."""

    def push(delivery: Any, _: Any) -> None:
        delivery.reply_token, delivery.reply_until, delivery.is_unsure = None, None, False
        delivery.tries, delivery.first_tried_at = 0, None
        delivery.state, delivery.due_at = "pending", None

    patch.setattr(outbox, "_apply_invalid_token", push)


def seq(patch: Patch) -> None:
    """An entry's number is not the next one."""
    number = journal._number_stream
    times = count(1)

    def with_a_gap(db: Any, account_id: str, entries: list[dict[str, Any]]) -> None:
        if next(times) % 3 == 0:
            journal._RISE.one(db, {"of_account": account_id, "count": 1})
        number(db, account_id, entries)

    patch.setattr(journal, "_number_stream", with_a_gap)


def resume(patch: Patch) -> None:
    """A socket that comes back is told nothing of what it missed."""
    tell = console.live.Live._stream

    def forget(self: Any, account: str, after: int, allowed: Any) -> Any:
        stream = tell(self, account, after, allowed)
        return {**stream, "entries": [], "more": False, "reset": False}

    patch.setattr(console.live.Live, "_stream", forget)


def client_msg_id(patch: Patch) -> None:
    """A browser that sends once more is not known again."""
    names, lines_of = count(), post._lines_of
    patch.setattr(post, "sent_before", lambda *_: [])

    def renamed(*given: Any) -> Any:
        for line in lines_of(*given):
            object.__setattr__(line, "client_msg_id", f"n{next(names)}")
            yield line

    patch.setattr(post, "_lines_of", renamed)


def timer_once(patch: Patch) -> None:
    """A timer that has fired stays."""
    fire = timers.fire_due

    def keep(db: Any, now: Any, limit: int = 100) -> int:
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(db, "delete", lambda _: None)
            return fire(db, now, limit)

    patch.setattr(timers, "fire_due", keep)


REPLYING, STRICT = 0, 2  # friends: of an account that replies, of one that only pushes
SECOND = timedelta(seconds=1)


class Walk:
    """A world in which a test goes step by step."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.first, self.last = world.worker_processes[0], world.worker_processes[-1]

    def hears(self, text: str = "1番", friend: int = REPLYING) -> None:
        """Somebody writes, and the bot has its answer."""
        self.world.says(friend, text)
        self.world.deliver(self.world.line.letters[-1])
        self.world.work(self.first, "turns")

    def calls(self, process: Any = None) -> Flight:
        """A call is about to reach LINE."""
        process = process or self.first
        self.world.work(process, "send")
        flight = next(one for one in self.world.flights.under_way if one.process is process)
        self.world.go_on(flight)
        return flight

    def takes(self) -> None:
        (talk,) = self.world.talks()
        self.world.move(0, talk, "take", None)

    def goes_through(self, flight: Flight, fault: str | None = None) -> None:
        """LINE takes a call, and its answer comes, or does not."""
        self.world.go_on(flight)
        self.world.go_on(flight, fault=fault)


def a_copy(walk: Walk) -> None:
    walk.hears()
    walk.world.deliver(walk.world.line.letters[0], is_copy=True)
    walk.world.work(walk.first, "turns")


def a_death_at_the_door(walk: Walk) -> None:
    walk.world.says(REPLYING, "1番")
    walk.world.deliver(walk.world.line.letters[0], 1)


def a_death_before_the_answer(walk: Walk) -> None:
    walk.hears()
    walk.world.go_on(walk.calls())
    walk.world.restart(walk.first)


def an_answer_that_is_lost(walk: Walk) -> None:
    walk.hears(friend=STRICT)
    walk.goes_through(walk.calls(), ANSWER_LOST)


def a_reply_whose_answer_is_lost(walk: Walk) -> None:
    walk.hears()
    walk.goes_through(walk.calls(), ANSWER_LOST)


def a_take(walk: Walk) -> None:
    walk.world.has_room = False
    walk.hears(friend=STRICT)
    walk.takes()


def a_worker_that_stood_still(walk: Walk) -> None:
    walk.hears(friend=STRICT)
    late = walk.calls()
    walk.world.passes(70 * SECOND)
    walk.world.work(walk.last, "recover")
    walk.world.passes(2 * SECOND)
    walk.goes_through(walk.calls(walk.last))
    Promises(walk.world).hold()
    walk.world.go_on(late, fault=NEVER_ARRIVES)


def some_talk(walk: Walk) -> None:
    for number in range(4):
        walk.hears(f"{number}番")


def a_silence(walk: Walk) -> None:
    browser = walk.world.browsers[0]
    walk.world.catch_up(browser)
    walk.world.drop(browser)
    walk.hears()
    walk.world.emit()
    walk.world.catch_up(browser)


def the_same_again(walk: Walk) -> None:
    walk.hears()
    (talk,) = walk.world.talks()
    walk.world.send(0, talk, 0, None)
    walk.world.send_again(walk.world.sendings[0])


def a_pause(walk: Walk) -> None:
    walk.hears(f"{shop.LATER}1番")
    walk.world.passes(timedelta(seconds=shop.CALLS_BACK_S))
    for what in ("fire", "fire", "turns", "turns"):
        walk.world.work(walk.first, what)


CASES: list[tuple[Callable[[Patch], None], Callable[[Walk], None]]] = [
    (dedupe, a_copy),
    (commit_before_ack, a_death_at_the_door),
    (intent_row, a_death_before_the_answer),
    (retry_key, an_answer_that_is_lost),
    (unknown_is_unknown, a_reply_whose_answer_is_lost),
    (fencing_of_answers, a_take),
    (fencing_of_calls, a_worker_that_stood_still),
    (seq, some_talk),
    (resume, a_silence),
    (client_msg_id, the_same_again),
    (timer_once, a_pause),
]


def walked(stage: Stage, steps: Callable[[Walk], None]) -> None:
    """Raises AssertionError for a promise that is broken."""
    world = stage.world(0, is_one_process=False)
    promises = Promises(world)
    try:
        steps(Walk(world))
        promises.hold()
        world.passes(2 * SECOND)
        settle_down(world, promises)
    finally:
        world.close()


@pytest.mark.parametrize(("protection", "steps"), CASES)
def test_without_a_protection_a_promise_is_broken(
    stage: Stage, protection: Callable[[Patch], None], steps: Callable[[Walk], None]
) -> None:
    walked(stage, steps)

    with pytest.MonkeyPatch.context() as patch:
        protection(patch)
        with pytest.raises(AssertionError):
            walked(stage, steps)
