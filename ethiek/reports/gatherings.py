"""The team's gatherings about the dossier, as they are printed."""

from __future__ import annotations

from dataclasses import dataclass

from ethiek.reports.source import Json
from ethiek.reports.values import date_words
from ethiek.reports.words import Words


@dataclass(frozen=True, slots=True)
class Gathering:
    """One gathering; of each participant the name and (or empty) the role."""

    on: str
    title: str
    participants: tuple[tuple[str, str], ...]
    note: str


def gatherings_in(snapshot: Json, words: Words) -> tuple[Gathering, ...]:
    """The gatherings in a snapshot, in its order; none in one from before they were recorded."""
    return tuple(
        Gathering(
            date_words(row["on"], words),
            row["title"],
            tuple((one["name"], one["role"]) for one in row["participants"]),
            row["note"],
        )
        for row in snapshot.get("sessions", ())
    )
