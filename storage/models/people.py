"""Accounts, customers, and the ties between them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.models.columns import JsonColumn, UtcDateTime, new_id


class Account(SQLModel, table=True):
    """A LINE official account that we serve. Its secret and token are sealed (AES-256-GCM)."""

    __tablename__ = "account"

    id: str = Field(primary_key=True)
    name: str
    provider: str  # accounts of one provider see the same LINE user ids
    secret_sealed: bytes
    next_secret_sealed: bytes | None = None  # taken beside the first while it is changed
    token_sealed: bytes
    mode: str = "economy"  # or strict
    bot_user_id: str | None = None
    reopen_within_s: int = 3600
    return_after_s: int | None = None  # auto-return after the operator's last message; None: never
    reserve_percent: int = 10  # of the month, kept for what staff send
    shows_loading: bool = True  # the three dots while an answer is looked up
    marks_read: bool = False  # tells LINE what was read here; wants Chat on at LINE
    is_active: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class Customer(SQLModel, table=True):
    """A person, known once in the whole organisation."""

    __tablename__ = "customer"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str | None = None  # our own name for the person; None: LINE's display name is shown
    owner_id: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class Friend(SQLModel, table=True):
    """A customer's tie to one account."""

    __tablename__ = "friend"
    __table_args__ = (
        UniqueConstraint("account_id", "line_user_id"),
        Index("ix_friend_reached", "account_id", "is_blocked", "id"),  # who gets a broadcast
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    customer_id: str = Field(foreign_key="customer.id", index=True)
    line_user_id: str = Field(index=True)
    display_name: str | None = None
    picture_url: str | None = None
    status_message: str | None = None
    language: str | None = None
    is_blocked: bool = False
    # LINE's moment of the block: what they did before it came late
    blocked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    followed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    profile_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    profile_tries: int = 0
    profile_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class Tag(SQLModel, table=True):
    """A mark that customers may carry."""

    __tablename__ = "tag"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class CustomerTag(SQLModel, table=True):
    """A mark on a customer, with its reason."""

    __tablename__ = "customer_tag"

    customer_id: str = Field(foreign_key="customer.id", primary_key=True)
    tag_id: int = Field(foreign_key="tag.id", primary_key=True, index=True)
    reason: dict[str, Any] = Field(sa_type=JsonColumn)
    at: datetime = Field(sa_type=UtcDateTime)


class CustomerField(SQLModel, table=True):
    """One fact on a customer's card. The value is text in the language's own stored form."""

    __tablename__ = "customer_field"

    customer_id: str = Field(foreign_key="customer.id", primary_key=True)
    key: str = Field(primary_key=True, index=True)
    value: Any = Field(sa_type=JsonColumn, nullable=False)
    reason: dict[str, Any] = Field(sa_type=JsonColumn)
    at: datetime = Field(sa_type=UtcDateTime)
