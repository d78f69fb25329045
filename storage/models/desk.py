"""The rules of the counter: targets, who is given what, opening hours, who is out."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.models.columns import JsonColumn, UtcDateTime


class DeskRules(SQLModel, table=True):
    """What managers decided for the counter, whole, in the one row that there is."""

    __tablename__ = "desk_rules"

    id: int = Field(primary_key=True)
    version: int = 0
    rules: dict[str, Any] = Field(sa_type=JsonColumn)  # {house, queues}: see storage/desk_rules.py
    changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    changed_by: str | None = None


class QueueHours(SQLModel, table=True):
    """When a queue is open, worked out from its calendar for the days to come."""

    __tablename__ = "queue_hours"

    queue: str = Field(primary_key=True)
    # [[start, end] in whole minutes since 1970, …] in order; None: around the clock
    spans: list[list[int]] | None = Field(default=None, sa_type=JsonColumn)


class OperatorStanding(SQLModel, table=True):
    """Whether an operator takes new talks (受付中/離席), and whether they are out (不在)."""

    __tablename__ = "operator_standing"

    operator_id: str = Field(foreign_key="operator.id", primary_key=True)
    is_receiving: bool = True
    absent_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    absent_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    absent_by: str | None = None  # who said so: the operator, or a supervisor


class AssignmentTurn(SQLModel, table=True):
    """When an operator was last given a talk of a queue by rule, counted in turns."""

    __tablename__ = "assignment_turn"

    queue: str = Field(primary_key=True)
    operator_id: str = Field(foreign_key="operator.id", primary_key=True)
    number: int


class AssignmentHead(SQLModel, table=True):
    """The number of the last turn. Who gives a talk by rule holds this row: one after another."""

    __tablename__ = "assignment_head"

    id: int = Field(primary_key=True)
    last_number: int = 0
