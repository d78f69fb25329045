"""How fast each operator has done what is dear: counted for all processes together."""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pace",
        sa.Column("operator_id", sa.String(), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("free_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"]),
        sa.PrimaryKeyConstraint("operator_id", "deed"),
    )


def downgrade() -> None:
    op.drop_table("pace")
