"""One-time addresses: who was invited chooses a name and a password; others a new password.

The token stands behind the `#` of the address, so no server's log and no other site sees it. Who
comes in by a link signs in afterwards like everybody, with the second factor if they have one.
"""

from sqlmodel import Session

from console import people_bodies
from console.api.sessions import caller_address
from console.door import House, Row
from console.passwords import hash_password
from storage import operator_links, staffing


def look(house: House, body: people_bodies.Link) -> Row:
    """For whom a link is, and what for."""
    now = house.clock()

    def read(db: Session) -> Row:
        link, operator = operator_links.find_link(db, body.token, now)
        is_known = link.kind == "password"
        return {
            "kind": link.kind,
            "email": operator.email,
            "name": operator.name if is_known else None,
        }

    return house.store.read(read)


def join(house: House, body: people_bodies.Join) -> Row:
    """Choose the password; the link is used up."""
    found = look(house, body)
    if found["kind"] == "invitation" and body.name is None:
        raise ValueError("a name is needed")
    own_words = (found["email"], body.name or found["name"] or "")
    password_hash = house.beside(lambda: hash_password(body.password, own_words))
    now, address = house.clock(), caller_address()

    def write(db: Session) -> Row:
        operator = staffing.join(db, body.token, body.name, password_hash, address, now)
        return {"email": operator.email}

    return house.store.write(write)
