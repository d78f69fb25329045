"""Broadcasts (一斉配信): drafts that staff write, and lists of what was sent.

One message to every friend of an account at one time. A draft is free to change; what becomes of it
once it is scheduled stands in `broadcast_life`, how its calls are made in `broadcast_calls`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, func, select
from sqlmodel import Session, col

from storage import journal
from storage.audit import Deed, by_operator, note
from storage.broadcast_rows import broadcast_row, tell, tell_deleted
from storage.cursors import read_cursor, write_cursor
from storage.models.broadcasts import Broadcast
from storage.models.notices import OperatorFriend
from storage.models.operators import Operator
from storage.models.people import Friend
from storage.models.talks import Conversation
from storage.objects import Query, write_changes
from storage.refusals import LostRace, NotFound, WrongBroadcastStatus
from storage.talk_filters import Scope

PAGE = 50


@dataclass(frozen=True, slots=True)
class Written:
    """What a draft says. title: the staff's own name for it. messages: LINE's own shape, 1 to 5."""

    title: str
    messages: Sequence[dict[str, Any]]


def create_draft(
    db: Session, account_id: str, written: Written, by: Operator, now: datetime
) -> Broadcast:
    """A new one, which nobody gets until it is scheduled."""
    broadcast = Broadcast(
        account_id=account_id,
        title=written.title,
        messages=list(written.messages),
        created_by=by.id,
        created_at=now,
        updated_at=now,
    )
    db.add(broadcast)
    db.flush()
    note_deed(db, "broadcast_created", broadcast, by, now)
    tell(db, broadcast, now, journal.actor_of(by))
    return broadcast


def change_draft(
    db: Session, broadcast_id: str, written: Written, version: int, by: Operator, now: datetime
) -> Broadcast:
    """Write it anew. Raises NotFound, LostRace, WrongStatus when it is no draft any more."""
    broadcast = hold(db, broadcast_id, version, {"draft"})
    broadcast.title, broadcast.messages = written.title, list(written.messages)
    broadcast.checked_at = broadcast.line_said = None
    changed(db, broadcast, by, now)
    return broadcast


def delete_draft(
    db: Session, broadcast_id: str, version: int, by: Operator, now: datetime
) -> Broadcast:
    """Throw it away. Raises NotFound, LostRace, WrongStatus when it is no draft any more."""
    broadcast = hold(db, broadcast_id, version, {"draft"})
    note_deed(db, "broadcast_deleted", broadcast, by, now)
    tell_deleted(db, broadcast, now, journal.actor_of(by))
    db.delete(broadcast)
    return broadcast


def note_checked(db: Session, broadcast_id: str, version: int, now: datetime) -> Broadcast:
    """LINE has said that it would take these messages. Raises NotFound, LostRace."""
    broadcast = hold(db, broadcast_id, version)
    broadcast.checked_at = now
    db.add(broadcast)
    return broadcast


def get(db: Session, scope: Scope, broadcast_id: str) -> Broadcast:
    """Raises NotFound, also for one on the other side of the wall."""
    found = db.get(Broadcast, broadcast_id)
    if found is None or not scope.allows(found.account_id):
        raise NotFound("there is no such broadcast")
    return found


def list_page(
    db: Session,
    scope: Scope,
    *,
    account: str | None = None,
    statuses: Sequence[str] = (),
    cursor: str | None = None,
    limit: int = PAGE,
) -> tuple[Sequence[Broadcast], str | None]:
    """One page, the newest first, and the cursor of the next. statuses: any of these, () for all.

    Raises NotFound for a cursor that is none.
    """
    query = select(Broadcast).order_by(col(Broadcast.id).desc()).limit(limit + 1)
    if scope.accounts is not None:
        query = query.where(col(Broadcast.account_id).in_(scope.accounts))
    if account is not None:
        query = query.where(col(Broadcast.account_id) == account)
    if statuses:
        query = query.where(col(Broadcast.status).in_(list(statuses)))
    if cursor is not None:
        query = query.where(col(Broadcast.id) < read_cursor(cursor, [str])[0])
    found = db.scalars(query).all()
    more = write_cursor([found[limit - 1].id]) if len(found) > limit else None
    return found[:limit], more


def audience_size(db: Session, account_id: str) -> int:
    """How many friends would get a broadcast of this account now."""
    query = select(func.count()).select_from(Friend).where(*reached_of(account_id))
    return int(db.scalar(query) or 0)


def reached_of(account_id: str | BindParameter[str]) -> list[ColumnElement[bool]]:
    """Of a friend: whether a broadcast of this account goes to them. Nobody who has blocked it, and
    none of us, whose friend's talk takes notices."""
    of_talk = select(col(Conversation.friend_id)).where(
        col(Conversation.id) == col(OperatorFriend.conversation_id)
    )
    # Not a join: SQLite would begin it with all the talks.
    of_operators = select(of_talk.scalar_subquery()).select_from(OperatorFriend)
    return [
        col(Friend.account_id) == account_id,
        col(Friend.is_blocked).is_(False),
        col(Friend.id).not_in(of_operators),
    ]


def hold(
    db: Session, broadcast_id: str, version: int | None, statuses: set[str] | None = None
) -> Broadcast:
    """The row as it is now, held until the unit ends: before its calls, by everybody.

    version: the one that was looked at. Raises NotFound, LostRace, WrongStatus.
    """
    write_changes(db)
    found = _HELD.first(db, {"of_broadcast": broadcast_id})
    if found is None:
        raise NotFound("there is no such broadcast")
    if version is not None and found.version != version:
        raise LostRace(
            "somebody else changed this broadcast first", broadcast=broadcast_row(db, found)
        )
    if statuses is not None and found.status not in statuses:
        raise WrongBroadcastStatus(broadcast=broadcast_row(db, found))
    return found


_HELD = Query(
    Broadcast,
    select(Broadcast).where(col(Broadcast.id) == bindparam("of_broadcast")).with_for_update(),
    is_fresh=True,
)


def changed(db: Session, broadcast: Broadcast, by: Operator, now: datetime) -> None:
    """Staff have changed it: another version, which the consoles are told."""
    broadcast.version += 1
    broadcast.updated_at = now
    tell(db, broadcast, now, journal.actor_of(by))


def note_deed(
    db: Session, kind: str, broadcast: Broadcast, by: Operator, now: datetime, **params: Any
) -> None:
    """Write into the history what was done with it."""
    named = (broadcast.id, broadcast.title)
    params = {"account": broadcast.account_id, **params}
    note(db, Deed(kind, by_operator(by), named, params=params), now)
