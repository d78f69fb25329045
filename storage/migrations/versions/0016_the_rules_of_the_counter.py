"""When an answer is due, who is given what, and who is out."""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import JsonColumn, UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = ("assignment_head", "assignment_turn", "operator_standing", "queue_hours", "desk_rules")


def upgrade() -> None:
    for name in ("reply_since", "reply_risk_at", "reply_due_at"):
        op.add_column("conversation", sa.Column(name, UtcDateTime(), nullable=True))
    op.add_column("conversation", sa.Column("put_back_by", sa.String(), nullable=True))
    for name in ("first_due_at", "first_replied_at"):
        op.add_column("handoff", sa.Column(name, UtcDateTime(), nullable=True))
    rules = op.create_table(
        "desk_rules",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rules", JsonColumn, nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.Column("changed_by", sa.String(), nullable=True),
    )
    op.bulk_insert(rules, [{"id": 1, "version": 0, "rules": {"house": {}, "queues": {}}}])
    op.create_table(
        "queue_hours",
        sa.Column("queue", sa.String(), primary_key=True),
        sa.Column("spans", JsonColumn, nullable=True),
    )
    _create_staff()


def _create_staff() -> None:
    op.create_table(
        "operator_standing",
        sa.Column("operator_id", sa.String(), sa.ForeignKey("operator.id"), primary_key=True),
        sa.Column("is_receiving", sa.Boolean(), nullable=False),
        sa.Column("absent_since", UtcDateTime(), nullable=True),
        sa.Column("absent_until", UtcDateTime(), nullable=True),
        sa.Column("absent_by", sa.String(), nullable=True),
    )
    op.create_table(
        "assignment_turn",
        sa.Column("queue", sa.String(), primary_key=True),
        sa.Column("operator_id", sa.String(), sa.ForeignKey("operator.id"), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
    )
    head = op.create_table(
        "assignment_head",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "last_number": 0}])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for name in ("first_replied_at", "first_due_at"):
        op.drop_column("handoff", name)
    for name in ("put_back_by", "reply_due_at", "reply_risk_at", "reply_since"):
        op.drop_column("conversation", name)
