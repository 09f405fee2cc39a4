"""Who is signed in where: rows in our database, so that ending a session ends it.

A session ends after 30 minutes without action, 12 hours after signing in, or when somebody ends it. The id in
the cookie is 256 random bits; only its SHA-256 is kept.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from ethiek.models.sessions import WebSession

IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=12)
TOUCH: Final = timedelta(seconds=60)
"""How old ``seen_at`` may be before it is written again."""
_LONGEST_AGENT: Final = 200


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session that is valid now. ``data``: JSON text of the web layer."""

    id_sha256: str
    user_id: UUID | None
    data: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str

    @classmethod
    def of(cls, row: Any) -> StoredSession:
        """Read a row with the columns of the table."""
        return cls(
            id_sha256=row.id_sha256,
            user_id=row.user_id,
            data=row.data,
            created_at=row.created_at,
            seen_at=row.last_seen_at,
            expires_at=row.expires_at,
            agent=row.agent,
        )


def create(session: Session, user_id: UUID | None, data: str, at: datetime, agent: str = "") -> str:
    """Start a session and return the id for the cookie; it is not kept anywhere else."""
    return _store(session, user_id, data, at, expires_at=at + ABSOLUTE, agent=agent)


def save(session: Session, id_sha256: str, user_id: UUID | None, data: str, at: datetime) -> bool:
    """Write what changed. False if the session was ended meanwhile: it stays ended."""
    return _changed(session, id_sha256, user_id=user_id, data=data, last_seen_at=at)


def touch(session: Session, id_sha256: str, at: datetime) -> bool:
    """Note that somebody is still there. False if the session was ended meanwhile."""
    return _changed(session, id_sha256, last_seen_at=at)


def rotate(session: Session, id_sha256: str, user_id: UUID | None, data: str, at: datetime) -> str | None:
    """Give a session a new id, so that one known from before is worth nothing (sign-in, step-up).

    For another user it is a new session with its own 12 hours; for the same one the end stays where it was.

    Returns:
        The new id for the cookie, or None if the session was ended meanwhile.
    """
    old = session.execute(
        delete(WebSession)
        .where(WebSession.id_sha256 == id_sha256)
        .returning(WebSession.user_id, WebSession.expires_at, WebSession.agent)
    ).one_or_none()
    if old is None:
        return None
    expires_at = old.expires_at if old.user_id == user_id else at + ABSOLUTE
    return _store(session, user_id, data, at, expires_at=expires_at, agent=old.agent)


def end(session: Session, id_sha256: str) -> None:
    """Sign out: the cookie is worth nothing from now on, also as a copy."""
    session.execute(delete(WebSession).where(WebSession.id_sha256 == id_sha256))


def end_all(session: Session, user_id: UUID, *, keep: str | None = None) -> int:
    """End all sessions of a user, but for the one with this SHA-256, and return how many there were.

    Call it in the transaction that changes a password, a factor, a role or an account.
    """
    others = delete(WebSession).where(WebSession.user_id == user_id)
    if keep is not None:
        others = others.where(WebSession.id_sha256 != keep)
    return len(session.scalars(others.returning(WebSession.id_sha256)).all())


def of_user(session: Session, user_id: UUID, at: datetime) -> list[StoredSession]:
    """The sessions a user has now, the one seen last first."""
    rows = select(WebSession).where(WebSession.user_id == user_id, *valid(at, at - IDLE))
    return [StoredSession.of(row) for row in session.scalars(rows.order_by(WebSession.last_seen_at.desc()))]


def forget_old(session: Session, at: datetime) -> None:
    """Remove sessions that nobody can use any more."""
    session.execute(delete(WebSession).where(WebSession.expires_at <= at))
    session.execute(delete(WebSession).where(WebSession.last_seen_at <= at - IDLE))


def hash_of(session_id: str) -> str:
    """What is kept of the id in a cookie."""
    return sha256(session_id.encode("utf-8", "replace")).hexdigest()


def valid(
    at: datetime | BindParameter[datetime], idle_since: datetime | BindParameter[datetime]
) -> tuple[ColumnElement[bool], ...]:
    """What the database asks of a session that counts at a moment, ``IDLE`` after ``idle_since``."""
    return (WebSession.expires_at > at, WebSession.last_seen_at > idle_since)


def _store(
    session: Session, user_id: UUID | None, data: str, at: datetime, *, expires_at: datetime, agent: str
) -> str:
    session_id = secrets.token_urlsafe(32)
    session.add(
        WebSession(
            id_sha256=hash_of(session_id),
            user_id=user_id,
            data=data,
            created_at=at,
            last_seen_at=at,
            expires_at=expires_at,
            agent=agent[:_LONGEST_AGENT],
        )
    )
    session.flush()
    return session_id


def _changed(session: Session, id_sha256: str, **values: object) -> bool:
    changed = update(WebSession).where(WebSession.id_sha256 == id_sha256).values(**values)
    return session.scalars(changed.returning(WebSession.id_sha256)).first() is not None
