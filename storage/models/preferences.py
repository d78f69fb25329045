"""What operators prefer: one row for each person and name."""

from typing import Any

from sqlmodel import Field, SQLModel

from storage.models.columns import JsonColumn


class OperatorPreference(SQLModel, table=True):
    """One thing that an operator likes to be otherwise than at first."""

    __tablename__ = "operator_preference"

    operator_id: str = Field(foreign_key="operator.id", primary_key=True)
    name: str = Field(primary_key=True)
    value: dict[str, Any] = Field(sa_type=JsonColumn)
