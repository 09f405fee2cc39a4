"""What is measured, in one shape, and what it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Final

LISTS: Final = "lists"
SECTION: Final = "section"
SAVE: Final = "save"
OTHER: Final = ""

PEER_BEST_MS: Final = {LISTS: 47.0, SECTION: 52.0, SAVE: 20.0}
"""Best p50 of comparable applications on a machine of this kind, one client; lists: with 10 dossiers."""

PEER_AT_1000_MS: Final = 3274.0
"""p50 of a list with 1,000 dossiers: the worst of three."""

PEER_WEIGHT: Final = 980_000
"""Bytes of a questionnaire page with all that it loads: the heaviest."""

TARGET_MS: Final = {LISTS: 15.0, SECTION: 25.0, SAVE: 15.0}
"""What we ask of ourselves, p50."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answered request.

    ``processor``: milliseconds that the server worked on it, waiting not counted. ``statements``: of SQL, without
    BEGIN and COMMIT. ``body`` and ``compressed``: bytes as sent, and as gzip would make them.
    """

    milliseconds: float
    processor: float
    statements: int
    body: int
    compressed: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the results: the same request, many times.

    ``first``: milliseconds of the first one. ``processor``: median. ``statements``: the most that any of them took.
    ``body`` and ``compressed``: of the last one.
    """

    what: str
    kind: str
    dossiers: int
    times: int
    first: float
    p50: float
    p95: float
    processor: float
    statements: int
    body: int
    compressed: int

    @classmethod
    def of(cls, what: str, kind: str, dossiers: int, answers: Sequence[Answered]) -> Figure:
        """Summarise; the first request is shown apart and does not count."""
        first, *rest = answers
        p50, p95 = percentiles([answer.milliseconds for answer in rest])
        return cls(
            what,
            kind,
            dossiers,
            len(rest),
            first.milliseconds,
            p50,
            p95,
            median(answer.processor for answer in rest),
            max(answer.statements for answer in rest),
            rest[-1].body,
            rest[-1].compressed,
        )

    @property
    def of_peer(self) -> float | None:
        """This p50 as a fraction of the best peer's."""
        best = PEER_BEST_MS.get(self.kind)
        return self.p50 / best if best else None


def percentiles(milliseconds: Sequence[float]) -> tuple[float, float]:
    """Return p50 and p95.

    >>> percentiles([float(number) for number in range(1, 101)])
    (50.5, 95.05)
    """
    cuts = quantiles(milliseconds, n=100, method="inclusive")
    return cuts[49], cuts[94]
