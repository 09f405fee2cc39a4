"""What left the house: signed reports, for ever as they were signed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ethiek.domain.advice import Verdict
from ethiek.models.base import Base
from ethiek.models.ids import uuid7


class ArchiveRecord(Base):
    """A signed report (NL: archiefstuk), with what an auditor searches on. Triggers refuse update and delete."""

    __tablename__ = "archive_record"
    __table_args__ = (
        Index("ix_archive_record_signed", "signed_at", "id"),
        Index("ix_archive_record_year", "year", "signed_at", "id"),
        Index("ix_archive_record_unit", "unit", "signed_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"), index=True)
    advice_id: Mapped[UUID] = mapped_column(ForeignKey("advice.id", ondelete="RESTRICT"), unique=True)
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
