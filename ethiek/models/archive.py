"""What left the house: signed reports, for ever as they were signed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ethiek.domain.advice import Verdict
from ethiek.domain.decisions import Outcome
from ethiek.domain.report_status import StatusChange
from ethiek.models.base import Base
from ethiek.models.ids import uuid7
from ethiek.models.users import User


class ArchiveRecord(Base):
    """A signed report (NL: archiefstuk), with what an auditor searches on. Triggers refuse update and delete.

    An advice has one report without a decision, and one edition for each decision on it.
    """

    __tablename__ = "archive_record"
    __table_args__ = (
        Index("ix_archive_record_signed", "signed_at", "id"),
        Index("ix_archive_record_year", "year", "signed_at", "id"),
        Index("ix_archive_record_unit", "unit", "signed_at", "id"),
        Index("ix_archive_record_advice_sha256", "advice_sha256"),
        Index(
            "uq_archive_record_advice",
            "advice_id",
            unique=True,
            sqlite_where=text("decision_id IS NULL"),
            postgresql_where=text("decision_id IS NULL"),
        ),
        Index("uq_archive_record_decision", "decision_id", unique=True),
        CheckConstraint("(decision_id IS NULL) = (outcome IS NULL)", name="outcome_of_its_decision"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"), index=True)
    advice_id: Mapped[UUID] = mapped_column(ForeignKey("advice.id", ondelete="RESTRICT"))
    reference: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(200))
    questionnaire_key: Mapped[str] = mapped_column(
        ForeignKey("published_questionnaire.key", ondelete="RESTRICT")
    )
    verdict: Mapped[Verdict]
    year: Mapped[int]
    """Year of signing, in the Netherlands."""
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the signed file; the file's name in the archive folder."""
    size: Mapped[int]
    """Bytes."""
    snapshot_sha256: Mapped[str] = mapped_column(String(64))
    advice_sha256: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    test_seal: Mapped[bool]
    """Signed with the test certificate of this installation: no legal value."""
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id", ondelete="RESTRICT"))
    """The decision of the official that stands in it; None in a report that was made before there was one."""
    outcome: Mapped[Outcome | None]
    """Of that decision."""

    renewals: Mapped[list[ArchiveRenewal]] = relationship(
        back_populates="record", lazy="raise_on_sql", order_by="ArchiveRenewal.id"
    )

    @property
    def newest_sha256(self) -> str:
        """Of the file with the most time stamps; ``renewals`` must be loaded."""
        return self.renewals[-1].sha256 if self.renewals else self.sha256


class ReportStatusEvent(Base):
    """A chair withdrew an issued report, or took that back. Triggers refuse update and delete.

    ``number`` counts from 1 per report: two who act at the same moment cannot both be right.
    """

    __tablename__ = "report_status_event"
    __table_args__ = (
        UniqueConstraint("record_id", "number"),
        CheckConstraint("(number % 2 = 1) = (kind = 'withdrawn')", name="turn_by_turn"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("archive_record.id", ondelete="RESTRICT"))
    number: Mapped[int]
    kind: Mapped[StatusChange]
    reason: Mapped[str]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    at: Mapped[datetime]

    by: Mapped[User] = relationship(lazy="raise_on_sql")


class ArchiveRenewal(Base):
    """A later file of a signed report, with one time stamp more. Triggers refuse update and delete."""

    __tablename__ = "archive_renewal"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("archive_record.id", ondelete="RESTRICT"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the renewed file; the file's name in the archive folder."""
    size: Mapped[int]
    """Bytes."""
    at: Mapped[datetime]

    record: Mapped[ArchiveRecord] = relationship(back_populates="renewals", lazy="raise_on_sql")
