"""How runs fare at the steps where they wait, for managers to see where people drop out.

What happened before is not worked out: runs are counted at a step from their next turn on.
"""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "run_step",
        sa.Column("run_id", sa.String(), sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("flow_id", sa.String(), primary_key=True),
        sa.Column("step", sa.String(), primary_key=True),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("failed_seq", sa.Integer(), nullable=True),
        sa.Column("is_called", sa.Boolean(), nullable=False),
        sa.Column("fate", sa.String(), nullable=False),
        sa.Column("end", sa.String(), nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("gave_up", sa.Boolean(), nullable=False),
        sa.Column("timed_out", sa.Boolean(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("unanswered", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_run_step_flow", "run_step", ["flow_id", "started_at", "run_id"])
    op.create_index("ix_run_flow", "run", ["flow_id", "started_at", "id"])
    op.create_index("ix_handoff_run_id", "handoff", ["run_id"])


def downgrade() -> None:
    op.drop_index("ix_handoff_run_id", table_name="handoff")
    op.drop_index("ix_run_flow", table_name="run")
    op.drop_table("run_step")
