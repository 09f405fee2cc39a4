"""Let the list of a member be read from an index in its own order, however many dossiers are assigned."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_assignment_user", "assignment")
    op.create_index("ix_assignment_user_assigned", "assignment", ["user_id", "assigned_at", "dossier_id"])


def downgrade() -> None:
    op.drop_index("ix_assignment_user_assigned", "assignment")
    op.create_index("ix_assignment_user", "assignment", ["user_id", "dossier_id"])
