"""What each operator prefers, on whatever machine they sign in."""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import JsonColumn

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "operator_preference",
        sa.Column("operator_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", JsonColumn, nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"]),
        sa.PrimaryKeyConstraint("operator_id", "name"),
    )


def downgrade() -> None:
    op.drop_table("operator_preference")
