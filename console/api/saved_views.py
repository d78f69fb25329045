"""Saved views: one's own and the shared ones, with how many talks each of them shows now."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlmodel import Session

from console.api.route import may
from console.door import Asker, House, Row
from console.list_bodies import ListQuery, NewView, ViewChange, ViewOrder, ViewRemoval
from console.refusals import Forbidden, StaleView, ViewNameTaken
from storage import rows, saved_views
from storage.audit import Deed, by_operator, note
from storage.conversations import count_conversations
from storage.lookups import operator_names
from storage.models.views import SavedView
from storage.refusals import AlreadyThere, LostRace

T = TypeVar("T")
COUNTED = 1000  # counts go no further


def list_all(house: House, asker: Asker) -> Row:
    """One's own in their order, then the shared ones. A count that is `at_most` may be more."""

    def read(db: Session) -> Row:
        found = saved_views.list_views(db, asker.scope)
        counts = {view.id: _count(db, house, asker, view) for view in found}
        return {
            "items": _rows(db, asker, found),
            "next": None,
            "counts": counts,
            "at_most": COUNTED,
            "may_share": may(asker.role, "supervisor"),
        }

    return house.store.read(read)


def add(house: House, asker: Asker, body: NewView) -> tuple[Row, int]:
    """Keep a list under a name; leaders may share it."""
    _check_may_share(asker, is_shared=body.is_shared)

    def write(db: Session) -> tuple[Row, int]:
        view = saved_views.add_view(db, asker.scope, body.as_kept(), house.clock())
        _note(db, house, asker, "view_shared", view)
        return _row(db, asker, view), 201

    return _telling(lambda: house.store.write(write))


def change(house: House, asker: Asker, view_id: str, body: ViewChange) -> Row:
    """Another name, other conditions, or others who see it."""
    _check_may_share(asker, is_shared=body.is_shared)

    def write(db: Session) -> Row:
        view = _writable(db, asker, view_id)
        was_shared = view.is_shared
        kept = body.as_kept()
        saved_views.change_view(db, asker.scope, view, kept, body.version, house.clock())
        kind = "view_shared" if view.is_shared and not was_shared else "shared_view_changed"
        _note(db, house, asker, kind, view, was_shared=was_shared)
        return _row(db, asker, view)

    return _telling(lambda: house.store.write(write))


def remove(house: House, asker: Asker, view_id: str, body: ViewRemoval) -> Row:
    """Take one out; it can be put back."""

    def write(db: Session) -> Row:
        view = _writable(db, asker, view_id)
        saved_views.remove_view(db, asker.scope, view, body.version, house.clock())
        _note(db, house, asker, "shared_view_removed", view)
        return {}

    return _telling(lambda: house.store.write(write))


def restore(house: House, asker: Asker, view_id: str) -> Row:
    """Put back what was taken out."""

    def write(db: Session) -> Row:
        view = _writable(db, asker, view_id)
        saved_views.restore_view(db, asker.scope, view, house.clock())
        _note(db, house, asker, "shared_view_restored", view)
        return _row(db, asker, view)

    return _telling(lambda: house.store.write(write))


def order(house: House, asker: Asker, body: ViewOrder) -> Row:
    """One's own in another order, or the shared ones for everybody."""
    _check_may_share(asker, is_shared=body.is_shared)

    def write(db: Session) -> Row:
        saved_views.order_views(db, asker.scope, body.ids, is_shared=body.is_shared)
        return {}

    return house.store.write(write)


def _check_may_share(asker: Asker, *, is_shared: bool) -> None:
    if is_shared and not may(asker.role, "supervisor"):
        raise Forbidden


def _writable(db: Session, asker: Asker, view_id: str) -> SavedView:
    view = saved_views.get_view(db, asker.scope, view_id)
    _check_may_share(asker, is_shared=view.is_shared)
    return view


def _telling(work: Callable[[], T]) -> T:
    """The refusals that talks have too, in the words of saved views."""
    try:
        return work()
    except AlreadyThere as error:
        raise ViewNameTaken(**error.details) from error
    except LostRace as error:
        raise StaleView(**error.details) from error


def _count(db: Session, house: House, asker: Asker, view: SavedView) -> int:
    wanted = ListQuery.model_validate(view.query).as_filter(house.clock())
    return count_conversations(db, asker.scope, wanted, COUNTED)


def _note(
    db: Session,
    house: House,
    asker: Asker,
    kind: str,
    view: SavedView,
    *,
    was_shared: bool = False,
) -> None:
    """What everybody sees in their lists is changed: the history tells by whom."""
    if view.is_shared or was_shared:
        deed = Deed(kind, by_operator(asker.operator), (view.id, view.name), asker.address)
        note(db, deed, house.clock())


def _row(db: Session, asker: Asker, view: SavedView) -> Row:
    return _rows(db, asker, [view])[0]


def _rows(db: Session, asker: Asker, views: Sequence[SavedView]) -> list[Row]:
    names = operator_names(db, [view.updated_by for view in views])
    return [
        {
            "id": view.id,
            "name": view.name,
            "is_shared": view.is_shared,
            "query": ListQuery.model_validate(view.query).model_dump(),
            "updated_at": rows.moment(view.updated_at),
            "updated_by": names.get(view.updated_by),
            "version": view.version,
            "may_change": not view.is_shared or may(asker.role, "supervisor"),
        }
        for view in views
    ]
