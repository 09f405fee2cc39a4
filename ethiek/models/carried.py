"""Dossiers that moved to another version of their question set, and answers that came from elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ethiek.domain.carried import CarriedState, Origin
from ethiek.models.base import Base, CanonicalJson
from ethiek.models.ids import uuid7
from ethiek.models.users import User


class Migration(Base):
    """One move of an open dossier to another version. Undoing sets ``undone_at``; the row stays."""

    __tablename__ = "dossier_migration"
    __table_args__ = (
        Index("ix_dossier_migration_dossier", "dossier_id", "id"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_by_somebody"),
        CheckConstraint("source_key <> target_key", name="to_another_version"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"))
    source_key: Mapped[str] = mapped_column(ForeignKey("published_questionnaire.key", ondelete="RESTRICT"))
    target_key: Mapped[str] = mapped_column(ForeignKey("published_questionnaire.key", ondelete="RESTRICT"))
    round: Mapped[int]
    """How often the dossier had been handed in: the move can be undone until that changes."""
    places: Mapped[dict[str, list[str]]] = mapped_column(CanonicalJson)
    """Question id of the source -> question ids of the target where its answer and remarks went."""
    before_sha256: Mapped[str] = mapped_column(String(64))
    """Of the dossier's content before the move; undoing has to give it back."""
    moved_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    moved_at: Mapped[datetime]
    undone_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    undone_at: Mapped[datetime | None]

    moved_by: Mapped[User] = relationship(foreign_keys=moved_by_id, lazy="raise_on_sql")


class CarriedAnswer(Base):
    """An answer that came from elsewhere into a dossier, for one version of its question set.

    With an empty ``question_id`` it found no place there.
    """

    __tablename__ = "carried_answer"
    __table_args__ = (
        Index("ix_carried_answer_dossier", "dossier_id", "questionnaire_key", "state", "id"),
        CheckConstraint("(state = 'unplaced') = (question_id = '')", name="unplaced_has_no_question"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_somebody"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"))
    questionnaire_key: Mapped[str] = mapped_column(
        ForeignKey("published_questionnaire.key", ondelete="RESTRICT")
    )
    """The version into which it was carried."""
    question_id: Mapped[str] = mapped_column(String(80), default="")
    item: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[CarriedState]
    origin: Mapped[Origin]
    origin_label: Mapped[str]
    """For people: ``IAMA 1.0``, ``ETH-2026-0003 (DEDA)``, a file name."""
    origin_at: Mapped[datetime]
    """When the answer was written there."""
    source_question: Mapped[str]
    """Number and text of the question that it answered."""
    source_slot: Mapped[str] = mapped_column(String(170))
    content: Mapped[Any] = mapped_column(CanonicalJson)
    """The answer as it was there: the canonical form of ``domain.answers.Answer``, or plain text in ``text``."""
    migration_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("dossier_migration.id", ondelete="RESTRICT"), index=True
    )
    carried_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    carried_at: Mapped[datetime]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    confirmed_at: Mapped[datetime | None]
