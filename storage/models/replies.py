"""Texts that staff send often."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.models.columns import UtcDateTime, new_id


class SavedReply(SQLModel, table=True):
    """A text with holes for what is known of the customer. account_id None: for every account.

    removed_at: when it was taken out; it can be put back. uses: how often it was put into a reply.
    """

    __tablename__ = "saved_reply"

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str | None = Field(default=None, foreign_key="account.id")
    title: str
    text: str
    shortcut: str | None = None
    uses: int = 0
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_by: str | None = None  # None: the house itself
    updated_at: datetime = Field(sa_type=UtcDateTime)
    updated_by: str | None = None
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1
