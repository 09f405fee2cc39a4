"""How often somebody may try to get in. Counting is one statement, so no two processes count the same try.

Counted before the password is looked at, in a transaction of its own: a try that breaks off counts too.
Source: the limits of the Python Package Index (10 in 5 minutes; codes 5, 20 and 50).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import ceil

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from ethiek.models.base import upsert
from ethiek.models.sessions import LoginAttempt


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in so many seconds. ``key`` holds no name and no address, only their SHA-256."""

    key: str
    tries: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether this try may go on. ``retry_after``: seconds until the next may; 0 if this one may."""

    allowed: bool
    retry_after: int


def sign_in_limits(account: str, address: str) -> tuple[Limit, ...]:
    """For a name and password from an address; ``account`` is what was typed, known or not."""
    return (
        _limit("account", account, 10, minutes=5),
        _limit("address", address, 10, minutes=5),
        _limit("everybody", "", 1000, minutes=5),
    )


def code_limits(account: str) -> tuple[Limit, ...]:
    """For a one-time or recovery code of an account."""
    return (
        _limit("code-5m", account, 5, minutes=5),
        _limit("code-1h", account, 20, minutes=60),
        _limit("code-1d", account, 50, minutes=24 * 60),
    )


def check_limits(address: str) -> tuple[Limit, ...]:
    """For checking a file: that costs seconds of a processor."""
    return (
        _limit("check-file", address, 20, minutes=5),
        _limit("check-files", "", 200, minutes=5),
    )


def lookup_limits(address: str) -> tuple[Limit, ...]:
    """For asking after a report by its code or its SHA-256; a class that scans one code together gets through."""
    return (_limit("check-code", address, 60, minutes=5),)


def attempt(session: Session, limits: Sequence[Limit], at: datetime) -> Verdict:
    """Count one try against all limits at once, and say whether it may go on."""
    by_key = {limit.key: limit for limit in limits}
    rows = [  # always in the same order: two tries never wait for each other
        {"key": key, "window_start": _window(by_key[key], at), "attempts": 1} for key in sorted(by_key)
    ]
    insert = upsert(session, LoginAttempt).values(rows)
    counted = session.execute(
        insert.on_conflict_do_update(
            index_elements=[LoginAttempt.key, LoginAttempt.window_start],
            set_={"attempts": LoginAttempt.attempts + 1},
        ).returning(LoginAttempt.key, LoginAttempt.attempts)
    )
    full = [by_key[key] for key, tries in counted if tries > by_key[key].tries]
    return Verdict(not full, max((_seconds_left(limit, at) for limit in full), default=0))


def succeeded(session: Session, limits: Sequence[Limit], at: datetime) -> None:
    """Take a successful try back: an office behind one address may sign in all at once.

    The first limit, the account's, starts again from nothing.
    """
    own, *shared = limits
    session.execute(delete(LoginAttempt).where(LoginAttempt.key == own.key))
    for limit in sorted(shared, key=lambda limit: limit.key):
        session.execute(
            update(LoginAttempt)
            .where(LoginAttempt.key == limit.key, LoginAttempt.window_start == _window(limit, at))
            .where(LoginAttempt.attempts > 0)
            .values(attempts=LoginAttempt.attempts - 1)
        )


def forget_old(session: Session, at: datetime) -> None:
    """Remove counts that no limit looks at any more."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.window_start < at - timedelta(days=2)))


def _limit(name: str, of: str, tries: int, *, minutes: int) -> Limit:
    known_by = sha256(of.strip().casefold().encode("utf-8", "replace")).hexdigest()
    return Limit(f"{name}:{known_by}", tries, minutes * 60)


def _window(limit: Limit, at: datetime) -> datetime:
    return datetime.fromtimestamp(at.timestamp() // limit.seconds * limit.seconds, UTC)


def _seconds_left(limit: Limit, at: datetime) -> int:
    end = _window(limit, at) + timedelta(seconds=limit.seconds)
    return ceil((end - at).total_seconds())
