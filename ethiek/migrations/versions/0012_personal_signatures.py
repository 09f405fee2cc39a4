"""Chair and secretary may sign with certificates of their own: the rule, the report that waits, and what was signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ethiek.models.triggers import append_only, never_removed

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

RULE = (
    "ALTER TABLE committee ADD COLUMN personal_signing VARCHAR(40) DEFAULT 'nobody' NOT NULL "
    "CONSTRAINT ck_committee_personalsigning "
    "CHECK (personal_signing IN ('nobody', 'optional', 'chair', 'secretary', 'both'))"
)
"""In one statement: SQLite adds no constraint to a table that is there."""


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.execute(RULE)
    op.add_column("approval", sa.Column("signs", sa.Boolean(), nullable=False, server_default=sa.false()))
    _pending()
    _signatures()
    _waivers()
    for statement in (
        *never_removed("pending_report", dialect),
        *append_only("personal_signature", dialect),
        *append_only("signature_waiver", dialect),
    ):
        op.execute(statement)


def downgrade() -> None:
    """A report that waits would be lost."""
    raise NotImplementedError("signatures are not taken away")


def _pending() -> None:
    op.create_table(
        "pending_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advice_id", sa.Uuid(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(content IS NULL) = (ended_at IS NOT NULL)", name=op.f("ck_pending_report_file_until_the_end")
        ),
        _reference("pending_report", "advice_id", "advice.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_report")),
    )
    present = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_pending_report_present",
        "pending_report",
        ["advice_id"],
        unique=True,
        sqlite_where=present,
        postgresql_where=present,
    )


def _signatures() -> None:
    op.create_table(
        "personal_signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pending_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("certificate_sha256", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("role IN ('chair', 'secretary')", name=op.f("ck_personal_signature_role_signs")),
        _reference("personal_signature", "pending_id", "pending_report.id"),
        _reference("personal_signature", "user_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_signature")),
        sa.UniqueConstraint("pending_id", "role", name=op.f("uq_personal_signature_pending_id_role")),
    )


def _waivers() -> None:
    op.create_table(
        "signature_waiver",
        sa.Column("advice_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('chair', 'secretary')", name=op.f("ck_signature_waiver_role_signs")),
        _reference("signature_waiver", "advice_id", "advice.id"),
        _reference("signature_waiver", "by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("advice_id", "role", name=op.f("pk_signature_waiver")),
    )


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
