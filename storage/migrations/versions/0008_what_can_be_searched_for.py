"""What can be searched for. The texts that are here already are taken over in chunks.

Their postings are left to the worker, which writes them beside its other work; until then a search
reads these texts themselves, and finds the same.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel import Session

from storage.findable import take_over_all
from storage.models.columns import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_text",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.String(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row_id", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "search_stretch",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("is_sealed", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "search_posting",
        sa.Column("stretch_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("bucket", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("postings", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    with Session(op.get_bind(), join_transaction_mode="create_savepoint") as db:
        take_over_all(db)
        db.commit()
    op.create_index("ix_search_text_row", "search_text", ["row_id"])


def downgrade() -> None:
    op.drop_table("search_posting")
    op.drop_table("search_stretch")
    op.drop_table("search_text")
