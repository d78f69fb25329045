"""Arrivals that wait for what an encoder is asked: their lane is kept for whoever asks.

The lease is short and is renewed while the question is open, so that the customer of a process
that died waits seconds; a process that is alone takes them up when it starts.
"""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from storage.arrivals import OLDEST_OF_LANE, Try
from storage.dialects import hold_lane
from storage.models.work import Arrival


def put_off(db: Session, arrival_id: int, until: datetime, now: datetime) -> bool:
    """Keep an arrival for whoever asked: others look at its lane again at `until`, in case that
    one is gone. False when it is done, or somebody else's.
    """
    arrival = db.get_one(Arrival, arrival_id)
    if arrival.state != "pending" or (arrival.due_at is not None and arrival.due_at > now):
        return False
    arrival.due_at = until
    db.add(arrival)
    return True


def keep_longer(db: Session, asked: Try, until: datetime) -> None:
    """Whoever asked is still there, and so is the question."""
    db.execute(
        update(Arrival)
        .where(
            col(Arrival.id) == asked.arrival_id,
            col(Arrival.state) == "pending",
            col(Arrival.tries) == asked.number,
            col(Arrival.due_at) < until,
        )
        .values(due_at=until)
    )


def claim_again(db: Session, arrival_id: int) -> Arrival | None:
    """The arrival that was put off, held until this unit ends; None when it was done meanwhile."""
    lane = db.get_one(Arrival, arrival_id).lane
    hold_lane(db, lane)
    oldest = OLDEST_OF_LANE.first(db, {"lane": lane})
    return oldest if oldest is not None and oldest.id == arrival_id else None


def take_up(db: Session) -> None:
    """Whoever asked is gone: what waits for them, or for its next try, is due now."""
    waits = (col(Arrival.state) == "pending", col(Arrival.due_at).is_not(None))
    db.execute(update(Arrival).where(*waits).values(due_at=None))
