"""What a row of the API needs from other tables: names, people, tags, where a flow stands.

For many rows at once, one query each; what the unit has at hand already is not asked again.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, col

from storage.models.flows import FlowVersion
from storage.models.operators import Operator
from storage.models.people import Customer, CustomerTag, Friend, Tag
from storage.models.talks import Conversation, Handoff, Message, Note
from storage.prepared import PreparedOfMany

Shown = tuple[str, str | None, bool]  # a friend's name, picture, and whether they blocked us


def version_of(db: Session, hash_: str) -> tuple[str, int]:
    """Title and number of a flow version."""
    known: dict[str, tuple[str, int]] = db.info.get("versions", {})  # of the store: they are fixed
    if hash_ not in known:
        version = db.get_one(FlowVersion, hash_)
        known[hash_] = (version.title, version.number)
    return known[hash_]


def operator_names(db: Session, operator_ids: Sequence[str | None]) -> dict[str, str]:
    """Names by id, of those that are there."""
    wanted = {operator_id for operator_id in operator_ids if operator_id}
    if not wanted:
        return {}
    rows = db.execute(
        select(col(Operator.id), col(Operator.name)).where(col(Operator.id).in_(wanted))
    )
    return {row.id: row.name for row in rows}


def line_before(db: Session, note: Note) -> int | None:
    """The line that stands before a note."""
    query = select(func.max(col(Message.seq))).where(
        col(Message.conversation_id) == note.conversation_id, col(Message.at) <= note.at
    )
    found: int | None = db.scalar(query)
    return found


def tag_names(db: Session, customer_ids: Sequence[str]) -> dict[str, list[str]]:
    """The tags of each customer, oldest first; remembered until the unit ends."""
    known: dict[str, list[str]] = db.info.setdefault("tags", {})
    missing = [customer_id for customer_id in customer_ids if customer_id not in known]
    if missing:
        known |= {customer_id: [] for customer_id in missing}
        for customer_id, name in _TAGS.all(db, missing):
            known[customer_id].append(name)
    return {customer_id: known[customer_id] for customer_id in customer_ids}


def remember(db: Session, conversation: Conversation, person: Shown, *, has_tags: bool) -> None:
    """What is known already of whom a talk is with, until the unit ends."""
    db.info.setdefault("people", {})[conversation.friend_id] = person
    if not has_tags:
        db.info.setdefault("tags", {})[conversation.customer_id] = []


def forget_person(db: Session) -> None:
    """A person was changed in this unit: ask again."""
    db.info.pop("people", None)
    db.info.pop("tags", None)


_PEOPLE = PreparedOfMany(
    select(
        col(Friend.id),
        col(Friend.display_name),
        col(Friend.picture_url),
        col(Friend.is_blocked),
        col(Customer.name),
    ).join(Customer, col(Customer.id) == col(Friend.customer_id)),
    col(Friend.id),
)
_TAGS = PreparedOfMany(
    select(col(CustomerTag.customer_id), col(Tag.name))
    .join(Tag, col(Tag.id) == col(CustomerTag.tag_id))
    .order_by(col(CustomerTag.at), col(Tag.name)),
    col(CustomerTag.customer_id),
)


def people_of(db: Session, friend_ids: Sequence[str]) -> dict[str, Shown]:
    """How each friend is shown."""
    known: dict[str, Shown] = db.info.get("people", {})
    people = {friend_id: known[friend_id] for friend_id in friend_ids if friend_id in known}
    missing = [friend_id for friend_id in friend_ids if friend_id not in known]
    for id_, display, url, is_blocked, own in _PEOPLE.all(db, missing) if missing else ():
        people[id_] = (own or display or "", url, is_blocked)
    return people


def with_open_handoff(db: Session, conversations: Sequence[Conversation]) -> set[str]:
    """The talks for which a person is asked."""
    # A talk that is with the bot, or done, has none: returning and resolving end it.
    with_people = [c.id for c in conversations if c.status not in {"bot", "done"}]
    if not with_people:
        return set()
    query = select(col(Handoff.conversation_id)).where(
        col(Handoff.conversation_id).in_(with_people), col(Handoff.resolved_at).is_(None)
    )
    return set(db.scalars(query))


def by_id(db: Session, table: type[Any], ids: Sequence[Any]) -> dict[Any, Any]:
    """Rows of one table by their ids."""
    wanted = {id_ for id_ in ids if id_ is not None}
    at_hand = (db.identity_map.get(identity_key(table, id_)) for id_ in wanted)
    found = {row.id: row for row in at_hand if row is not None}
    missing = wanted - found.keys()
    if missing:
        found |= {row.id: row for row in db.scalars(select(table).where(table.id.in_(missing)))}
    return found
