"""Lists of talks: orders and filters that stay fast, and lists kept under a name."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.models.columns import JsonColumn, UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

FILTERED = ["id", "status", "account_id", "assignee_id", "queue", "unseen_count", "customer_id", "operator_id"]
INDICES = {
    "ix_conversation_changed": (["updated_at", *FILTERED, "waiting_since"], None),
    "ix_conversation_newest": (["last_message_at", *FILTERED, "waiting_since"], None),
    "ix_conversation_wait": (["waiting_since", "updated_at", *FILTERED], "waiting_since IS NOT NULL"),
    "ix_conversation_unseen": (["updated_at", *FILTERED, "waiting_since"], "unseen_count > 0"),
}
# What the row shows of its last message, with milliseconds and a Z.
MOMENTS = {
    "sqlite": "replace(substr(json_extract(last_message, '$.at'), 1, 23), 'T', ' ') || '000'",
    "postgresql": "(last_message ->> 'at')::timestamptz",
}


def upgrade() -> None:
    op.add_column("conversation", sa.Column("last_message_at", UtcDateTime(), nullable=True))
    moment = MOMENTS[op.get_bind().dialect.name]
    op.execute(
        f"UPDATE conversation SET last_message_at = {moment} WHERE last_message IS NOT NULL"
    )
    for name, (columns, where) in INDICES.items():
        partly: Any = {} if where is None else {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
        op.create_index(name, "conversation", columns, **partly)
    op.create_table(
        "saved_view",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", JsonColumn, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.String(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["owner_id"], ["operator.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_saved_view_owner_id", "saved_view", ["owner_id"])


def downgrade() -> None:
    op.drop_table("saved_view")
    for name in INDICES:
        op.drop_index(name, "conversation")
    op.drop_column("conversation", "last_message_at")
