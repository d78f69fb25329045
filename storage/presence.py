"""Who is looking at a talk, or writing in it, right now. Never in the journal; it expires.

Every live socket has a row, also at no talk: its operator is there until they say `away`. What
changes rings, so that the sockets of other processes are told too.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Select, select
from sqlmodel import Session, col

from storage import journal
from storage.bell import PRESENCE
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


@dataclass(frozen=True, slots=True)
class Place:
    """A talk, and the account whose staff are told who is there."""

    account_id: str
    conversation_id: str


def set_presence(
    db: Session, socket_id: str, operator_id: str, conversation_id: str | None, doing: Doing,
    *, now: datetime,
) -> str | None:  # fmt: skip
    """What one socket's operator is doing; the row lives on until its time is over. The talk that
    they were at until now."""
    row = db.get(Presence, socket_id)
    before, did = (row.conversation_id, row.doing) if row is not None else (None, None)
    row = row or Presence(socket_id=socket_id, operator_id=operator_id, doing=doing, until_at=now)
    if (before, did) != (conversation_id, doing):
        journal.ring_later(db, PRESENCE)
    row.conversation_id, row.doing = conversation_id, doing
    is_looking = conversation_id is not None and doing in LIFE
    row.until_at = now + (LIFE[doing] if is_looking else LIFE_AT_NO_TALK)
    db.add(row)
    return before


def clear_presence(db: Session, socket_id: str) -> str | None:
    """The socket has gone; the talk that it was at."""
    row = db.get(Presence, socket_id)
    if row is None:
        return None
    db.delete(row)
    if row.conversation_id is not None:
        journal.ring_later(db, PRESENCE)
    return row.conversation_id


def list_present(db: Session, now: datetime) -> dict[Place, list[Present]]:
    """Who is at every talk where somebody is."""
    found: dict[Place, list[Present]] = {}
    for row in db.execute(_there(now)):
        place = Place(row.account_id, row.conversation_id)
        found.setdefault(place, []).append(Present(row.id, row.name, row.doing))
    return {place: _once_each(present) for place, present in found.items()}


def _there(now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(Operator.id),
            col(Operator.name),
            col(Presence.doing),
            col(Presence.conversation_id),
            col(Conversation.account_id),
        )
        .join(Presence, col(Presence.operator_id) == col(Operator.id))
        .join(Conversation, col(Conversation.id) == col(Presence.conversation_id))
        .where(col(Presence.until_at) > now, col(Presence.doing) != "away")
        .order_by(col(Operator.name), col(Presence.doing).desc())
    )


def _once_each(present: Iterable[Present]) -> list[Present]:
    """ "composing" comes last in the order of the query, so it wins."""
    found: dict[str, Present] = {}
    for one in present:
        if one.id not in found or one.doing == "composing":
            found[one.id] = one
    return list(found.values())


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
    if left:
        journal.ring_later(db, PRESENCE)
    return sorted(left)
