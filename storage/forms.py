"""Forms: an address that is given to a customer, and what is answered at it.

An address serves one run of its flow, for a while. What comes in at it is an inside arrival: it
stands in the customer's own queue behind whatever came before.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage import journal
from storage.arrivals import add_inside
from storage.models.flows import Run
from storage.models.forms import Form
from storage.models.operators import Operator
from storage.models.talks import Conversation
from storage.objects import add_now, find
from storage.refusals import NotFound, TooManyAnswers
from storage.runs import live_runs
from storage.talks import changed, lock

LIFE = timedelta(days=7)
MOST_ANSWERS = 30  # a minute, which no honest thumb reaches
WINDOW = timedelta(minutes=1)


def make_form(
    db: Session, conversation: Conversation, flow_id: str, operator: Operator, now: datetime
) -> Form:
    """An address for a flow; one that still waits for its answers is given again, for longer.

    It shows the run that the friend is in already, so that nobody is asked twice.
    """
    conversation = lock(db, conversation.id)
    form = _waiting_form(db, conversation.id, flow_id, now)
    if form is None:
        form = add_now(
            db,
            Form,
            conversation_id=conversation.id,
            flow_id=flow_id,
            operator_id=operator.id,
            created_at=now,
            expires_at=now + LIFE,
        )
    form.expires_at = now + LIFE
    live = (run for run in live_runs(db, conversation.id) if run.flow_id == flow_id)
    form.run_id = form.run_id or next((run.id for run in live), None)
    db.add(form)
    changed(db, conversation, "form.made", journal.actor_of(operator), now)
    return form


def get_form(db: Session, form_id: str) -> Form:
    """Raises NotFound."""
    form = find(db, Form, form_id)
    if form is None:
        raise NotFound("there is no such form")
    return form


def answer_form(db: Session, form_id: str, answer: Mapping[str, Any], now: datetime) -> int:
    """Something was answered on the page; the arrival that will do it.

    Raises NotFound after its time, TooManyAnswers.
    """
    conversation = lock(db, get_form(db, form_id).conversation_id)  # first, as every turn does
    form = db.get_one(Form, form_id, with_for_update=True, populate_existing=True)
    if form.expires_at <= now:
        raise NotFound("there is no such form any more")
    if form.tries_since is None or now - form.tries_since >= WINDOW:
        form.tries, form.tries_since = 0, now
    if form.tries >= MOST_ANSWERS:
        raise TooManyAnswers
    form.tries += 1
    db.add(form)
    return add_inside(db, conversation, "form_answered", {**answer, "form_id": form.id}, now)


def bind(db: Session, form: Form, run_id: str) -> None:
    """The form shows this run from now on, and no other."""
    form.run_id = run_id
    db.add(form)


def _waiting_form(db: Session, conversation_id: str, flow_id: str, now: datetime) -> Form | None:
    query = (
        select(Form)
        .outerjoin(Run, col(Run.id) == col(Form.run_id))
        .where(
            col(Form.conversation_id) == conversation_id,
            col(Form.flow_id) == flow_id,
            col(Form.expires_at) > now,
            col(Run.ended_at).is_(None),
        )
        .order_by(col(Form.created_at).desc())
    )
    return db.scalars(query.limit(1)).first()
