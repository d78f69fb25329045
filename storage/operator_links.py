"""Addresses that let one person choose a password, once: an invitation, or a new password.

Only the SHA-256 of a token is kept, so nobody who reads the database can use one.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select
from sqlmodel import Session, col

from storage.models.operators import Operator, OperatorLink
from storage.operators import get_operator, hash_token, is_joined
from storage.refusals import LinkIsGone

Kind = Literal["invitation", "password"]
LASTS: dict[Kind, timedelta] = {"invitation": timedelta(days=7), "password": timedelta(days=1)}
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that was just made: its token is known now, and never again."""

    kind: Kind
    token: str
    expires_at: datetime


def make_link(db: Session, operator: Operator, now: datetime) -> NewLink:
    """A link for somebody; the one that they had is worth nothing any more."""
    kind: Kind = "password" if is_joined(operator) else "invitation"
    new = NewLink(kind, secrets.token_urlsafe(TOKEN_BYTES), now + LASTS[kind])
    drop_links(db, operator.id)
    db.add(
        OperatorLink(
            token_sha256=hash_token(new.token),
            operator_id=operator.id,
            kind=kind,
            created_at=now,
            expires_at=new.expires_at,
        )
    )
    return new


def find_link(db: Session, token: str, now: datetime) -> tuple[OperatorLink, Operator]:
    """Whose link it is. Raises LinkIsGone for one that was used, replaced, or is too old."""
    link = db.get(OperatorLink, hash_token(token))
    if link is None or link.expires_at <= now:
        raise LinkIsGone
    operator = get_operator(db, link.operator_id)
    if operator.is_disabled:
        raise LinkIsGone
    return link, operator


def use_link(db: Session, token: str, now: datetime) -> tuple[Kind, Operator]:
    """Use it up. Raises LinkIsGone, also when somebody else was faster."""
    link, operator = find_link(db, token, now)
    used = delete(OperatorLink).where(col(OperatorLink.token_sha256) == link.token_sha256)
    gone = db.execute(used.returning(col(OperatorLink.token_sha256))).first()
    if gone is None:
        raise LinkIsGone
    return ("password" if is_joined(operator) else "invitation"), operator


def drop_links(db: Session, operator_id: str) -> None:
    """Whatever links somebody has lead nowhere from now on."""
    db.execute(delete(OperatorLink).where(col(OperatorLink.operator_id) == operator_id))


def open_links(db: Session, now: datetime) -> dict[str, datetime]:
    """Until when the links of each operator are good."""
    query = select(col(OperatorLink.operator_id), col(OperatorLink.expires_at))
    found = db.execute(query.where(col(OperatorLink.expires_at) > now))
    return {row.operator_id: row.expires_at for row in found}
