"""A file for the demonstration, made here: invented results of a trial, as a table."""

from __future__ import annotations

import csv
import io
from typing import Final

PARCELS: Final = 24
_FIRST_DAY: Final = 9
_MISSED: Final = frozenset({7, 19})
"""Parcels where the satellite saw something else than the inspector."""


def trial_results() -> bytes:
    """What the model saw, and what an inspector found, per parcel; the same bytes every time."""
    table = io.StringIO()
    rows = csv.writer(table, delimiter=";", lineterminator="\n")
    rows.writerow(["perceel", "gemaaid volgens satelliet", "gemaaid volgens bezoek", "gelijk"])
    for number in range(1, PARCELS + 1):
        seen = _FIRST_DAY + number
        found = seen + (5 if number in _MISSED else 0)
        rows.writerow([f"P{number:03}", _day(seen), _day(found), "nee" if number in _MISSED else "ja"])
    return table.getvalue().encode()


def _day(number: int) -> str:
    """A day, counted from the first of June."""
    return f"{number}-06-2026" if number <= 30 else f"{number - 30}-07-2026"  # noqa: PLR2004  # days of June
