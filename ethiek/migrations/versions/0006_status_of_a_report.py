"""A chair can withdraw an issued report and take that back; a report is found by the code that is printed in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ethiek.models.triggers import append_only

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_status_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "withdrawn",
                "restored",
                name="statuschange",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(number % 2 = 1) = (kind = 'withdrawn')", name=op.f("ck_report_status_event_turn_by_turn")
        ),
        _reference("record_id", "archive_record.id"),
        _reference("by_id", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_status_event")),
        sa.UniqueConstraint("record_id", "number", name=op.f("uq_report_status_event_record_id_number")),
    )
    for statement in append_only("report_status_event", op.get_bind().dialect.name):
        op.execute(statement)
    op.create_index("ix_archive_record_advice_sha256", "archive_record", ["advice_sha256"])


def downgrade() -> None:
    """What a chair said about a report would be lost, and a withdrawn one would count again."""
    raise NotImplementedError("the status of reports is not taken away")


def _reference(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [target], name=op.f(f"fk_report_status_event_{column}"), ondelete="RESTRICT"
    )
