"""Bulk sending: one message to every friend of an account, in chunks of one call each."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.models.columns import JsonColumn, UtcDateTime, new_id

GOING: Any = dict.fromkeys(
    ("sqlite_where", "postgresql_where"), text("status IN ('scheduled', 'sending')")
)
OPEN: Any = dict.fromkeys(
    ("sqlite_where", "postgresql_where"), text("state IN ('pending', 'sending')")
)
UNKNOWN: Any = dict.fromkeys(("sqlite_where", "postgresql_where"), text("state = 'unknown'"))

WHY_STOPPED = ("month", "reserve", "refused", "token", "restored", "late")


class Broadcast(SQLModel, table=True):
    """One message to many friends of one account at one time.

    recipients, sent, unknown, failed, cancelled: people. What is left of recipients is under way.
    """

    __tablename__ = "broadcast"
    __table_args__ = (
        Index("ix_broadcast_going", "status", "send_at", **GOING),
        Index("ix_broadcast_account", "account_id", "id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    title: str  # the staff's own name for it
    messages: list[dict[str, Any]] = Field(sa_type=JsonColumn)  # LINE's own shape, at most five
    status: str = "draft"  # draft scheduled sending paused done cancelled stopped
    why_stopped: str | None = None  # one of WHY_STOPPED
    line_said: str | None = None  # LINE's own words of a refusal
    send_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # LINE took the messages
    created_by: str | None = Field(default=None, foreign_key="operator.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    sent_by: str | None = Field(default=None, foreign_key="operator.id")
    began_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    frozen_to: str | None = None  # the friend up to whom the list of recipients is made
    frozen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the whole list is
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    recipients: int = 0
    sent: int = 0
    unknown: int = 0
    failed: int = 0
    cancelled: int = 0
    version: int = 1  # rises with what staff decide and what stops or ends it, not with the counts
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the consoles, lastly
    is_untold: bool = False  # the counts have changed since


class BroadcastChunk(SQLModel, table=True):
    """One call to LINE: at most 500 friends, frozen in the order of their ids."""

    __tablename__ = "broadcast_chunk"
    __table_args__ = (
        UniqueConstraint("broadcast_id", "number"),
        Index("ix_broadcast_chunk_open", "broadcast_id", "id", **OPEN),
        Index("ix_broadcast_chunk_unknown", "broadcast_id", "id", **UNKNOWN),
        Index("ix_broadcast_chunk_range", "broadcast_id", "first_friend_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    broadcast_id: str = Field(foreign_key="broadcast.id")
    account_id: str = Field(foreign_key="account.id")
    number: int
    first_friend_id: str
    last_friend_id: str
    size: int
    retry_key: str
    state: str = "pending"  # pending sending sent unknown failed cancelled
    is_unsure: bool = False  # an earlier try of this key has an unknown outcome
    reason: str | None = None
    tries: int = 0
    first_tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    line_request_id: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # somebody let it be
    # the last column: SQLite reads those before it without these
    line_user_ids: list[str] = Field(sa_type=JsonColumn)
