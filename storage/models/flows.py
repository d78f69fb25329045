"""Published flows, the runs through them, what each run did, and what the FAQ was asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.models.columns import JsonColumn, UtcDateTime


class FlowVersion(SQLModel, table=True):
    """One immutable published bundle, named by the SHA-256 of its canonical JSON."""

    __tablename__ = "flow_version"

    hash: str = Field(primary_key=True)
    flow_id: str = Field(index=True)
    title: str
    number: int  # 1, 2, 3 … of this flow
    bundle: dict[str, Any] = Field(sa_type=JsonColumn)
    created_at: datetime = Field(sa_type=UtcDateTime)


class FlowHead(SQLModel, table=True):
    """Which version of a flow new runs take. The flow id `_folder` holds the other files.

    The newest row of a flow counts; hash None: the flow was taken out of the folder.
    """

    __tablename__ = "flow_head"

    id: int | None = Field(default=None, primary_key=True)
    flow_id: str = Field(index=True)
    hash: str | None = None
    note: str | None = None
    operator_id: str | None = None
    at: datetime = Field(sa_type=UtcDateTime)


class Run(SQLModel, table=True):
    """One friend's walk through one flow version. `state` is the language's own JSON."""

    __tablename__ = "run"
    __table_args__ = (
        Index("ix_run_conversation", "conversation_id", "ended_at"),
        Index("ix_run_flow", "flow_id", "started_at", "id"),
    )

    id: str = Field(primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id")
    customer_id: str = Field(foreign_key="customer.id", index=True)
    flow_id: str
    hash: str = Field(foreign_key="flow_version.hash")
    step: str | None = None
    status: str  # going parked ended
    end: str | None = None
    state: dict[str, Any] = Field(sa_type=JsonColumn)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class RunEvent(SQLModel, table=True):
    """One turn of a run, whole enough to be done again: replay reads these."""

    __tablename__ = "run_event"

    run_id: str = Field(foreign_key="run.id", primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    payload: dict[str, Any] = Field(sa_type=JsonColumn)
    hash: str
    state_before: dict[str, Any] | None = Field(default=None, sa_type=JsonColumn)
    state_after: dict[str, Any] = Field(sa_type=JsonColumn)
    effects: list[dict[str, Any]] = Field(sa_type=JsonColumn)
    context: dict[str, Any] = Field(sa_type=JsonColumn)  # clock, draws, customer as they were


class RunStep(SQLModel, table=True):
    """How one run fared at one step that waits: once for each step, however often it came back.

    flow_id: whose step it is, which is a called flow's where is_called. hash: the version of it
    that the run is in, or was in last. fate: `here` it waits there now, `on` it went on, `left` its
    flow ended without being finished and this was where it waited last, `cut` it was ended for
    another reason. seq: the talk's last line when this was written; failed_seq: when an answer was
    last not understood.
    """

    __tablename__ = "run_step"
    __table_args__ = (Index("ix_run_step_flow", "flow_id", "started_at", "run_id"),)

    run_id: str = Field(foreign_key="run.id", primary_key=True)
    flow_id: str = Field(primary_key=True)
    step: str = Field(primary_key=True)
    hash: str
    account_id: str
    conversation_id: str
    started_at: datetime = Field(sa_type=UtcDateTime)  # the run's
    at: datetime = Field(sa_type=UtcDateTime)
    seq: int
    failed_seq: int | None = None
    is_called: bool
    fate: str  # here on left cut
    end: str | None = None
    wrong: int = 0
    answered: bool = False
    gave_up: bool = False
    timed_out: bool = False
    cancelled: bool = False
    unanswered: bool = False


class FaqQuestion(SQLModel, table=True):
    """A text that was looked up in the FAQ, with personal numbers masked, and what came of it."""

    __tablename__ = "faq_question"
    __table_args__ = (Index("ix_faq_question_open", "at", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    conversation_id: str = Field(foreign_key="conversation.id")
    run_id: str = Field(foreign_key="run.id", index=True)
    line_message_id: str | None = None  # taking the message back empties the text
    text: str
    outcome: str  # answered unsure unknown picked declined
    entry_id: str | None = None
    at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # a manager decided


class FaqVector(SQLModel, table=True):
    """A way to ask as an encoder sees it, so that it is sent out once. text_key: of its words."""

    __tablename__ = "faq_vector"

    encoder: str = Field(primary_key=True)
    text_key: str = Field(primary_key=True)
    vector: bytes  # little-endian float32
    at: datetime = Field(sa_type=UtcDateTime)
