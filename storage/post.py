"""What is to be sent: the bot's answers and the operators' messages, as deliveries.

A delivery is one call to LINE of at most five messages. It is written in the transaction that
decides it, with its retry key, and sent afterwards by `outbox`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage import failpoints, journal, lifecycle, rows
from storage.deliveries import Parcel, Undo, deliver
from storage.desk_rules import get_rules
from storage.holding import give
from storage.models.operators import Operator
from storage.models.people import Account, Friend
from storage.models.talks import Conversation, Message
from storage.models.work import Delivery
from storage.refusals import AssignedToOther, FriendHasBlocked, Stale
from storage.talks import Line, activity, append, changed, lock, open_handoff
from storage.timers import clear_timer, set_timer

MESSAGES_PER_CALL = 5
BEFORE = ("status", "waiting_since", "reply_since", "snoozed_until", "seq")


@dataclass(frozen=True, slots=True)
class Said:
    """Bubbles of the bot: LINE's JSON and the words in it, side by side.

    source: what decided it, unique for each call of `say` (it names the retry key).
    run_id: the run whose answer this is, cancelled when a person takes over; None: not an answer.
    """

    messages: Sequence[dict[str, Any]]
    texts: Sequence[str | None]
    source: str
    run_id: str | None = None
    origins: Sequence[dict[str, Any] | None] = ()  # which flow and step, side by side too


def say(db: Session, conversation: Conversation, said: Said, now: datetime) -> list[Delivery]:
    """The bot speaks: a line for each message, a delivery for each five."""
    deliveries = []
    for start in range(0, len(said.messages), MESSAGES_PER_CALL):
        part = slice(start, start + MESSAGES_PER_CALL)
        source = f"{said.source}:{start}"
        parcel = Parcel(list(said.messages[part]), source, said.run_id, is_automatic=True)
        delivery = deliver(db, conversation, parcel, now)
        _write_said(db, conversation, said, part, delivery.id, now)
        deliveries.append(delivery)
    return deliveries


def show(db: Session, conversation: Conversation, said: Said, now: datetime) -> None:
    """The bot speaks on a form's page: the same lines in the talk, and nothing to be sent."""
    _write_said(db, conversation, said, slice(None), None, now)


def _write_said(
    db: Session,
    conversation: Conversation,
    said: Said,
    part: slice,
    delivery_id: int | None,
    now: datetime,
) -> None:
    origins = said.origins or [None] * len(said.messages)
    said_here = zip(said.messages[part], said.texts[part], origins[part], strict=True)
    for content, text, origin in said_here:
        kind = str(content.get("type", "unknown"))
        line = Line("bot", kind, content, now, text=text, origin=origin, delivery_id=delivery_id)
        message = append(db, conversation, line)
        changed(db, conversation, "message.said", journal.BOT, now, message)


@dataclass(frozen=True, slots=True)
class Reply:
    """An operator's messages as the browser sends them; origins: what each tells of its file."""

    client_msg_id: str
    messages: Sequence[dict[str, Any]]
    texts: Sequence[str | None]
    seen_seq: int
    force: bool = False
    origins: Sequence[dict[str, Any] | None] = ()
    undo_s: int = 0  # for so long it can be taken back


def send(
    db: Session, conversation_id: str, operator: Operator, reply: Reply, now: datetime
) -> tuple[list[Message], bool]:
    """An operator answers; the lines, and whether they are new.

    Raises FriendHasBlocked, then AssignedToOther, then Stale; `force` overrides the last two.
    """
    conversation = lock(db, conversation_id)
    known = sent_before(db, conversation.id, reply.client_msg_id)
    if known:
        return known, False
    _check(db, conversation, operator, reply)
    undo = _undo(db, conversation, reply)
    if conversation.assignee_id is None or conversation.status in {"bot", "done"}:
        give(db, conversation, operator.id, now)
        taken = activity(db, conversation, "taken", {"operator": operator.name}, now)
        changed(db, conversation, "conversation.taken", journal.actor_of(operator), now, taken)
    conversation.status = lifecycle.after(conversation.status, "send")
    conversation.waiting_since = None
    conversation.snoozed_until = None
    _return_later(db, conversation, now)
    lines = _deliver_all(db, conversation, operator, reply, undo, now)
    handoff = open_handoff(db, conversation)
    if handoff is not None:
        handoff.first_replied_at = handoff.first_replied_at or now
        db.add(handoff)
    for number, message in enumerate(lines):
        touched = [message, handoff] if handoff is not None and number == 0 else [message]
        changed(db, conversation, "message.sent", journal.actor_of(operator), now, *touched)
    failpoints.reach("reply written")
    return lines, True


