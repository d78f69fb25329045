"""Saved views: lists of talks that somebody keeps under a name, for themselves or for everybody.

They are no part of a talk, so the journal does not tell of them: a console asks for the list and
its counts together. What is shared is seen by whoever sees its account, and changed by leaders.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from storage.models.people import Account
from storage.models.views import SavedView
from storage.refusals import AlreadyThere, LostRace, NotFound, OfEveryAccount, TooManyViews
from storage.talk_filters import Scope

MOST = 30  # of one person, and of what is shared


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody keeps. query: as the console's door reads it. account: the one it shows."""

    name: str
    query: dict[str, Any]
    account: str | None = None
    is_shared: bool = False


def list_views(db: Session, scope: Scope) -> Sequence[SavedView]:
    """One's own in one's own order, then the shared ones in theirs."""
    query = select(SavedView).where(col(SavedView.removed_at).is_(None), _visible(scope))
    order = (col(SavedView.is_shared), col(SavedView.position), col(SavedView.id))
    return db.scalars(query.order_by(*order)).all()


def get_view(db: Session, scope: Scope, view_id: str) -> SavedView:
    """Raises NotFound, also for somebody else's own one. It may have been removed."""
    query = select(SavedView).where(col(SavedView.id) == view_id, _visible(scope))
    found = db.scalars(query.with_for_update()).first()
    if found is None:
        raise NotFound("there is no such saved view")
    return found


def add_view(db: Session, scope: Scope, kept: Kept, now: datetime) -> SavedView:
    """Keep a new one, after the others. Raises AlreadyThere, TooManyViews, NotFound, and
    OfEveryAccount for who shares with more people than they see the talks of."""
    _check(db, scope, kept, None)
    view = SavedView(
        owner_id=scope.operator_id,
        is_shared=kept.is_shared,
        account_id=kept.account,
        name=kept.name,
        query=kept.query,
        position=_last_position(db, scope, is_shared=kept.is_shared) + 1,
        created_at=now,
        updated_at=now,
        updated_by=scope.operator_id,
    )
    db.add(view)
    db.flush()
    return view


def change_view(
    db: Session, scope: Scope, view: SavedView, kept: Kept, version: int, now: datetime
) -> SavedView:
    """Another name, other conditions, or others who see it. Raises LostRace and as `add_view`."""
    _check_version(view, version)
    _check(db, scope, kept, view)
    if kept.is_shared != view.is_shared:
        view.position = _last_position(db, scope, is_shared=kept.is_shared) + 1
        view.owner_id = view.owner_id if kept.is_shared else scope.operator_id
    view.name, view.query = kept.name, kept.query
    view.account_id, view.is_shared = kept.account, kept.is_shared
    _touch(db, scope, view, now)
    return view


def remove_view(db: Session, scope: Scope, view: SavedView, version: int, now: datetime) -> None:
    """Take it out; it can be put back. Raises LostRace."""
    _check_version(view, version)
    view.removed_at = now
    _touch(db, scope, view, now)


def restore_view(db: Session, scope: Scope, view: SavedView, now: datetime) -> SavedView:
    """Put back what was removed, where it stood. Raises AlreadyThere, TooManyViews."""
    if view.removed_at is not None:
        kept = Kept(view.name, view.query, view.account_id, view.is_shared)
        _check(db, scope, kept, view)
        view.removed_at = None
        _touch(db, scope, view, now)
    return view


def order_views(db: Session, scope: Scope, ids: Sequence[str], *, is_shared: bool) -> None:
    """One's own, or the shared ones, in this order; those that are not named come after.

    Raises NotFound for an id that is none of them.
    """
    group = {v.id: v for v in list_views(db, scope) if v.is_shared == is_shared}
    if not group.keys() >= set(ids):
        raise NotFound("there is no such saved view")
    named = list(dict.fromkeys(ids))
    for position, view_id in enumerate([*named, *(i for i in group if i not in named)]):
        group[view_id].position = position
        db.add(group[view_id])


def _visible(scope: Scope) -> ColumnElement[bool]:
    """One's own always: what stands behind the wall by now shows nothing from there."""
    shared: ColumnElement[bool] = col(SavedView.is_shared).is_(True)
    if scope.accounts is not None:
        account = col(SavedView.account_id)
        shared = and_(shared, or_(account.is_(None), account.in_(scope.accounts)))
    own = and_(col(SavedView.is_shared).is_(False), col(SavedView.owner_id) == scope.operator_id)
    return or_(own, shared)


def _check(db: Session, scope: Scope, kept: Kept, own: SavedView | None) -> None:
    if kept.account is not None and (
        not scope.allows(kept.account) or db.get(Account, kept.account) is None
    ):
        raise NotFound("there is no such account")
    if kept.is_shared and kept.account is None and scope.accounts is not None:
        raise OfEveryAccount
    others = _group(db, scope, own, is_shared=kept.is_shared)
    if any(other.name.casefold() == kept.name.casefold() for other in others):
        raise AlreadyThere("there is a saved view of this name", name=kept.name)
    if len(others) >= MOST:
        raise TooManyViews(most=MOST)


def _group(
    db: Session,
    scope: Scope,
    but: SavedView | None,
    *,
    is_shared: bool,
) -> Sequence[SavedView]:
    """Those among which a name is unique: one's own, or all that are shared."""
    query = select(SavedView).where(
        col(SavedView.removed_at).is_(None), col(SavedView.is_shared) == is_shared
    )
    if not is_shared:
        query = query.where(col(SavedView.owner_id) == scope.operator_id)
    if but is not None:
        query = query.where(col(SavedView.id) != but.id)
    return db.scalars(query).all()


def _last_position(db: Session, scope: Scope, *, is_shared: bool) -> int:
    query = select(func.max(col(SavedView.position))).where(col(SavedView.is_shared) == is_shared)
    if not is_shared:
        query = query.where(col(SavedView.owner_id) == scope.operator_id)
    last = db.scalar(query)
    return -1 if last is None else last


def _check_version(view: SavedView, version: int) -> None:
    if view.removed_at is not None:
        raise NotFound("the saved view was removed")
    if view.version != version:
        raise LostRace("somebody else changed this saved view first", version=view.version)


def _touch(db: Session, scope: Scope, view: SavedView, now: datetime) -> None:
    view.updated_at, view.updated_by = now, scope.operator_id
    view.version += 1
    db.add(view)
