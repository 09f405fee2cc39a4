"""Locks that a transaction keeps until it ends."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

_AUDIT: Final = 0x45544849454B  # "ETHIEK"; any number nobody else uses
_TAKE: Final = text(f"SELECT pg_advisory_xact_lock({_AUDIT})")


def audit_lock(session: Session) -> None:
    """Be the only one to append to the audit trail until this transaction ends.

    Take it last, just before reading the head of the chain. On an embedded database the write gate did it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_TAKE)
