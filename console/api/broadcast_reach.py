"""Whom a broadcast reaches and what it costs; what one customer got; and a test to oneself."""

from sqlmodel import Session

from console import broadcast_bodies as bodies
from console.door import Asker, House, Row
from console.refusals import NotTold, StaleBroadcast
from storage import broadcasts, quota
from storage.broadcast_chunks import Got
from storage.broadcast_got import list_got
from storage.broadcast_month import find_room
from storage.broadcast_rows import broadcast_row
from storage.broadcast_tests import send_to_oneself
from storage.conversations import visible_customer
from storage.models.people import Account
from storage.operator_friends import find_link
from storage.refusals import NotFound
from storage.rows import moment


def audience(house: House, asker: Asker, account_id: str) -> Row:
    """How many friends it goes to now, and what the month has for it."""
    now = house.clock()

    def read(db: Session) -> Row:
        if not asker.scope.allows(account_id) or db.get(Account, account_id) is None:
            raise NotFound
        (month,) = quota.quota_rows(db, [account_id])
        room = find_room(db, account_id, now)
        count = broadcasts.audience_size(db, account_id)
        return {
            "account": account_id,
            "count": count,
            "kind": month["kind"],
            "most": month["most"],
            "left": month["left"],
            "reserve": month["reserve"],
            "usable": room.left,
            "read_at": month["read_at"],
            "fits": room.left is None or count <= room.left,
        }

    row: Row = house.beside(lambda: house.store.read(read))
    return row


def test(house: House, asker: Asker, broadcast_id: str, body: bodies.BroadcastTest) -> Row:
    """It goes to the asker's own LINE, as it was saved. Raises NotTold."""
    by = asker.operator

    def write(db: Session) -> Row:
        broadcast = broadcasts.get(db, asker.scope, broadcast_id)
        if broadcast.version != body.version:
            raise StaleBroadcast(broadcast=broadcast_row(db, broadcast))
        link = find_link(db, by.id)
        if link is None or not asker.scope.allows(link.account_id):
            raise NotTold
        source = f"broadcast_test:{by.id}:{broadcast.id}:{body.version}:{body.client_test_id}"
        send_to_oneself(db, by.id, broadcast.messages, source, house.clock())
        return {"account": link.account_id, "name": link.name}

    return house.store.write(write)


def of_customer(house: House, asker: Asker, customer_id: str) -> Row:
    """Which broadcasts somebody was sent, the newest first, by the accounts that one may see."""

    def read(db: Session) -> Row:
        visible_customer(db, asker.scope, customer_id)
        got = list_got(db, asker.scope, customer_id)
        return {"items": [_got_row(one) for one in got], "next": None}

    return house.store.read(read)


def _got_row(got: Got) -> Row:
    return {
        "broadcast_id": got.broadcast.id,
        "account": got.broadcast.account_id,
        "title": got.broadcast.title,
        "state": got.state,
        "reason": got.reason,
        "at": moment(got.at or got.broadcast.began_at),
    }
