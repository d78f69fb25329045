"""Who is looking at a talk, or writing in it, right now. Never in the journal; it expires.

Every live socket has a row, also at no talk: its operator is there until they say `away`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlmodel import Session, col

from storage.models.operators import Operator, Presence
from storage.models.talks import Conversation

Doing = Literal["viewing", "composing", "away"]
LIFE = {"viewing": timedelta(seconds=25), "composing": timedelta(seconds=6)}
LIFE_AT_NO_TALK = timedelta(seconds=60)
RENEWED_BEFORE = timedelta(seconds=5)  # and a row is not yet dead for so long: others may renew it


@dataclass(frozen=True, slots=True)
class Present:
    """One operator at one talk; composing wins over viewing when they have several windows."""

    id: str
    name: str
    doing: str


def set_presence(
    db: Session, socket_id: str, operator_id: str, conversation_id: str | None, doing: Doing,
    *, now: datetime,
) -> None:  # fmt: skip
    """What one socket's operator is doing; the row lives on until its time is over."""
    row = db.get(Presence, socket_id) or Presence(
        socket_id=socket_id, operator_id=operator_id, doing=doing, until_at=now
    )
    row.conversation_id, row.doing = conversation_id, doing
    is_looking = conversation_id is not None and doing in LIFE
    row.until_at = now + (LIFE[doing] if is_looking else LIFE_AT_NO_TALK)
    db.add(row)


def clear_presence(db: Session, socket_id: str) -> str | None:
    """The socket has gone; the talk that it was at."""
    row = db.get(Presence, socket_id)
    if row is None:
        return None
    db.delete(row)
    return row.conversation_id


def list_present(db: Session, conversation_id: str, now: datetime) -> list[Present]:
    """Who is at a talk, by name."""
    query = (
        select(col(Operator.id), col(Operator.name), col(Presence.doing))
        .join(Presence, col(Presence.operator_id) == col(Operator.id))
        .where(col(Presence.conversation_id) == conversation_id)
        .where(col(Presence.until_at) > now, col(Presence.doing) != "away")
        .order_by(col(Operator.name), col(Presence.doing).desc())
    )
    present: dict[str, Present] = {}
    for row in db.execute(query):  # "composing" comes last in this order, so it wins
        if row.id not in present or row.doing == "composing":
            present[row.id] = Present(row.id, row.name, row.doing)
    return list(present.values())


def expire(db: Session, now: datetime, live: Collection[str]) -> list[str]:
    """Forget what is over; the talks where somebody left. live: the sockets of this process.

    A live socket that says nothing more is at no talk, and there.
    """
    left: set[str] = set()
    soon = db.scalars(select(Presence).where(col(Presence.until_at) <= now + RENEWED_BEFORE))
    for row in soon.all():
        is_live = row.socket_id in live
        is_dead = not is_live and row.until_at <= now - RENEWED_BEFORE
        is_stale = is_live and (row.conversation_id is None or row.until_at <= now)
        if (is_dead or is_stale) and row.conversation_id is not None:
            left.add(row.conversation_id)
        if is_dead:
            db.delete(row)
        elif is_stale:
            row.conversation_id, row.until_at = None, now + LIFE_AT_NO_TALK
            row.doing = "away" if row.doing == "away" else "viewing"
            db.add(row)
    return sorted(left)


def account_of(db: Session, conversation_id: str) -> str:
    """The account of a talk, whose staff are told who is there."""
    query = select(col(Conversation.account_id)).where(col(Conversation.id) == conversation_id)
    return db.scalars(query).one()
