"""Question sets: published ones, for ever as they were published, and those being written."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, text
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ethiek.domain.drafts import DraftStatus, Weight
from ethiek.models.base import Base, CanonicalJson
from ethiek.models.ids import uuid7
from ethiek.models.users import User


class PublishedQuestionnaire(Base):
    """One published version. Triggers refuse every update and delete."""

    __tablename__ = "published_questionnaire"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    """For example ``iama/2.0``."""
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5))
    content: Mapped[str]
    """Canonical JSON (RFC 8785) of the whole set; the text that ``sha256`` is the hash of."""
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]


class QuestionnaireOffer(Base):
    """From when a published version is offered for new dossiers, and whether that was ended (NL: ingetrokken)."""

    __tablename__ = "questionnaire_offer"
    __table_args__ = (
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_by_somebody"),
    )

    key: Mapped[str] = mapped_column(
        ForeignKey("published_questionnaire.key", ondelete="RESTRICT"), primary_key=True
    )
    offered_from: Mapped[date]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    reason: Mapped[str] = mapped_column(default="")
    """Why it was withdrawn from new use."""
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    @hybrid_method
    def holds_on(self, day: date) -> bool:
        """Whether the version can be chosen on that day; in a query, a condition."""
        return self.withdrawn_at is None and self.offered_from <= day

    @holds_on.expression
    @classmethod
    def _holds_on(cls, day: date) -> ColumnElement[bool]:
        return and_(cls.withdrawn_at.is_(None), cls.offered_from <= day)


class QuestionnaireDraft(Base):
    """A version that is being written, by hand or from a file (NL: concept)."""

    __tablename__ = "questionnaire_draft"
    __table_args__ = (
        Index(
            "uq_questionnaire_draft_open_key",
            "key",
            unique=True,
            sqlite_where=text("status IN ('writing', 'proposed')"),
            postgresql_where=text("status IN ('writing', 'proposed')"),
        ),
        Index("ix_questionnaire_draft_status", "status", "id"),
        CheckConstraint(
            "(status IN ('proposed', 'published')) = (proposed_by_id IS NOT NULL AND proposed_at IS NOT NULL)",
            name="proposed_by_somebody",
        ),
        CheckConstraint(
            "(status = 'published') = (approved_by_id IS NOT NULL AND approved_at IS NOT NULL)",
            name="approved_by_somebody",
        ),
        CheckConstraint("approved_by_id <> proposed_by_id", name="approved_by_another"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    key: Mapped[str] = mapped_column(String(80))
    """What it will be published as."""
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[str]
    """As ``PublishedQuestionnaire.content``; well formed, but it may still break the rules of ``checks``."""
    based_on: Mapped[str | None] = mapped_column(
        ForeignKey("published_questionnaire.key", ondelete="RESTRICT")
    )
    origin: Mapped[dict[str, Any]] = mapped_column(CanonicalJson, default=dict)
    """Of a draft that came from a file: ``file`` (name), ``format``, ``sha256``, ``losses`` (list of
    ``what``, ``at``, ``line``, ``value``; see ``questionnaires.exchange.imported.Loss``)."""
    status: Mapped[DraftStatus] = mapped_column(default=DraftStatus.WRITING)
    created_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime]
    updated_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    updated_at: Mapped[datetime]
    proposed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    proposed_at: Mapped[datetime | None]
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    approved_at: Mapped[datetime | None]
    offered_from: Mapped[date | None]
    """The date from which it is to be offered, once published."""
    revision: Mapped[int] = mapped_column()

    created_by: Mapped[User] = relationship(foreign_keys=created_by_id, lazy="raise_on_sql")
    updated_by: Mapped[User] = relationship(foreign_keys=updated_by_id, lazy="raise_on_sql")
    proposed_by: Mapped[User | None] = relationship(foreign_keys=proposed_by_id, lazy="raise_on_sql")
    approved_by: Mapped[User | None] = relationship(foreign_keys=approved_by_id, lazy="raise_on_sql")
    reasons: Mapped[list[DraftReason]] = relationship(back_populates="draft", lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy reads a plain dict


class DraftReason(Base):
    """Why one question of a draft differs from the version it is based on, and how heavily that weighs."""

    __tablename__ = "draft_reason"

    draft_id: Mapped[UUID] = mapped_column(
        ForeignKey("questionnaire_draft.id", ondelete="RESTRICT"), primary_key=True
    )
    question_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    weight: Mapped[Weight]
    reason: Mapped[str]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    at: Mapped[datetime]

    draft: Mapped[QuestionnaireDraft] = relationship(back_populates="reasons", lazy="raise_on_sql")
