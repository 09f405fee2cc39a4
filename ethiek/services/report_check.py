"""Checking a file that somebody brings: what it says itself, and what is known of it here. Nothing is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ethiek.reports.source import digest
from ethiek.reports.verification import Verification
from ethiek.reports.verify import verify
from ethiek.seals import Evidence
from ethiek.services.report_status import Status

_TURN: Final = threading.Lock()


class CheckBusyError(Exception):
    """This process is checking a file already."""


class Outcome(StrEnum):
    """What is the matter with a file, in one word."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    ELSEWHERE = "elsewhere"
    """In order by itself, but not issued here."""
    FAILED = "failed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a file. ``status``: None if it was not issued here."""

    verification: Verification
    status: Status | None

    @property
    def outcome(self) -> Outcome:
        """The bytes decide: what was issued here stays so, also when a certificate has ended since."""
        if self.status is not None:
            return Outcome(self.status.state)
        if not self.verification.readable:
            return Outcome.UNREADABLE
        return Outcome.ELSEWHERE if self.verification.ok else Outcome.FAILED


def check(pdf: bytes, evidence: Callable[[], Evidence], status: Status | None, *, language: str) -> Checked:
    """Check a file, one at a time in this process: a crowd with large files leaves the machine to others.

    Args:
        evidence: gives the certificates of the parties that are trusted, and the revocation lists at hand.
        status: of the report with these bytes.

    Raises:
        CheckBusyError: somebody else's file is being checked.
    """
    if not _TURN.acquire(blocking=False):
        raise CheckBusyError
    try:
        known = digest(pdf) if status else None  # it was found by these very bytes
        found = evidence()
        result = verify(pdf, found.roots, crls=found.lists, known_sha256=known, language=language)
        return Checked(result, status)
    finally:
        _TURN.release()
