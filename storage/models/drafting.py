"""What staff write before it goes out: drafts, messages for a later moment; and what is left."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.models.columns import JsonColumn, UtcDateTime, new_id


class Draft(SQLModel, table=True):
    """What one operator has begun to write in one talk. An empty one stays, for its version.

    device: the page that wrote it last. others: [{device, text, at}], what other pages had written
    and this one had not seen. shared_at None: nobody but its writer reads it.
    """

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("conversation_id", "operator_id", "kind"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id")
    operator_id: str = Field(foreign_key="operator.id", index=True)
    kind: str  # reply note
    text: str = ""
    device: str = ""
    others: list[dict[str, Any]] = Field(default_factory=list, sa_type=JsonColumn)
    shared_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    shared_to: str | None = None  # the colleague whom it was handed to; None: whoever takes it
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 0


class Scheduled(SQLModel, table=True):
    """A message of an operator that goes out at a moment of its own."""

    __tablename__ = "scheduled"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_msg_id"),
        Index(
            "ix_scheduled_waiting",
            "conversation_id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id")
    operator_id: str = Field(foreign_key="operator.id")
    client_msg_id: str
    messages: list[dict[str, Any]] = Field(sa_type=JsonColumn)  # LINE's own shape
    # what each line tells of its file
    origins: list[dict[str, Any] | None] = Field(default_factory=list, sa_type=JsonColumn)
    text: str | None = None
    send_at: datetime = Field(sa_type=UtcDateTime)
    stops_on_reply: bool = True
    state: str = "waiting"  # waiting sent stopped deleted
    reason: str | None = None  # of stopped: replied blocked sender_gone
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class AccountQuota(SQLModel, table=True):
    """What LINE says of an account's month, and when it was asked. kind None: not yet.

    sent_since: pushes that LINE took since it was asked. stopped_at: LINE takes no push any more.
    """

    __tablename__ = "account_quota"

    account_id: str = Field(foreign_key="account.id", primary_key=True)
    kind: str | None = None  # none: the plan has no limit; limited
    most: int | None = None
    used: int | None = None
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = 0  # without an answer, since the last one
    sent_since: int = 0
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stop_count: int = 0  # in a row, since a push was last taken
    due_at: datetime = Field(sa_type=UtcDateTime)
