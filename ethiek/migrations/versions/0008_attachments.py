"""A team adds files to its dossier; what was handed in with them stays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ethiek.models.triggers import (
    append_only,
    changes_only_while,
    fixed_columns,
    never_removed,
    with_the_team,
)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FIXED = (
    "dossier_id",
    "questionnaire_key",
    "question_id",
    "item",
    "name",
    "description",
    "kind",
    "size",
    "sha256",
    "token",
    "added_by_id",
    "added_at",
)
KINDS = ("pdf", "odt", "ods", "odp", "docx", "xlsx", "pptx", "png", "jpeg", "csv", "txt")


def upgrade() -> None:
    _attachments()
    op.create_table(
        "snapshot_attachment",
        sa.Column("snapshot_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        _reference("snapshot_attachment", "snapshot_id", "snapshot.id"),
        _reference("snapshot_attachment", "attachment_id", "attachment.id"),
        sa.PrimaryKeyConstraint("snapshot_id", "number", name=op.f("pk_snapshot_attachment")),
    )
    op.create_index(op.f("ix_snapshot_attachment_attachment_id"), "snapshot_attachment", ["attachment_id"])
    dialect = op.get_bind().dialect.name
    for statement in (
        *fixed_columns("attachment", FIXED, dialect),
        *changes_only_while("attachment", "scan", "OLD.scan <> 'infected'", dialect),
        *with_the_team("attachment", "removed_at", dialect),
        *never_removed("attachment", dialect),
        *append_only("snapshot_attachment", dialect),
    ):
        op.execute(statement)


def downgrade() -> None:
    """Sealed reports name attachments: there is no way back that loses nothing."""
    raise NotImplementedError("attachments are not taken away: reports name them")


def _attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_key", sa.String(length=80), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("kind", _choice("filekind", *KINDS), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scan", _choice("scan", "waiting", "not_scanned", "clean", "infected"), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("virus", sa.String(length=200), nullable=False),
        sa.Column("removed_by_id", sa.Uuid(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachment_size_positive")),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by_id IS NULL)", name=op.f("ck_attachment_removed_by_somebody")
        ),
        sa.CheckConstraint(
            "(scan = 'infected') = (virus <> '')", name=op.f("ck_attachment_infected_by_something")
        ),
        _reference("attachment", "dossier_id", "dossier.id"),
        _reference("attachment", "questionnaire_key", "published_questionnaire.key"),
        _reference("attachment", "added_by_id", "user_account.id"),
        _reference("attachment", "removed_by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("dossier_id", "token", name=op.f("uq_attachment_dossier_id_token")),
    )
    op.create_index("ix_attachment_dossier", "attachment", ["dossier_id", "removed_at", "id"])
    op.create_index(op.f("ix_attachment_sha256"), "attachment", ["sha256"])


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
