"""The FAQ's ways to ask as an encoder sees them."""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "faq_vector",
        sa.Column("encoder", sa.String(), nullable=False),
        sa.Column("text_key", sa.String(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("encoder", "text_key"),
    )


def downgrade() -> None:
    op.drop_table("faq_vector")
