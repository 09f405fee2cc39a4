"""People of a committee withdraw from one dossier, and that can be undone; a team records its gatherings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ethiek.models.triggers import append_only

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    _recusals()
    _gatherings()
    for table in ("recusal_event", "gathering_revision"):
        for statement in append_only(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    """Who withdrew would take part again, and what teams recorded would be lost."""
    raise NotImplementedError("recusals and gatherings are not taken away")


def _recusals() -> None:
    op.create_table(
        "recusal_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", _choice("recusalstep", "recused", "undone"), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(number % 2 = 1) = (step = 'recused')", name=op.f("ck_recusal_event_turn_by_turn")
        ),
        sa.CheckConstraint(
            "role IN ('member', 'chair', 'secretary')", name=op.f("ck_recusal_event_role_in_committee")
        ),
        _reference("recusal_event", "dossier_id", "dossier.id"),
        _reference("recusal_event", "user_id", "user_account.id"),
        _reference("recusal_event", "by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal_event")),
        sa.UniqueConstraint(
            "dossier_id", "user_id", "number", name=op.f("uq_recusal_event_dossier_id_user_id_number")
        ),
    )


def _gatherings() -> None:
    op.create_table(
        "gathering_revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_gathering_revision_number_positive")),
        _reference("gathering_revision", "dossier_id", "dossier.id"),
        _reference("gathering_revision", "author_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gathering_revision")),
        sa.UniqueConstraint("gathering_id", "number", name=op.f("uq_gathering_revision_gathering_id_number")),
        sa.UniqueConstraint(
            "dossier_id", "author_id", "token", name=op.f("uq_gathering_revision_dossier_id_author_id_token")
        ),
    )
    op.create_index(
        "ix_gathering_revision_dossier", "gathering_revision", ["dossier_id", "gathering_id", "number"]
    )


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
