"""What the committee does with a dossier: assignments, remarks, members' verdicts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ethiek.domain.actors import Role
from ethiek.domain.advice import Verdict
from ethiek.domain.recusals import RecusalStep
from ethiek.models.base import Base
from ethiek.models.dossiers import Snapshot
from ethiek.models.ids import uuid7
from ethiek.models.users import User


class Assignment(Base):
    """A member who is asked to review a dossier. Ending sets ``ended_at``; the row stays."""

    __tablename__ = "assignment"
    __table_args__ = (Index("ix_assignment_user_assigned", "user_id", "assigned_at", "dossier_id"),)

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("user_account.id", ondelete="RESTRICT"), primary_key=True
    )
    assigned_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise_on_sql")


class Remark(Base):
    """A remark on one round, at a question or (empty ``question_id``) on the whole.

    Internal to the committee until the secretary releases it. Never changed or removed.
    """

    __tablename__ = "remark"
    __table_args__ = (
        Index("ix_remark_dossier", "dossier_id", "id"),
        CheckConstraint("(released_at IS NULL) = (released_by_id IS NULL)", name="released_by_somebody"),
        UniqueConstraint("dossier_id", "author_id", "token"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"))
    snapshot_id: Mapped[UUID] = mapped_column(ForeignKey("snapshot.id", ondelete="RESTRICT"))
    question_id: Mapped[str] = mapped_column(String(80), default="")
    item: Mapped[str] = mapped_column(String(80), default="")
    body: Mapped[str]
    token: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    written_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))

    author: Mapped[User] = relationship(foreign_keys=author_id, lazy="raise_on_sql")
    snapshot: Mapped[Snapshot] = relationship(lazy="raise_on_sql")
    replies: Mapped[list[Reply]] = relationship(
        back_populates="remark",
        lazy="raise_on_sql",
        order_by="Reply.id",
    )


class Reply(Base):
    """The team's answer to a released remark. Never changed or removed."""

    __tablename__ = "reply"
    __table_args__ = (
        Index("ix_reply_remark", "remark_id", "id"),
        UniqueConstraint("remark_id", "author_id", "token"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    remark_id: Mapped[UUID] = mapped_column(ForeignKey("remark.id", ondelete="RESTRICT"))
    body: Mapped[str]
    token: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    written_at: Mapped[datetime]

    remark: Mapped[Remark] = relationship(back_populates="replies", lazy="raise_on_sql")
    author: Mapped[User] = relationship(lazy="raise_on_sql")


class Review(Base):
    """A member's verdict on one round; may be revised until the advice is adopted, never removed."""

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("snapshot_id", "member_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"), index=True)
    snapshot_id: Mapped[UUID] = mapped_column(ForeignKey("snapshot.id", ondelete="RESTRICT"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    verdict: Mapped[Verdict]
    motivation: Mapped[str]
    recorded_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column()

    member: Mapped[User] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy reads a plain dict


class RecusalEvent(Base):
    """Somebody of the committee withdrew from a dossier, or that was undone. Triggers refuse update and delete.

    ``number`` counts from 1 per person and dossier: who has an odd last number takes no part.
    """

    __tablename__ = "recusal_event"
    __table_args__ = (
        UniqueConstraint("dossier_id", "user_id", "number"),
        CheckConstraint("(number % 2 = 1) = (step = 'recused')", name="turn_by_turn"),
        CheckConstraint("role IN ('member', 'chair', 'secretary')", name="role_in_committee"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    number: Mapped[int]
    step: Mapped[RecusalStep]
    role: Mapped[Role] = mapped_column(
        Enum(Role, native_enum=False, values_callable=lambda roles: [one.value for one in roles], length=40)
    )
    """In which capacity; the CHECK allows the roles of a committee only."""
    reason: Mapped[str]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    at: Mapped[datetime]

    user: Mapped[User] = relationship(foreign_keys=user_id, lazy="raise_on_sql")
    by: Mapped[User] = relationship(foreign_keys=by_id, lazy="raise_on_sql")
