"""The committee's advice and the approvals of chair and secretary."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ethiek.domain.actors import Role
from ethiek.domain.advice import Verdict
from ethiek.models.base import Base
from ethiek.models.ids import uuid7
from ethiek.models.users import User


class Advice(Base):
    """An adopted advice on one snapshot (NL: vastgesteld advies).

    ``content`` is the canonical JSON (format ``ethiek-advice/1``) that chair and secretary approve, ``sha256``
    its hash. It never changes; taking it back sets ``revoked_at``, and a new advice is a new row.
    """

    __tablename__ = "advice"
    __table_args__ = (
        Index(
            "uq_advice_present",
            "dossier_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        UniqueConstraint("dossier_id", "version"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"))
    snapshot_id: Mapped[UUID] = mapped_column(ForeignKey("snapshot.id", ondelete="RESTRICT"))
    version: Mapped[int]
    verdict: Mapped[Verdict]
    motivation: Mapped[str]
    content: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    adopted_by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    adopted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    adopted_by: Mapped[User] = relationship(lazy="raise_on_sql")
    conditions: Mapped[list[AdviceCondition]] = relationship(
        back_populates="advice",
        lazy="raise_on_sql",
        order_by="AdviceCondition.position",
    )
    approvals: Mapped[list[Approval]] = relationship(
        back_populates="advice",
        lazy="raise_on_sql",
        order_by="Approval.id",
    )


class AdviceCondition(Base):
    """One condition of an advice (NL: voorwaarde)."""

    __tablename__ = "advice_condition"

    advice_id: Mapped[UUID] = mapped_column(ForeignKey("advice.id", ondelete="RESTRICT"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    owner: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]

    advice: Mapped[Advice] = relationship(back_populates="conditions", lazy="raise_on_sql")


class Approval(Base):
    """Chair or secretary approved exactly the content with this hash, after entering the password again."""

    __tablename__ = "approval"
    __table_args__ = (
        UniqueConstraint("advice_id", "role"),
        UniqueConstraint("advice_id", "user_id"),
        CheckConstraint("role IN ('chair', 'secretary')", name="role_approves"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    advice_id: Mapped[UUID] = mapped_column(ForeignKey("advice.id", ondelete="RESTRICT"))
    role: Mapped[Role]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    approved_at: Mapped[datetime]
    advice_sha256: Mapped[str] = mapped_column(String(64))
    signs: Mapped[bool] = mapped_column(default=False, server_default=false())
    """This person will sign the report too, with a certificate of their own."""

    advice: Mapped[Advice] = relationship(back_populates="approvals", lazy="raise_on_sql")
    user: Mapped[User] = relationship(lazy="raise_on_sql")
