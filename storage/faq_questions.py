"""What customers asked the FAQ, and what came of it: managers learn from it what to write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlmodel import Session, col

from storage.conversations import Scope
from storage.models.flows import FaqQuestion
from storage.models.talks import Conversation, Message

UNANSWERED = ("unknown", "declined", "picked", "unsure")
MOST_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A text that a run looked up. line_message_id: LINE's, when the friend typed it."""

    run_id: str
    text: str
    outcome: str
    entry_id: str | None = None
    line_message_id: str | None = None


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that the FAQ did not answer by itself. reply: what a person then wrote first."""

    id: int
    conversation_id: str
    text: str
    outcome: str
    entry_id: str | None
    at: datetime
    reply: str | None


def keep(db: Session, conversation: Conversation, new: NewQuestion, now: datetime) -> None:
    """Write down a question."""
    question = FaqQuestion(
        account_id=conversation.account_id,
        conversation_id=conversation.id,
        run_id=new.run_id,
        line_message_id=new.line_message_id,
        text=new.text,
        outcome=new.outcome,
        entry_id=new.entry_id,
        at=now,
    )
    db.add(question)


def settle_offer(db: Session, run_id: str, outcome: str, entry_id: str | None) -> None:
    """The friend picked one of the entries that the run offered last, or none of them."""
    db.flush()
    newest = (
        select(FaqQuestion)
        .where(col(FaqQuestion.run_id) == run_id, col(FaqQuestion.outcome) == "unsure")
        .order_by(col(FaqQuestion.id).desc())
        .limit(1)
    )
    question = db.scalars(newest).first()
    if question is not None:
        question.outcome, question.entry_id = outcome, entry_id
        db.add(question)


def tried_in(db: Session, run_id: str, limit: int = 5) -> list[tuple[str, str | None]]:
    """What a run looked up, oldest first: how it ended, and the entry. Not the customer's words."""
    db.flush()
    newest = (
        select(col(FaqQuestion.outcome), col(FaqQuestion.entry_id))
        .where(col(FaqQuestion.run_id) == run_id)
        .order_by(col(FaqQuestion.id).desc())
        .limit(limit)
    )
    return [(outcome, entry_id) for outcome, entry_id in db.execute(newest)][::-1]


def erase_question(db: Session, conversation_id: str, line_message_id: str) -> None:
    """The customer took the message back: its text goes."""
    db.execute(
        update(FaqQuestion)
        .where(
            col(FaqQuestion.conversation_id) == conversation_id,
            col(FaqQuestion.line_message_id) == line_message_id,
        )
        .values(text="")
    )


def list_open(db: Session, scope: Scope, since: datetime) -> list[OpenQuestion]:
    """The newest questions that were not answered at once and nobody has settled, oldest first."""
    return _read(db, _unsettled(scope).where(col(FaqQuestion.at) >= since))


def count_open(db: Session, scope: Scope, since: datetime) -> int:
    """How many they are."""
    open_ones = _unsettled(scope).where(col(FaqQuestion.at) >= since).subquery()
    return int(db.scalar(select(func.count()).select_from(open_ones)) or 0)


def find_open(db: Session, scope: Scope, ids: Sequence[int]) -> list[OpenQuestion]:
    """Those of these questions that are open still, oldest first."""
    return _read(db, _unsettled(scope).where(col(FaqQuestion.id).in_(ids)))


def settle(db: Session, scope: Scope, ids: Sequence[int], now: datetime) -> int:
    """A manager has decided about these; how many there were on this side of the wall."""
    change = update(FaqQuestion).where(
        col(FaqQuestion.id).in_(ids), col(FaqQuestion.settled_at).is_(None)
    )
    if scope.accounts is not None:
        change = change.where(col(FaqQuestion.account_id).in_(scope.accounts))
    return int(db.connection().execute(change.values(settled_at=now)).rowcount)


def _unsettled(scope: Scope) -> Select[FaqQuestion]:
    query = select(FaqQuestion).where(
        col(FaqQuestion.settled_at).is_(None),
        col(FaqQuestion.outcome).in_(UNANSWERED),
        col(FaqQuestion.text) != "",
    )
    if scope.accounts is not None:
        query = query.where(col(FaqQuestion.account_id).in_(scope.accounts))
    return query


def _read(db: Session, query: Select[FaqQuestion]) -> list[OpenQuestion]:
    newest = query.order_by(col(FaqQuestion.at).desc(), col(FaqQuestion.id).desc())
    found = db.scalars(newest.limit(MOST_SHOWN)).all()
    return [_open(db, question) for question in reversed(found)]


def _open(db: Session, question: FaqQuestion) -> OpenQuestion:
    return OpenQuestion(
        id=question.id or 0,
        conversation_id=question.conversation_id,
        text=question.text,
        outcome=question.outcome,
        entry_id=question.entry_id,
        at=question.at,
        reply=None if question.outcome == "picked" else _reply(db, question),
    )


def _reply(db: Session, question: FaqQuestion) -> str | None:
    """The first line that a person wrote after it."""
    return db.scalars(
        select(col(Message.text))
        .where(
            col(Message.conversation_id) == question.conversation_id,
            col(Message.sender) == "operator",
            col(Message.at) >= question.at,
            col(Message.text).is_not(None),
        )
        .order_by(col(Message.seq))
        .limit(1)
    ).first()
