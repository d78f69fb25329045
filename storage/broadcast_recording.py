"""How a broadcast's calls ended.

The same key again while LINE knows it, for a call whose outcome nobody knows; afterwards it is
`unknown` and nobody sends it but staff. An id that LINE does not know fails alone: nobody of that
call got anything, so the others get a call, and a key, of their own. What LINE says of the
messages, of the account or of the month is true of every call: the broadcast stops.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy import and_, bindparam, func, or_, select
from sqlmodel import Session, col

from storage import endpoints, journal, month, quota
from storage.bell import BROADCASTS
from storage.broadcast_calls import stop
from storage.broadcast_chunks import end_chunk, end_if_over, key_of
from storage.broadcast_outcomes import Call, Halted, Outcome, Strangers
from storage.broadcast_rows import tell, tell_soon
from storage.broadcast_states import IS_OPEN, IS_UNDER_WAY, WAITS
from storage.broadcasts import hold
from storage.endpoints import spread
from storage.models.broadcasts import Broadcast, BroadcastChunk
from storage.objects import Query, add_now
from storage.outcomes import KEY_LIFE, Limited, NoAnswer, NotBegun, Sent

LONGEST_WAIT_S = 300.0


def record(db: Session, call: Call, outcome: Outcome, now: datetime) -> str:
    """Write down how a call ended; the chunk's state afterwards.

    A call that was given up meanwhile tells nothing any more, but a 200 is still true.
    """
    broadcast = hold(db, call.broadcast_id, None)
    chunk = _BY_ID.one(db, {"of_chunk": call.chunk_id})
    is_awaited = chunk.state == "sending" and chunk.tried_at == call.tried_at
    is_open = chunk.state in {"pending", "sending", "unknown"}
    is_news = isinstance(outcome, Sent) and is_open and chunk.retry_key == call.retry_key
    if is_awaited or is_news:
        _end_try(db, broadcast, chunk, outcome, now)
        _learn(db, call, chunk.size, outcome, now)
    return chunk.state


_BY_ID = Query(
    BroadcastChunk,
    select(BroadcastChunk).where(col(BroadcastChunk.id) == bindparam("of_chunk")).with_for_update(),
    is_fresh=True,
)


def recover(db: Session, now: datetime, older_than_s: float = 0.0) -> int:
    """Calls that were under way when a process died have an unknown outcome; so have, for good,
    those whose key LINE has forgotten. How many of the former."""
    stuck = and_(
        IS_UNDER_WAY, col(BroadcastChunk.tried_at) <= now - timedelta(seconds=older_than_s)
    )
    late = and_(
        WAITS,
        col(BroadcastChunk.is_unsure),
        col(BroadcastChunk.first_tried_at) <= now - KEY_LIFE,
    )
    wanted = and_(IS_OPEN, or_(stuck, late))
    ids = db.scalars(select(col(BroadcastChunk.broadcast_id)).where(wanted).distinct()).all()
    count = 0
    for broadcast_id in sorted(ids):
        broadcast = hold(db, broadcast_id, None)
        of_it = col(BroadcastChunk.broadcast_id) == broadcast_id
        query = select(BroadcastChunk).where(of_it, wanted).order_by(col(BroadcastChunk.id))
        for chunk in db.scalars(query.execution_options(populate_existing=True)).all():
            is_stuck = chunk.state == "sending"
            count += is_stuck
            why = "stopped while sending" if is_stuck else "LINE has forgotten the retry key"
            _end_try(db, broadcast, chunk, NoAnswer(why), now)
    return count


def _end_try(
    db: Session, broadcast: Broadcast, chunk: BroadcastChunk, outcome: Outcome, now: datetime
) -> None:
    if chunk.state == "unknown":  # and now it is known
        broadcast.unknown -= chunk.size
    _apply(db, broadcast, chunk, outcome, now)
    if broadcast.status == "cancelled" and chunk.state == "pending":
        end_chunk(broadcast, chunk, "unknown" if chunk.is_unsure else "cancelled", "cancelled", now)
    db.add(chunk)
    if end_if_over(broadcast, now):
        tell(db, broadcast, now)
    else:
        tell_soon(db, broadcast, now)
        journal.ring_later(db, BROADCASTS)


def _apply(
    db: Session, broadcast: Broadcast, chunk: BroadcastChunk, outcome: Outcome, now: datetime
) -> None:
    match outcome:
        case Sent():
            chunk.line_request_id = outcome.request_id
            end_chunk(broadcast, chunk, "sent", None, now)
        case NoAnswer():
            _apply_no_answer(broadcast, chunk, outcome.reason, now)
        case Strangers():
            _apply_strangers(db, broadcast, chunk, outcome, now)
        case Limited():
            _wait(chunk)
        case Halted():
            _wait(chunk)
            if broadcast.status in {"sending", "paused"}:
                stop(db, broadcast, outcome.why, now, outcome.said)
        case NotBegun():
            _apply_not_begun(chunk)
        case _:
            assert_never(outcome)


def _apply_not_begun(chunk: BroadcastChunk) -> None:
    """As if it had not been claimed: of an earlier try, or of one before a restore, all stays."""
    chunk.tries -= 1
    if chunk.tries == 0 and not chunk.is_unsure:
        chunk.first_tried_at = None
    _wait(chunk)


def _wait(chunk: BroadcastChunk) -> None:
    """Nothing of it was sent: it waits for whatever its broadcast or its endpoint waits for."""
    chunk.state, chunk.due_at = "pending", None


def _apply_no_answer(
    broadcast: Broadcast, chunk: BroadcastChunk, reason: str, now: datetime
) -> None:
    chunk.is_unsure = True
    if now - (chunk.first_tried_at or now) >= KEY_LIFE:
        end_chunk(broadcast, chunk, "unknown", reason, now)
        return
    wait_s = min(LONGEST_WAIT_S, 0.25 * 2 ** min(chunk.tries - 1, 12))
    wait_s *= spread(f"{chunk.retry_key}:{chunk.tries}")
    chunk.state, chunk.due_at = "pending", now + timedelta(seconds=wait_s)


def _apply_strangers(
    db: Session, broadcast: Broadcast, chunk: BroadcastChunk, outcome: Strangers, now: datetime
) -> None:
    """Whom LINE does not know fail; the others are another call, whose body is new."""
    if chunk.is_unsure:  # an earlier try may have been taken before somebody left LINE
        end_chunk(broadcast, chunk, "unknown", outcome.reason, now)
        return
    strange, ids = {place for place in outcome.places if place < chunk.size}, chunk.line_user_ids
    if not strange:  # it names a place that the call has not
        _apply(db, broadcast, chunk, Halted("refused", outcome.reason), now)
        return
    rest = [one for place, one in enumerate(ids) if place not in strange]
    if rest:
        _add_rest(db, broadcast, chunk, rest)
    chunk.line_user_ids = [ids[place] for place in sorted(strange)]
    chunk.size = len(strange)
    end_chunk(broadcast, chunk, "failed", outcome.reason, now)


def _add_rest(
    db: Session, broadcast: Broadcast, chunk: BroadcastChunk, rest: Sequence[str]
) -> None:
    of_it = col(BroadcastChunk.broadcast_id) == broadcast.id
    last = db.scalar(select(func.max(col(BroadcastChunk.number))).where(of_it)) or 0
    add_now(
        db,
        BroadcastChunk,
        broadcast_id=broadcast.id,
        account_id=broadcast.account_id,
        number=last + 1,
        first_friend_id=chunk.first_friend_id,
        last_friend_id=chunk.last_friend_id,
        size=len(rest),
        retry_key=key_of(chunk.retry_key, rest),
        state="cancelled" if broadcast.status == "cancelled" else "pending",
        line_user_ids=list(rest),
    )
    if broadcast.status == "cancelled":
        broadcast.cancelled += len(rest)


def _learn(db: Session, call: Call, people: int, outcome: Outcome, now: datetime) -> None:
    """What one call tells of the account's others."""
    match outcome:
        case Sent():
            if call.is_probe:
                endpoints.accepted(db, call.account_id, "multicast", now)
            month.note_push(db, call.account_id, now, people)
        case Limited():
            endpoints.refused(db, call.account_id, "multicast", call.retry_key, now)
        case Halted(why="month"):
            quota.ask_soon(db, call.account_id, now)
