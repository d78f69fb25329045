"""A multicast, and the ways in which it can end beside those of other calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from storage.outcomes import Limited, NoAnswer, NotBegun, Sent


@dataclass(frozen=True, slots=True)
class Call:
    """Everything one multicast needs; no row of the database."""

    chunk_id: int
    broadcast_id: str
    account_id: str
    line_user_ids: Sequence[str]
    messages: Sequence[dict[str, Any]]
    retry_key: str
    tried_at: datetime  # names the try
    is_probe: bool = False  # the endpoint has refused the calls before


@dataclass(frozen=True, slots=True)
class Strangers:
    """LINE knows nobody by some of these ids, so nobody got it. places: in the order of the ids."""

    places: tuple[int, ...]
    reason: str


Why = Literal["month", "refused", "token"]


@dataclass(frozen=True, slots=True)
class Halted:
    """Nobody got it, and no other call of the broadcast would get through.

    why: `month`, its messages are used up; `refused`, LINE does not take what is to be said;
    `token`, LINE does not let the account in. said: in LINE's words.
    """

    why: Why
    said: str | None = None


Outcome = Sent | Strangers | Halted | Limited | NoAnswer | NotBegun
