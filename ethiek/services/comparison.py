"""What changed between two rounds: the answers that differ, word by word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.answer_text import plain_text
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.diffs import word_diff
from ethiek.domain.permissions import Permission
from ethiek.domain.walk import UNANSWERED, Asked, walk
from ethiek.errors import NotFoundError
from ethiek.models.dossiers import Snapshot
from ethiek.questionnaires.model import Question, Questionnaire
from ethiek.services.access import Access, open_dossier
from ethiek.services.rounds import questionnaire_of
from ethiek.services.submission import snapshot_of

FIRST_ROUND: Final = 1

Pieces = tuple[tuple[str, str], ...]
"""Pairs of "same", "added" or "removed" and a text; none where two texts are equal."""


class ChangeKind(StrEnum):
    """What happened to an answer between two rounds."""

    CHANGED = "changed"
    NEW = "new"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that differs between two rounds; word by word."""

    kind: ChangeKind
    question: Question
    slot: Slot
    item_label: str
    answer: Pieces
    considerations: Pieces


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between a round and the one before it."""

    access: Access
    number: int
    changes: tuple[Change, ...]
    unchanged: int


def compare(session: Session, dossier_id: UUID, number: int, stamp: Stamp) -> Comparison:
    """Compare a round with the one before it, word by word.

    Raises:
        NotFoundError: there is no such round, or it is the first.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ROUND_READ)
    if number <= FIRST_ROUND:
        raise NotFoundError
    before, after = (_answers(snapshot_of(session, dossier_id, one)) for one in (number - 1, number))
    questionnaire = questionnaire_of(session, access)
    asked = _asked_in_either(questionnaire, before, after)
    changes = tuple(
        _change(one, before.get(one.slot), after.get(one.slot))
        for one in asked
        if before.get(one.slot) != after.get(one.slot)
    )
    return Comparison(access, number, changes, len(before.keys() | after.keys()) - len(changes))


def _answers(snapshot: Snapshot) -> dict[Slot, Answer]:
    rows = json.loads(snapshot.content)["answers"]
    given = {Slot(row["question"], row["item"]): Answer.from_json(row["answer"]) for row in rows}
    return {slot: answer for slot, answer in given.items() if answer != UNANSWERED}


def _asked_in_either(
    questionnaire: Questionnaire,
    before: Mapping[Slot, Answer],
    after: Mapping[Slot, Answer],
) -> list[Asked]:
    """Return every question that was asked in one of the rounds, in the order of the question set."""
    order = {question.id: index for index, question in enumerate(questionnaire.questions())}
    found = {one.slot: one for answers in (before, after) for one in walk(questionnaire, answers)}
    return sorted(found.values(), key=lambda one: order[one.question.id])


def _change(one: Asked, before: Answer | None, after: Answer | None) -> Change:
    old, new = before or UNANSWERED, after or UNANSWERED
    kind = ChangeKind.NEW if before is None else ChangeKind.VANISHED if after is None else ChangeKind.CHANGED
    return Change(
        kind,
        one.question,
        one.slot,
        one.item_label,
        _difference(plain_text(one.question, old), plain_text(one.question, new)),
        _difference(old.considerations, new.considerations),
    )


def _difference(old: str, new: str) -> Pieces:
    return tuple((piece.kind.value, piece.text) for piece in word_diff(old, new)) if old != new else ()
