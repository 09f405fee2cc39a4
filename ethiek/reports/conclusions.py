"""What the question set concluded from the submitted answers, as it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ethiek.reports.source import Json

LEVELS: Final = {"required": "Nodig", "recommended": "Aanbevolen", "not_needed": "Niet nodig"}


@dataclass(frozen=True, slots=True)
class Concluded:
    """One conclusion; ``level`` in words."""

    title: str
    level: str
    reason: str


def conclusions_in(snapshot: Json) -> tuple[Concluded, ...] | None:
    """The conclusions in a snapshot; None for a question set that concludes nothing."""
    if "conclusions" not in snapshot:
        return None
    return tuple(
        Concluded(row["title"], LEVELS[row["level"]], row["reason"]) for row in snapshot["conclusions"]
    )
