"""The rows as the API and the journal show them: small, whole, and the same in both places.

Only what every role that may see the account may see. `*_at` and `at` are RFC 3339 in UTC.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, col

from storage.models.flows import FlowVersion, Run
from storage.models.operators import Operator
from storage.models.people import Customer, CustomerField, CustomerTag, Friend, Tag
from storage.models.talks import Conversation, Handoff, Media, Message, Note
from storage.models.work import Delivery

Row = dict[str, Any]
Shown = Conversation | Message | Handoff | Note | Customer | Run
REPLY_MODES = {"reply": "free", "push": "push"}


def moment(value: datetime | None) -> str | None:
    """RFC 3339 in UTC, with milliseconds."""
    if value is None:
        return None
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def render(db: Session, things: Iterable[Any]) -> dict[int, Row]:
    """The rows of many things at once, by the `id()` of each; what is shown already is left."""
    db.flush()
    unique = {id(thing): thing for thing in things}
    talks = [thing for thing in unique.values() if isinstance(thing, Conversation)]
    lines = [thing for thing in unique.values() if isinstance(thing, Message)]
    shown = {id(t): row for t, row in zip(talks, conversation_rows(db, talks), strict=True)}
    shown |= {id(m): row for m, row in zip(lines, message_rows(db, lines), strict=True)}
    for key, thing in unique.items():
        match thing:
            case Handoff():
                shown[key] = handoff_row(thing)
            case Note():
                shown[key] = note_row(db, thing)
            case Customer():
                shown[key] = customer_row(db, thing)
            case Run():
                shown[key] = run_row(db, thing)
    return shown


def conversation_row(db: Session, conversation: Conversation) -> Row:
    """One talk as the queue shows it."""
    return conversation_rows(db, [conversation])[0]


def conversation_rows(db: Session, conversations: Sequence[Conversation]) -> list[Row]:
    """Several talks, with two queries for all their people and tags."""
    if not conversations:
        return []
    db.flush()
    people = _people(db, [c.friend_id for c in conversations])
    tags = tag_names(db, [c.customer_id for c in conversations])
    names = operator_names(db, [c.assignee_id for c in conversations])
    open_handoffs = _with_open_handoff(db, conversations)
    return [
        {
            "id": c.id,
            "account": c.account_id,
            "customer_id": c.customer_id,
            "customer_name": people[c.friend_id][0],
            "picture_url": people[c.friend_id][1],
            "is_blocked": people[c.friend_id][2],
            "status": c.status,
            "assignee_id": c.assignee_id,
            "assignee_name": names.get(c.assignee_id or ""),
            "queue": c.queue,
            "epoch": c.epoch,
            "free_reply_until": moment(c.free_reply_until),
            "last_seq": c.last_seq,
            "unseen_count": c.unseen_count,
            "waiting_since": moment(c.waiting_since),
            "snoozed_until": moment(c.snoozed_until),
            "has_handoff": c.id in open_handoffs,
            "trouble": c.trouble,
            "last_message": c.last_message,
            "tags": tags.get(c.customer_id, []),
            "updated_at": moment(c.updated_at),
            "version": c.version,
        }
        for c in conversations
    ]


def message_row(db: Session, message: Message) -> Row:
    """One line of a talk."""
    return message_rows(db, [message])[0]


def message_rows(db: Session, messages: Sequence[Message]) -> list[Row]:
    """Several lines of a talk."""
    deliveries = _by_id(db, Delivery, [m.delivery_id for m in messages])
    media = _by_id(db, Media, [m.media_id for m in messages])
    names = operator_names(db, [m.operator_id for m in messages])
    return [
        {
            "id": m.id,
            "conversation_id": m.conversation_id,
            "seq": m.seq,
            "sender": m.sender,
            "operator_id": m.operator_id,
            "operator_name": names.get(m.operator_id or ""),
            "client_msg_id": m.client_msg_id,
            "kind": m.kind,
            "content": m.content,
            "text": m.text,
            "origin": m.origin,
            **_delivery_keys(deliveries.get(m.delivery_id)),
            "media": _media_row(media.get(m.media_id)),
            "unsent_at": moment(m.unsent_at),
            "at": moment(m.at),
        }
        for m in messages
    ]


def note_row(db: Session, note: Note) -> Row:
    """One note."""
    names = operator_names(db, [note.operator_id])
    return {
        "id": note.id,
        "conversation_id": note.conversation_id,
        "client_note_id": note.client_note_id,
        "text": note.text,
        "operator_id": note.operator_id,
        "operator_name": names.get(note.operator_id),
        "at": moment(note.at),
    }


def handoff_row(handoff: Handoff) -> Row:
    """One stretch of human help."""
    return {
        "id": handoff.id,
        "conversation_id": handoff.conversation_id,
        "queue": handoff.queue,
        "asked_at": moment(handoff.asked_at),
        "taken_at": moment(handoff.taken_at),
        "resolved_at": moment(handoff.resolved_at),
        "reason": handoff.reason,
        "note": handoff.note,
        "answers": handoff.answers,
        "open_question": handoff.open_question,
    }


def customer_row(db: Session, customer: Customer) -> Row:
    """One person's card."""
    friends = db.scalars(select(Friend).where(col(Friend.customer_id) == customer.id)).all()
    tags = db.execute(
        select(col(Tag.name), col(CustomerTag.at), col(CustomerTag.reason))
        .join(CustomerTag, col(CustomerTag.tag_id) == col(Tag.id))
        .where(col(CustomerTag.customer_id) == customer.id)
        .order_by(col(CustomerTag.at), col(Tag.name))
    )
    fields = db.execute(
        select(col(CustomerField.key), col(CustomerField.value)).where(
            col(CustomerField.customer_id) == customer.id
        )
    )
    display_name = next((f.display_name for f in friends if f.display_name), None)
    return {
        "id": customer.id,
        "name": customer.name or display_name,
        "own_name": customer.name,
        "display_name": display_name,
        "owner_id": customer.owner_id,
        "fields": {row.key: row.value for row in fields},
        "tags": [{"tag": t.name, "at": moment(t.at), "reason": t.reason} for t in tags],
        "friends": [
            {
                "account": f.account_id,
                "line_user_id": f.line_user_id,
                "display_name": f.display_name,
                "picture_url": f.picture_url,
                "blocked": f.is_blocked,
                "followed_at": moment(f.followed_at),
            }
            for f in friends
        ],
        "version": customer.version,
    }


