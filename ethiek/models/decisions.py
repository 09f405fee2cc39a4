"""To whom a signed advice was put for a decision, and what that official decided."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ethiek.domain.decisions import Follows, Outcome
from ethiek.models.base import Base
from ethiek.models.ids import uuid7
from ethiek.models.users import User


class DecisionRequest(Base):
    """A signed advice was put before an official (NL: voorgelegd). Put before another one, the first has ended."""

    __tablename__ = "decision_request"
    __table_args__ = (
        Index(
            "uq_decision_request_present",
            "dossier_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_decision_request_user", "user_id", "requested_at", "dossier_id"),
    )

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("user_account.id", ondelete="RESTRICT"), primary_key=True
    )
    requested_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    requested_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=user_id, lazy="raise_on_sql")


class Decision(Base):
    """What the accountable official decided after reading one signed report. Triggers refuse update and delete.

    ``content`` is the canonical JSON (format ``ethiek-decision/1``), ``sha256`` its hash. A revised decision is a
    new row, which names the one that it replaces.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("advice_id", "number"),
        UniqueConstraint("replaces_id"),
        UniqueConstraint("by_id", "token"),
        CheckConstraint("number > 0 AND (number = 1) = (replaces_id IS NULL)", name="revises_the_last"),
        Index("ix_decision_dossier", "dossier_id", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"))
    advice_id: Mapped[UUID] = mapped_column(ForeignKey("advice.id", ondelete="RESTRICT"))
    report_sha256: Mapped[str] = mapped_column(String(64))
    """Of the signed file that was read."""
    number: Mapped[int]
    follows: Mapped[Follows]
    outcome: Mapped[Outcome]
    content: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    token: Mapped[str] = mapped_column(String(64))
    """The same form sent twice has the same one."""
    by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    at: Mapped[datetime]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id", ondelete="RESTRICT"))

    by: Mapped[User] = relationship(lazy="raise_on_sql")
