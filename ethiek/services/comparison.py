"""What changed between two rounds: the answers that differ, word by word."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import pairwise
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
from ethiek.services import questionnaires
from ethiek.services.access import Access, open_dossier
from ethiek.services.submission import pinned_by, snapshot_of
from ethiek.services.versions import Travel, label_of, travel_of

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

    def texts(self, asked: Sequence[Asked]) -> list[str]:
        """Return what was answered to these questions, in words."""
        return [plain_text(one.question, self.answers[one.slot]) for one in asked]


@dataclass(slots=True)
class _Entry:
    """What was answered at one place: before, by one question or by several that were merged, and after."""

    before: list[Asked] = field(default_factory=list)
    after: Asked | None = None

    @property
    def kind(self) -> ChangeKind:
        """What happened, if anything did."""
        if not self.before:
            return ChangeKind.NEW
        return ChangeKind.CHANGED if self.after else ChangeKind.VANISHED


def compare(session: Session, dossier_id: UUID, number: int, stamp: Stamp) -> Comparison:
    """Compare a round with the one before it, word by word; each by the questions of its own version.

    Raises:
        NotFoundError: there is no such round, or it is the first.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ROUND_READ)
    if number <= FIRST_ROUND:
        raise NotFoundError
    snapshots = [snapshot_of(session, dossier_id, one) for one in (number - 1, number)]
    old, new = _rounds(session, snapshots)
    travel = travel_of(session, access.dossier, access.questionnaire_sha256)
    entries = _entries(old, new, partial(travel.follow, since=number - 1, until=number))
    changes = tuple(_change(entry, old, new) for entry in entries if _differs(entry, old, new))
    versions = old.questionnaire, new.questionnaire
    titles = tuple(map(label_of, versions)) if versions[0].key != versions[1].key else ()
    return Comparison(access, number, versions[1].language, changes, len(entries) - len(changes), titles)


@dataclass(frozen=True, slots=True)
class Difference:
    """That an answer differs from the round before, without how. ``asked``: as in the round ``number``."""

    kind: ChangeKind
    asked: Asked
    number: int


def differences(
    session: Session, snapshots: Sequence[Snapshot], travel: Travel
) -> dict[int, list[Difference]]:
    """Return per round what differs from the round before; the first round has none before it.

    Args:
        snapshots: of all rounds of one dossier, the first first.
    """
    rounds = zip(snapshots, _rounds(session, snapshots), strict=True)
    return {
        snapshot.round: list(_differences(old, new, travel, snapshot.round))
        for (_before, old), (snapshot, new) in pairwise(rounds)
    }


def _differences(old: _Round, new: _Round, travel: Travel, number: int) -> Iterator[Difference]:
    for entry in _entries(old, new, partial(travel.follow, since=number - 1, until=number)):
        if _differs(entry, old, new):
            known_in = number if entry.after else number - 1
            yield Difference(entry.kind, entry.after or entry.before[0], known_in)


def _rounds(session: Session, snapshots: Sequence[Snapshot]) -> list[_Round]:
    keys = [pinned_by(snapshot) for snapshot in snapshots]
    known = questionnaires.some(session, keys)
    return [_Round(known[key], _answers(snapshot)) for key, snapshot in zip(keys, snapshots, strict=True)]


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


def _differs(entry: _Entry, old: _Round, new: _Round) -> bool:
    """Tell whether anything happened at one place: to the answer, or to what it means in words."""
    before = [old.answers[one.slot] for one in entry.before]
    after = [new.answers[entry.after.slot]] if entry.after else []
    return before != after or old.texts(entry.before) != new.texts([entry.after] if entry.after else [])


def _change(entry: _Entry, old: _Round, new: _Round) -> Change:
    """Return what happened at one place, word by word."""
    before = [old.answers[one.slot] for one in entry.before]
    after = [new.answers[entry.after.slot]] if entry.after else []
    one = entry.after or entry.before[0]
    return Change(
        entry.kind,
        one.question,
        one.slot,
        one.item_label,
        _difference("\n\n".join(old.texts(entry.before)), "".join(new.texts([one]) if after else [])),
        _difference(*(_joined(one.considerations for one in answers) for answers in (before, after))),
        _difference(entry.before[0].question.text, one.question.text) if entry.before else (),
        _difference(*(_joined(one.dissent for one in answers) for answers in (before, after))),
    )


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(filter(None, texts))


def _difference(old: str, new: str) -> Pieces:
    return tuple((piece.kind.value, piece.text) for piece in word_diff(old, new)) if old != new else ()
