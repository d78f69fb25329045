"""What a line quotes, with what it can be quoted, and when its customer changed it."""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("quote_token", sa.String(), nullable=True))
    op.add_column("message", sa.Column("quoted_seq", sa.Integer(), nullable=True))
    op.add_column("message", sa.Column("edited_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    for column in ("edited_at", "quoted_seq", "quote_token"):
        op.drop_column("message", column)
