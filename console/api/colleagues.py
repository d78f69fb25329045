"""Who is at the counter, and what each says of themselves: 受付中, 離席, 不在."""

from datetime import datetime

from sqlmodel import Session

from console import desk_bodies
from console.api.staff import is_within
from console.door import Asker, House, Row
from console.refusals import Forbidden
from storage import absence, audit, rows, standing
from storage.audit import Deed, by_operator
from storage.models.operators import Operator
from storage.operators import LEADERS, get_operator
from storage.refusals import NotFound
from storage.standing import Colleague


def list_all(house: House, _asker: Asker) -> Row:
    """Everybody who may work, by name."""
    found = house.store.read(lambda db: standing.list_colleagues(db, house.clock()))
    return {"items": [_row(one) for one in found], "next": None}


def change(house: House, asker: Asker, operator_id: str, body: desk_bodies.Standing) -> Row:
    """One's own standing; leaders change that of others too, within their walls: being out moves
    talks."""
    if operator_id != asker.operator.id and asker.role not in LEADERS:
        raise Forbidden
    now = house.clock()
    if body.until is not None and (not body.is_out or body.until <= now):
        raise ValueError("until: a moment in the future, with is_out")

    def write(db: Session) -> Row:
        operator = get_operator(db, operator_id)
        if operator.id != asker.operator.id and not is_within(db, asker, operator):
            raise Forbidden
        if body.is_receiving is not None:
            standing.set_receiving(db, operator.id, is_receiving=body.is_receiving)
        moved = _go_or_come(db, operator, asker, body, now)
        db.flush()
        found = standing.list_colleagues(db, now)
        shown = next((one for one in found if one.id == operator.id), None)
        if shown is None:
            raise NotFound
        return {**_row(shown), "moved": moved}

    return house.store.write(write)


def _go_or_come(
    db: Session, operator: Operator, asker: Asker, body: desk_bodies.Standing, now: datetime
) -> int:
    """How many talks went to a queue; what a leader says of somebody else is in the history."""
    if body.is_out is None:
        return 0
    if operator.id != asker.operator.id:
        kind = "desk_out" if body.is_out else "desk_back"
        by = by_operator(asker.operator, asker.address)
        audit.note(db, Deed(kind, by, (operator.id, operator.name)), now)
    if body.is_out:
        return absence.go_out(db, operator, asker.operator, body.until, now)
    absence.come_back(db, operator)
    return 0


def _row(one: Colleague) -> Row:
    return {
        "id": one.id,
        "name": one.name,
        "role": one.role,
        "state": one.state,
        "is_receiving": one.is_receiving,
        "out_until": rows.moment(one.out_until) if one.state == "out" else None,
        "open_count": one.open_count,
        "queues": None if one.queues is None else sorted(one.queues),
    }
