"""Copies of what was taken back in what turns made: runs, their log, and what waits to happen."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from storage.copied_words import REMOVED, is_copy, shown
from storage.deliveries import take_words, words_to_stay
from storage.heard import blank_spots
from storage.models.flows import Run, RunEvent
from storage.models.reports import RunAnswer
from storage.models.work import Arrival, Delivery, Timer
from storage.taken import Taken
from storage.word_places import blank_fields, change_state, change_words


def from_runs(db: Session, taken: Taken, gone: dict[str, Any]) -> None:
    """gone: what was on the card. The log of the customer's other talks knew the card, too."""
    runs = select(Run).where(col(Run.customer_id) == taken.conversation.customer_id)
    found = db.scalars(runs).all()
    log = select(RunEvent).where(
        col(RunEvent.run_id).in_([run.id for run in found]), col(RunEvent.at) >= taken.since
    )
    for event in db.scalars(log):
        _from_turn(db, taken, event, gone)
    for turn in taken.heard.turns:
        turn.payload = {**turn.payload, "text": REMOVED}
    for run in (one for one in found if one.conversation_id == taken.conversation.id):
        state = _state(taken, run.id, run.state)
        if state != run.state:
            run.state = state
            db.add(run)
    _from_answers(db, taken)


def _from_turn(db: Session, taken: Taken, event: RunEvent, gone: dict[str, Any]) -> None:
    if is_copy(str(event.payload.get("text", "")), taken.own):
        event.payload = {**event.payload, "text": REMOVED}
    after: dict[str, Any] = {
        "state_before": _state(taken, event.run_id, event.state_before),
        "state_after": _state(taken, event.run_id, event.state_after),
        "effects": change_words(event.effects, taken.change),
        "context": blank_fields(change_words(event.context, taken.change), gone, REMOVED),
    }
    for name, tree in after.items():
        if tree != getattr(event, name):
            setattr(event, name, tree)
    db.add(event)


def _state(taken: Taken, run_id: str, state: Any) -> Any:
    if not isinstance(state, dict):
        return state
    own = [one for one in taken.heard.spots if not _is_known(taken, one.value)]
    return blank_spots(run_id, change_state(state, taken.change), own, REMOVED)


def _is_known(taken: Taken, value: Any) -> bool:
    """An answer that the flow offered, or several."""
    parts: Sequence[Any] = value if isinstance(value, list) else [value]
    return not any(_is_own(taken, one) for one in parts)


def _is_own(taken: Taken, leaf: Any) -> bool:
    is_value = isinstance(leaf, str | int | float) and not isinstance(leaf, bool)
    return is_value and shown(leaf) in taken.own


def _from_answers(db: Session, taken: Taken) -> None:
    """What was counted of them for reports."""
    for turn in taken.heard.turns:
        db.execute(
            delete(RunAnswer).where(
                col(RunAnswer.run_id) == turn.run_id,
                col(RunAnswer.at) == turn.at,
                col(RunAnswer.value).in_(taken.own),
            )
        )


def from_work(db: Session, taken: Taken) -> None:
    """What waits to happen, to be done or to be said."""
    talk_id = taken.conversation.id
    for timer in db.scalars(select(Timer).where(col(Timer.conversation_id) == talk_id)):
        taken.blank_trees(db, timer, "data")
    first = select(col(Arrival.id)).where(
        col(Arrival.account_id) == taken.conversation.account_id,
        col(Arrival.line_message_id) == taken.message.line_message_id,
    )
    inside = select(Arrival).where(
        col(Arrival.id) >= first.order_by(col(Arrival.id)).limit(1).scalar_subquery(),
        col(Arrival.conversation_id) == talk_id,
        col(Arrival.is_inside),
    )
    for arrival in db.scalars(inside):
        taken.blank_trees(db, arrival, "raw")
    said = select(Delivery).where(
        col(Delivery.conversation_id) == talk_id,
        col(Delivery.created_at) >= taken.since,
        col(Delivery.is_automatic),
    )
    for delivery in db.scalars(said.with_for_update()):
        take_words(delivery, change_words(words_to_stay(delivery), taken.change))
        db.add(delivery)
