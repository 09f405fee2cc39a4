"""What a public copy says about itself: of which report it is a copy, and what was left out of it, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ethiek.domain.grounds import BY_CODE


@dataclass(frozen=True, slots=True)
class Omitted:
    """A ground for which something was left out, in words, and in how many places."""

    code: str
    article: str
    name: str
    why: str
    places: int


@dataclass(frozen=True, slots=True)
class PublicCopy:
    """``version``: 0 for a preview. ``adopted_on``: the day on which it was adopted, in words; empty for a preview."""

    version: int
    adopted_on: str
    omitted: tuple[Omitted, ...]


def omitted(places: Mapping[str, int], language: str) -> tuple[Omitted, ...]:
    """Put the number of places per ground in words."""
    rows = ((BY_CODE[code].told(language), code, number) for code, number in places.items())
    return tuple(Omitted(code, told.article, told.name, told.why, number) for told, code, number in rows)
