"""The rows as the API and the journal show them: small, whole, and the same in both places.

Only what every role that may see the account may see. `*_at` and `at` are RFC 3339 in UTC.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.lookups import (
    by_id,
    operator_names,
    people_of,
    tag_names,
    version_of,
    with_open_handoff,
)
from storage.models.flows import Run
from storage.models.people import Customer, CustomerField, CustomerTag, Friend, Tag
from storage.models.talks import Conversation, Handoff, Media, Message, Note
from storage.models.work import Delivery
from storage.objects import write_changes

Row = dict[str, Any]
Shown = Conversation | Message | Handoff | Note | Customer | Run
REPLY_MODES = {"reply": "free", "push": "push"}


def moment(value: datetime | None) -> str | None:
    """RFC 3339 in UTC, with milliseconds."""
    if value is None:
        return None
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_milliseconds(value: datetime) -> datetime:
    """As exactly as rows show it, so that what sorts by it here and in a browser is the same."""
    return value.replace(microsecond=value.microsecond // 1000 * 1000)


def render(db: Session, things: Iterable[Any]) -> dict[int, Row]:
    """The rows of many things at once, by the `id()` of each; what is shown already is left."""
    write_changes(db)
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
    write_changes(db)
    people = people_of(db, [c.friend_id for c in conversations])
    tags = tag_names(db, [c.customer_id for c in conversations])
    names = operator_names(db, [c.assignee_id for c in conversations])
    open_handoffs = with_open_handoff(db, conversations)
    return [
        {
            "id": c.id,
            "account": c.account_id,
            **_person_keys(c, people[c.friend_id]),
            **_counter_keys(c, names.get(c.assignee_id or "")),
            "has_handoff": c.id in open_handoffs,
            "trouble": c.trouble,
            "last_message": c.last_message,
            "tags": tags.get(c.customer_id, []),
            "updated_at": moment(c.updated_at),
            "version": c.version,
            **({"of_operator": c.operator_id} if c.operator_id else {}),
        }
        for c in conversations
    ]


def _person_keys(c: Conversation, person: tuple[str, str | None, bool]) -> Row:
    name, picture_url, is_blocked = person
    return {
        "customer_id": c.customer_id,
        "customer_name": name,
        "picture_url": picture_url,
        "is_blocked": is_blocked,
    }


def _counter_keys(c: Conversation, assignee_name: str | None) -> Row:
    """Who has the talk, and what waits in it since and until when."""
    return {
        "status": c.status,
        "assignee_id": c.assignee_id,
        "assignee_name": assignee_name,
        "queue": c.queue,
        "epoch": c.epoch,
        "free_reply_until": moment(c.free_reply_until),
        "last_seq": c.last_seq,
        "unseen_count": c.unseen_count,
        "waiting_since": moment(c.waiting_since),
        "reply_risk_at": moment(c.reply_risk_at),
        "reply_due_at": moment(c.reply_due_at),
        "snoozed_until": moment(c.snoozed_until),
    }


def message_row(db: Session, message: Message) -> Row:
    """One line of a talk."""
    return message_rows(db, [message])[0]


def message_rows(db: Session, messages: Sequence[Message]) -> list[Row]:
    """Several lines of a talk."""
    deliveries = by_id(db, Delivery, [m.delivery_id for m in messages])
    media = by_id(db, Media, [m.media_id for m in messages])
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
            "quoted_seq": m.quoted_seq,
            "can_quote": m.quote_token is not None and m.unsent_at is None,
            "unsent_at": moment(m.unsent_at),
            "edited_at": moment(m.edited_at),
            "at": moment(m.at),
        }
        for m in messages
    ]


def note_row(db: Session, note: Note) -> Row:
    """One note."""
    names = operator_names(db, [note.operator_id, note.deleted_by])
    return {
        "id": note.id,
        "conversation_id": note.conversation_id,
        "client_note_id": note.client_note_id,
        "text": note.text,
        "mentions": note.mentions or [],
        "operator_id": note.operator_id,
        "operator_name": names.get(note.operator_id),
        "at": moment(note.at),
        "edited_at": moment(note.edited_at),
        "deleted_at": moment(note.deleted_at),
        "deleted_by": names.get(note.deleted_by or ""),
        "deleted_by_id": note.deleted_by,
        "version": note.version,
    }


def handoff_row(handoff: Handoff) -> Row:
    """One stretch of human help."""
    return {
        "id": handoff.id,
        "conversation_id": handoff.conversation_id,
        "queue": handoff.queue,
        "asked_at": moment(handoff.asked_at),
        "notify_at": moment(handoff.notify_at),
        "taken_at": moment(handoff.taken_at),
        "first_due_at": moment(handoff.first_due_at),
        "first_replied_at": moment(handoff.first_replied_at),
        "resolved_at": moment(handoff.resolved_at),
        "reason": handoff.reason,
        "note": handoff.note,
        "answers": handoff.answers,
        "open_question": handoff.open_question,
    }


def customer_row(
    db: Session, customer: Customer, allows: Callable[[str], bool] = lambda _account: True
) -> Row:
    """One person's card, with their ties to the accounts that the reader may see."""
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
    display_name = next((one.display_name for one in friends if one.display_name), None)
    return {
        "id": customer.id,
        "name": customer.name or display_name,
        "own_name": customer.name,
        "display_name": display_name,
        "owner_id": customer.owner_id,
        "fields": {row.key: row.value for row in fields},
        "tags": [{"tag": t.name, "at": moment(t.at), "reason": t.reason} for t in tags],
        "friends": [_friend_row(one) for one in friends if allows(one.account_id)],
        "version": customer.version,
    }


def _friend_row(friend: Friend) -> Row:
    return {
        "account": friend.account_id,
        "line_user_id": friend.line_user_id,
        "display_name": friend.display_name,
        "picture_url": friend.picture_url,
        "blocked": friend.is_blocked,
        "followed_at": moment(friend.followed_at),
    }


def run_row(db: Session, run: Run) -> Row:
    """Where a run stands."""
    title, number = version_of(db, run.hash)
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


_DELIVERY_KEYS = (
    "delivery_id", "delivery", "delivery_reason", "delivery_at", "cost", "undo_until"
)  # fmt: skip


def _delivery_keys(delivery: Delivery | None) -> Row:
    """A call that is under way is shown as pending: it is journalled once, when it has ended."""
    if delivery is None:
        return dict.fromkeys(_DELIVERY_KEYS)
    is_open = delivery.ended_at is None
    return {
        "delivery_id": delivery.id,
        "delivery": "pending" if is_open else delivery.state,
        "delivery_reason": _open_reason(delivery) if is_open else delivery.reason,
        "delivery_at": moment(delivery.ended_at),
        "cost": None if is_open else REPLY_MODES.get(delivery.mode or ""),
        "undo_until": delivery.undo["until"] if is_open and delivery.undo else None,
    }


def _open_reason(delivery: Delivery) -> str | None:
    """Why it is not out yet: it is held back, or LINE was asked and has not said."""
    return delivery.held or ("no_answer" if delivery.is_unsure else None)


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
