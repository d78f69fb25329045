"""What reports are counted from, and the answers to questions with choices."""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


FAILED = sa.text("state IN ('rejected', 'maybe_sent', 'unknown', 'cancelled')")


def upgrade() -> None:
    op.create_index(
        "ix_delivery_failed",
        "delivery",
        ["ended_at", "id"],
        sqlite_where=FAILED,
        postgresql_where=FAILED,
    )
    _facts()
    op.create_table(
        "report_mark",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("filled_to", sa.String(), nullable=True),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("account_id"),
    )
    op.create_table(
        "run_answer",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("flow_id", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("number", sa.Float(), nullable=True),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.PrimaryKeyConstraint("run_id", "flow_id", "step", "value"),
    )
    op.create_index("ix_run_answer_at", "run_answer", ["at", "flow_id", "step"])
    op.create_index("ix_run_answer_conversation_id", "run_answer", ["conversation_id"])
    op.create_table(
        "satisfaction_question",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("flow_id", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("chosen_by", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_failed", "delivery")
    for table in (
        "satisfaction_question",
        "run_answer",
        "report_mark",
        "report_help",
        "report_fact",
    ):
        op.drop_table(table)


def _facts() -> None:
    counts = ("received", "bot", "staff", "free", "push", "helped", "handed", "reopened", "resolved")
    op.create_table(
        "report_fact",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("hour", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("operator_id", "flow_id")),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.PrimaryKeyConstraint(
            "day", "conversation_id", "hour", "operator_id", "flow_id", "queue"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_report_fact_conversation_id", "report_fact", ["conversation_id"])
    op.create_table(
        "report_help",
        sa.Column("handoff_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("hour", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("operator_id", "flow_id")),
        sa.Column("queue", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("reply_s", "open_s")),
        sa.Column("handle_s", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoff.id"]),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.PrimaryKeyConstraint("handoff_id"),
    )
    op.create_index("ix_report_help_day", "report_help", ["day", "conversation_id"])
    op.create_index("ix_report_help_conversation_id", "report_help", ["conversation_id"])
