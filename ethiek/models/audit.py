"""The audit trail: append-only, every row chained to the one before it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from ethiek.models.base import Base


class AuditEvent(Base):
    """One event (NL: gebeurtenis). Order is ``seq``, never the clock.

    ``body`` is the canonical JSON of action, object, result, origin, actor, time and details, and ``hash`` is
    SHA-256 over ``prev_hash`` and ``body``; the other columns repeat parts of the body for searching.
    Holds ids, never names or texts. Columns after BIO2 8.15.01.
    """

    __tablename__ = "audit_event"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(40))
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(80), index=True)
    result: Mapped[str] = mapped_column(String(20))
    body: Mapped[str]
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
