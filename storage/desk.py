"""What happens to a conversation at the counter: asked for, taken, given, resolved, returned.

Each verb is one transaction and one journal entry. The conversation's epoch rises whenever the one
who answers changes; commands and unsent answers that carry an older epoch are refused or cancelled.
What the bot must do about it is an inside arrival, written in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage import journal, lifecycle, rows
from storage.arrivals import add_inside
from storage.deliveries import cancel_old_answers, carry_answers_over
from storage.models.operators import Operator
from storage.models.talks import Conversation, Handoff, Message, Note
from storage.refusals import LostRace, WrongStatus
from storage.talks import activity, changed, count_unseen, find_note, lock, open_handoff
from storage.timers import clear_timer, set_timer


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


def actor_of(operator: Operator) -> dict[str, str]:
    """An operator as the journal names them."""
    return {"kind": "operator", "id": operator.id, "name": operator.name}


def hand_off(
    db: Session, conversation: Conversation, request: HandoffRequest, now: datetime
) -> Handoff:
    """A flow asks for a person. Raises WrongStatus when one is asked for already."""
    if open_handoff(db, conversation) is not None:
        raise WrongStatus("a person is asked for already", status=conversation.status)
    _move(conversation, "hand_off")
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
    shown = rows.handoff_row(handoff)
    message = activity(db, conversation, "handed_off", {"handoff": shown}, now)
    changed(db, conversation, "handoff.asked", journal.BOT, now, message, handoff)
    return handoff


def leave_to_people(db: Session, conversation: Conversation, queue: str, now: datetime) -> None:
    """Nothing took the customer's message: it stays in the list until a person looks."""
    _move(conversation, "leave")
    conversation.queue = conversation.queue or queue
    conversation.waiting_since = conversation.waiting_since or now
    changed(db, conversation, "conversation.waiting", journal.BOT, now)


def show_trouble(
    db: Session, conversation: Conversation, trouble: str, queue: str, now: datetime
) -> None:
    """Something failed for this customer: a person must look, and managers see why."""
    conversation.trouble = trouble
    if conversation.status in {"bot", "done"}:
        _move(conversation, "leave")
        conversation.queue = conversation.queue or queue
        conversation.waiting_since = conversation.waiting_since or now
    message = activity(db, conversation, "trouble", {"text": trouble}, now)
    changed(db, conversation, "conversation.trouble", journal.SYSTEM, now, message)


def reopen(db: Session, conversation: Conversation, now: datetime) -> None:
    """The customer writes soon after the talk was resolved: an open handoff, the same assignee."""
    _move(conversation, "reopen")
    conversation.waiting_since = now
    reason = {"kind": "reopened"}
    handoff = _new_handoff(db, conversation, reason, now)
    message = activity(db, conversation, "reopened", {}, now)
    changed(db, conversation, "conversation.waiting", journal.CUSTOMER, now, message, handoff)


def rest(db: Session, conversation: Conversation, now: datetime) -> None:
    """The customer writes in a talk that was done, and the bot answers."""
    _move(conversation, "rest")
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
        _put_back(db, conversation, now)
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
    _move(conversation, "resolve")
    conversation.resolved_at = now
    _let_go(db, conversation, "resolved", operator, now)
    return conversation


def return_to_bot(
    db: Session, conversation_id: str, operator: Operator | None, now: datetime
) -> Conversation:
    """Give a talk back to the bot; without an operator, by the account's own rule."""
    conversation = lock(db, conversation_id)
    if conversation.status == "bot":
        return conversation
    _move(conversation, "return")
    conversation.assignee_id = None
    conversation.queue = None
    _let_go(db, conversation, "returned", operator, now)
    return conversation


def snooze(
    db: Session, conversation_id: str, operator: Operator, until: datetime, now: datetime
) -> Conversation:
    """Put a talk aside until a moment. Raises WrongStatus."""
    conversation = lock(db, conversation_id)
    if conversation.status == "snoozed" and conversation.snoozed_until == until:
        return conversation
    _move(conversation, "snooze")
    conversation.snoozed_until = until
    set_timer(db, conversation.id, "snooze", "snooze", until, {})
    params = {"operator": operator.name, "until": rows.moment(until)}
    message = activity(db, conversation, "snoozed", params, now)
    changed(db, conversation, "conversation.snoozed", actor_of(operator), now, message)
    return conversation


