"""Files that a team added to its dossier, and which of them were handed in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ethiek.domain.attachments import FileKind, Scan
from ethiek.models.base import Base
from ethiek.models.ids import uuid7
from ethiek.models.users import User


class Attachment(Base):
    """A file at a question, or at the dossier as a whole (NL: bijlage).

    What it is never changes, and it is only added or taken away while the team has the dossier: triggers refuse the
    rest. Taking it away sets ``removed_at``; the row stays.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("dossier_id", "token"),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("(removed_at IS NULL) = (removed_by_id IS NULL)", name="removed_by_somebody"),
        CheckConstraint("(scan = 'infected') = (virus <> '')", name="infected_by_something"),
        Index("ix_attachment_dossier", "dossier_id", "removed_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"))
    questionnaire_key: Mapped[str] = mapped_column(
        ForeignKey("published_questionnaire.key", ondelete="RESTRICT")
    )
    """The version in which the question stood when it was added."""
    question_id: Mapped[str] = mapped_column(String(80))
    """Empty for the dossier as a whole."""
    item: Mapped[str] = mapped_column(String(80), default="")
    name: Mapped[str] = mapped_column(String(120))
    """Made safe; see :func:`ethiek.domain.attachments.safe_name`."""
    description: Mapped[str] = mapped_column(String(300))
    kind: Mapped[FileKind]
    size: Mapped[int]
    """Bytes."""
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    """The file's name in the folder of attachments."""
    token: Mapped[str] = mapped_column(String(64))
    """Made by the page, so that the same form sent twice is one attachment."""
    added_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    added_at: Mapped[datetime]
    scan: Mapped[Scan] = mapped_column(default=Scan.WAITING)
    scanned_at: Mapped[datetime | None]
    """When the scanner last answered, or could not."""
    virus: Mapped[str] = mapped_column(String(200), default="")
    """What the scanner calls it."""
    removed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    removed_at: Mapped[datetime | None]

    added_by: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[added_by_id])


class SnapshotAttachment(Base):
    """An attachment that was handed in. Triggers refuse update and delete."""

    __tablename__ = "snapshot_attachment"

    snapshot_id: Mapped[UUID] = mapped_column(
        ForeignKey("snapshot.id", ondelete="RESTRICT"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Its place in the list of the snapshot, from 1."""
    attachment_id: Mapped[UUID] = mapped_column(ForeignKey("attachment.id", ondelete="RESTRICT"), index=True)

    attachment: Mapped[Attachment] = relationship(lazy="raise_on_sql")
