"""The meeting in which the committee discussed the dossier, as it is printed."""

from __future__ import annotations

from dataclasses import dataclass

from ethiek.reports.source import Json
from ethiek.reports.values import date_words
from ethiek.reports.words import Words


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting; people as "Chris (voorzitter)"."""

    on: str
    present: tuple[str, ...]
    absent: tuple[str, ...]


def meeting_in(advice: Json, words: Words) -> Meeting | None:
    """The meeting that an advice names; None if it names none."""
    if "meeting" not in advice:
        return None
    meeting = advice["meeting"]
    return Meeting(
        date_words(meeting["on"], words),
        *(
            tuple(f"{one['name']} ({words.capacities[one['role']].lower()})" for one in meeting[group])
            for group in ("present", "absent")
        ),
    )
