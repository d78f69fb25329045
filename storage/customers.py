"""The people behind the talks: who they are, what they are tagged with, and why.

Friends of accounts of one provider are one customer, because LINE gives them one user id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlmodel import Session, col

from storage import journal
from storage.arrivals import add_inside
from storage.beforehand import Beforehand
from storage.bell import JOBS
from storage.dialects import hold_lane, insert_once, rowcount
from storage.findable import is_way_to_reach, refresh_customer
from storage.lookups import tag_names
from storage.models.columns import new_id
from storage.models.people import Account, Customer, CustomerField, CustomerTag, Friend, Tag
from storage.objects import Query
from storage.persons import Actor, changed, hold
from storage.prepared import Prepared
from storage.refusals import NotFound


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """What a turn must know of the person."""

    name: str
    tags: frozenset[str]
    fields: Mapping[str, Any]


def find_or_create_friend(
    db: Session, account: Account, line_user_id: str, now: datetime
) -> Friend:
    """The friend behind a LINE user id, made on first sight, in a race too."""
    friend = _find_friend(db, account.id, line_user_id)
    if friend is not None:
        return friend
    hold_lane(db, f"{account.provider}/{line_user_id}")  # or two accounts make two people of one
    friend = _find_friend(db, account.id, line_user_id)
    if friend is not None:
        return friend
    customer_id = _customer_of_sibling(db, account, line_user_id) or _new_customer(db, now)
    row = {
        "id": new_id(),
        "account_id": account.id,
        "customer_id": customer_id,
        "line_user_id": line_user_id,
        "is_blocked": False,
        "profile_tries": 0,
        "profile_due_at": now,
    }
    db.execute(insert(Friend).values(**row))
    refresh_customer(db, customer_id)
    journal.ring_later(db, JOBS)
    return db.get_one(Friend, row["id"])


def get_customer(db: Session, customer_id: str) -> Customer:
    """Raises NotFound."""
    customer = db.get(Customer, customer_id)
    if customer is None:
        raise NotFound(f"there is no customer {customer_id!r}")
    return customer


def customer_facts(db: Session, customer_id: str, look: Beforehand | None = None) -> CustomerFacts:
    """Name, tags and fields as they are now. look: of their talk, with nothing changed since."""
    fields = (
        _FIELDS.all(db, {"customer_id": customer_id}) if look is None or look.has_fields else ()
    )
    return CustomerFacts(
        name=_name(db, customer_id) if look is None else look.name,
        tags=frozenset(tag_names(db, [customer_id])[customer_id]),
        fields=dict(fields),
    )


def _name(db: Session, customer_id: str) -> str:
    found = _NAMES.first(db, {"customer_id": customer_id})
    return (found[0] or found[1] or "") if found else ""


def put_tag(
    db: Session, customer_id: str, tag: str, reason: dict[str, Any], actor: Actor, now: datetime
) -> bool:
    """Put a tag on, with its reason; False when it was there already.

    A new tag is also told to the bot, because flows may start by it.
    """
    tag_id = _tag_id(db, tag)
    if _HELD_TAG.first(db, {"customer_id": customer_id, "tag_id": tag_id}) is not None:
        return False
    person = hold(db, customer_id)
    shown = {key: value for key, value in reason.items() if key != "run_id"}
    row = {"customer_id": customer_id, "tag_id": tag_id, "reason": shown, "at": now}
    if not insert_once(db, CustomerTag, row, ["customer_id", "tag_id"]):
        return False  # somebody else put it on while we waited for the person
    for conversation in person.conversations[:1]:
        data = {"tag": tag, "flow": reason.get("flow")}
        add_inside(db, conversation, "tagged", data, now)
    changed(db, person, "customer.tagged", actor, now, {"tag": tag, "reason": shown})
    return True


def take_tag(db: Session, customer_id: str, tag: str, actor: Actor, now: datetime) -> bool:
    """Take a tag off; False when it was not there."""
    person = hold(db, customer_id)
    of_name = select(col(Tag.id)).where(col(Tag.name) == tag).scalar_subquery()
    gone = db.execute(
        delete(CustomerTag).where(
            col(CustomerTag.customer_id) == customer_id, col(CustomerTag.tag_id) == of_name
        )
    )
    if not rowcount(gone):
        return False
    changed(db, person, "customer.untagged", actor, now, {"tag": tag})
    return True


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A new value of a field; None clears it."""

    key: str
    value: Any
    reason: dict[str, Any]


