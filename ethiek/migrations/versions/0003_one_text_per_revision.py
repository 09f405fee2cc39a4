"""Let the database itself refuse a second text under a revision that was saved already."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "uq_answer_revision_saved",
        "answer_revision",
        ["dossier_id", "question_id", "item", "revision"],
        unique=True,
    )


def downgrade() -> None:
    op.drop_index("uq_answer_revision_saved", "answer_revision")
