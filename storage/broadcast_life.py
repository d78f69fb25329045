"""What staff decide about a broadcast: when it goes out, that it stands still, that it ends.

draft ─ schedule → scheduled ─ its moment → sending ─ all calls ended → done
scheduled ─ unschedule → draft;   sending ⇄ paused;   sending → stopped ─ resume → sending
scheduled, sending, paused, stopped ─ cancel → cancelled
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from storage import journal
from storage.bell import BROADCASTS
from storage.broadcast_chunks import cancel_open, end_if_over
from storage.broadcast_month import check_month, is_of_this_month
from storage.broadcasts import audience_size, changed, hold, note_deed
from storage.models.broadcasts import Broadcast
from storage.models.operators import Operator
from storage.refusals import NobodyToReach, TooFarOff

FARTHEST = timedelta(days=366)


def schedule(
    db: Session,
    broadcast_id: str,
    version: int,
    send_at: datetime | None,
    by: Operator,
    now: datetime,
) -> Broadcast:
    """It goes out at that moment; None: now. One that waits may get another moment.

    Raises NotFound, LostRace, WrongStatus, TooFarOff, NobodyToReach, ShortMonth.
    """
    broadcast = hold(db, broadcast_id, version, {"draft", "scheduled"})
    if send_at is not None and not now < send_at <= now + FARTHEST:
        raise TooFarOff
    count = audience_size(db, broadcast.account_id)
    if count == 0:
        raise NobodyToReach
    if is_of_this_month(send_at or now, now):  # of a later one nobody knows yet
        check_month(db, broadcast.account_id, count, now)
    broadcast.send_at, broadcast.sent_by = send_at or now, by.id
    broadcast.status, broadcast.line_said = "scheduled", None
    if send_at is None:
        begin(broadcast, now)
    note_deed(db, "broadcast_scheduled", broadcast, by, now, recipients=count)
    changed(db, broadcast, by, now)
    journal.ring_later(db, BROADCASTS)
    return broadcast


def begin(broadcast: Broadcast, now: datetime) -> None:
    """Its moment has come: the list of recipients is made, then it is sent."""
    broadcast.status, broadcast.began_at = "sending", now


def unschedule(
    db: Session, broadcast_id: str, version: int, by: Operator, now: datetime
) -> Broadcast:
    """It waits for no moment any more and is a draft again. Raises NotFound, LostRace, WrongStatus
    once it has begun."""
    broadcast = hold(db, broadcast_id, version, {"scheduled"})
    broadcast.status, broadcast.send_at, broadcast.sent_by = "draft", None, None
    note_deed(db, "broadcast_unscheduled", broadcast, by, now)
    changed(db, broadcast, by, now)
    return broadcast


def pause(db: Session, broadcast_id: str, version: int, by: Operator, now: datetime) -> Broadcast:
    """No call begins any more; those under way end. Raises NotFound, LostRace, WrongStatus."""
    broadcast = hold(db, broadcast_id, version, {"sending"})
    broadcast.status = "paused"
    note_deed(db, "broadcast_paused", broadcast, by, now)
    changed(db, broadcast, by, now)
    return broadcast


def resume(db: Session, broadcast_id: str, version: int, by: Operator, now: datetime) -> Broadcast:
    """Go on with what is left. Raises NotFound, LostRace, WrongStatus, ShortMonth."""
    broadcast = hold(db, broadcast_id, version, {"paused", "stopped"})
    left = broadcast.recipients - broadcast.sent - broadcast.unknown
    left -= broadcast.failed + broadcast.cancelled
    if broadcast.frozen_at is None:
        left = audience_size(db, broadcast.account_id)
    check_month(db, broadcast.account_id, left, now)
    broadcast.status, broadcast.why_stopped, broadcast.line_said = "sending", None, None
    broadcast.began_at = broadcast.began_at or now
    end_if_over(broadcast, now)
    note_deed(db, "broadcast_resumed", broadcast, by, now, recipients=left)
    changed(db, broadcast, by, now)
    journal.ring_later(db, BROADCASTS)
    return broadcast


def cancel(db: Session, broadcast_id: str, version: int, by: Operator, now: datetime) -> Broadcast:
    """Whoever has not been sent to is not. A call that is under way ends; one that LINE may have
    taken ends as unknown. Raises NotFound, LostRace, WrongStatus."""
    statuses = {"scheduled", "sending", "paused", "stopped"}
    broadcast = hold(db, broadcast_id, version, statuses)
    cancel_open(db, broadcast, now)
    broadcast.status, broadcast.ended_at = "cancelled", now
    note_deed(db, "broadcast_cancelled", broadcast, by, now, sent=broadcast.sent)
    changed(db, broadcast, by, now)
    return broadcast
