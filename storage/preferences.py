"""What operators prefer, by name. The shapes are the console's; here is only what was kept."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.models.preferences import OperatorPreference


def preferences_of(db: Session, operator_id: str) -> dict[str, dict[str, Any]]:
    """What one operator has changed; what is not there is as it was at first."""
    query = select(OperatorPreference).where(col(OperatorPreference.operator_id) == operator_id)
    return {row.name: row.value for row in db.scalars(query)}


def keep_preference(db: Session, operator_id: str, name: str, value: Mapping[str, Any]) -> None:
    """From now on it is so; of two that come at once the later one counts."""
    row = db.get(OperatorPreference, (operator_id, name), with_for_update=True)
    if row is None:
        row = OperatorPreference(operator_id=operator_id, name=name, value={})
    row.value = dict(value)
    db.add(row)