def run_row(db: Session, run: Run) -> Row:
    """Where a run stands."""
    title, number = _version(db, run.hash)
    return {
        "id": run.id,
        "conversation_id": run.conversation_id,
        "flow": run.flow_id,
        "title": title,
        "version": number,
        "row_version": run.version,
        "step": run.step,
        "status": run.status,
        "end": run.end,
        "started_at": moment(run.started_at),
        "ended_at": moment(run.ended_at),
    }


def _version(db: Session, hash_: str) -> tuple[str, int]:
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


def tag_names(db: Session, customer_ids: Sequence[str]) -> dict[str, list[str]]:
    """The tags of each customer, oldest first."""
    rows = db.connection().execute(_TAGS, {"ids": list(customer_ids)})
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row.customer_id, []).append(row.name)
    return names


_PEOPLE = (
    select(
        col(Friend.id),
        col(Friend.display_name),
        col(Friend.picture_url),
        col(Friend.is_blocked),
        col(Customer.name),
    )
    .join(Customer, col(Customer.id) == col(Friend.customer_id))
    .where(col(Friend.id).in_(bindparam("ids", expanding=True)))
)
_TAGS = (
    select(col(CustomerTag.customer_id), col(Tag.name))
    .join(Tag, col(Tag.id) == col(CustomerTag.tag_id))
    .where(col(CustomerTag.customer_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(CustomerTag.at), col(Tag.name))
)


def _people(db: Session, friend_ids: Sequence[str]) -> dict[str, tuple[str, str | None, bool]]:
    found = db.connection().execute(_PEOPLE, {"ids": list(friend_ids)})
    return {r.id: (r.name or r.display_name or "", r.picture_url, r.is_blocked) for r in found}


def _with_open_handoff(db: Session, conversations: Sequence[Conversation]) -> set[str]:
    # A talk that is with the bot, or done, has none: returning and resolving end it.
    with_people = [c.id for c in conversations if c.status not in {"bot", "done"}]
    if not with_people:
        return set()
    query = select(col(Handoff.conversation_id)).where(
        col(Handoff.conversation_id).in_(with_people), col(Handoff.resolved_at).is_(None)
    )
    return set(db.scalars(query))


def _delivery_keys(delivery: Delivery | None) -> Row:
    """A call that is under way is shown as pending: it is journalled once, when it has ended."""
    if delivery is None:
        return {"delivery_id": None, "delivery": None, "delivery_reason": None, "cost": None}
    is_open = delivery.ended_at is None
    return {
        "delivery_id": delivery.id,
        "delivery": "pending" if is_open else delivery.state,
        "delivery_reason": None if is_open else delivery.reason,
        "cost": None if is_open else REPLY_MODES.get(delivery.mode or ""),
    }


def _media_row(media: Media | None) -> Row | None:
    if media is None:
        return None
    return {
        "id": media.id,
        "state": media.state,
        "mime": media.mime,
        "file_name": media.file_name,
        "size_bytes": media.size_bytes,
    }


def _by_id(db: Session, table: type[Any], ids: Sequence[Any]) -> dict[Any, Any]:
    wanted = {id_ for id_ in ids if id_ is not None}
    at_hand = (db.identity_map.get(identity_key(table, id_)) for id_ in wanted)
    found = {row.id: row for row in at_hand if row is not None}
    missing = wanted - found.keys()
    if missing:
        found |= {row.id: row for row in db.scalars(select(table).where(table.id.in_(missing)))}
    return found
