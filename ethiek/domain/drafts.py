"""A question set that is being written: its life, and how heavily a change weighs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from ethiek.domain.versions import Change, Difference
from ethiek.questionnaires.model import Question, Questionnaire


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


@dataclass(frozen=True, slots=True)
class Reason:
    """How heavily a change weighs according to its writer, and why it was made."""

    weight: Weight
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One difference from the version that a draft is based on, and what its writer says of it."""

    difference: Difference
    reason: Reason | None

    @property
    def question_id(self) -> str:
        """Under which id the reason is kept: the new one, or the old one of a removed question."""
        return _id_of(self.difference)

    @property
    def least(self) -> Weight:
        """The least weight that this change has."""
        return least_weight(self.difference.changes)

    @property
    def explained(self) -> bool:
        """There is nothing to explain, or it was done, and not as lighter than it is."""
        if not self.difference.changes:
            return True
        return self.reason is not None and not lighter(self.reason.weight, self.least)


def lighter(weight: Weight, than: Weight) -> bool:
    """Tell whether one weight is lighter than another.

    >>> lighter(Weight.EDITORIAL, Weight.BREAKING), lighter(Weight.BREAKING, Weight.BREAKING)
    (True, False)
    """
    order = list(Weight)
    return order.index(weight) < order.index(than)


def lines(differences: Iterable[Difference], reasons: Mapping[str, Reason]) -> tuple[Line, ...]:
    """Put every difference beside its reason, by the id of its question."""
    return tuple(Line(one, reasons.get(_id_of(one))) for one in differences)


def _id_of(difference: Difference) -> str:
    place = difference.new or difference.old
    return place.question.id if place else ""


@dataclass(frozen=True, slots=True)
class Renamed:
    """A question that was removed, and asks exactly the same under another id."""

    old: Question
    new: Question


def renamed(old: Questionnaire, new: Questionnaire) -> tuple[Renamed, ...]:
    """Return the questions that only got another id: answers to them would be lost for nothing."""
    before = {question.id: question for question in old.questions()}
    after = {question.id: question for question in new.questions()}
    gone = {_asks(question): question for id_, question in before.items() if id_ not in after}
    return tuple(
        Renamed(gone[_asks(question)], question)
        for id_, question in after.items()
        if id_ not in before and _asks(question) in gone
    )


def _asks(question: Question) -> Hashable:
    return (question.text, question.kind, question.options, question.columns)


def may_approve(approver: UUID, proposer: UUID | None, editors: Set[UUID]) -> bool:
    """Tell whether somebody is a second person: did not propose it, and is not the only one who wrote it.

    Args:
        editors: who changed the draft for this proposal.
    """
    return approver != proposer and bool(editors - {approver})
