"""The clock of the next answer: it runs while a customer waits for a person.

Every change of a talk settles its clock, so no verb can forget it: it runs exactly in the statuses
`waiting` and `active` while `waiting_since` is set, and the targets of the talk's queue say when it
is over. What it tells is a timer of kind `sla`; `lateness` says it when the moment has come.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete
from sqlmodel import Session, col

from storage import journal
from storage.bell import TIMERS
from storage.desk_rules import Rule, get_rules
from storage.dialects import insert_into
from storage.models.talks import Conversation, Handoff
from storage.models.work import Timer
from storage.opening import after_open_minutes, hours_of
from storage.prepared import Prepared

KIND = "sla"
LONGEST_WARNING = timedelta(minutes=5)


def is_moving(conversation: Conversation) -> bool:
    """Whether the clock runs, or has to be stopped."""
    return is_running(conversation) or conversation.reply_since is not None


def is_running(conversation: Conversation) -> bool:
    """Whether the customer waits for a person."""
    is_with_people = conversation.status in {"waiting", "active"}
    return is_with_people and conversation.waiting_since is not None


def settle(db: Session, conversation: Conversation, handoff: Handoff | None, now: datetime) -> bool:
    """Start, move or stop the clock as the talk is now; whether the handoff was touched.

    handoff: the open one, if there is one.
    """
    if not is_running(conversation):
        stop(db, conversation)
        return False
    conversation.reply_since = conversation.reply_since or now
    rule = get_rules(db).of(conversation.queue)
    is_first = handoff is None or handoff.first_replied_at is None
    minutes = (rule.first_minutes if is_first else rule.next_minutes) or 0
    due_at = _due_at(db, conversation, rule, minutes)
    if due_at != conversation.reply_due_at:
        conversation.reply_due_at = due_at
        conversation.reply_risk_at = due_at and due_at - _warning(minutes)
        arm(db, conversation, now)
    if handoff is None or not is_first or handoff.first_due_at == due_at:
        return False
    handoff.first_due_at = due_at
    db.add(handoff)
    return True


def stop(db: Session, conversation: Conversation) -> None:
    """Nobody waits for a person any more."""
    if conversation.reply_due_at is not None:
        _FORGET.run(db, {"of_talk": conversation.id})
    conversation.reply_since = None
    conversation.reply_risk_at = conversation.reply_due_at = None


def arm(db: Session, conversation: Conversation, now: datetime) -> None:
    """Set the timer of what comes next: the warning, or the end."""
    due_at, risk_at = conversation.reply_due_at, conversation.reply_risk_at
    if due_at is None or risk_at is None:
        _FORGET.run(db, {"of_talk": conversation.id})
    elif risk_at > now:
        _set(db, conversation.id, risk_at, {"what": "at_risk", "due": due_at.isoformat()})
    else:
        tell_at_the_end(db, conversation)


def tell_at_the_end(db: Session, conversation: Conversation) -> None:
    """The warning is told: the next is the end."""
    due_at = conversation.reply_due_at
    if due_at is not None:
        _set(db, conversation.id, due_at, {"what": "breached", "due": due_at.isoformat()})


def look_again(db: Session, conversation_id: str, now: datetime) -> None:
    """Targets or hours have changed: the clock of this talk is settled at its next turn."""
    _set(db, conversation_id, now, {"what": "look"})


def _due_at(db: Session, conversation: Conversation, rule: Rule, minutes: int) -> datetime | None:
    since = conversation.reply_since
    if minutes == 0 or since is None:
        return None
    hours = None if rule.hours == "always" else hours_of(db, conversation.queue)
    return after_open_minutes(hours, since, minutes)


def _warning(minutes: int) -> timedelta:
    return min(LONGEST_WARNING, timedelta(minutes=minutes) / 2)


def _set(db: Session, conversation_id: str, at: datetime, data: dict[str, Any]) -> None:
    row = {"conversation_id": conversation_id, "kind": KIND, "key": KIND}
    statement = insert_into(db, Timer).values(**row, due_at=at, data=data)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["conversation_id", "kind", "key"], set_={"due_at": at, "data": data}
        )
    )
    journal.ring_later(db, TIMERS)


_FORGET = Prepared(
    delete(Timer).where(col(Timer.conversation_id) == bindparam("of_talk"), col(Timer.kind) == KIND)
)
