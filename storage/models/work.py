"""Durable work: arrivals in, deliveries out, timers, and the journal."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.models.columns import JsonColumn, UtcDateTime


class Arrival(SQLModel, table=True):
    """One event in: from LINE, or from inside (a timer, an operator's verb, the API)."""

    __tablename__ = "arrival"
    __table_args__ = (
        UniqueConstraint("account_id", "event_id"),
        Index(
            "ix_arrival_queue",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_arrival_pending",
            "lane",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_arrival_aside",
            "id",
            sqlite_where=text("state = 'aside'"),
            postgresql_where=text("state = 'aside'"),
        ),
        Index(
            "ix_arrival_message",
            "line_message_id",
            sqlite_where=text("line_message_id IS NOT NULL"),
            postgresql_where=text("line_message_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    event_id: str
    lane: str  # the serial queue: one customer = one lane
    kind: str  # LINE's event type, or an inside kind
    is_inside: bool = False
    conversation_id: str | None = None
    line_message_id: str | None = None  # whose words stand in it
    raw: dict[str, Any] = Field(sa_type=JsonColumn)
    received_at: datetime = Field(sa_type=UtcDateTime)
    reply_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: str = "pending"  # pending done aside
    tries: int = 0
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # a retry waits until then
    trouble: str | None = None
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


NOT_PLAINLY_SENT = "state IN ('rejected', 'maybe_sent', 'unknown', 'cancelled', 'inferred_sent')"


class Delivery(SQLModel, table=True):
    """One call to LINE: at most five messages to one friend."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "ix_delivery_queue",
            "id",
            sqlite_where=text("state IN ('pending', 'sending')"),
            postgresql_where=text("state IN ('pending', 'sending')"),
        ),
        Index(
            "ix_delivery_open",
            "lane",
            "id",
            sqlite_where=text("state IN ('pending', 'sending')"),
            postgresql_where=text("state IN ('pending', 'sending')"),
        ),
        Index(
            "ix_delivery_failed",
            "ended_at",
            "id",
            sqlite_where=text(NOT_PLAINLY_SENT),
            postgresql_where=text(NOT_PLAINLY_SENT),
        ),
        Index(
            "ix_delivery_held",
            "account_id",
            "id",
            sqlite_where=text("held IS NOT NULL"),
            postgresql_where=text("held IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    lane: str
    line_user_id: str
    run_id: str | None = None  # the run whose answer this is; taking over cancels it
    epoch: int | None = None  # the conversation's epoch when decided; None: not an answer
    is_automatic: bool = False  # nobody of the staff wrote it
    messages: list[dict[str, Any]] = Field(sa_type=JsonColumn)  # LINE's own shape, ready to send
    # what they are to be once LINE has answered for good: a customer took words back meanwhile
    messages_after: list[dict[str, Any]] | None = Field(default=None, sa_type=JsonColumn)
    retry_key: str
    reply_token: str | None = None
    reply_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # pending sending sent inferred_sent maybe_sent unknown rejected cancelled
    state: str = "pending"
    mode: str | None = None  # reply or push, of the latest try
    is_unsure: bool = False  # an earlier try of this token or key has an unknown outcome
    reason: str | None = None
    held: str | None = None  # a pending push that waits for the month's messages: limit reserve
    tries: int = 0
    first_tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # {until, name, status, waiting_since, seq, arrival_id}: see storage/taking_back.py
    undo: dict[str, Any] | None = Field(default=None, sa_type=JsonColumn)
    line_request_id: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # somebody has seen to a failure: sent it again, or let it be
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Endpoint(SQLModel, table=True):
    """How fast one account may still call one endpoint of LINE; shared by all workers."""

    __tablename__ = "endpoint"

    account_id: str = Field(foreign_key="account.id", primary_key=True)
    name: str = Field(primary_key=True)  # reply push multicast loading read
    room: float  # calls that may be made at once
    at: datetime = Field(sa_type=UtcDateTime)  # when that was counted
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refusals: int = 0  # for the rate, in a row


class ReadMark(SQLModel, table=True):
    """What LINE is still to be told: that a talk was read up to the message of this token."""

    __tablename__ = "read_mark"

    conversation_id: str = Field(foreign_key="conversation.id", primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    token: str
    tries: int = 0
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)


class Timer(SQLModel, table=True):
    """A moment at which something becomes due; the worker turns it into an inside arrival."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("conversation_id", "kind", "key"),
        Index(
            "uq_timer_of_nobody",
            "kind",
            "key",
            unique=True,
            sqlite_where=text("conversation_id IS NULL"),
            postgresql_where=text("conversation_id IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    # None: of no talk, the moment of a flow's schedule
    conversation_id: str | None = Field(default=None, foreign_key="conversation.id", index=True)
    kind: str  # run snooze return delay notify sla; schedule
    key: str  # what is due, unique within the kind: "<run id>:<timer's name>" for runs
    run_id: str | None = Field(default=None, index=True)
    data: dict[str, Any] = Field(sa_type=JsonColumn)
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)


class JournalHead(SQLModel, table=True):
    """The last journal id of each account's stream."""

    __tablename__ = "journal_head"

    account_id: str = Field(foreign_key="account.id", primary_key=True)
    last_id: int = 0


class JournalEntry(SQLModel, table=True):
    """What happened, in order, for consoles and audit. Ids rise by one in each account's stream."""

    __tablename__ = "journal_entry"

    account_id: str = Field(foreign_key="account.id", primary_key=True)
    id: int = Field(primary_key=True)
    kind: str
    conversation_id: str | None = Field(default=None, index=True)
    customer_id: str | None = Field(default=None, index=True)
    payload: dict[str, Any] = Field(sa_type=JsonColumn)
    actor: dict[str, Any] = Field(sa_type=JsonColumn)
    at: datetime = Field(sa_type=UtcDateTime)