def set_fields(
    db: Session, customer_id: str, changes: list[FieldChange], actor: Actor, now: datetime
) -> None:
    """Write facts on the card."""
    person = hold(db, customer_id)
    is_findable = False
    for change in changes:
        before = db.scalar(
            delete(CustomerField)
            .where(
                col(CustomerField.customer_id) == customer_id, col(CustomerField.key) == change.key
            )
            .returning(col(CustomerField.value))
        )
        if change.value is not None:
            row = {"key": change.key, "value": change.value, "reason": change.reason, "at": now}
            db.execute(insert(CustomerField).values(customer_id=customer_id, **row))
        is_findable = is_findable or is_way_to_reach(before) or is_way_to_reach(change.value)
    if is_findable:
        refresh_customer(db, customer_id)
    told = {"fields": {c.key: c.value for c in changes}}
    changed(db, person, "customer.changed", actor, now, told)


def rename(db: Session, customer_id: str, name: str | None, actor: Actor, now: datetime) -> None:
    """Our own name for the person; None goes back to LINE's display name."""
    person = hold(db, customer_id)
    person.customer.name = name
    refresh_customer(db, customer_id)
    changed(db, person, "customer.changed", actor, now, {"name": name})


def set_owner(
    db: Session, customer_id: str, owner_id: str | None, actor: Actor, now: datetime
) -> None:
    """The operator in charge of the person (主担当), or nobody."""
    person = hold(db, customer_id)
    person.customer.owner_id = owner_id
    changed(db, person, "customer.changed", actor, now, {"owner_id": owner_id})


def set_profile(db: Session, friend: Friend, profile: Mapping[str, Any], now: datetime) -> None:
    """What LINE tells about a friend; the friend can change it at any time."""
    friend.display_name = profile.get("displayName")
    friend.picture_url = profile.get("pictureUrl")
    friend.status_message = profile.get("statusMessage")
    friend.language = profile.get("language")
    friend.profile_at, friend.profile_due_at = now, None
    db.add(friend)
    refresh_customer(db, friend.customer_id)
    changed(db, hold(db, friend.customer_id), "customer.changed", journal.SYSTEM, now)


def followed(db: Session, friend: Friend, now: datetime) -> None:
    """The friend added the account, or came back after blocking it."""
    friend.is_blocked, friend.blocked_at = False, None
    friend.followed_at = friend.followed_at or now
    friend.profile_due_at, friend.profile_tries = now, 0
    db.add(friend)
    journal.ring_later(db, JOBS)
    changed(db, hold(db, friend.customer_id), "friend.followed", journal.CUSTOMER, now)


def blocked(db: Session, friend: Friend, at: datetime, now: datetime) -> None:
    """The friend blocked the account: nothing can be sent until they come back. at: LINE's time."""
    friend.is_blocked, friend.blocked_at = True, at
    db.add(friend)
    changed(db, hold(db, friend.customer_id), "friend.blocked", journal.CUSTOMER, now)


_FRIEND = Query(
    Friend,
    select(Friend).where(
        col(Friend.account_id) == bindparam("account_id"),
        col(Friend.line_user_id) == bindparam("line_user_id"),
    ),
)
_NAMES = Prepared(
    select(col(Customer.name), col(Friend.display_name))
    .join(Friend, col(Friend.customer_id) == col(Customer.id))
    .where(col(Customer.id) == bindparam("customer_id"))
    .order_by(col(Friend.display_name).is_(None))
    .limit(1)
)
_FIELDS = Prepared(
    select(col(CustomerField.key), col(CustomerField.value)).where(
        col(CustomerField.customer_id) == bindparam("customer_id")
    )
)
_HELD_TAG = Prepared(
    select(col(CustomerTag.tag_id)).where(
        col(CustomerTag.customer_id) == bindparam("customer_id"),
        col(CustomerTag.tag_id) == bindparam("tag_id"),
    )
)


def _find_friend(db: Session, account_id: str, line_user_id: str) -> Friend | None:
    values = {"account_id": account_id, "line_user_id": line_user_id}
    return _FRIEND.first(db, values)


def _customer_of_sibling(db: Session, account: Account, line_user_id: str) -> str | None:
    return db.scalar(
        select(col(Friend.customer_id))
        .join(Account, col(Account.id) == col(Friend.account_id))
        .where(col(Account.provider) == account.provider)
        .where(col(Friend.line_user_id) == line_user_id)
        .limit(1)
    )


def _new_customer(db: Session, now: datetime) -> str:
    customer = Customer(created_at=now, updated_at=now)
    db.add(customer)
    db.flush()
    return customer.id


def _tag_id(db: Session, name: str) -> int:
    query = select(col(Tag.id)).where(col(Tag.name) == name)
    known = db.scalar(query)
    if known is None:
        insert_once(db, Tag, {"name": name}, ["name"])
        known = db.scalar(query)
    return int(known or 0)
