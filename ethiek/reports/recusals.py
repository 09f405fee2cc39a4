"""Who of the committee withdrew from the dossier, as it is printed."""

from __future__ import annotations

from dataclasses import dataclass

from ethiek.reports.source import Json
from ethiek.reports.values import moment_words
from ethiek.reports.words import Words


@dataclass(frozen=True, slots=True)
class Recusal:
    """One recusal; ``role`` in words."""

    by: str
    role: str
    reason: str
    at: str


def recusals_in(advice: Json, words: Words) -> tuple[Recusal, ...]:
    """The recusals in an advice; none in one from before they were recorded."""
    return tuple(
        Recusal(row["by"], words.capacities[row["role"]], row["reason"], moment_words(row["at"], words))
        for row in advice.get("recusals", ())
    )
