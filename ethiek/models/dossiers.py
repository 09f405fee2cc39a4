"""A project on its way from first answer to archive: dossier, team, answers, snapshots."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ethiek.domain.answers import Outcome
from ethiek.domain.projects import Phase, ProjectKind
from ethiek.domain.workflow import Status
from ethiek.models.base import Base
from ethiek.models.ids import uuid7
from ethiek.models.users import Committee, Unit, User


class DossierNumber(Base):
    """The last number given out per year, so that references have no gaps and no doubles."""

    __tablename__ = "dossier_number"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Dossier(Base):
    """A project on its way from first answer to archive (NL: dossier)."""

    __tablename__ = "dossier"
    __table_args__ = (
        CheckConstraint(
            "status = 'draft' OR status = 'withdrawn' OR submitted_at IS NOT NULL", name="submitted_has_date"
        ),
        CheckConstraint("(submitted_at IS NULL) = (round = 0)", name="submitted_has_round"),
        Index("ix_dossier_committee_submitted", "committee_id", "submitted_at", "id"),
        Index("ix_dossier_committee_status", "committee_id", "status", "submitted_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    """For people, for example ``ETH-2026-0007``."""
    title: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(500))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    kind: Mapped[ProjectKind]
    phase: Mapped[Phase]
    questionnaire_key: Mapped[str] = mapped_column(
        ForeignKey("published_questionnaire.key", ondelete="RESTRICT")
    )
    """Pinned version: a dossier keeps its own questions, and changes version only while the team has it."""
    committee_id: Mapped[UUID] = mapped_column(ForeignKey("committee.id", ondelete="RESTRICT"))
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    round: Mapped[int] = mapped_column(default=0)
    """How many times it was handed in."""
    submitted_at: Mapped[datetime | None]
    """When it was last handed in."""
    due_on: Mapped[date | None]
    """When the committee means to have an advice."""
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column()

    unit: Mapped[Unit] = relationship(lazy="raise_on_sql")
    committee: Mapped[Committee] = relationship(lazy="raise_on_sql")
    team: Mapped[list[TeamMember]] = relationship(back_populates="dossier", lazy="raise_on_sql")
    snapshots: Mapped[list[Snapshot]] = relationship(
        back_populates="dossier",
        lazy="raise_on_sql",
        order_by="Snapshot.round",
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy reads a plain dict


class TeamMember(Base):
    """A person's place in the project team. Leaving sets ``left_at``; the row stays, to tell who wrote along."""

    __tablename__ = "team_member"
    __table_args__ = (Index("ix_team_member_user", "user_id", "dossier_id"),)

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("user_account.id", ondelete="RESTRICT"), primary_key=True
    )
    function: Mapped[str] = mapped_column(String(80))
    """Role id of the question set (for example ``jurist``), or free text."""
    leads: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    dossier: Mapped[Dossier] = relationship(back_populates="team", lazy="raise_on_sql")
    user: Mapped[User] = relationship(lazy="raise_on_sql")


class StoredAnswer(Base):
    """The present answer at one slot of a dossier, per version of the question set that it was ever asked in.

    Those of the version that the dossier pins now count; the others stay as they were. For ``content`` see
    :class:`ethiek.domain.answers.Answer`.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("dossier_id", "questionnaire_key", "question_id", "item"),
        CheckConstraint("revision > 0", name="revision_positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"))
    questionnaire_key: Mapped[str] = mapped_column(
        ForeignKey("published_questionnaire.key", ondelete="RESTRICT")
    )
    question_id: Mapped[str] = mapped_column(String(80))
    item: Mapped[str] = mapped_column(String(80), default="")
    content: Mapped[str]
    """Canonical JSON."""
    revision: Mapped[int]
    updated_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    updated_at: Mapped[datetime]

    updated_by: Mapped[User] = relationship(lazy="raise_on_sql")


class AnswerRevision(Base):
    """Every text that anybody ever sent for a slot. Append-only."""

    __tablename__ = "answer_revision"
    __table_args__ = (
        UniqueConstraint("dossier_id", "author_id", "token"),
        Index(
            "ix_answer_revision_slot",
            "dossier_id",
            "questionnaire_key",
            "question_id",
            "item",
            "id",
        ),
        Index(
            "uq_answer_revision_saved",
            "dossier_id",
            "questionnaire_key",
            "question_id",
            "item",
            "revision",
            unique=True,
        ),
        CheckConstraint("(outcome = 'saved') = (revision IS NOT NULL)", name="saved_has_revision"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"))
    questionnaire_key: Mapped[str] = mapped_column(
        ForeignKey("published_questionnaire.key", ondelete="RESTRICT")
    )
    question_id: Mapped[str] = mapped_column(String(80))
    item: Mapped[str] = mapped_column(String(80), default="")
    token: Mapped[str] = mapped_column(String(64))
    """Made by the sender per content, so that the same save sent twice is one save."""
    based_on: Mapped[int]
    """The revision that was on the author's screen; 0 is none."""
    revision: Mapped[int | None]
    outcome: Mapped[Outcome]
    content: Mapped[str]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    at: Mapped[datetime]

    author: Mapped[User] = relationship(lazy="raise_on_sql")


class Snapshot(Base):
    """What was handed in, for ever as it was (NL: momentopname). Triggers refuse every update and delete."""

    __tablename__ = "snapshot"
    __table_args__ = (
        UniqueConstraint("dossier_id", "round"),
        CheckConstraint("round > 0", name="round_positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"))
    round: Mapped[int]
    content: Mapped[str]
    """Canonical JSON (RFC 8785), format ``ethiek-snapshot/2`` (``/1`` in older rounds)."""
    sha256: Mapped[str] = mapped_column(String(64))
    submitted_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    submitted_at: Mapped[datetime]

    dossier: Mapped[Dossier] = relationship(back_populates="snapshots", lazy="raise_on_sql")
