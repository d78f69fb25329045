"""Lists of talks that somebody keeps under a name."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.models.columns import JsonColumn, UtcDateTime, new_id


class SavedView(SQLModel, table=True):
    """What a list shows and in which order, in the console's own words for it.

    is_shared: for everybody who sees its account (account_id None: for everybody); else for its
    owner alone. removed_at: when it was taken out; it can be put back.
    """

    __tablename__ = "saved_view"

    id: str = Field(default_factory=new_id, primary_key=True)
    owner_id: str = Field(foreign_key="operator.id", index=True)
    is_shared: bool = False
    account_id: str | None = Field(default=None, foreign_key="account.id")
    name: str
    query: dict[str, Any] = Field(sa_type=JsonColumn)
    position: int
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    updated_by: str
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1
