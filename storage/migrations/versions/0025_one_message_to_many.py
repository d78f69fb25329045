"""Broadcasts, and the calls that each of them is made of."""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import JsonColumn, UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

GOING = sa.text("status IN ('scheduled', 'sending')")
OPEN = sa.text("state IN ('pending', 'sending')")
UNKNOWN = sa.text("state = 'unknown'")
COUNTS = ("recipients", "sent", "unknown", "failed", "cancelled", "version")


def upgrade() -> None:
    op.create_index("ix_friend_reached", "friend", ["account_id", "is_blocked", "id"])
    _broadcast()
    _chunk()


def downgrade() -> None:
    op.drop_table("broadcast_chunk")
    op.drop_table("broadcast")
    op.drop_index("ix_friend_reached", "friend")


def _broadcast() -> None:
    op.create_table(
        "broadcast",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("messages", JsonColumn, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("why_stopped", sa.String(), nullable=True),
        sa.Column("line_said", sa.String(), nullable=True),
        sa.Column("send_at", UtcDateTime(), nullable=True),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=True),
        sa.Column("began_at", UtcDateTime(), nullable=True),
        sa.Column("frozen_to", sa.String(), nullable=True),
        sa.Column("frozen_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("is_untold", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["operator.id"]),
        sa.ForeignKeyConstraint(["sent_by"], ["operator.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("going", "broadcast", ["status", "send_at"], GOING)
    op.create_index("ix_broadcast_account", "broadcast", ["account_id", "id"])


def _chunk() -> None:
    op.create_table(
        "broadcast_chunk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("broadcast_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_friend_id", sa.String(), nullable=False),
        sa.Column("last_friend_id", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("retry_key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("is_unsure", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("first_tried_at", UtcDateTime(), nullable=True),
        sa.Column("tried_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("line_request_id", sa.String(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("line_user_ids", JsonColumn, nullable=False),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcast.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("broadcast_id", "number"),
    )
    _index("chunk_open", "broadcast_chunk", ["broadcast_id", "id"], OPEN)
    _index("chunk_unknown", "broadcast_chunk", ["broadcast_id", "id"], UNKNOWN)
    op.create_index(
        "ix_broadcast_chunk_range", "broadcast_chunk", ["broadcast_id", "first_friend_id"]
    )


def _index(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(
        f"ix_broadcast_{name}", table, columns, sqlite_where=where, postgresql_where=where
    )
