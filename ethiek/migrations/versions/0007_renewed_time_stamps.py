"""A signed report gets later files, each with one time stamp more; what was issued stays as it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ethiek.models.triggers import append_only

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "archive_renewal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["archive_record.id"],
            name=op.f("fk_archive_renewal_record_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_renewal")),
        sa.UniqueConstraint("sha256", name=op.f("uq_archive_renewal_sha256")),
    )
    op.create_index("ix_archive_renewal_record_id", "archive_renewal", ["record_id"])
    for statement in append_only("archive_renewal", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """The renewed files would be without a record, and the old ones without a time stamp that holds."""
    raise NotImplementedError("renewed time stamps are not taken away")
