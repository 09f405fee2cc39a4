"""Moments in words, in UTC: the reader's time zone is not known."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

MONTHS: Final = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
ENGLISH_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def moment_in(text: str, language: str) -> str:
    """A moment in ISO 8601 in the words of a language; empty stays empty.

    >>> moment_in("2026-11-22T10:05:00Z", "nl"), moment_in("2026-11-22T10:05:00Z", "en")
    ('22 november 2026, 10:05 uur UTC', '22 November 2026, 10:05 UTC')
    """
    if not text:
        return ""
    at = datetime.fromisoformat(text).astimezone(UTC)
    if language == "nl":
        return f"{at.day} {MONTHS[at.month - 1]} {at.year}, {at:%H:%M} uur UTC"
    return f"{at.day} {ENGLISH_MONTHS[at.month - 1]} {at.year}, {at:%H:%M} UTC"
