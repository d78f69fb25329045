"""What is kept so that messages go out as promised: rates, the month, what was seen to."""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

WAS_FAILED = sa.text("state IN ('rejected', 'maybe_sent', 'unknown', 'cancelled')")
FAILED = sa.text("state IN ('rejected', 'maybe_sent', 'unknown', 'cancelled', 'inferred_sent')")
HELD = sa.text("held IS NOT NULL")
ASIDE = sa.text("state = 'aside'")
HAS_MESSAGE = sa.text("line_message_id IS NOT NULL")


def upgrade() -> None:
    _columns()
    op.drop_index("ix_delivery_failed", "delivery")
    _failed(FAILED)
    op.create_index(
        "ix_delivery_held",
        "delivery",
        ["account_id", "id"],
        sqlite_where=HELD,
        postgresql_where=HELD,
    )
    op.create_index(
        "ix_arrival_aside", "arrival", ["id"], sqlite_where=ASIDE, postgresql_where=ASIDE
    )
    op.create_index(
        "ix_arrival_message",
        "arrival",
        ["line_message_id"],
        sqlite_where=HAS_MESSAGE,
        postgresql_where=HAS_MESSAGE,
    )
    op.create_table(
        "endpoint",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("room", sa.Float(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("paused_until", UtcDateTime(), nullable=True),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("account_id", "name"),
    )
    op.create_table(
        "read_mark",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("conversation_id"),
    )
    op.create_index("ix_read_mark_due_at", "read_mark", ["due_at"])


def downgrade() -> None:
    op.drop_table("read_mark")
    op.drop_table("endpoint")
    op.drop_index("ix_arrival_message", "arrival")
    op.drop_index("ix_arrival_aside", "arrival")
    op.drop_index("ix_delivery_held", "delivery")
    op.drop_index("ix_delivery_failed", "delivery")
    _failed(WAS_FAILED)
    for table, names in _NEW.items():
        for column in names:
            op.drop_column(table, column.name)


def _columns() -> None:
    for table, columns in _NEW.items():
        for column in columns:
            op.add_column(table, column)


def _failed(states: sa.TextClause) -> None:
    op.create_index(
        "ix_delivery_failed",
        "delivery",
        ["ended_at", "id"],
        sqlite_where=states,
        postgresql_where=states,
    )


_NEW = {
    "account": (
        sa.Column("next_secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reserve_percent", sa.Integer(), nullable=False, server_default="10"),
        sa.Column("shows_loading", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("marks_read", sa.Boolean(), nullable=False, server_default=sa.false()),
    ),
    "arrival": (sa.Column("line_message_id", sa.String(), nullable=True),),
    "account_quota": (
        sa.Column("sent_since", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.Column("stop_count", sa.Integer(), nullable=False, server_default="0"),
    ),
    "delivery": (
        sa.Column("is_automatic", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("held", sa.String(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
    ),
}
