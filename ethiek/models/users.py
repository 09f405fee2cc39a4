"""People, committees and organisation units."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ethiek.domain.actors import Role
from ethiek.domain.signing import PersonalSigning
from ethiek.models.base import Base
from ethiek.models.ids import uuid7


class User(Base):
    """A person with an account. Accounts are disabled, never deleted: records keep pointing at them."""

    __tablename__ = "user_account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Lower case; the name to log in with."""
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str] = mapped_column(String(5), default="nl")
    created_at: Mapped[datetime]

    role_grants: Mapped[list[RoleGrant]] = relationship(back_populates="user", lazy="raise_on_sql")


class Committee(Base):
    """An ethics committee (NL: ethische commissie)."""

    __tablename__ = "committee"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    quorum: Mapped[int]
    """How many members must have recorded a verdict before the chair adopts an advice."""
    personal_signing: Mapped[PersonalSigning] = mapped_column(
        default=PersonalSigning.NOBODY, server_default=PersonalSigning.NOBODY.value
    )
    """Whether chair and secretary also sign with certificates of their own."""


class Unit(Base):
    """A part of the organisation that projects belong to (NL: organisatieonderdeel, opgave)."""

    __tablename__ = "unit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    active: Mapped[bool] = mapped_column(default=True)


class RoleGrant(Base):
    """A role of a person: in the organisation, or (with a committee) in that committee."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "committee_id"),
        Index(
            "uq_role_grant_organisation",
            "user_id",
            "role",
            unique=True,
            sqlite_where=text("committee_id IS NULL"),
            postgresql_where=text("committee_id IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    role: Mapped[Role]
    committee_id: Mapped[UUID | None] = mapped_column(ForeignKey("committee.id", ondelete="RESTRICT"))

    user: Mapped[User] = relationship(back_populates="role_grants", lazy="raise_on_sql")
