"""Whose words stand in events that were kept before that was noted; those taken back go.

They go from the event as it came and from what its own turns heard. What else was made of them
before this release (a run's answers, the card, a packet, what the bot said) stays as it is.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.models.columns import JsonColumn

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

LONGEST_ID = 64
REMOVED = "…"
ARRIVAL = sa.table(
    "arrival",
    sa.column("id", sa.Integer()),
    sa.column("is_inside", sa.Boolean()),
    sa.column("line_message_id", sa.String()),
    sa.column("raw", JsonColumn),
)
MESSAGE = sa.table(
    "message",
    sa.column("conversation_id", sa.String()),
    sa.column("line_message_id", sa.String()),
    sa.column("unsent_at", sa.DateTime()),
)
RUN = sa.table("run", sa.column("id", sa.String()), sa.column("conversation_id", sa.String()))
RUN_EVENT = sa.table(
    "run_event",
    sa.column("run_id", sa.String()),
    sa.column("seq", sa.Integer()),
    sa.column("payload", JsonColumn),
    sa.column("context", JsonColumn),
)


def upgrade() -> None:
    named = ARRIVAL.c.raw["message"]["id"].as_string()
    is_older = ARRIVAL.c.line_message_id.is_(None) & ~ARRIVAL.c.is_inside
    is_known = named.is_not(None) & (sa.func.length(named) <= LONGEST_ID)
    op.execute(sa.update(ARRIVAL).where(is_older, is_known).values(line_message_id=named))
    _erase_taken_back(op.get_bind())


def downgrade() -> None:
    """What was found out stays: it is in the column of the migration before."""


def _erase_taken_back(db: sa.Connection) -> None:
    taken = (
        sa.select(ARRIVAL.c.id, ARRIVAL.c.raw, MESSAGE.c.conversation_id)
        .join(MESSAGE, MESSAGE.c.line_message_id == ARRIVAL.c.line_message_id)
        .where(MESSAGE.c.unsent_at.is_not(None), ~ARRIVAL.c.is_inside)
    )
    for arrival_id, raw, conversation_id in db.execute(taken).all():
        message = raw.get("message")
        if not isinstance(message, dict):
            continue
        kept = {**raw, "message": {key: message.get(key) for key in ("id", "type")}}
        db.execute(sa.update(ARRIVAL).where(ARRIVAL.c.id == arrival_id).values(raw=kept))
        _erase_heard(db, conversation_id, arrival_id)


def _erase_heard(db: sa.Connection, conversation_id: str, arrival_id: int) -> None:
    """In the turns of this event alone: they are named by its number."""
    heard: Any = (
        sa.select(RUN_EVENT.c.run_id, RUN_EVENT.c.seq, RUN_EVENT.c.payload)
        .join(RUN, RUN.c.id == RUN_EVENT.c.run_id)
        .where(
            RUN.c.conversation_id == conversation_id,
            RUN_EVENT.c.context["turn_id"].as_string() == f"{arrival_id:x}",
        )
    )
    for run_id, seq, payload in db.execute(heard).all():
        if "text" in payload:
            of_turn = (RUN_EVENT.c.run_id == run_id) & (RUN_EVENT.c.seq == seq)
            blank = {**payload, "text": REMOVED}
            db.execute(sa.update(RUN_EVENT).where(of_turn).values(payload=blank))
