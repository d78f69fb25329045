"""Where a broadcast and its calls stand, as conditions.

The states stand in the text, not as values: only so does SQLite use the indexes of open rows.
"""

from sqlalchemy import ColumnElement, and_, literal_column
from sqlmodel import col

from storage.models.broadcasts import Broadcast, BroadcastChunk


def _words(*states: str) -> list[ColumnElement[str]]:
    return [literal_column(f"'{state}'") for state in states]


_IS_GOING = col(Broadcast.status).in_(_words("scheduled", "sending"))
IS_OPEN = col(BroadcastChunk.state).in_(_words("pending", "sending"))

IS_SCHEDULED = and_(_IS_GOING, col(Broadcast.status) == literal_column("'scheduled'"))
IS_BEING_SENT = and_(_IS_GOING, col(Broadcast.status) == literal_column("'sending'"))
WAITS = and_(IS_OPEN, col(BroadcastChunk.state) == literal_column("'pending'"))
IS_UNDER_WAY = and_(IS_OPEN, col(BroadcastChunk.state) == literal_column("'sending'"))
IS_UNKNOWN = col(BroadcastChunk.state) == literal_column("'unknown'")
