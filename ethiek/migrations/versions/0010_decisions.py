"""A signed advice is put before an official; what is decided stays, and gets an edition of the report of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ethiek.models.triggers import append_only, fixed_columns, never_removed, without

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BEFORE = (
    "submitter",
    "team",
    "member",
    "chair",
    "secretary",
    "auditor",
    "content_owner",
    "administrator",
    "system",
)
AFTER = (*BEFORE[:-1], "official", BEFORE[-1])
REQUEST = ("dossier_id", "user_id")


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    _roles(AFTER)
    _requests()
    _decisions()
    _run((*never_removed("decision_request", dialect), *fixed_columns("decision_request", REQUEST, dialect)))
    _run(append_only("decision", dialect))
    _editions(dialect)


def downgrade() -> None:
    """What was decided, and the reports in which it stands, would be lost."""
    raise NotImplementedError("decisions are not taken away")


def _roles(names: tuple[str, ...]) -> None:
    with op.batch_alter_table("role_grant") as table:
        table.drop_constraint(op.f("ck_role_grant_role"), type_="check")
        table.create_check_constraint(
            op.f("ck_role_grant_role"), f"role IN ({', '.join(repr(name) for name in names)})"
        )


def _requests() -> None:
    op.create_table(
        "decision_request",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _reference("decision_request", "dossier_id", "dossier.id"),
        _reference("decision_request", "user_id", "user_account.id"),
        _reference("decision_request", "requested_by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("dossier_id", "user_id", name=op.f("pk_decision_request")),
    )
    op.create_index(
        "uq_decision_request_present",
        "decision_request",
        ["dossier_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_decision_request_user", "decision_request", ["user_id", "requested_at", "dossier_id"])


def _decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("advice_id", sa.Uuid(), nullable=False),
        sa.Column("report_sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("follows", _choice("follows", "yes", "partly", "no"), nullable=False),
        sa.Column("outcome", _outcome(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "number > 0 AND (number = 1) = (replaces_id IS NULL)", name=op.f("ck_decision_revises_the_last")
        ),
        _reference("decision", "dossier_id", "dossier.id"),
        _reference("decision", "advice_id", "advice.id"),
        _reference("decision", "by_id", "user_account.id"),
        _reference("decision", "replaces_id", "decision.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("advice_id", "number", name=op.f("uq_decision_advice_id_number")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_decision_replaces_id")),
        sa.UniqueConstraint("by_id", "token", name=op.f("uq_decision_by_id_token")),
    )
    op.create_index("ix_decision_dossier", "decision", ["dossier_id", "number"])


def _editions(dialect: str) -> None:
    """On SQLite the table is made anew, which takes its triggers away: they go first, and come back."""
    names = ["no_update", "no_delete"] if dialect == "sqlite" else ["append_only"]
    _run(without("archive_record", names, dialect))
    with op.batch_alter_table("archive_record") as table:
        table.drop_constraint(op.f("uq_archive_record_advice_id"), type_="unique")
        table.add_column(sa.Column("decision_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("outcome", _outcome(), nullable=True))
        table.create_foreign_key(
            op.f("fk_archive_record_decision_id"), "decision", ["decision_id"], ["id"], ondelete="RESTRICT"
        )
        table.create_check_constraint(
            op.f("ck_archive_record_outcome_of_its_decision"), "(decision_id IS NULL) = (outcome IS NULL)"
        )
    op.create_index(
        "uq_archive_record_advice",
        "archive_record",
        ["advice_id"],
        unique=True,
        sqlite_where=sa.text("decision_id IS NULL"),
        postgresql_where=sa.text("decision_id IS NULL"),
    )
    op.create_index("uq_archive_record_decision", "archive_record", ["decision_id"], unique=True)
    _run(append_only("archive_record", dialect))


def _run(statements: tuple[str, ...]) -> None:
    for statement in statements:
        op.execute(statement)


def _outcome() -> sa.Enum:
    return _choice("outcome", "proceed", "with_conditions", "stop", "adapt")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
