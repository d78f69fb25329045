"""What customers answer to questions with choices or numbers, kept for reports.

Written in the turn in which it happens. Words that nobody offered are not kept here: an answer that
is none of the choices is counted as such, with an empty value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete
from sqlmodel import Session, col

from storage.dialects import insert_once
from storage.models.reports import RunAnswer
from storage.models.talks import Conversation
from storage.prepared import Prepared

OTHER = ""  # none of the choices


@dataclass(frozen=True, slots=True)
class Answered:
    """One question that was answered. values: of the choices taken, or the number as a text."""

    run_id: str
    flow_id: str
    step: str
    hash: str
    values: Sequence[str]
    number: float | None = None


_DROP = Prepared(
    delete(RunAnswer).where(
        col(RunAnswer.run_id) == bindparam("of_run"),
        col(RunAnswer.flow_id) == bindparam("of_flow"),
        col(RunAnswer.step) == bindparam("of_step"),
    )
)


def keep_answers(
    db: Session, conversation: Conversation, answers: Sequence[Answered], now: datetime
) -> None:
    """The newest answer of a run to a question counts; the one before goes."""
    for answer in answers:
        place = {"of_run": answer.run_id, "of_flow": answer.flow_id, "of_step": answer.step}
        _DROP.run(db, place)
        for value in dict.fromkeys(answer.values):
            row: dict[str, Any] = {
                "run_id": answer.run_id, "flow_id": answer.flow_id, "step": answer.step,
                "value": value, "number": answer.number, "hash": answer.hash,
                "account_id": conversation.account_id, "conversation_id": conversation.id,
                "at": now,
            }  # fmt: skip
            insert_once(db, RunAnswer, row, ["run_id", "flow_id", "step", "value"])
