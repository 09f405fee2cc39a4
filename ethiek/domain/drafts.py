"""A question set that is being written: its life, and how heavily a change weighs."""

from __future__ import annotations

from collections.abc import Set
from enum import StrEnum
from typing import Final

from ethiek.domain.versions import Change


class DraftStatus(StrEnum):
    """Where a draft is."""

    WRITING = "writing"
    PROPOSED = "proposed"
    """Its writers think it is ready; somebody else decides."""
    PUBLISHED = "published"
    DISCARDED = "discarded"


OPEN: Final = frozenset({DraftStatus.WRITING, DraftStatus.PROPOSED})


class Weight(StrEnum):
    """How heavily a change to a question weighs, from light to heavy."""

    EDITORIAL = "editorial"
    """It asks the same in other words."""
    SUBSTANTIVE = "substantive"
    """It asks something else or more; answers have to be read again."""
    BREAKING = "breaking"
    """Answers no longer fit."""


LEAST: Final = {
    Change.WORDING: Weight.EDITORIAL,
    Change.MOVED: Weight.EDITORIAL,
    Change.ASKED_WHEN: Weight.SUBSTANTIVE,
    Change.NEW: Weight.SUBSTANTIVE,
    Change.SHAPE: Weight.BREAKING,
    Change.REMOVED: Weight.BREAKING,
}
"""The least weight that each change has; its writer may call it heavier, never lighter."""


def least_weight(changes: Set[Change]) -> Weight:
    """Return the least weight of a question with these changes.

    >>> least_weight({Change.WORDING, Change.SHAPE})
    <Weight.BREAKING: 'breaking'>
    """
    order = list(Weight)
    return max((LEAST[change] for change in changes), key=order.index, default=Weight.EDITORIAL)
