"""An open dossier may move to another version: answers belong to one, and what was carried along is written down."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ethiek.models.triggers import append_only, changes_only_while, fixed_columns, never_removed, without

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FIXED = {
    "dossier": ("reference", "committee_id", "created_at"),
    "dossier_migration": (
        "dossier_id",
        "source_key",
        "target_key",
        "round",
        "places",
        "before_sha256",
        "moved_by_id",
        "moved_at",
    ),
    "carried_answer": (
        "dossier_id",
        "questionnaire_key",
        "question_id",
        "item",
        "origin",
        "origin_label",
        "origin_at",
        "source_question",
        "source_slot",
        "content",
        "migration_id",
        "carried_by_id",
        "carried_at",
    ),
}
WITH_THE_TEAM = "OLD.status IN ('draft', 'changes_requested') AND NEW.status = OLD.status"


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    _run(without("answer", [_name("delete", "never_removed", dialect)], dialect))
    _run(without("answer_revision", _append_only_names(dialect), dialect))
    _answers()
    _revisions()
    _run(never_removed("answer", dialect))
    _run(append_only("answer_revision", dialect))
    _migrations()
    _carried()
    _run(without("dossier", [_name("change", "fixed", dialect)], dialect))
    for table, columns in FIXED.items():
        _run(fixed_columns(table, columns, dialect))
    _run(changes_only_while("dossier", "questionnaire_key", WITH_THE_TEAM, dialect))
    for table in ("dossier_migration", "carried_answer"):
        _run(never_removed(table, dialect))


def downgrade() -> None:
    """A dossier that moved has answers under two versions: there is no way back that loses nothing."""
    raise NotImplementedError("answers of earlier versions are not taken away")


def _answers() -> None:
    _pin("answer")
    with op.batch_alter_table("answer") as table:
        table.drop_constraint(op.f("uq_answer_dossier_id_question_id_item"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_answer_dossier_id_questionnaire_key_question_id_item"),
            ["dossier_id", "questionnaire_key", "question_id", "item"],
        )


def _revisions() -> None:
    op.drop_index("ix_answer_revision_slot", "answer_revision")
    op.drop_index("uq_answer_revision_saved", "answer_revision")
    _pin("answer_revision")
    slot = ["dossier_id", "questionnaire_key", "question_id", "item"]
    op.create_index("ix_answer_revision_slot", "answer_revision", [*slot, "id"])
    op.create_index("uq_answer_revision_saved", "answer_revision", [*slot, "revision"], unique=True)


def _pin(name: str) -> None:
    """Give every row the version that its dossier has: no dossier could move before."""
    with op.batch_alter_table(name) as table:
        table.add_column(sa.Column("questionnaire_key", sa.String(length=80), nullable=True))
    op.execute(
        f"UPDATE {name} SET questionnaire_key = "  # noqa: S608  # the two names above
        f"(SELECT questionnaire_key FROM dossier WHERE dossier.id = {name}.dossier_id)"
    )
    with op.batch_alter_table(name) as table:
        table.alter_column("questionnaire_key", existing_type=sa.String(length=80), nullable=False)
        table.create_foreign_key(
            op.f(f"fk_{name}_questionnaire_key"),
            "published_questionnaire",
            ["questionnaire_key"],
            ["key"],
            ondelete="RESTRICT",
        )


def _migrations() -> None:
    op.create_table(
        "dossier_migration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("source_key", sa.String(length=80), nullable=False),
        sa.Column("target_key", sa.String(length=80), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("before_sha256", sa.String(length=64), nullable=False),
        sa.Column("moved_by_id", sa.Uuid(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)",
            name=op.f("ck_dossier_migration_undone_by_somebody"),
        ),
        sa.CheckConstraint("source_key <> target_key", name=op.f("ck_dossier_migration_to_another_version")),
        _reference("dossier_migration", "dossier_id", "dossier.id"),
        _reference("dossier_migration", "source_key", "published_questionnaire.key"),
        _reference("dossier_migration", "target_key", "published_questionnaire.key"),
        _reference("dossier_migration", "moved_by_id", "user_account.id"),
        _reference("dossier_migration", "undone_by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_migration")),
    )
    op.create_index("ix_dossier_migration_dossier", "dossier_migration", ["dossier_id", "id"])


def _carried() -> None:
    op.create_table(
        "carried_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_key", sa.String(length=80), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column(
            "state",
            _choice("carriedstate", "pending", "confirmed", "fitted", "unplaced", "not_used"),
            nullable=False,
        ),
        sa.Column("origin", _choice("origin", "migration", "dossier", "file"), nullable=False),
        sa.Column("origin_label", sa.Text(), nullable=False),
        sa.Column("origin_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_question", sa.Text(), nullable=False),
        sa.Column("source_slot", sa.String(length=170), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("migration_id", sa.Uuid(), nullable=True),
        sa.Column("carried_by_id", sa.Uuid(), nullable=False),
        sa.Column("carried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'unplaced') = (question_id = '')",
            name=op.f("ck_carried_answer_unplaced_has_no_question"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)",
            name=op.f("ck_carried_answer_confirmed_by_somebody"),
        ),
        _reference("carried_answer", "dossier_id", "dossier.id"),
        _reference("carried_answer", "questionnaire_key", "published_questionnaire.key"),
        _reference("carried_answer", "migration_id", "dossier_migration.id"),
        _reference("carried_answer", "carried_by_id", "user_account.id"),
        _reference("carried_answer", "confirmed_by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carried_answer")),
    )
    op.create_index(
        "ix_carried_answer_dossier", "carried_answer", ["dossier_id", "questionnaire_key", "state", "id"]
    )
    op.create_index(op.f("ix_carried_answer_migration_id"), "carried_answer", ["migration_id"])


def _run(statements: tuple[str, ...]) -> None:
    for statement in statements:
        op.execute(statement)


def _name(sqlite: str, postgresql: str, dialect: str) -> str:
    return f"no_{sqlite}" if dialect == "sqlite" else postgresql


def _append_only_names(dialect: str) -> list[str]:
    return ["no_update", "no_delete"] if dialect == "sqlite" else ["append_only"]


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
