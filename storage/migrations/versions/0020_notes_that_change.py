"""Notes that are edited and deleted, and a list of those that call somebody."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel import Session

from storage.models.columns import JsonColumn, UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

CHUNK = 1_000
NOTE = sa.table(
    "note",
    sa.column("id", sa.String()),
    sa.column("conversation_id", sa.String()),
    sa.column("mentions", JsonColumn),
    sa.column("at", UtcDateTime()),
)
TALK = sa.table("conversation", sa.column("id", sa.String()), sa.column("account_id", sa.String()))
OPERATOR = sa.table("operator", sa.column("id", sa.String()))


def upgrade() -> None:
    op.add_column("note", sa.Column("edited_at", UtcDateTime(), nullable=True))
    op.add_column("note", sa.Column("deleted_at", UtcDateTime(), nullable=True))
    op.add_column("note", sa.Column("deleted_by", sa.String(), nullable=True))
    op.add_column("note", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    mention = op.create_table(
        "mention",
        sa.Column("note_id", sa.String(), sa.ForeignKey("note.id"), primary_key=True),
        sa.Column("operator_id", sa.String(), sa.ForeignKey("operator.id"), primary_key=True),
        sa.Column("account_id", sa.String(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("conversation_id", sa.String(), sa.ForeignKey("conversation.id"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
    )
    op.create_index("ix_mention_of_whom", "mention", ["operator_id", "at", "note_id"])
    with Session(op.get_bind(), join_transaction_mode="create_savepoint") as db:
        _take_over(db, mention)
        db.commit()


def downgrade() -> None:
    op.drop_table("mention")
    for column in ("version", "deleted_by", "deleted_at", "edited_at"):
        op.drop_column("note", column)


def _take_over(db: Session, mention: sa.Table) -> None:
    """Whom the notes call that are here already: seen, so that nobody begins with a pile."""
    known = set(db.execute(sa.select(OPERATOR.c.id)).scalars())
    notes = (
        sa.select(NOTE.c.id, NOTE.c.mentions, NOTE.c.at, TALK.c.id, TALK.c.account_id)
        .join(TALK, TALK.c.id == NOTE.c.conversation_id)
        .where(NOTE.c.mentions.is_not(None))
        .order_by(NOTE.c.id)
    )
    last = ""
    while found := db.execute(notes.where(NOTE.c.id > last).limit(CHUNK)).all():
        called = [row for one in found for row in _called(one, known)]
        if called:
            db.execute(sa.insert(mention), called)
        last = found[-1][0]


def _called(note: Any, known: set[str]) -> list[dict[str, Any]]:
    note_id, mentions, at, talk_id, account_id = note
    of_note = {"note_id": note_id, "account_id": account_id, "conversation_id": talk_id}
    whom = [one for one in dict.fromkeys(mentions or ()) if one in known]
    return [{**of_note, "operator_id": one, "at": at, "seen_at": at} for one in whom]