def wake(db: Session, conversation: Conversation, now: datetime) -> None:
    """The moment of a snoozed talk has come; one that moved on meanwhile stays as it is."""
    if conversation.status != "snoozed":
        return
    _move(conversation, "wake")
    conversation.snoozed_until = None
    conversation.waiting_since = conversation.waiting_since or now
    message = activity(db, conversation, "woken", {}, now)
    changed(db, conversation, "conversation.woken", journal.SYSTEM, now, message)


def mark_seen(
    db: Session, conversation_id: str, operator: Operator, seq: int, now: datetime
) -> Conversation:
    """The staff have seen the talk up to `seq`; the mark is shared by all of them."""
    conversation = lock(db, conversation_id)
    unseen = count_unseen(db, conversation.id, seq)
    if unseen != conversation.unseen_count:
        conversation.unseen_count = unseen
        changed(db, conversation, "conversation.seen", actor_of(operator), now)
    return conversation


def add_note(
    db: Session, conversation_id: str, operator: Operator, client_note_id: str, text: str,
    *, now: datetime,
) -> tuple[Note, bool]:  # fmt: skip
    """Write down something for colleagues; the same `client_note_id` again is the same note."""
    conversation = lock(db, conversation_id)
    known = find_note(db, conversation.id, client_note_id)
    if known is not None:
        return known, False
    note = Note(
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        client_note_id=client_note_id,
        operator_id=operator.id,
        text=text,
        at=now,
    )
    db.add(note)
    changed(db, conversation, "note.added", actor_of(operator), now, note)
    return note, True


def give(db: Session, conversation: Conversation, operator_id: str, now: datetime) -> None:
    """Make an operator the one who answers: fence off the bot, park its run. Not journalled."""
    _move(conversation, "take")
    conversation.assignee_id = operator_id
    conversation.epoch += 1
    conversation.snoozed_until = None
    conversation.trouble = None
    clear_timer(db, conversation.id, "snooze")
    cancel_old_answers(db, conversation, "taken", now)
    handoff = open_handoff(db, conversation) or _new_handoff(
        db, conversation, {"kind": "taken"}, now
    )
    handoff.taken_at, handoff.taken_by = now, operator_id
    db.add(handoff)
    add_inside(db, conversation, "taken", {}, now)


def _holds_already(conversation: Conversation, to: Assignment) -> bool:
    is_same_queue = to.queue is None or to.queue == conversation.queue
    status = "waiting" if to.operator is None else "active"
    operator_id = to.operator.id if to.operator else None
    is_same = conversation.assignee_id == operator_id and conversation.status == status
    return is_same and is_same_queue


def _put_back(db: Session, conversation: Conversation, now: datetime) -> None:
    _move(conversation, "unassign")
    conversation.assignee_id = None
    conversation.epoch += 1
    conversation.waiting_since = conversation.waiting_since or now
    handoff = open_handoff(db, conversation)
    if handoff is not None:
        handoff.taken_at, handoff.taken_by = None, None
        handoff.queue = conversation.queue
        db.add(handoff)


def _let_go(
    db: Session, conversation: Conversation, how: str, operator: Operator | None, now: datetime
) -> None:
    conversation.waiting_since = None
    conversation.snoozed_until = None
    conversation.unseen_count = 0
    conversation.trouble = None
    clear_timer(db, conversation.id, "snooze")
    clear_timer(db, conversation.id, "return")
    handoff = open_handoff(db, conversation)
    run_id = handoff.run_id if handoff is not None else None
    touched: list[Message | Handoff] = []
    if handoff is not None:
        handoff.resolved_at = now
        db.add(handoff)
        touched.append(handoff)
    add_inside(db, conversation, how, {"run_id": run_id}, now)
    params = {"operator": operator.name if operator else None}
    touched.append(activity(db, conversation, how, params, now))
    actor = actor_of(operator) if operator else journal.SYSTEM
    changed(db, conversation, f"conversation.{how}", actor, now, *touched)


def _move(conversation: Conversation, move: lifecycle.Move) -> None:
    conversation.status = lifecycle.after(conversation.status, move)


def _check_epoch(db: Session, conversation: Conversation, epoch: int) -> None:
    if conversation.epoch != epoch:
        raise LostRace(conversation=rows.conversation_row(db, conversation))


def _new_handoff(
    db: Session, conversation: Conversation, reason: dict[str, Any], now: datetime
) -> Handoff:
    handoff = Handoff(
        conversation_id=conversation.id,
        queue=conversation.queue,
        reason=reason,
        answers=[],
        asked_at=now,
    )
    db.add(handoff)
    db.flush()
    return handoff


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
    changed(db, conversation, kind, actor_of(operator), now, *touched)
