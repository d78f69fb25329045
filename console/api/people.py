"""Customers: the card, its tags with their reasons, and what happened."""

from sqlmodel import Session

from console import bodies
from console.api.fields import read_field
from console.api.house import shared_files
from console.api.talks import at_now
from console.door import Asker, House, Row
from storage import customers, rows
from storage.conversations import visible_customer
from storage.customers import FieldChange
from storage.journal import actor_of
from storage.models.people import Customer
from storage.operators import get_operator
from storage.timelines import list_timeline

MAX_TAG = 100


def get_customer(house: House, asker: Asker, customer_id: str) -> Row:
    """One card."""
    return house.store.read(
        lambda db: _card(db, asker, visible_customer(db, asker.scope, customer_id))
    )


def change_customer(
    house: House, asker: Asker, customer_id: str, body: bodies.CustomerChange
) -> Row:
    """Change the name, the owner, the fields; what is left out stays."""
    given = body.model_fields_set
    actor, now = actor_of(asker.operator), house.clock()
    reason = {"operator_id": asker.operator.id, "operator_name": asker.operator.name}

    def write(db: Session) -> Row:
        visible_customer(db, asker.scope, customer_id)
        if "name" in given:
            customers.rename(db, customer_id, body.name, actor, now)
        if "owner_id" in given:
            if body.owner_id is not None:
                get_operator(db, body.owner_id)
            customers.set_owner(db, customer_id, body.owner_id, actor, now)
        if body.fields:
            known, zone = shared_files(db).fields, house.settings.timezone
            changes = [
                FieldChange(key, read_field(known.get(key), value, now, zone), reason)
                for key, value in body.fields.items()
            ]
            customers.set_fields(db, customer_id, changes, actor, now)
        return _card(db, asker, customers.get_customer(db, customer_id))

    return house.store.write(write)


def put_tag(house: House, asker: Asker, customer_id: str, tag: str) -> Row:
    """Put a tag on; the reason is the operator."""
    if not tag.strip() or len(tag) > MAX_TAG:
        raise ValueError(f"a tag has 1 to {MAX_TAG} characters")
    reason = {"operator_id": asker.operator.id, "operator_name": asker.operator.name}

    def write(db: Session) -> Row:
        visible_customer(db, asker.scope, customer_id)
        actor = actor_of(asker.operator)
        customers.put_tag(db, customer_id, tag.strip(), reason, actor, house.clock())
        return _card(db, asker, customers.get_customer(db, customer_id))

    return house.store.write(write)


def take_tag(house: House, asker: Asker, customer_id: str, tag: str) -> Row:
    """Take a tag off."""

    def write(db: Session) -> Row:
        visible_customer(db, asker.scope, customer_id)
        customers.take_tag(db, customer_id, tag, actor_of(asker.operator), house.clock())
        return _card(db, asker, customers.get_customer(db, customer_id))

    return house.store.write(write)


def timeline(house: House, asker: Asker, customer_id: str, query: dict[str, str]) -> Row:
    """What happened with this person, newest first."""

    def read(db: Session) -> Row:
        at = at_now(db, asker)
        items, cursor = list_timeline(db, asker.scope, customer_id, query.get("cursor"))
        return {"items": items, "next": cursor, "at": at}

    return house.store.read(read)


def _card(db: Session, asker: Asker, customer: Customer) -> Row:
    return rows.customer_row(db, customer, asker.scope.allows)
