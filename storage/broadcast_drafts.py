"""Drafts of broadcasts as browsers make them: each request makes one, with the pictures it shows.

A picture stays as long as a broadcast shows it, sent or not; one that no draft shows any more goes
with the next sweep.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Text, cast, select
from sqlmodel import Session, col

from storage import uploads
from storage.broadcasts import Written, create_draft
from storage.dialects import insert_once
from storage.models.broadcast_requests import BroadcastRequest
from storage.models.broadcasts import Broadcast
from storage.models.operators import Operator
from storage.refusals import NotFound


def create_once(
    db: Session, account_id: str, client_id: str, written: Written, by: Operator, now: datetime
) -> tuple[Broadcast, bool]:
    """A new draft, or what became of the one that the same request made; whether it is new.

    Raises NotFound when that one was deleted, or belongs to another account.
    """
    named = {"operator_id": by.id, "client_broadcast_id": client_id}
    key = ["operator_id", "client_broadcast_id"]
    is_new = insert_once(db, BroadcastRequest, {**named, "broadcast_id": ""}, key)
    request = db.get_one(BroadcastRequest, (by.id, client_id), populate_existing=True)
    if is_new:
        broadcast = create_draft(db, account_id, written, by, now)
        request.broadcast_id = broadcast.id
        db.add(request)
        return broadcast, True
    known = db.get(Broadcast, request.broadcast_id)
    if known is None or known.account_id != account_id:
        raise NotFound("the broadcast was deleted")
    return known, False


def hold_pictures(db: Session, account_id: str, ids: Iterable[str], now: datetime) -> None:
    """A draft shows these uploads: they stay. Raises NotFound for one that is not the account's, or
    is a talk's, which would lose it with the draft."""
    for upload in uploads.use(db, account_id, ids, now).values():
        if upload.kind != "image" or upload.conversation_id is not None:
            raise NotFound("there is no such picture")


def let_go_pictures(db: Session, broadcast: Broadcast, ids: Sequence[str], now: datetime) -> None:
    """A draft shows these no more: those that no other broadcast of the account shows may go."""
    db.flush()
    shown = cast(col(Broadcast.messages), Text)
    for upload_id in ids:
        others = select(col(Broadcast.id)).where(
            col(Broadcast.account_id) == broadcast.account_id,
            col(Broadcast.id) != broadcast.id,
            shown.contains(f"/{upload_id}.", autoescape=True),
        )
        if db.scalars(others.limit(1)).first() is None:
            uploads.let_go(db, [upload_id], now)
