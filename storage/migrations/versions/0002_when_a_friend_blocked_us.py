"""When a friend blocked us, in LINE's time: what they did before does not unblock them."""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("friend", sa.Column("blocked_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("friend", "blocked_at")
