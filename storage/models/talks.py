"""The talk with one friend: conversation, handoffs, messages, media, notes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.models.columns import JsonColumn, UtcDateTime, new_id

FILTERED = (
    "id",
    "status",
    "account_id",
    "assignee_id",
    "queue",
    "unseen_count",
    "customer_id",
    "operator_id",
)
WAITING: Any = dict.fromkeys(
    ("sqlite_where", "postgresql_where"), text("waiting_since IS NOT NULL")
)
UNSEEN: Any = dict.fromkeys(("sqlite_where", "postgresql_where"), text("unseen_count > 0"))

# What a friend does, or what happens to them, but not what they say: nobody need answer it.
SAYS_NOTHING = frozenset(
    {"follow", "unfollow", "beacon", "accountLink", "membership", "things", "videoPlayComplete"}
)


class Conversation(SQLModel, table=True):
    """The unending talk with one friend."""

    __tablename__ = "conversation"
    __table_args__ = (
        Index("ix_conversation_status_wait", "status", "waiting_since"),
        Index("ix_conversation_assignee", "assignee_id", "status"),
        # Lists: sorted as they are shown, with all that a filter looks at (see talk_order).
        Index("ix_conversation_changed", "updated_at", *FILTERED, "waiting_since"),
        Index("ix_conversation_newest", "last_message_at", *FILTERED, "waiting_since"),
        Index("ix_conversation_wait", "waiting_since", "updated_at", *FILTERED, **WAITING),
        Index("ix_conversation_unseen", "updated_at", *FILTERED, "waiting_since", **UNSEEN),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    friend_id: str = Field(foreign_key="friend.id", unique=True)
    customer_id: str = Field(foreign_key="customer.id", index=True)
    status: str = "bot"  # bot waiting active pending snoozed done: see storage/lifecycle.py
    assignee_id: str | None = None
    queue: str | None = None
    epoch: int = 0  # rises whenever the one who answers changes; fences off old answers
    last_seq: int = 0
    unseen_count: int = 0
    waiting_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # the clock of the next answer: since when it runs, from when the list warns, when it is over
    reply_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reply_risk_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reply_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    snoozed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    free_reply_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # the arrival whose reply token is still unused
    reply_arrival_id: int | None = Field(default=None, index=True)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    put_back_by: str | None = None  # who let go of it: the rule does not give it back to them
    trouble: str | None = None  # why a person must look: an arrival set aside, a run that failed
    # whose own talk this is: no customer's, and in no list; see storage/operator_friends.py
    operator_id: str | None = None
    last_message: dict[str, Any] | None = Field(default=None, sa_type=JsonColumn)
    last_message_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # its `at`
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class Handoff(SQLModel, table=True):
    """One stretch of human help: asked, taken, resolved."""

    __tablename__ = "handoff"
    __table_args__ = (
        Index(
            "uq_handoff_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    # the run that asked; None: a person took the talk by themselves
    run_id: str | None = Field(default=None, index=True)
    queue: str | None = None
    reason: dict[str, Any] = Field(sa_type=JsonColumn)  # kind and parameters, rendered when shown
    note: str | None = None
    answers: list[dict[str, Any]] = Field(sa_type=JsonColumn)  # [{step, question, value}]
    open_question: str | None = None
    asked_at: datetime = Field(sa_type=UtcDateTime)
    notify_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken_by: str | None = None
    first_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_replied_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Message(SQLModel, table=True):
    """Anything shown in the talk."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_msg_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id")
    seq: int
    sender: str  # customer bot operator system
    operator_id: str | None = None
    kind: str  # text image video audio file location sticker postback follow unfollow … or activity
    content: dict[str, Any] = Field(sa_type=JsonColumn)  # LINE's own shape
    text: str | None = None
    origin: dict[str, Any] | None = Field(default=None, sa_type=JsonColumn)  # {run_id, flow, step}
    line_message_id: str | None = Field(default=None, index=True)
    quote_token: str | None = None  # LINE's, with which an answer quotes this line; it never ends
    quoted_seq: int | None = None  # the line of this talk that this one quotes, when it is known
    client_msg_id: str | None = None
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id", index=True)
    media_id: str | None = Field(default=None, foreign_key="media.id")
    unsent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    edited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # LINE's moment
    at: datetime = Field(sa_type=UtcDateTime)


class Media(SQLModel, table=True):
    """A picture, video, sound or file that a customer sent. Named by its content on the disk."""

    __tablename__ = "media"
    __table_args__ = (UniqueConstraint("account_id", "line_message_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    line_message_id: str
    kind: str
    state: str = "pending"  # pending ready expired too_large failed unsent
    mime: str | None = None
    file_name: str | None = None
    size_bytes: int | None = None
    sha256: str | None = None
    tries: int = 0
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Note(SQLModel, table=True):
    """Operators' own text, in a table of its own so that it can never be sent."""

    __tablename__ = "note"
    __table_args__ = (UniqueConstraint("conversation_id", "client_note_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    customer_id: str = Field(foreign_key="customer.id", index=True)
    client_note_id: str
    operator_id: str
    text: str
    # ids of the operators whom it calls; None in notes that are older than mentions
    mentions: list[str] | None = Field(default=None, sa_type=JsonColumn)
    at: datetime = Field(sa_type=UtcDateTime)
    edited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # its words are gone
    deleted_by: str | None = None
    version: int = 1


class Mention(SQLModel, table=True):
    """A note calls somebody: one of their own list. at: when it called them."""

    __tablename__ = "mention"
    __table_args__ = (Index("ix_mention_of_whom", "operator_id", "at", "note_id"),)

    note_id: str = Field(foreign_key="note.id", primary_key=True)
    operator_id: str = Field(foreign_key="operator.id", primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    conversation_id: str = Field(foreign_key="conversation.id")
    at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
