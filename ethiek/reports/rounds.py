"""The rounds of a dossier: when each was handed in, and its checksum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ethiek.reports.contents import Round
from ethiek.reports.source import Json
from ethiek.reports.values import moment_words
from ethiek.reports.words import Words


def rounds_of(rows: Sequence[Json], words: Words) -> Iterator[Round]:
    """The rounds in the order in which they were handed in."""
    for row in rows:
        yield Round(row["round"], moment_words(row["submitted_at"], words), row["sha256"])
