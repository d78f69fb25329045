"""What happens to a conversation at the counter: asked for, taken, given, resolved, returned.

Each verb is one transaction and one journal entry. The conversation's epoch rises whenever the one
who answers changes; commands and unsent answers that carry an older epoch are refused or cancelled.
What the bot must do about it is an inside arrival, written in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage import journal, rows
from storage.deliveries import carry_answers_over
from storage.desk_rules import get_rules
from storage.holding import give, let_go, move, new_handoff, put_back
from storage.leaving import leave_to_queue
from storage.models.operators import Operator
from storage.models.talks import SAYS_NOTHING, Conversation, Handoff, Message
from storage.reading import note_read
from storage.refusals import LostRace, WrongStatus
from storage.talks import activity, changed, lock, open_handoff
from storage.timers import set_timer


@dataclass(frozen=True, slots=True)
class HandoffRequest:
    """Why a person is needed, for the packet that staff see."""

    queue: str
    reason: dict[str, Any]  # kind and parameters
    note: str | None = None
    answers: tuple[dict[str, Any], ...] = ()  # [{step, question, value}]
    open_question: str | None = None
    run_id: str | None = None
    notify_at: datetime | None = None


def hand_off(
    db: Session, conversation: Conversation, request: HandoffRequest, now: datetime
) -> Handoff:
    """A flow asks for a person. Raises WrongStatus when one is asked for already."""
    if open_handoff(db, conversation) is not None:
        raise WrongStatus("a person is asked for already", status=conversation.status)
    move(conversation, "hand_off")
    conversation.epoch += 1
    carry_answers_over(db, conversation)
    conversation.queue = request.queue
    conversation.assignee_id = None
    conversation.waiting_since = conversation.waiting_since or now
    handoff = Handoff(
        conversation_id=conversation.id,
        run_id=request.run_id,
        queue=request.queue,
        reason=request.reason,
        note=request.note,
        answers=list(request.answers),
        open_question=request.open_question,
        asked_at=now,
        notify_at=request.notify_at,
    )
    db.add(handoff)
    db.flush()
    if request.notify_at is not None:
        at = request.notify_at
        set_timer(db, conversation.id, "notify", handoff.id, at, {"handoff_id": handoff.id})
    shown = rows.handoff_row(handoff)
    message = activity(db, conversation, "handed_off", {"handoff": shown}, now)
    changed(db, conversation, "handoff.asked", journal.BOT, now, message, handoff)
    return handoff


def tell_staff(db: Session, conversation: Conversation, handoff_id: str, now: datetime) -> None:
    """The shop has opened: say now that somebody waits, unless they have been taken meanwhile."""
    handoff = open_handoff(db, conversation)
    if handoff is None or handoff.id != handoff_id or handoff.taken_at is not None:
        return
    changed(db, conversation, "handoff.due", journal.SYSTEM, now, handoff)


def leave_to_people(db: Session, conversation: Conversation, queue: str, now: datetime) -> None:
    """Nothing took the customer's message: it stays in the list until a person looks.

    In a talk that waits so already there is nothing new to tell.
    """
    if conversation.status == "waiting" and conversation.queue and conversation.waiting_since:
        return
    move(conversation, "leave")
    conversation.queue = conversation.queue or queue
    conversation.waiting_since = conversation.waiting_since or now
    changed(db, conversation, "conversation.waiting", journal.BOT, now)


def show_trouble(
    db: Session, conversation: Conversation, trouble: str, queue: str, now: datetime
) -> None:
    """Something failed for this customer: a person must look, and managers see why."""
    conversation.trouble = trouble
    if conversation.status in {"bot", "done"}:
        move(conversation, "leave")
        conversation.queue = conversation.queue or queue
        conversation.waiting_since = conversation.waiting_since or now
    message = activity(db, conversation, "trouble", {"text": trouble}, now)
    changed(db, conversation, "conversation.trouble", journal.SYSTEM, now, message)


def show_kept_back(db: Session, conversation: Conversation, title: str, now: datetime) -> None:
    """A flow had to wait for staff so long that it ended: they see that nothing of it was sent."""
    message = activity(db, conversation, "kept_back", {"title": title}, now)
    changed(db, conversation, "conversation.kept_back", journal.SYSTEM, now, message)


def reopen(db: Session, conversation: Conversation, now: datetime) -> None:
    """The customer writes soon after the talk was resolved: an open handoff.

    It is for the one who had it, or for the queue: as the rules say, or when they are out.
    """
    move(conversation, "reopen")
    conversation.waiting_since = now
    if get_rules(db).of(conversation.queue).reopen_to == "queue":
        conversation.assignee_id = None
        conversation.epoch += 1
    reason = {"kind": "reopened"}
    handoff = new_handoff(db, conversation, reason, now)
    message = activity(db, conversation, "reopened", {}, now)
    changed(db, conversation, "conversation.waiting", journal.CUSTOMER, now, message, handoff)
    leave_to_queue(db, conversation, now)


def rest(db: Session, conversation: Conversation, now: datetime) -> None:
    """The customer writes in a talk that was done, and the bot answers."""
    move(conversation, "rest")
    conversation.assignee_id = None
    conversation.queue = None
    changed(db, conversation, "conversation.returned", journal.BOT, now)


def take(
    db: Session, conversation_id: str, operator: Operator, epoch: int, now: datetime
) -> Conversation:
    """Claim a talk for oneself. Raises LostRace when somebody was first."""
    conversation = lock(db, conversation_id)
    if conversation.assignee_id == operator.id and conversation.status == "active":
        return conversation
    _check_epoch(db, conversation, epoch)
    give(db, conversation, operator.id, now)
    message = activity(db, conversation, "taken", {"operator": operator.name}, now)
    _journal_taken(db, conversation, "conversation.taken", operator, now, message)
    return conversation


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whom a talk is given to: an operator, or nobody; and where it waits."""

    operator: Operator | None
    queue: str | None
    epoch: int


