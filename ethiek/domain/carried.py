"""Answers that came from somewhere else: another version, another dossier, a file. They ask to be confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ethiek.domain.answer_rules import normalise, problems
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.walk import UNANSWERED
from ethiek.questionnaires.model import Question, Questionnaire


class Origin(StrEnum):
    """Where a carried answer came from."""

    MIGRATION = "migration"
    """The same dossier, under another version of the question set."""
    DOSSIER = "dossier"
    """Another dossier (NL: voorinvullen)."""
    FILE = "file"
    """A file that was brought in."""


class CarriedState(StrEnum):
    """What became of a carried answer."""

    PENDING = "pending"
    """It was filled in at its new place and waits for the team to confirm it (NL: opnieuw bevestigen)."""
    CONFIRMED = "confirmed"
    """Somebody confirmed it, or another answer was written in its place."""
    FITTED = "fitted"
    """The question is the same: nothing to confirm."""
    UNPLACED = "unplaced"
    """No question of this version asks for it; it stays readable under "eerdere antwoorden"."""
    NOT_USED = "not_used"
    """It was not filled in: there was an answer already, or it is no answer to what is asked now.

    It stays readable beside the question.
    """


@dataclass(frozen=True, slots=True)
class ToCarry:
    """An answer on its way. ``slot``: where it belongs now, None if nowhere.

    ``source_question``: number and text of the question that it answered; ``origin_at``: when it was written there.
    An answer without a place is shown as it is: where the set it came from is not at hand to name its options, give
    it as ``text``.
    """

    slot: Slot | None
    answer: Answer
    needs_confirmation: bool
    source_slot: Slot
    source_question: str
    origin_at: datetime


def fits(question: Question, answer: Answer) -> bool:
    """Tell whether an answer can be stored at this question as it is, with nothing dropped or changed.

    >>> from ethiek.questionnaires.model import Kind
    >>> fits(Question("1", "Mag het?", Kind.YES_NO), Answer(text="Ja, mits."))
    True
    >>> fits(Question("1", "Wanneer?", Kind.DATE), Answer(choice="yes"))
    False
    """
    return normalise(question, answer) == answer and not problems(question, answer)


def slots_of(questionnaire: Questionnaire) -> dict[Slot, Question]:
    """Return every place where an answer can stand, asked now or not, in order."""
    known = {question.id: question for question in questionnaire.questions()}
    return {
        Slot(question.id, item): question
        for _part, section in questionnaire.sections()
        for item in (known[section.repeat_for].option_ids if section.repeat_for else ("",))
        for question in section.questions
    }


def states(
    questionnaire: Questionnaire, items: Iterable[ToCarry], taken: Set[Slot]
) -> tuple[CarriedState, ...]:
    """Return what becomes of each answer, in their order; of several for one slot the first is filled in.

    Args:
        taken: slots where an answer stands already.
    """
    known, filled, found = slots_of(questionnaire), set(taken), []
    for item in items:
        state = _state(known, item, filled)
        if item.slot and item.answer != UNANSWERED and state in PLACED:
            filled.add(item.slot)
        found.append(state)
    return tuple(found)


PLACED: Final = frozenset({CarriedState.PENDING, CarriedState.CONFIRMED, CarriedState.FITTED})
"""The answer was filled in at its place."""


def _state(known: dict[Slot, Question], item: ToCarry, taken: Set[Slot]) -> CarriedState:
    question = known.get(item.slot) if item.slot else None
    if question is None:
        return CarriedState.UNPLACED
    if item.slot in taken or not fits(question, item.answer):
        return CarriedState.NOT_USED
    asks = item.needs_confirmation and item.answer != UNANSWERED
    return CarriedState.PENDING if asks else CarriedState.FITTED
