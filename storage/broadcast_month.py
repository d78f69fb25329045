"""Whether the month has messages for so many people, beside what is kept for support."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session

from storage import quota
from storage.models.drafting import AccountQuota
from storage.models.people import Account
from storage.quota import LINES_ZONE
from storage.refusals import ShortMonth

Short = Literal["month", "reserve"]


@dataclass(frozen=True, slots=True)
class Room:
    """What a broadcast may use of the month, as far as LINE has told: None, no limit or unknown.

    left: beside the reserve, which is what is kept for what staff send.
    """

    left: int | None
    reserve: int = 0

    def find_short(self, people: int) -> Short | None:
        """What so many people are too many for; None when they are not."""
        if self.left is None or people <= self.left:
            return None
        return "reserve" if people <= self.left + self.reserve else "month"


def find_room(db: Session, account_id: str, now: datetime) -> Room:
    """How many people a broadcast of this account may still reach this month."""
    known = db.get(AccountQuota, account_id, populate_existing=True)
    if known is None or (known.read_at is not None and not is_of_this_month(known.read_at, now)):
        return Room(None)
    if known.most is None or known.used is None:
        return Room(0 if known.stopped_at is not None else None)
    reserve = quota.reserve_of(known.most, db.get_one(Account, account_id))
    left = known.most - known.used - known.sent_since - reserve
    return Room(0 if known.stopped_at is not None else max(0, left), reserve)


def is_of_this_month(at: datetime, now: datetime) -> bool:
    """Whether a moment takes from the messages that are left now."""
    one, other = at.astimezone(LINES_ZONE), now.astimezone(LINES_ZONE)
    return (one.year, one.month) == (other.year, other.month)


def check_month(db: Session, account_id: str, recipients: int, now: datetime) -> None:
    """Raises ShortMonth, with the figures."""
    room = find_room(db, account_id, now)
    if room.find_short(recipients) is not None:
        raise ShortMonth(recipients=recipients, left=room.left, reserve=room.reserve)
