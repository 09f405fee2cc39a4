"""What a team records of its gatherings: every version of every one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ethiek.models.base import Base, CanonicalJson
from ethiek.models.ids import uuid7
from ethiek.models.users import User


class GatheringRevision(Base):
    """One version of what was recorded of a gathering (NL: bijeenkomst). Triggers refuse update and delete.

    The version with the highest number counts; when it has no ``content``, the gathering was taken away. ``token`` is
    made by the page, so that the same form sent twice is one version.
    """

    __tablename__ = "gathering_revision"
    __table_args__ = (
        UniqueConstraint("gathering_id", "number"),
        UniqueConstraint("dossier_id", "author_id", "token"),
        Index("ix_gathering_revision_dossier", "dossier_id", "gathering_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id", ondelete="RESTRICT"))
    gathering_id: Mapped[UUID]
    number: Mapped[int]
    content: Mapped[Any | None] = mapped_column(CanonicalJson)
    """For its shape see :class:`ethiek.domain.gatherings.Gathering`."""
    token: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    at: Mapped[datetime]

    author: Mapped[User] = relationship(lazy="raise_on_sql")
