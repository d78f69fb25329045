"""The worlds on one thread have teeth: with any one protection taken out, a promise is broken.

Each protection is taken out from here, by a patch; there is no switch for it in the product. The
seeds are those that show it soon, among the first that were tried.
"""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

import bot.webhook
import console.live
from storage import arrivals, deliveries, intents, journal, outbox, post, timers
from tests.laws.one_thread.simulation import Broken, play
from tests.laws.one_thread.stages import Stage, sqlite_stage

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
        try:
            keep(*given)
        except BaseException:  # noqa: BLE001, S110
            pass

    patch.setattr(bot.webhook, "_keep", later)


def intent_row(patch: Patch) -> None:
    """Nothing is written down before LINE is called."""
    begin = intents._begin_try

    def forget(delivery: Any, mode: Any, now: Any) -> Any:
        was = delivery.tries, delivery.tried_at, delivery.first_tried_at
        work = begin(delivery, mode, now)
        delivery.state = "pending"
        delivery.tries, delivery.tried_at, delivery.first_tried_at = was
        return work

    patch.setattr(intents, "_begin_try", forget)


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
    patch.setattr(deliveries, "cancel_old_answers", lambda *_: None)
    import storage.holding

    patch.setattr(storage.holding, "cancel_old_answers", lambda *_: None)


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
    calls = count(1)

    def with_a_gap(db: Any, account_id: str, entries: list[dict[str, Any]]) -> None:
        if next(calls) % 10 == 0:
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


def one_lane(patch: Patch) -> None:
    """A customer's calls go out as they come."""
    import sqlalchemy as sa

    patch.setattr(intents, "_DUE", sa.select(1))


PROTECTIONS: dict[str, Callable[[Patch], None]] = {
    f.__name__: f
    for f in (
        dedupe, commit_before_ack, intent_row, retry_key, fencing_of_answers, fencing_of_calls,
        unknown_is_unknown, seq, resume, client_msg_id, timer_once,
    )
}  # fmt: skip