def assign(
    db: Session, conversation_id: str, by: Operator, to: Assignment, now: datetime
) -> Conversation:
    """Give a talk to a colleague, to nobody, or to another queue. Raises LostRace, WrongStatus."""
    conversation = lock(db, conversation_id)
    if _holds_already(conversation, to):
        return conversation
    _check_epoch(db, conversation, to.epoch)
    if to.queue is not None:
        conversation.queue = to.queue
    if to.operator is None:
        put_back(db, conversation, now, by.id)
    else:
        give(db, conversation, to.operator.id, now)
    params = {
        "by": by.name,
        "operator": to.operator.name if to.operator else None,
        "queue": conversation.queue,
    }
    message = activity(db, conversation, "assigned", params, now)
    _journal_taken(db, conversation, "conversation.assigned", by, now, message)
    return conversation


def resolve(db: Session, conversation_id: str, operator: Operator, now: datetime) -> Conversation:
    """Mark a talk as done. Raises WrongStatus when there is nothing to resolve."""
    conversation = lock(db, conversation_id)
    if conversation.status == "done":
        return conversation
    move(conversation, "resolve")
    conversation.resolved_at = now
    let_go(db, conversation, "resolved", operator, now)
    return conversation


def return_to_bot(
    db: Session, conversation_id: str, operator: Operator | None, now: datetime
) -> Conversation:
    """Give a talk back to the bot; without an operator, by rule, which holds while the customer
    has not answered."""
    conversation = lock(db, conversation_id)
    if conversation.status == "bot" or (operator is None and conversation.status != "pending"):
        return conversation
    end_help(db, conversation, operator, now)
    return conversation


def end_help(
    db: Session, conversation: Conversation, operator: Operator | None, now: datetime
) -> None:
    """Whatever the staff had to do with a talk is over, and nobody holds it."""
    move(conversation, "return")
    conversation.assignee_id = None
    conversation.queue = None
    let_go(db, conversation, "returned", operator, now)


def snooze(
    db: Session, conversation_id: str, operator: Operator, until: datetime, now: datetime
) -> Conversation:
    """Put a talk aside until a moment. Raises WrongStatus."""
    conversation = lock(db, conversation_id)
    if conversation.status == "snoozed" and conversation.snoozed_until == until:
        return conversation
    move(conversation, "snooze")
    conversation.snoozed_until = until
    set_timer(db, conversation.id, "snooze", "snooze", until, {})
    params = {"operator": operator.name, "until": rows.moment(until)}
    message = activity(db, conversation, "snoozed", params, now)
    changed(db, conversation, "conversation.snoozed", journal.actor_of(operator), now, message)
    return conversation


def wake(db: Session, conversation: Conversation, now: datetime) -> None:
    """The moment of a snoozed talk has come; one that moved on meanwhile stays as it is."""
    if conversation.status != "snoozed":
        return
    move(conversation, "wake")
    conversation.snoozed_until = None
    conversation.waiting_since = conversation.waiting_since or now
    message = activity(db, conversation, "woken", {}, now)
    changed(db, conversation, "conversation.woken", journal.SYSTEM, now, message)
    leave_to_queue(db, conversation, now)


def mark_seen(
    db: Session, conversation_id: str, operator: Operator, seq: int, now: datetime
) -> Conversation:
    """The staff have seen the talk up to `seq`; the mark is shared by all of them."""
    conversation = lock(db, conversation_id)
    note_read(db, conversation, seq, now)
    unseen = _count_unseen(db, conversation.id, seq)
    if unseen != conversation.unseen_count:
        conversation.unseen_count = unseen
        changed(db, conversation, "conversation.seen", journal.actor_of(operator), now)
    return conversation


def _holds_already(conversation: Conversation, to: Assignment) -> bool:
    is_same_queue = to.queue is None or to.queue == conversation.queue
    status = "waiting" if to.operator is None else "active"
    operator_id = to.operator.id if to.operator else None
    is_same = conversation.assignee_id == operator_id and conversation.status == status
    return is_same and is_same_queue


def _check_epoch(db: Session, conversation: Conversation, epoch: int) -> None:
    if conversation.epoch != epoch:
        raise LostRace(conversation=rows.conversation_row(db, conversation))


def _journal_taken(
    db: Session,
    conversation: Conversation,
    kind: str,
    operator: Operator,
    now: datetime,
    message: Message,
) -> None:
    touched: list[Message | Handoff] = [message]
    handoff = open_handoff(db, conversation)
    if handoff is not None:
        touched.append(handoff)
    changed(db, conversation, kind, journal.actor_of(operator), now, *touched)


def _count_unseen(db: Session, conversation_id: str, seq: int) -> int:
    """How many lines of the customer come after `seq`."""
    query = select(func.count()).where(
        col(Message.conversation_id) == conversation_id,
        col(Message.sender) == "customer",
        col(Message.kind).not_in(SAYS_NOTHING),
        col(Message.seq) > seq,
    )
    return int(db.scalar(query) or 0)
