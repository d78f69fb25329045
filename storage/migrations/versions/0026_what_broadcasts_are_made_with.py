"""Pictures of broadcasts, which belong to no talk, and the requests that made broadcasts."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.alter_column("conversation_id", existing_type=sa.String(), nullable=True)
    op.create_table(
        "broadcast_request",
        sa.Column("operator_id", sa.String(), sa.ForeignKey("operator.id"), primary_key=True),
        sa.Column("client_broadcast_id", sa.String(), primary_key=True),
        sa.Column("broadcast_id", sa.String(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("broadcast_request")
    # Their files are left to nobody: whoever goes back has no broadcast that shows them.
    op.execute("DELETE FROM upload WHERE conversation_id IS NULL")
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.alter_column("conversation_id", existing_type=sa.String(), nullable=False)
