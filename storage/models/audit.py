"""Who did what at the console, each row chained to the one before it. Rows are only ever added."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.models.columns import JsonColumn, UtcDateTime


class AuditRow(SQLModel, table=True):
    """One deed. hash: SHA-256 of the hash before it and of this row in one fixed writing."""

    __tablename__ = "audit_row"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(index=True)
    actor_kind: str  # operator command nobody
    actor_id: str | None = Field(default=None, index=True)
    actor_name: str | None = None
    target_id: str | None = Field(default=None, index=True)
    target_name: str | None = None
    address: str | None = None
    params: dict[str, Any] = Field(sa_type=JsonColumn)
    hash: str


class AuditHead(SQLModel, table=True):
    """The end of the chain. One row, whose lock lets one writer at a time add to it."""

    __tablename__ = "audit_head"

    id: int = Field(primary_key=True)
    last_id: int
    hash: str
