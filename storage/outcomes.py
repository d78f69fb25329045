"""A call to LINE, the ways in which it can end, and for how long its key is good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from storage import measures
from storage.models.work import Delivery
from storage.quotes import Accepted

KEY_LIFE = timedelta(hours=23, minutes=50)  # LINE keeps a retry key for 24 hours
OPEN = ("pending", "sending")
Mode = Literal["reply", "push"]


@dataclass(frozen=True, slots=True)
class Work:
    """Everything one call to LINE needs; no row of the database."""

    delivery_id: int
    account_id: str
    mode: Mode
    line_user_id: str
    messages: Sequence[dict[str, Any]]
    retry_key: str
    reply_token: str | None
    tried_at: datetime  # names the try
    is_probe: bool = False  # its endpoint has refused the calls before


@dataclass(frozen=True, slots=True)
class Sent:
    """LINE accepted it (200), or had accepted it before (409 of a retry key).

    messages: as LINE has them, in the order in which they were given.
    """

    request_id: str | None = None
    messages: tuple[Accepted, ...] = ()


@dataclass(frozen=True, slots=True)
class InvalidReplyToken:
    """400 "Invalid reply token": used or expired."""


@dataclass(frozen=True, slots=True)
class Refused:
    """LINE will never accept this: a 4xx. places: of the messages that it finds fault with."""

    reason: str
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Limited:
    """429 for the rate: not accepted, worth another try."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nobody knows whether LINE accepted it: time-out, reset, 5xx."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotBegun:
    """LINE was not called: it would have been too late for whoever had claimed the call."""


@dataclass(frozen=True, slots=True)
class MonthOver:
    """429 because the month's messages are used up: not accepted, and no push is until then."""


Outcome = Sent | InvalidReplyToken | Refused | Limited | MonthOver | NoAnswer | NotBegun


def is_key_over(delivery: Delivery, now: datetime) -> bool:
    """Whether LINE may have forgotten the key of a try whose outcome nobody knows."""
    first = delivery.first_tried_at or now
    return delivery.is_unsure and now - first >= KEY_LIFE


def say_less(delivery: Delivery) -> None:
    """What was to go from its words as soon as LINE does not need them any more, goes."""
    if delivery.messages_after is not None:
        delivery.messages, delivery.messages_after = delivery.messages_after, None


def end(delivery: Delivery, state: str, reason: str | None, now: datetime) -> None:
    """Nothing is tried any more."""
    measures.ENDED.labels(state).inc()
    delivery.state, delivery.reason, delivery.ended_at = state, reason, now
    delivery.due_at = None
    say_less(delivery)
