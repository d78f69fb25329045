"""What a call that is under way is to say once it has ended: words that were taken back."""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import JsonColumn

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("messages_after", JsonColumn, nullable=True))


def downgrade() -> None:
    op.drop_column("delivery", "messages_after")