def _check(db: Session, conversation: Conversation, operator: Operator, reply: Reply) -> None:
    friend = db.get_one(Friend, conversation.friend_id)
    if friend.is_blocked:
        raise FriendHasBlocked
    if reply.force:
        return
    missed = rows.message_rows(db, _missed(db, conversation, operator, reply.seen_seq))
    is_held = conversation.assignee_id is not None and conversation.status not in {"bot", "done"}
    if is_held and conversation.assignee_id != operator.id:
        told = rows.conversation_row(db, conversation)
        # Both are overruled at once, so both are told.
        raise AssignedToOther(conversation=told, messages=missed)
    if missed:
        raise Stale(messages=missed)


def _missed(
    db: Session, conversation: Conversation, operator: Operator, seen_seq: int
) -> Sequence[Message]:
    """What colleagues and the bot have said since."""
    return db.scalars(
        select(Message)
        .where(
            col(Message.conversation_id) == conversation.id,
            col(Message.seq) > seen_seq,
            col(Message.sender).in_(["operator", "bot"]),
            col(Message.operator_id).is_distinct_from(operator.id),
        )
        .order_by(col(Message.seq))
    ).all()


def _undo(db: Session, conversation: Conversation, reply: Reply) -> Undo:
    """What the talk is before this message, and before those that have not left yet either."""
    open_ = select(Delivery).where(
        col(Delivery.conversation_id) == conversation.id,
        col(Delivery.state) == "pending",
        col(Delivery.undo).is_not(None),
    )
    earlier = db.scalars(open_.order_by(col(Delivery.id).desc()).limit(1)).first()
    before = earlier.undo if earlier is not None and conversation.status == "pending" else None
    found = before or {
        "status": conversation.status,
        "waiting_since": rows.moment(conversation.waiting_since),
        "reply_since": rows.moment(conversation.reply_since),
        "snoozed_until": rows.moment(conversation.snoozed_until),
        "seq": conversation.last_seq,
    }
    kept = {key: found[key] for key in BEFORE}
    return Undo(seconds=reply.undo_s, name=reply.client_msg_id, **kept)


def _return_later(db: Session, conversation: Conversation, now: datetime) -> None:
    """By rule a talk goes back by itself, so long after the operator's last message."""
    minutes = get_rules(db).of(conversation.queue).return_minutes
    seconds = minutes * 60 if minutes is not None else None
    if seconds is None:
        seconds = db.get_one(Account, conversation.account_id).return_after_s
    if seconds:
        due_at = now + timedelta(seconds=seconds)
        set_timer(db, conversation.id, "return", "return", due_at, {})
    else:
        clear_timer(db, conversation.id, "return")


def sent_before(db: Session, conversation_id: str, client_msg_id: str) -> list[Message]:
    """The lines of what was sent before under the same id, as far as its first call goes."""
    first = db.scalars(
        select(Message).where(
            col(Message.conversation_id) == conversation_id,
            col(Message.client_msg_id) == client_msg_id,
        )
    ).first()
    if first is None:
        return []
    siblings = select(Message).where(
        col(Message.conversation_id) == conversation_id,
        col(Message.delivery_id) == first.delivery_id,
    )
    return list(db.scalars(siblings.order_by(col(Message.seq))))


def _deliver_all(
    db: Session, conversation: Conversation, operator: Operator, reply: Reply,
    undo: Undo, now: datetime,
) -> list[Message]:  # fmt: skip
    """A delivery for each five, in order: the friend's lane keeps it."""
    lines: list[Message] = []
    for start in range(0, len(reply.messages), MESSAGES_PER_CALL):
        part = slice(start, start + MESSAGES_PER_CALL)
        source = f"operator:{conversation.id}:{reply.client_msg_id}" + (f":{start}" * bool(start))
        parcel = Parcel(list(reply.messages[part]), source, undo=undo)
        delivery = deliver(db, conversation, parcel, now)
        new = _lines_of(operator, reply, part, delivery, now)
        lines += [append(db, conversation, line) for line in new]
    return lines


def _lines_of(
    operator: Operator, reply: Reply, part: slice, delivery: Delivery, now: datetime
) -> Iterator[Line]:
    origins = reply.origins or [None] * len(reply.messages)
    said = zip(reply.messages[part], reply.texts[part], origins[part], strict=True)
    for number, (content, text, origin) in enumerate(said):
        yield Line(
            "operator",
            str(content.get("type", "unknown")),
            content,
            now,
            text=text,
            operator_id=operator.id,
            origin=origin,
            client_msg_id=reply.client_msg_id if part.start + number == 0 else None,
            delivery_id=delivery.id,
        )
