"""Timers that belong to no talk: the moments at which the clock itself starts a flow."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OF_NOBODY = sa.text("conversation_id IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.alter_column("conversation_id", existing_type=sa.String(), nullable=True)
        batch_op.create_index(
            "uq_timer_of_nobody",
            ["kind", "key"],
            unique=True,
            sqlite_where=OF_NOBODY,
            postgresql_where=OF_NOBODY,
        )


def downgrade() -> None:
    op.execute("DELETE FROM timer WHERE conversation_id IS NULL")
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_index("uq_timer_of_nobody", sqlite_where=OF_NOBODY, postgresql_where=OF_NOBODY)
        batch_op.alter_column("conversation_id", existing_type=sa.String(), nullable=False)
