"""A person and their talks, held together while one of their facts changes, then journalled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage import journal, rows
from storage.lookups import forget_person
from storage.models.people import Customer, Friend
from storage.models.talks import Conversation
from storage.objects import write_changes
from storage.refusals import NotFound

Actor = dict[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """A person with their talks, all held until the unit ends. conversations: latest first."""

    customer: Customer
    conversations: Sequence[Conversation]


def hold(db: Session, customer_id: str) -> Person:
    """The person as they are now. Raises NotFound."""
    write_changes(db)
    # Talks first, in the order of their ids, then the person: as a turn does, which has its talk
    # already. Another order would only be slower, because PostgreSQL's deadlocks are tried again.
    talks = db.scalars(
        select(Conversation)
        .where(col(Conversation.customer_id) == customer_id)
        .order_by(col(Conversation.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    customer = db.scalars(
        select(Customer)
        .where(col(Customer.id) == customer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if customer is None:
        raise NotFound(f"there is no customer {customer_id!r}")
    latest_first = sorted(talks, key=lambda talk: talk.updated_at, reverse=True)
    return Person(customer, latest_first)


def changed(
    db: Session,
    person: Person,
    kind: str,
    actor: Actor,
    now: datetime,
    change: dict[str, Any] | None = None,
) -> None:
    """Journal a change of a person in each account's stream, with what has changed."""
    forget_person(db)
    customer = person.customer
    customer.version += 1
    customer.updated_at = now
    db.add(customer)
    write_changes(db)
    talks = {talk.account_id: talk for talk in person.conversations}
    for talk in person.conversations:  # its row carries the name and the tags
        talk.version += 1
        db.add(talk)
    accounts = select(col(Friend.account_id)).where(col(Friend.customer_id) == customer.id)
    for account_id in db.scalars(accounts.distinct().order_by(col(Friend.account_id))):
        talk_or_none = talks.get(account_id)
        entry = journal.Entry(
            account_id,
            kind,
            _payload(customer, talk_or_none, change),
            actor,
            now,
            conversation_id=talk_or_none.id if talk_or_none else None,
            customer_id=customer.id,
        )
        journal.record(db, entry)


def _payload(
    customer: Customer, talk: Conversation | None, change: dict[str, Any] | None
) -> dict[str, rows.Shown | dict[str, Any]]:
    payload: dict[str, rows.Shown | dict[str, Any]] = {"customer": customer}
    if change is not None:
        payload["change"] = change
    if talk is not None:
        payload["conversation"] = talk
    return payload
