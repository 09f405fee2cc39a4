"""The date on the wall calendar of the people who use it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

NETHERLANDS: Final = ZoneInfo("Europe/Amsterdam")


def day_of(at: datetime) -> date:
    """Return the date of a moment as it is in the Netherlands.

    >>> day_of(datetime.fromisoformat("2026-07-01T22:30:00+00:00"))
    datetime.date(2026, 7, 2)
    """
    return at.astimezone(NETHERLANDS).date()
