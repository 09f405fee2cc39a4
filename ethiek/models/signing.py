"""A sealed report that waits for the signatures of persons, and those signatures."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ethiek.domain.actors import Role
from ethiek.models.base import Base, CanonicalJson
from ethiek.models.ids import uuid7
from ethiek.models.users import User

_ROLE: Final = Enum(
    Role,
    native_enum=False,
    create_constraint=False,  # each table has a narrower one
    validate_strings=True,
    values_callable=lambda roles: [role.value for role in roles],
    length=40,
)


class PendingReport(Base):
    """A report with its seal and without its last signature (NL: wacht op handtekeningen). It is not final.

    ``content`` is the file so far; each signature replaces it. Once the report is issued, or begun anew, the file is
    not here any more: ``ended_at``.
    """

    __tablename__ = "pending_report"
    __table_args__ = (
        Index(
            "uq_pending_report_present",
            "advice_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("(content IS NULL) = (ended_at IS NOT NULL)", name="file_until_the_end"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    advice_id: Mapped[UUID] = mapped_column(ForeignKey("advice.id", ondelete="RESTRICT"))
    roles: Mapped[list[str]] = mapped_column(CanonicalJson())
    """Who must sign, in order."""
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file so far."""
    size: Mapped[int]
    """Bytes of the file so far."""
    sealed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """From then on the page says that it is late; nothing else happens by itself."""
    ended_at: Mapped[datetime | None]

    signatures: Mapped[list[PersonalSignature]] = relationship(
        back_populates="pending", lazy="raise_on_sql", order_by="PersonalSignature.id"
    )


class PersonalSignature(Base):
    """Chair or secretary signed with a certificate of their own. Triggers refuse update and delete."""

    __tablename__ = "personal_signature"
    __table_args__ = (
        UniqueConstraint("pending_id", "role"),
        CheckConstraint("role IN ('chair', 'secretary')", name="role_signs"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    pending_id: Mapped[UUID] = mapped_column(ForeignKey("pending_report.id", ondelete="RESTRICT"))
    role: Mapped[Role] = mapped_column(_ROLE)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    at: Mapped[datetime]
    name: Mapped[str]
    """As the certificate says."""
    certificate_sha256: Mapped[str] = mapped_column(String(64))
    serial: Mapped[str] = mapped_column(String(60))
    """Number of the certificate, in decimals."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file with this signature."""

    pending: Mapped[PendingReport] = relationship(back_populates="signatures", lazy="raise_on_sql")
    user: Mapped[User] = relationship(lazy="raise_on_sql")


class SignatureWaiver(Base):
    """The secretary went on without a personal signature that was promised. Triggers refuse update and delete."""

    __tablename__ = "signature_waiver"
    __table_args__ = (CheckConstraint("role IN ('chair', 'secretary')", name="role_signs"),)

    advice_id: Mapped[UUID] = mapped_column(ForeignKey("advice.id", ondelete="RESTRICT"), primary_key=True)
    role: Mapped[Role] = mapped_column(_ROLE, primary_key=True)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    at: Mapped[datetime]
