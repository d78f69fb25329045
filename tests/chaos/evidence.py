"""What the checker may look at: LINE's phones and log, the database, what browsers wrote down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MODES = {"eco": "economy", "strict": "strict"}  # account → mode


@dataclass
class Outage:
    """A process that was not there. until: when it was ready again."""

    name: str
    since: float
    until: float | None = None


@dataclass(frozen=True)
class Bubble:
    """One thing on a phone, in the order in which it is shown."""

    id: str
    is_own: bool  # the friend's
    kind: str
    text: str


@dataclass(frozen=True)
class Line:
    """One line of a talk in the database."""

    seq: int
    sender: str
    kind: str
    text: str
    line_message_id: str | None
    client_msg_id: str | None
    delivery_id: int | None
    media_state: str | None
    is_late: bool


@dataclass(frozen=True)
class Sending:
    """A delivery as it stands in the end."""

    id: int
    user: str
    account: str
    state: str
    reason: str | None
    created_at: datetime
    reply_until: datetime | None


@dataclass(frozen=True)
class Evidence:
    """phones, talks: by LINE's user id. feeds: what each browser took in, by account. taken_over_s:
    after that a call of a dead worker is another's; 0 where there is but one.
    """

    phones: Mapping[str, Sequence[Bubble]]
    accounts: Mapping[str, str]
    log: Sequence[Mapping[str, Any]]
    talks: Mapping[str, Sequence[Line]]
    sendings: Sequence[Sending]
    arrivals: Sequence[tuple[str, str, str]]  # account, event id, state
    timers: int  # that are due and were not fired
    journals: Mapping[str, Sequence[int]]
    feeds: Sequence[Mapping[str, Sequence[int]]]
    outages: Sequence[Outage]
    taken_over_s: float
    integrity: str
    files: Mapping[str, bool]  # sha256 of a file that is said to be there → whether it is
