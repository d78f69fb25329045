"""A database as text: every row of every table, in order."""

import json

from sqlalchemy import select
from sqlmodel import Session, SQLModel


def dump(db: Session) -> str:
    """Two databases that hold the same have the same text."""
    found = {
        name: sorted(
            json.dumps(list(row), default=_plain, ensure_ascii=False)
            for row in db.execute(select(table))
        )
        for name, table in sorted(SQLModel.metadata.tables.items())
    }
    return json.dumps(found, ensure_ascii=False, indent=0)


def _plain(value: object) -> str:
    """A sealed secret has other bytes each time that it is sealed."""
    return "(sealed)" if isinstance(value, bytes) else str(value)
