"""Saved replies: the texts that staff send often, kept for one account or for all of them.

They are no part of a talk, so the journal does not tell of them: a console reads the list whenever
it shows it. A writer who does not see every account cannot change what serves every account.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlmodel import Session, col

from storage.conversations import Scope
from storage.models.people import Account
from storage.models.replies import SavedReply
from storage.refusals import AlreadyThere, LostRace, NotFound, OfEveryAccount


@dataclass(frozen=True, slots=True)
class Written:
    """What a leader writes. account None: for every account. shortcut: without the slash."""

    title: str
    text: str
    shortcut: str | None = None
    account: str | None = None


def list_replies(db: Session, scope: Scope, account: str | None = None) -> Sequence[SavedReply]:
    """Those of the accounts in scope, or those that serve one account; the most used first."""
    query = select(SavedReply).where(col(SavedReply.removed_at).is_(None))
    if scope.accounts is not None:
        query = query.where(_serves(scope.accounts))
    if account is not None:
        query = query.where(_serves([account]))
    order = (col(SavedReply.uses).desc(), col(SavedReply.title), col(SavedReply.id))
    return db.scalars(query.order_by(*order)).all()


def get_reply(db: Session, scope: Scope, reply_id: str) -> SavedReply:
    """Raises NotFound, also for one that was removed or stands on the other side of the wall."""
    reply = _visible(db, scope, reply_id)
    if reply.removed_at is not None:
        raise NotFound("the saved reply was removed")
    return reply


def may_change(scope: Scope, account: str | None) -> bool:
    """Whether what serves an account, or every account, is the writer's to change."""
    return scope.accounts is None if account is None else scope.allows(account)


def add_reply(db: Session, scope: Scope, written: Written, now: datetime) -> SavedReply:
    """Keep a new one. Raises NotFound, OfEveryAccount, AlreadyThere (its shortcut)."""
    _check(db, scope, written, None)
    reply = SavedReply(
        account_id=written.account,
        title=written.title,
        text=written.text,
        shortcut=written.shortcut,
        created_at=now,
        created_by=scope.operator_id,
        updated_at=now,
        updated_by=scope.operator_id,
    )
    db.add(reply)
    db.flush()
    return reply


def change_reply(
    db: Session, scope: Scope, reply_id: str, written: Written, version: int, now: datetime
) -> SavedReply:
    """Write it anew. Raises LostRace with the newest version, and what `add_reply` raises."""
    reply = _writable(db, scope, reply_id, version)
    _check(db, scope, written, reply.id)
    reply.account_id, reply.shortcut = written.account, written.shortcut
    reply.title, reply.text = written.title, written.text
    _touch(db, scope, reply, now)
    return reply


def remove_reply(
    db: Session, scope: Scope, reply_id: str, version: int, now: datetime
) -> SavedReply:
    """Take it out; it can be put back. Raises NotFound, LostRace, OfEveryAccount."""
    reply = _writable(db, scope, reply_id, version)
    reply.removed_at = now
    _touch(db, scope, reply, now)
    return reply


def restore_reply(db: Session, scope: Scope, reply_id: str, now: datetime) -> SavedReply:
    """Put back what was removed. Raises NotFound, OfEveryAccount, AlreadyThere (its shortcut)."""
    reply = _visible(db, scope, reply_id)
    written = Written(reply.title, reply.text, reply.shortcut, reply.account_id)
    _check(db, scope, written, reply.id)
    if reply.removed_at is not None:
        reply.removed_at = None
        _touch(db, scope, reply, now)
    return reply


def count_use(db: Session, reply: SavedReply, now: datetime) -> None:
    """It was put into a reply. Not a change of it: two uses at once both count."""
    db.execute(
        update(SavedReply)
        .where(col(SavedReply.id) == reply.id)
        .values(uses=col(SavedReply.uses) + 1, used_at=now)
    )


def _visible(db: Session, scope: Scope, reply_id: str) -> SavedReply:
    reply = db.get(SavedReply, reply_id)
    if reply is None or (reply.account_id is not None and not scope.allows(reply.account_id)):
        raise NotFound("there is no such saved reply")
    return reply


def _writable(db: Session, scope: Scope, reply_id: str, version: int) -> SavedReply:
    """Held until the unit ends, so that of two writers one is later."""
    reply = get_reply(db, scope, reply_id)
    db.refresh(reply, with_for_update=True)
    if not may_change(scope, reply.account_id):
        raise OfEveryAccount
    if reply.version != version or reply.removed_at is not None:
        raise LostRace("somebody else changed this saved reply first", version=reply.version)
    return reply


def _check(db: Session, scope: Scope, written: Written, own_id: str | None) -> None:
    if written.account is not None and (
        not scope.allows(written.account) or db.get(Account, written.account) is None
    ):
        raise NotFound("there is no such account")
    if not may_change(scope, written.account):
        raise OfEveryAccount
    if written.shortcut is None:
        return
    for other in list_replies(db, scope, written.account):
        is_same = (other.shortcut or "").casefold() == written.shortcut.casefold()
        if is_same and other.id != own_id:
            raise AlreadyThere("another saved reply has this shortcut", title=other.title)


def _touch(db: Session, scope: Scope, reply: SavedReply, now: datetime) -> None:
    reply.updated_at, reply.updated_by = now, scope.operator_id
    reply.version += 1
    db.add(reply)


def _serves(accounts: Iterable[str]) -> ColumnElement[bool]:
    return or_(col(SavedReply.account_id).is_(None), col(SavedReply.account_id).in_(accounts))
