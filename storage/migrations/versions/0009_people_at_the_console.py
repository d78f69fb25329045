"""Invitations, codes as a second factor, and the history of what was done at the console."""

import sqlalchemy as sa
from alembic import op

from storage.models.columns import JsonColumn, UtcDateTime

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

ONLY_ADDED = "the audit log is only ever added to"


def upgrade() -> None:
    op.add_column("operator", sa.Column("seen_at", UtcDateTime(), nullable=True))
    op.add_column("operator_session", sa.Column("proved_at", UtcDateTime(), nullable=True))
    op.add_column(
        "sign_in_failure",
        sa.Column("is_code", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "operator_link",
        sa.Column("token_sha256", sa.String(), primary_key=True),
        sa.Column("operator_id", sa.String(), sa.ForeignKey("operator.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_operator_link_operator_id", "operator_link", ["operator_id"])
    op.create_table(
        "second_factor",
        sa.Column("operator_id", sa.String(), sa.ForeignKey("operator.id"), primary_key=True),
        sa.Column("seed", sa.LargeBinary(), nullable=True),
        sa.Column("next_seed", sa.LargeBinary(), nullable=True),
        sa.Column("since", UtcDateTime(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
    )
    op.create_table(
        "recovery_code",
        sa.Column("operator_id", sa.String(), sa.ForeignKey("operator.id"), primary_key=True),
        sa.Column("code_sha256", sa.String(), primary_key=True),
    )
    op.create_table(
        "role_rule",
        sa.Column("role", sa.String(), primary_key=True),
        sa.Column("needs_codes", sa.Boolean(), nullable=False),
    )
    _create_audit()


def _create_audit() -> None:
    rows = op.create_table(
        "audit_row",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=True),
        sa.Column("target_id", sa.String(), nullable=True),
        sa.Column("target_name", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("params", JsonColumn, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
    )
    for column in ("kind", "actor_id", "target_id"):
        op.create_index(f"ix_audit_row_{column}", rows.name, [column])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "last_id": 0, "hash": "0" * 64}])
    _forbid_changes()


def _forbid_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_row_no_{deed.lower()} BEFORE {deed} ON audit_row "
                f"BEGIN SELECT RAISE(ABORT, '{ONLY_ADDED}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{ONLY_ADDED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_row_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_row "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
    )


def downgrade() -> None:
    op.drop_table("audit_head")
    op.drop_table("audit_row")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_audit_change()")
    for table in ("role_rule", "recovery_code", "second_factor", "operator_link"):
        op.drop_table(table)
    op.drop_column("sign_in_failure", "is_code")
    op.drop_column("operator_session", "proved_at")
    op.drop_column("operator", "seen_at")
