"""Question sets that are written in the application, and from when and until when a version is offered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ethiek.models.triggers import never_removed

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEFORE = ("submitter", "team", "member", "chair", "secretary", "auditor", "administrator", "system")
AFTER = (*BEFORE[:6], "content_owner", *BEFORE[6:])
NEVER_REMOVED = ("questionnaire_offer", "questionnaire_draft")


def upgrade() -> None:
    _roles(AFTER)
    op.create_table(
        "questionnaire_offer",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("offered_from", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)",
            name=op.f("ck_questionnaire_offer_withdrawn_by_somebody"),
        ),
        _reference("questionnaire_offer", "key", "published_questionnaire.key"),
        _reference("questionnaire_offer", "withdrawn_by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_questionnaire_offer")),
    )
    op.execute(
        "INSERT INTO questionnaire_offer (key, offered_from, reason, revision) "
        "SELECT key, date(published_at), '', 1 FROM published_questionnaire"
    )
    op.create_table(
        "questionnaire_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("based_on", sa.String(length=80), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column(
            "status", _choice("draftstatus", "writing", "proposed", "published", "discarded"), nullable=False
        ),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_from", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('proposed', 'published')) = (proposed_by_id IS NOT NULL AND proposed_at IS NOT NULL)",
            name=op.f("ck_questionnaire_draft_proposed_by_somebody"),
        ),
        sa.CheckConstraint(
            "(status = 'published') = (approved_by_id IS NOT NULL AND approved_at IS NOT NULL)",
            name=op.f("ck_questionnaire_draft_approved_by_somebody"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> proposed_by_id", name=op.f("ck_questionnaire_draft_approved_by_another")
        ),
        _reference("questionnaire_draft", "based_on", "published_questionnaire.key"),
        *(
            _reference("questionnaire_draft", f"{who}_by_id", "user_account.id")
            for who in ("created", "updated", "proposed", "approved")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_draft")),
    )
    op.create_index(
        "uq_questionnaire_draft_open_key",
        "questionnaire_draft",
        ["key"],
        unique=True,
        sqlite_where=sa.text("status IN ('writing', 'proposed')"),
        postgresql_where=sa.text("status IN ('writing', 'proposed')"),
    )
    op.create_index("ix_questionnaire_draft_status", "questionnaire_draft", ["status", "id"])
    op.create_table(
        "draft_reason",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(length=80), nullable=False),
        sa.Column("weight", _choice("weight", "editorial", "substantive", "breaking"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _reference("draft_reason", "draft_id", "questionnaire_draft.id"),
        _reference("draft_reason", "by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("draft_id", "question_id", name=op.f("pk_draft_reason")),
    )
    dialect = op.get_bind().dialect.name
    for table in NEVER_REMOVED:
        for statement in never_removed(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    """Drafts and offers are part of the record: there is no way back that loses nothing."""
    raise NotImplementedError("drafts and offers are not taken away: they hold the record")


def _roles(names: tuple[str, ...]) -> None:
    with op.batch_alter_table("role_grant") as table:
        table.drop_constraint(op.f("ck_role_grant_role"), type_="check")
        table.create_check_constraint(
            op.f("ck_role_grant_role"), f"role IN ({', '.join(repr(name) for name in names)})"
        )


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT")
