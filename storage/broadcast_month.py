"""Whether the month has messages for so many people, beside what is kept for support."""

from dataclasses import dataclass

from sqlmodel import Session

from storage import quota
from storage.models.drafting import AccountQuota
from storage.models.people import Account
from storage.refusals import ShortMonth


@dataclass(frozen=True, slots=True)
class Room:
    """What a broadcast may use of the month, as far as LINE has told: None, no limit or unknown.

    reserve: how many are kept for what staff send.
    """

    left: int | None
    reserve: int = 0


def find_room(db: Session, account_id: str, going: int = 0) -> Room:
    """going: people whom calls that are under way are about to reach."""
    known = db.get(AccountQuota, account_id, populate_existing=True)
    if known is None or known.most is None or known.used is None:
        return Room(None)
    reserve = quota.reserve_of(known.most, db.get_one(Account, account_id))
    left = known.most - known.used - known.sent_since - going - reserve
    return Room(max(0, left), reserve)


def check_month(db: Session, account_id: str, recipients: int) -> None:
    """Raises ShortMonth, with the figures."""
    room = find_room(db, account_id)
    if room.left is not None and room.left < recipients:
        raise ShortMonth(recipients=recipients, left=room.left, reserve=room.reserve)
