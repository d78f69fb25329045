"""The people behind the talks: who they are, what they are tagged with, and why.

Friends of accounts of one provider are one customer, because LINE gives them one user id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from storage import journal, rows
from storage.arrivals import add_inside
from storage.bell import JOBS
from storage.models.columns import new_id
from storage.models.people import Account, Customer, CustomerField, CustomerTag, Friend, Tag
from storage.models.talks import Conversation
from storage.refusals import NotFound

Actor = dict[str, str]


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
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    once = dialect.insert(Friend).values(**row)
    db.execute(once.on_conflict_do_nothing(index_elements=["account_id", "line_user_id"]))
    journal.ring_later(db, JOBS)
    created = _find_friend(db, account.id, line_user_id)
    if created is None:
        raise AssertionError("the friend was inserted, by us or by somebody else")
    return created


def get_customer(db: Session, customer_id: str) -> Customer:
    """Raises NotFound."""
    customer = db.get(Customer, customer_id)
    if customer is None:
        raise NotFound(f"there is no customer {customer_id!r}")
    return customer


def customer_facts(db: Session, customer_id: str) -> CustomerFacts:
    """Name, tags and fields as they are now."""
    name = db.execute(
        select(col(Customer.name), col(Friend.display_name))
        .join(Friend, col(Friend.customer_id) == col(Customer.id))
        .where(col(Customer.id) == customer_id)
        .order_by(col(Friend.display_name).is_(None))
        .limit(1)
    ).first()
    fields = db.execute(
        select(col(CustomerField.key), col(CustomerField.value)).where(
            col(CustomerField.customer_id) == customer_id
        )
    )
    return CustomerFacts(
        name=(name[0] or name[1] or "") if name else "",
        tags=frozenset(rows.tag_names(db, [customer_id]).get(customer_id, [])),
        fields={row.key: row.value for row in fields},
    )


def put_tag(
    db: Session, customer_id: str, tag: str, reason: dict[str, Any], actor: Actor, now: datetime
) -> bool:
    """Put a tag on, with its reason; False when it was there already.

    A new tag is also told to the bot, because flows may start by it; `reason["run_id"]`, when
    there is one, tells it which run did it.
    """
    tag_id = _tag_id(db, tag)
    if db.get(CustomerTag, (customer_id, tag_id)) is not None:
        return False
    shown = {key: value for key, value in reason.items() if key != "run_id"}
    db.add(CustomerTag(customer_id=customer_id, tag_id=tag_id, reason=shown, at=now))
    db.flush()
    conversation = _latest_conversation(db, customer_id)
    if conversation is not None:
        data = {"tag": tag, "run_id": reason.get("run_id")}
        add_inside(db, conversation, "tagged", data, now)
    _changed(db, customer_id, "customer.tagged", actor, now)
    return True


def take_tag(db: Session, customer_id: str, tag: str, actor: Actor, now: datetime) -> bool:
    """Take a tag off; False when it was not there."""
    tag_id = db.scalar(select(col(Tag.id)).where(col(Tag.name) == tag))
    held = db.get(CustomerTag, (customer_id, tag_id)) if tag_id is not None else None
    if held is None:
        return False
    db.delete(held)
    db.flush()
    _changed(db, customer_id, "customer.untagged", actor, now)
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
    for change in changes:
        held = db.get(CustomerField, (customer_id, change.key))
        if change.value is None:
            db.execute(
                delete(CustomerField).where(
                    col(CustomerField.customer_id) == customer_id,
                    col(CustomerField.key) == change.key,
                )
            )
            continue
        field = held or CustomerField(
            customer_id=customer_id, key=change.key, value=None, reason={}, at=now
        )
        field.value, field.reason, field.at = change.value, change.reason, now
        db.add(field)
    db.flush()
    _changed(db, customer_id, "customer.changed", actor, now)


def rename(db: Session, customer_id: str, name: str | None, actor: Actor, now: datetime) -> None:
    """Our own name for the person; None goes back to LINE's display name."""
    get_customer(db, customer_id).name = name
    _changed(db, customer_id, "customer.changed", actor, now)


def set_owner(
    db: Session, customer_id: str, owner_id: str | None, actor: Actor, now: datetime
) -> None:
    """The operator in charge of the person (主担当), or nobody."""
    get_customer(db, customer_id).owner_id = owner_id
    _changed(db, customer_id, "customer.changed", actor, now)


def set_profile(db: Session, friend: Friend, profile: Mapping[str, Any], now: datetime) -> None:
    """What LINE tells about a friend; the friend can change it at any time."""
    friend.display_name = profile.get("displayName")
    friend.picture_url = profile.get("pictureUrl")
    friend.status_message = profile.get("statusMessage")
    friend.language = profile.get("language")
    friend.profile_at, friend.profile_due_at = now, None
    db.add(friend)
    _changed(db, friend.customer_id, "customer.changed", journal.SYSTEM, now)


def followed(db: Session, friend: Friend, now: datetime) -> None:
    """The friend added the account, or came back after blocking it."""
    friend.is_blocked = False
    friend.followed_at = friend.followed_at or now
    friend.profile_due_at, friend.profile_tries = now, 0
    db.add(friend)
    journal.ring_later(db, JOBS)
    _changed(db, friend.customer_id, "friend.followed", journal.CUSTOMER, now)


def blocked(db: Session, friend: Friend, now: datetime) -> None:
    """The friend blocked the account: nothing can be sent until they come back."""
    friend.is_blocked = True
    db.add(friend)
    _changed(db, friend.customer_id, "friend.blocked", journal.CUSTOMER, now)


def _find_friend(db: Session, account_id: str, line_user_id: str) -> Friend | None:
    return db.scalars(
        select(Friend).where(
            col(Friend.account_id) == account_id, col(Friend.line_user_id) == line_user_id
        )
    ).first()


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
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    once = dialect.insert(Tag).values(name=name)
    db.execute(once.on_conflict_do_nothing(index_elements=["name"]))
    return int(db.scalars(select(col(Tag.id)).where(col(Tag.name) == name)).one() or 0)


def _latest_conversation(db: Session, customer_id: str) -> Conversation | None:
    return db.scalars(
        select(Conversation)
        .where(col(Conversation.customer_id) == customer_id)
        .order_by(col(Conversation.updated_at).desc())
        .limit(1)
    ).first()


def _changed(db: Session, customer_id: str, kind: str, actor: Actor, now: datetime) -> None:
    customer = get_customer(db, customer_id)
    customer.version += 1
    customer.updated_at = now
    db.add(customer)
    db.flush()
    conversations = db.scalars(
        select(Conversation).where(col(Conversation.customer_id) == customer_id)
    ).all()
    for conversation in conversations:  # its row carries the name and the tags
        conversation.version += 1
        db.add(conversation)
    db.flush()
    talk_rows = {c.account_id: rows.conversation_row(db, c) for c in conversations}
    row = rows.customer_row(db, customer)
    for friend in row["friends"]:
        payload = {"customer": row}
        if friend["account"] in talk_rows:
            payload["conversation"] = talk_rows[friend["account"]]
        entry = journal.Entry(friend["account"], kind, payload, actor, now, customer_id=customer_id)
        journal.record(db, entry)
