"""Who is told what: the list of each person, browsers that take pushes, and friends of our own."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.models.columns import JsonColumn, UtcDateTime, new_id


class Notice(SQLModel, table=True):
    """One line of somebody's list. What customers wrote is not in it: the journal has that."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_of_talk", "operator_id", "conversation_id"),)

    id: int | None = Field(default=None, primary_key=True)
    operator_id: str = Field(foreign_key="operator.id", index=True)
    account_id: str = Field(foreign_key="account.id")
    conversation_id: str | None = None
    occasion: str  # see storage/notice_rules.py
    entry_id: int  # the newest journal entry of it
    count: int = 1  # how many entries it stands for
    at: datetime = Field(sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # by any means but the list
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_quiet: bool = False  # it came in the quiet hours
    held: list[str] | None = Field(
        default=None, sa_type=JsonColumn
    )  # means that wait for their end


class NoticeCursor(SQLModel, table=True):
    """How far the worker that tells people has read an account's journal."""

    __tablename__ = "notice_cursor"

    account_id: str = Field(foreign_key="account.id", primary_key=True)
    last_id: int = 0


class VapidKey(SQLModel, table=True):
    """The key by which push services know this install (RFC 8292). Made once; sealed."""

    __tablename__ = "vapid_key"

    id: int = Field(primary_key=True)  # always 1
    private_sealed: bytes
    public: str  # base64url, as browsers take it
    created_at: datetime = Field(sa_type=UtcDateTime)


class PushAddress(SQLModel, table=True):
    """Where one signed-in browser takes pushes. It ends with the session."""

    __tablename__ = "push_address"

    id: str = Field(primary_key=True)  # the SHA-256 of the endpoint
    operator_id: str = Field(foreign_key="operator.id", index=True)
    token_sha256: str = Field(index=True)  # of the session in which it was given
    endpoint: str
    p256dh: str  # the browser's public key
    auth_sealed: bytes
    created_at: datetime = Field(sa_type=UtcDateTime)
    fate: str | None = None  # of the newest push: sent later refused
    fate_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WebPush(SQLModel, table=True):
    """One push to one browser that is still to be sent. Its words are made when it is."""

    __tablename__ = "web_push"

    id: str = Field(default_factory=new_id, primary_key=True)
    address_id: str = Field(foreign_key="push_address.id", index=True)
    occasion: str  # or: test, after_quiet
    account_id: str | None = None
    conversation_id: str | None = None
    entry_id: int | None = None
    count: int = 1
    tries: int = 0
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)  # while it is tried: the lease's end
    created_at: datetime = Field(sa_type=UtcDateTime)


class OperatorFriend(SQLModel, table=True):
    """An operator who takes notices as a friend of an account."""

    __tablename__ = "operator_friend"

    operator_id: str = Field(foreign_key="operator.id", primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    conversation_id: str = Field(foreign_key="conversation.id", unique=True)
    since: datetime = Field(sa_type=UtcDateTime)
    told_on: str | None = None  # the workspace's day that `told_count` counts
    told_count: int = 0
    held_back: str | None = None  # why the last one was not sent: cap, quota, blocked
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id")  # the newest


class FriendCode(SQLModel, table=True):
    """A code that makes whoever sends it an operator's friend. Only its mark is kept."""

    __tablename__ = "friend_code"

    operator_id: str = Field(foreign_key="operator.id", primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    mark: str
    expires_at: datetime = Field(sa_type=UtcDateTime)


class FriendCodeTry(SQLModel, table=True):
    """Wrong codes of one friend, kept as long as they count."""

    __tablename__ = "friend_code_try"

    id: int | None = Field(default=None, primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    friend_id: str = Field(foreign_key="friend.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class AccountFacts(SQLModel, table=True):
    """What LINE says of an account: its address, and how many messages the month has left."""

    __tablename__ = "account_facts"

    account_id: str = Field(foreign_key="account.id", primary_key=True)
    basic_id: str | None = None
    read_at: datetime = Field(sa_type=UtcDateTime)
