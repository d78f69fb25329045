"""A broadcast's moment comes: who its recipients are is written down, then it is sent.

The list is made in pages, in the order of the friends' ids, and goes on after a crash where it
stood: nobody is in it twice, and nobody is missed who was there when it began. Who blocks the
account afterwards stays in it; LINE passes them over.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from storage import journal
from storage.bell import BROADCASTS
from storage.broadcast_calls import stop
from storage.broadcast_chunks import end_if_over, key_of
from storage.broadcast_life import begin
from storage.broadcast_month import find_room
from storage.broadcast_rows import tell, tell_soon
from storage.broadcast_states import IS_BEING_SENT, IS_SCHEDULED
from storage.broadcasts import reached_of
from storage.models.broadcasts import Broadcast, BroadcastChunk
from storage.models.people import Friend
from storage.objects import add_now
from storage.prepared import Prepared

MOST_RECIPIENTS = 500  # LINE's, of one call
LATEST = timedelta(hours=1)  # after its moment: at night, or when the sale is over, nobody wants it
PAGE = 5000  # in one unit, which on SQLite keeps every other writer waiting


def begin_due(db: Session, now: datetime) -> int:
    """Begin what was scheduled for now; how many broadcasts. What nobody was there to begin in time
    waits for staff to decide."""
    query = select(Broadcast).where(IS_SCHEDULED, col(Broadcast.send_at) <= now)
    due = db.scalars(query.with_for_update(skip_locked=True)).all()
    for broadcast in due:
        if broadcast.send_at is not None and now - broadcast.send_at > LATEST:
            stop(db, broadcast, "late", now)
            continue
        begin(broadcast, now)
        broadcast.version += 1
        tell(db, broadcast, now)
    return len(due)


def freeze_next(db: Session, now: datetime) -> bool:
    """Write down one page of the recipients of one broadcast; whether there was any to write."""
    query = select(Broadcast).where(IS_BEING_SENT, col(Broadcast.frozen_at).is_(None))
    first = query.order_by(col(Broadcast.began_at), col(Broadcast.id)).limit(1)
    broadcast = db.scalars(first.with_for_update(skip_locked=True)).first()
    if broadcast is None:
        return False
    friends = _page(db, broadcast)
    _write(db, broadcast, friends)
    if len(friends) < PAGE:
        _frozen(db, broadcast, now)
    else:
        tell_soon(db, broadcast, now)
    return True


def _page(db: Session, broadcast: Broadcast) -> Sequence[tuple[str, str]]:
    """The next friends, each with their id at LINE."""
    after = broadcast.frozen_to or ""
    values = {"of_account": broadcast.account_id, "after": after, "at_most": PAGE}
    return [(friend_id, line_user_id) for friend_id, line_user_id in _NEXT.all(db, values)]


_NEXT = Prepared(
    select(col(Friend.id), col(Friend.line_user_id))
    .where(*reached_of(bindparam("of_account")), col(Friend.id) > bindparam("after"))
    .order_by(col(Friend.id))
    .limit(bindparam("at_most"))
)


def _write(db: Session, broadcast: Broadcast, friends: Sequence[tuple[str, str]]) -> None:
    rest, said = iter(friends), _digest(broadcast)
    while part := list(islice(rest, MOST_RECIPIENTS)):
        number, ids = broadcast.recipients // MOST_RECIPIENTS, [one for _, one in part]
        add_now(
            db,
            BroadcastChunk,
            broadcast_id=broadcast.id,
            account_id=broadcast.account_id,
            number=number,
            first_friend_id=part[0][0],
            last_friend_id=part[-1][0],
            size=len(part),
            retry_key=key_of(f"{broadcast.account_id}:{broadcast.id}:{said}:{number}", ids),
            line_user_ids=ids,
        )
        broadcast.recipients += len(part)
        broadcast.frozen_to = part[-1][0]
    db.add(broadcast)


def _digest(broadcast: Broadcast) -> str:
    """What it says: a draft that a restore has brought back may say something else by now, and LINE
    would take its call for the one that it has."""
    said = json.dumps(broadcast.messages, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _frozen(db: Session, broadcast: Broadcast, now: datetime) -> None:
    """The list is whole. A month that does not reach for it stops it before its first call."""
    broadcast.frozen_at = now
    short = find_room(db, broadcast.account_id, now).find_short(broadcast.recipients)
    if short is not None:
        broadcast.status, broadcast.why_stopped = "stopped", short
        broadcast.version += 1
    end_if_over(broadcast, now)
    tell(db, broadcast, now)
    journal.ring_later(db, BROADCASTS)
