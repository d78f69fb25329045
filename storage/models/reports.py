"""What reports are counted from: kept beside the talks, and made anew from them whenever asked.

Nothing here is known only here, but for the answers and which question is the satisfaction's.
Days and hours are those of the workspace's zone.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.models.columns import UtcDateTime


class ReportFact(SQLModel, table=True):
    """What happened in one hour of one talk. operator_id, flow_id, queue: whose it is, or empty.

    received, bot, staff: lines. free, push: calls that LINE accepted. helped: stretches of human
    help that began; handed: those of them that a flow asked for; reopened: those that began because
    the customer wrote soon after the talk was done. resolved: how often it was marked as done.
    """

    __tablename__ = "report_fact"
    # Lies on the disk day by day, so that a period is read in one go.
    __table_args__ = ({"sqlite_with_rowid": False},)

    day: str = Field(primary_key=True)  # 2026-11-24
    conversation_id: str = Field(foreign_key="conversation.id", primary_key=True, index=True)
    hour: str = Field(primary_key=True)  # 00 to 23
    operator_id: str = Field(default="", primary_key=True)
    flow_id: str = Field(default="", primary_key=True)
    queue: str = Field(default="", primary_key=True)
    account_id: str
    received: int = 0
    bot: int = 0
    staff: int = 0
    free: int = 0
    push: int = 0
    helped: int = 0
    handed: int = 0
    reopened: int = 0
    resolved: int = 0


class ReportHelp(SQLModel, table=True):
    """How long one stretch of human help took. day, hour: of its beginning.

    operator_id: who answered first, else who holds it. reply_s: from when somebody was asked for,
    or had not been answered, until a person wrote; open_s: the part of it in business hours.
    handle_s: from the first taking until it was over. None: not so far, or not known.
    """

    __tablename__ = "report_help"
    __table_args__ = (Index("ix_report_help_day", "day", "conversation_id"),)

    handoff_id: str = Field(foreign_key="handoff.id", primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    account_id: str
    day: str
    hour: str
    operator_id: str = ""
    flow_id: str = ""
    queue: str = ""
    reply_s: int | None = None
    open_s: int | None = None
    handle_s: int | None = None


class ReportMark(SQLModel, table=True):
    """How far the journal of one account is counted.

    filled_to: the last talk that was counted from its beginning; None: all are. zone: of the days.
    """

    __tablename__ = "report_mark"

    account_id: str = Field(foreign_key="account.id", primary_key=True)
    last_id: int
    filled_to: str | None = None
    zone: str
    at: datetime = Field(sa_type=UtcDateTime)


class RunAnswer(SQLModel, table=True):
    """What a run was answered at a question with choices or numbers; words are not kept here.

    value: a choice's value, a number, or empty for an answer that is none of the choices. Of a
    question that was answered again only the newest answer stays; one with many has many rows.
    """

    __tablename__ = "run_answer"
    __table_args__ = (Index("ix_run_answer_at", "at", "flow_id", "step"),)

    run_id: str = Field(foreign_key="run.id", primary_key=True)
    flow_id: str = Field(primary_key=True)
    step: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    number: float | None = None
    hash: str
    account_id: str
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class SatisfactionQuestion(SQLModel, table=True):
    """The question whose answers say how content customers are. One row, or none."""

    __tablename__ = "satisfaction_question"

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    flow_id: str
    step: str
    chosen_by: str | None = None
    at: datetime = Field(sa_type=UtcDateTime)
