"""A secretary marks what is left out of a signed report, and a chair adopts the copy for everybody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ethiek.models.triggers import append_only

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "public_redaction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.String(length=10), nullable=False),
        sa.Column("document", sa.String(length=20), nullable=False),
        sa.Column("pointer", sa.Text(), nullable=False),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _reference("public_redaction", "record_id", "archive_record.id"),
        _reference("public_redaction", "by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_redaction")),
    )
    op.create_index("ix_public_redaction_record_id", "public_redaction", ["record_id"])
    op.create_table(
        "public_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("redactions_sha256", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _reference("public_proposal", "record_id", "archive_record.id"),
        _reference("public_proposal", "by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_proposal")),
        sa.UniqueConstraint("record_id", "number", name=op.f("uq_public_proposal_record_id_number")),
    )
    op.create_table(
        "public_copy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("redactions", sa.Text(), nullable=False),
        sa.Column("redactions_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("adopted_by_id", sa.Uuid(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("proposed_by_id <> adopted_by_id", name=op.f("ck_public_copy_adopted_by_another")),
        _reference("public_copy", "record_id", "archive_record.id"),
        _reference("public_copy", "proposed_by_id", "user_account.id"),
        _reference("public_copy", "adopted_by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_copy")),
        sa.UniqueConstraint("record_id", "version", name=op.f("uq_public_copy_record_id_version")),
        sa.UniqueConstraint("sha256", name=op.f("uq_public_copy_sha256")),
    )
    for table in ("public_proposal", "public_copy"):
        for statement in append_only(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    """What was published would be without a record of what was left out of it, and by whom."""
    raise NotImplementedError("public copies are not taken away")


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
