"""Who is signed in where, and how often somebody tried."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ethiek.models.base import Base


class WebSession(Base):
    """One browser. The cookie holds the id; the database only its SHA-256, with which nobody can sign in."""

    __tablename__ = "web_session"
    __table_args__ = (
        CheckConstraint("length(id_sha256) = 64", name="id_is_sha256"),
        CheckConstraint("last_seen_at >= created_at", name="seen_after_creation"),
    )

    id_sha256: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID | None] = mapped_column(index=True)
    data: Mapped[str]
    """JSON text of the web layer; never a password, a code or an answer."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    """The absolute end, which no activity moves."""
    agent: Mapped[str] = mapped_column(default="")
    """What the browser calls itself, for its owner to recognise it by."""


class LoginAttempt(Base):
    """How often one account, address or everybody tried within one window of time."""

    __tablename__ = "login_attempt"
    __table_args__ = (CheckConstraint("attempts >= 0", name="attempts_not_negative"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    """``<limit>:<SHA-256 of account or address>``: what people type in the wrong field stays unread."""
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    attempts: Mapped[int]
