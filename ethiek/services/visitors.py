"""Who is asking: what every request begins with, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from ethiek.models.sessions import WebSession
from ethiek.models.users import RoleGrant, User
from ethiek.services import sessions
from ethiek.services.sessions import StoredSession
from ethiek.services.users import ACCOUNT, Account, account_of


@dataclass(frozen=True, slots=True)
class Visitor:
    """A session that is valid now, and the active account behind it, with its rights of this moment."""

    stored: StoredSession
    account: Account | None


_VISITOR: Final = (
    select(*WebSession.__table__.columns, *ACCOUNT)
    .outerjoin(User, and_(User.id == WebSession.user_id, User.active))
    .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
    .where(
        WebSession.id_sha256 == bindparam("id_sha256"),
        *sessions.valid(bindparam("at"), bindparam("idle_since")),
    )
)
"""Put together once: every request begins with it."""


def load(session: Session, session_id: str, at: datetime) -> Visitor | None:
    """The visitor with this cookie, or None if its session is not valid at this moment."""
    found = {"id_sha256": sessions.hash_of(session_id), "at": at, "idle_since": at - sessions.IDLE}
    rows = session.execute(_VISITOR, found).all()
    return Visitor(StoredSession.of(rows[0]), account_of(rows)) if rows else None
