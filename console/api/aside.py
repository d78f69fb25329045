"""Events that the bot could not take in: what was set aside, why, and another try for it."""

from sqlmodel import Session

from console.api.numbers import read_number
from console.door import Asker, House, Row
from storage import audit, set_aside
from storage.audit import Deed, by_operator
from storage.refusals import NotFound


def list_all(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """One page, the newest first."""

    def read(db: Session) -> Row:
        account, after = query.get("account"), query.get("after")
        found, following = set_aside.list_aside(db, asker.scope, account, after)
        return {"items": found, "next": following}

    return house.store.read(read)


def requeue(house: House, asker: Asker, arrival_id: str) -> Row:
    """Give one back to its queue. Raises NotFound, also for one behind the wall."""
    number, now = read_number(arrival_id), house.clock()

    def write(db: Session) -> Row:
        arrival = set_aside.get_aside(db, number)
        if not asker.scope.allows(arrival.account_id):
            raise NotFound
        set_aside.requeue(db, [arrival], now)
        by = by_operator(asker.operator, asker.address)
        audit.note(db, Deed("events_requeued", by, params={"count": 1}), now)
        return {}

    return house.store.write(write)
