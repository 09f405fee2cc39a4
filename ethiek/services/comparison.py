"""What changed between two rounds: the answers that differ, word by word."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
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
from ethiek.services.submission import pinned_by, snapshot_of
from ethiek.services.versions import label_of, travel_of, versions_of

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
    wording: Pieces = ()
    """What changed in the question, if it was asked in other words."""
    dissent: Pieces = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between a round and the one before it."""

    access: Access
    number: int
    language: str
    """Of the questions."""
    changes: tuple[Change, ...]
    unchanged: int
    versions: tuple[str, ...] = ()
    """What the question sets of both rounds are called, if they are not the same version."""


@dataclass(frozen=True, slots=True)
class _Round:
    """What was handed in: the question set of that moment and the answers that hold something."""

    questionnaire: Questionnaire
    answers: Mapping[Slot, Answer]

    def asked(self) -> list[Asked]:
        """Return the questions with an answer, in order."""
        return [one for one in walk(self.questionnaire, self.answers) if one.slot in self.answers]


@dataclass(slots=True)
class _Entry:
    """What was answered at one place: before, by one question or by several that were merged, and after."""

    before: list[Asked] = field(default_factory=list)
    after: Asked | None = None


def compare(session: Session, dossier_id: UUID, number: int, stamp: Stamp) -> Comparison:
    """Compare a round with the one before it, word by word; each by the questions of its own version.

    Raises:
        NotFoundError: there is no such round, or it is the first.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ROUND_READ)
    if number <= FIRST_ROUND:
        raise NotFoundError
    snapshots = [snapshot_of(session, dossier_id, one) for one in (number - 1, number)]
    keys = [pinned_by(one) for one in snapshots]
    known = versions_of(session, keys)
    old, new = (_Round(known[key], _answers(one)) for key, one in zip(keys, snapshots, strict=True))
    travel = travel_of(session, access.dossier, access.questionnaire_sha256)
    entries = _entries(old, new, lambda slot: travel.follow(slot, number - 1, number))
    found = (_change(entry, old, new) for entry in entries)
    changes = tuple(one for one in found if one is not None)
    titles = (label_of(old.questionnaire), label_of(new.questionnaire)) if keys[0] != keys[1] else ()
    language = new.questionnaire.language
    return Comparison(access, number, language, changes, len(entries) - len(changes), titles)


def _answers(snapshot: Snapshot) -> dict[Slot, Answer]:
    rows = json.loads(snapshot.content)["answers"]
    given = {Slot(row["question"], row["item"]): Answer.from_json(row["answer"]) for row in rows}
    return {slot: answer for slot, answer in given.items() if answer != UNANSWERED}


def _entries(old: _Round, new: _Round, follow: Callable[[Slot], Slot | None]) -> list[_Entry]:
    """Return every place with an answer in one of the rounds, in the order of the newer; then what has none there."""
    placed: dict[Slot, _Entry] = {}
    gone = []
    for one in old.asked():
        if slot := follow(one.slot):
            placed.setdefault(slot, _Entry()).before.append(one)
        else:
            gone.append(_Entry([one]))
    for one in new.asked():
        placed.setdefault(one.slot, _Entry()).after = one
    order = {question.id: index for index, question in enumerate(new.questionnaire.questions())}
    return [placed[slot] for slot in sorted(placed, key=lambda slot: order[slot.question])] + gone


def _change(entry: _Entry, old: _Round, new: _Round) -> Change | None:
    """Return what happened at one place; None: nothing."""
    before = [old.answers[one.slot] for one in entry.before]
    after = [new.answers[entry.after.slot]] if entry.after else []
    texts = [plain_text(one.question, answer) for one, answer in zip(entry.before, before, strict=True)]
    now = plain_text(entry.after.question, after[0]) if entry.after else ""
    if before == after and texts == [now]:
        return None
    one = entry.after or entry.before[0]
    return Change(
        _kind(before, after),
        one.question,
        one.slot,
        one.item_label,
        _difference("\n\n".join(texts), now),
        _difference(*(_joined(one.considerations for one in answers) for answers in (before, after))),
        _difference(entry.before[0].question.text, one.question.text) if entry.before else (),
        _difference(*(_joined(one.dissent for one in answers) for answers in (before, after))),
    )


def _kind(before: list[Answer], after: list[Answer]) -> ChangeKind:
    if not before:
        return ChangeKind.NEW
    return ChangeKind.CHANGED if after else ChangeKind.VANISHED


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(filter(None, texts))


def _difference(old: str, new: str) -> Pieces:
    return tuple((piece.kind.value, piece.text) for piece in word_diff(old, new)) if old != new else ()
