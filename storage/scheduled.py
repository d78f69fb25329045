"""Messages that go out at a moment of their own: 日時指定送信.

A row with a timer. When the timer is due, the worker takes it through the customer's own queue, so
that a message that the customer wrote before is read first, and sends it by the same verb as a
reply, under the name of who scheduled it. A colleague who holds the talk meanwhile does not hold it
back; a block does, and so does a sender who may not answer any more. A talk that is done, or with
the bot, is taken up again by it, as by any reply.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage import journal, post
from storage.models.drafting import Scheduled
from storage.models.operators import Operator
from storage.models.people import Friend
from storage.models.talks import Conversation
from storage.operators import accounts_of
from storage.post import Reply
from storage.refusals import FileOver, FriendHasBlocked, LostRace, NotFound, TooFarOff
from storage.scheduled_rows import end, let_files_go, scheduled_row, tell
from storage.talks import lock
from storage.timers import set_timer

TIMER = "scheduled"
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to go out, and when."""

    client_msg_id: str
    messages: Sequence[dict[str, Any]]
    text: str | None
    send_at: datetime
    stops_on_reply: bool
    origins: Sequence[dict[str, Any] | None] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be another. None: it stays. version: the one that was looked at.

    said: the messages with what their lines tell of files, made anew for another moment.
    """

    version: int
    text: str | None = None
    send_at: datetime | None = None
    stops_on_reply: bool | None = None
    said: tuple[list[dict[str, Any]], list[dict[str, Any] | None]] | None = None


def schedule(
    db: Session, conversation_id: str, operator: Operator, plan: Plan, now: datetime
) -> tuple[Scheduled, bool]:
    """Keep a message for later; the same `client_msg_id` again is the same one.

    Raises FriendHasBlocked, TooFarOff, FileOver.
    """
    conversation = lock(db, conversation_id)
    known = _find(db, conversation.id, plan.client_msg_id)
    if known is not None:
        return known, False
    if db.get_one(Friend, conversation.friend_id).is_blocked:
        raise FriendHasBlocked
    _check_moment(plan.send_at, plan.origins, now)
    scheduled = Scheduled(
        conversation_id=conversation.id,
        operator_id=operator.id,
        client_msg_id=plan.client_msg_id,
        messages=list(plan.messages),
        origins=list(plan.origins),
        text=plan.text,
        send_at=plan.send_at,
        stops_on_reply=plan.stops_on_reply,
        created_at=now,
    )
    db.add(scheduled)
    db.flush()
    _set_timer(db, scheduled)
    tell(db, conversation, scheduled, "scheduled.added", journal.actor_of(operator), now)
    return scheduled, True


def change(db: Session, scheduled_id: str, by: Operator, to: Change, now: datetime) -> Scheduled:
    """Another text, moment or rule; one that was stopped waits again.

    Raises NotFound, LostRace when it has changed or gone out meanwhile, TooFarOff,
    FileOver.
    """
    conversation, scheduled = _locked(db, scheduled_id)
    _check_version(db, scheduled, to.version)
    _take_said(scheduled, to)
    _check_moment(to.send_at or scheduled.send_at, scheduled.origins, now)
    if to.text is not None:
        _say_instead(scheduled, to.text)
    if to.send_at is not None:
        scheduled.send_at = to.send_at
    if to.stops_on_reply is not None:
        scheduled.stops_on_reply = to.stops_on_reply
    scheduled.state, scheduled.reason, scheduled.ended_at = "waiting", None, None
    scheduled.version += 1
    _set_timer(db, scheduled)
    tell(db, conversation, scheduled, "scheduled.changed", journal.actor_of(by), now)
    db.add(scheduled)
    return scheduled


def remove(db: Session, scheduled_id: str, by: Operator, version: int, now: datetime) -> Scheduled:
    """It is not to go out. Raises NotFound, LostRace."""
    conversation, scheduled = _locked(db, scheduled_id)
    if scheduled.state == "deleted":
        return scheduled
    _check_version(db, scheduled, version)
    end(scheduled, "deleted", None, now)
    let_files_go(db, scheduled, now)
    tell(db, conversation, scheduled, "scheduled.deleted", journal.actor_of(by), now)
    db.add(scheduled)
    return scheduled


def send_now(db: Session, scheduled_id: str, by: Operator, to: Change, now: datetime) -> Scheduled:
    """Do not wait for the moment. Raises NotFound, LostRace, FriendHasBlocked."""
    conversation, scheduled = _locked(db, scheduled_id)
    _check_version(db, scheduled, to.version)
    _take_said(scheduled, to)
    _send(db, conversation, scheduled, journal.actor_of(by), now)
    return scheduled


def fire(db: Session, conversation: Conversation, scheduled_id: str, now: datetime) -> None:
    """Its moment has come. One that was moved, sent or deleted meanwhile is left alone."""
    _, scheduled = _locked(db, scheduled_id)
    if scheduled.state != "waiting" or scheduled.send_at > now:
        return
    reason = _obstacle(db, conversation, scheduled)
    if reason is None:
        _send(db, conversation, scheduled, journal.SYSTEM, now)
        return
    end(scheduled, "stopped", reason, now)
    tell(db, conversation, scheduled, "scheduled.stopped", journal.SYSTEM, now)
    db.add(scheduled)


def get_scheduled(db: Session, scheduled_id: str) -> Scheduled:
    """Raises NotFound."""
    found = db.get(Scheduled, scheduled_id)
    if found is None:
        raise NotFound("there is no such scheduled message")
    return found


def _send(
    db: Session, conversation: Conversation, scheduled: Scheduled, actor: dict[str, str],
    now: datetime,
) -> None:  # fmt: skip
    """By the verb of a reply. Forced: that others wrote since was known when it was decided."""
    sender = db.get_one(Operator, scheduled.operator_id)
    told = scheduled.origins or [None] * len(scheduled.messages)
    origins = [{**(one or {}), "scheduled": scheduled.id} for one in told]
    texts = [m["text"] if m.get("type") == "text" else None for m in scheduled.messages]
    reply = Reply(
        scheduled.client_msg_id, scheduled.messages, texts, 0, force=True, origins=origins
    )
    post.send(db, conversation.id, sender, reply, now)
    end(scheduled, "sent", None, now)
    tell(db, conversation, scheduled, "scheduled.sent", actor, now)
    db.add(scheduled)


def _obstacle(db: Session, conversation: Conversation, scheduled: Scheduled) -> str | None:
    """Why it cannot go out now."""
    if db.get_one(Friend, conversation.friend_id).is_blocked:
        return "blocked"
    sender = db.get(Operator, scheduled.operator_id)
    if sender is None or sender.is_disabled or sender.role == "viewer":
        return "sender_gone"
    accounts = accounts_of(db, sender.id)
    return None if accounts is None or conversation.account_id in accounts else "sender_gone"


def _locked(db: Session, scheduled_id: str) -> tuple[Conversation, Scheduled]:
    """The talk first, as every verb does; then the row as it is now."""
    conversation = lock(db, get_scheduled(db, scheduled_id).conversation_id)
    scheduled = db.get_one(Scheduled, scheduled_id, with_for_update=True, populate_existing=True)
    return conversation, scheduled


def _check_version(db: Session, scheduled: Scheduled, version: int) -> None:
    if scheduled.version != version or scheduled.state not in {"waiting", "stopped"}:
        raise LostRace(scheduled=scheduled_row(db, scheduled))


def _take_said(scheduled: Scheduled, to: Change) -> None:
    if to.said is not None:
        scheduled.messages, scheduled.origins = to.said


def _say_instead(scheduled: Scheduled, text: str) -> None:
    """Other words in the place of those there were; pictures and files stay."""
    origins = scheduled.origins or [None] * len(scheduled.messages)
    said = list(zip(scheduled.messages, origins, strict=True))
    first = next((message for message, _ in said if message["type"] == "text"), None)
    kept: dict[str, Any] = {
        key: first[key] for key in ("quoteToken", "quickReply") if first and key in first
    }
    new: dict[str, Any] = {"type": "text", "text": text, **kept}
    others = [pair for pair in said if pair[0]["type"] != "text"]
    at = 0 if first is None else scheduled.messages.index(first)
    pairs = [*others[:at], (new, None), *others[at:]]
    scheduled.text = text
    scheduled.messages = [message for message, _ in pairs]
    scheduled.origins = [origin for _, origin in pairs]


def _check_moment(
    send_at: datetime, origins: Sequence[dict[str, Any] | None], now: datetime
) -> None:
    if not now < send_at <= now + FARTHEST:
        raise TooFarOff
    untils = [one["upload"].get("until") for one in origins if one and "upload" in one]
    if any(until is not None and datetime.fromisoformat(until) <= send_at for until in untils):
        raise FileOver


def _set_timer(db: Session, scheduled: Scheduled) -> None:
    data = {"scheduled_id": scheduled.id}
    set_timer(db, scheduled.conversation_id, TIMER, scheduled.id, scheduled.send_at, data)


def _find(db: Session, conversation_id: str, client_msg_id: str) -> Scheduled | None:
    query = select(Scheduled).where(
        col(Scheduled.conversation_id) == conversation_id,
        col(Scheduled.client_msg_id) == client_msg_id,
    )
    return db.scalars(query).first()
