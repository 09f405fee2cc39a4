"""Public copies of signed reports: what is to be left out of them, and the copies that were adopted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ethiek.models.archive import ArchiveRecord
from ethiek.models.base import Base
from ethiek.models.ids import uuid7
from ethiek.models.users import User


class PublicRedaction(Base):
    """Something to be left out of the next public copy (NL: lakken); can be taken back."""

    __tablename__ = "public_redaction"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("archive_record.id", ondelete="RESTRICT"), index=True)
    ground: Mapped[str] = mapped_column(String(10))
    document: Mapped[str] = mapped_column(String(20))
    """Empty: everywhere."""
    pointer: Mapped[str]
    passage: Mapped[str]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    at: Mapped[datetime]

    by: Mapped[User] = relationship(lazy="raise_on_sql")


class PublicProposal(Base):
    """A secretary laid exactly these redactions before the chair. Triggers refuse update and delete."""

    __tablename__ = "public_proposal"
    __table_args__ = (UniqueConstraint("record_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("archive_record.id", ondelete="RESTRICT"))
    number: Mapped[int]
    redactions_sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    at: Mapped[datetime]

    by: Mapped[User] = relationship(lazy="raise_on_sql")


class PublicCopy(Base):
    """An adopted public copy (NL: openbare versie), for ever as it was. Triggers refuse update and delete."""

    __tablename__ = "public_copy"
    __table_args__ = (
        UniqueConstraint("record_id", "version"),
        CheckConstraint("proposed_by_id <> adopted_by_id", name="adopted_by_another"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("archive_record.id", ondelete="RESTRICT"))
    version: Mapped[int]
    redactions: Mapped[str]
    """Canonical JSON, format ``ethiek-redactions/1``; it holds what was left out, and stays inside."""
    redactions_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the file; its name in the archive folder."""
    size: Mapped[int]
    """Bytes."""
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    adopted_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    adopted_at: Mapped[datetime]

    record: Mapped[ArchiveRecord] = relationship(lazy="raise_on_sql")
    adopted_by: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[adopted_by_id])
