"""What the question set concluded from the submitted answers, as it is printed."""

from __future__ import annotations

from dataclasses import dataclass

from ethiek.reports.source import Json
from ethiek.reports.words import Words
from ethiek.reports.words_nl import NL


@dataclass(frozen=True, slots=True)
class Concluded:
    """One conclusion; ``level`` in words."""

    title: str
    level: str
    reason: str


def conclusions_in(snapshot: Json, words: Words = NL) -> tuple[Concluded, ...] | None:
    """The conclusions in a snapshot; None for a question set that concludes nothing."""
    if "conclusions" not in snapshot:
        return None
    return tuple(
        Concluded(row["title"], words.levels[row["level"]], row["reason"]) for row in snapshot["conclusions"]
    )
