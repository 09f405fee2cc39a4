"""Moving an open dossier to a newer version of its question set (NL: overzetten), and back (NL: terugzetten).

A move writes the answers that come along under the new version, and changes what the dossier pins. What stands under
the old version is not touched, so that undoing gives back exactly what was there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.answer_text import whole_text
from ethiek.domain.answers import Slot
from ethiek.domain.carried import PLACED, CarriedState, Origin, ToCarry, slots_of, states
from ethiek.domain.moving import Move, Written, item_label, plan, route
from ethiek.domain.permissions import Permission
from ethiek.domain.versions import Difference, compare
from ethiek.domain.walk import UNANSWERED
from ethiek.domain.workflow import EDITABLE
from ethiek.errors import NotFoundError, NotRestoredError, TransitionNotAllowedError
from ethiek.models.base import canonical_json
from ethiek.models.carried import Migration
from ethiek.models.dossiers import Dossier
from ethiek.questionnaires.correspondences import correspondence
from ethiek.questionnaires.model import Questionnaire
from ethiek.services import audit, carrying, questionnaires
from ethiek.services.access import Access, open_dossier
from ethiek.services.answers import Present, present_answers
from ethiek.services.dossiers import open_for_editing
from ethiek.services.versions import label_of, latest_move, newer_versions


@dataclass(frozen=True, slots=True)
class Affected:
    """One answer that comes along, or not. ``text``: as it reads now."""

    item: ToCarry
    state: CarriedState
    item_label: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison of two versions, with the answers it is about."""

    difference: Difference
    answers: tuple[Affected, ...]

    def has(self, *wanted: CarriedState) -> bool:
        """Tell whether one of the answers ends so."""
        return any(answer.state in wanted for answer in self.answers)


@dataclass(frozen=True)
class Preview:
    """What a move would do."""

    access: Access
    source: Questionnaire
    target: Questionnaire
    differences: tuple[Difference, ...]
    items: tuple[ToCarry, ...]
    """Every answer with where it goes, as ``carrying.carry`` takes it."""

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every line of the comparison, each with its answers."""
        found: dict[tuple[str, str], list[Affected]] = {}
        for answer in self.affected:
            found.setdefault(_line_of(answer.item), []).append(answer)
        lines = [Line(one, tuple(found.pop(_ids(one), ()))) for one in self.differences]
        return (*lines, *self._without_item(found))

    def _without_item(self, left: Mapping[tuple[str, str], list[Affected]]) -> list[Line]:
        """Lines for answers whose question is still there, but not the item it was asked for."""
        by_old = {one.old.question.id: one for one in self.differences if one.old}
        return [Line(by_old[old], tuple(rows)) for (old, _new), rows in left.items() if old in by_old]

    @cached_property
    def affected(self) -> tuple[Affected, ...]:
        """Every answer that is not empty, with what becomes of it."""
        move = Move(self.source, self.target, {})
        found = states(self.target, self.items, frozenset())
        return tuple(
            _affected(move, item, state)
            for item, state in zip(self.items, found, strict=True)
            if item.answer != UNANSWERED
        )

    def count(self, *wanted: CarriedState) -> int:
        """Count the answers that end so."""
        return sum(answer.state in wanted for answer in self.affected)


def _line_of(item: ToCarry) -> tuple[str, str]:
    return item.source_slot.question, item.slot.question if item.slot else ""


def _ids(line: Difference) -> tuple[str, str]:
    return line.old.question.id if line.old else "", line.new.question.id if line.new else ""


def _affected(move: Move, item: ToCarry, state: CarriedState) -> Affected:
    slot = item.source_slot
    place = move.before[slot.question]
    return Affected(item, state, item_label(move.before, slot), whole_text(place.question, item.answer))


def preview(session: Session, dossier_id: UUID, target_key: str | None, stamp: Stamp) -> Preview:
    """Return what moving to that version would do (None: to the newest); nothing is changed.

    Raises:
        NotFoundError: there is no such newer version to move to.
        TransitionNotAllowedError: the dossier is not with the team.
    """
    return _look(session, dossier_id, target_key, stamp, lock=False)[0]


def _look(
    session: Session, dossier_id: UUID, wanted: str | None, stamp: Stamp, *, lock: bool
) -> tuple[Preview, Mapping[Slot, Present]]:
    access = open_for_editing(session, dossier_id, Permission.DOSSIER_EDIT, stamp, lock=lock)
    dossier = access.dossier
    newer = [one.key for one in newer_versions(session, dossier, stamp.at.date())]
    target_key = next((key for key in newer if wanted in (None, key)), None)
    if target_key is None:
        raise NotFoundError
    known = questionnaires.some(session, {dossier.questionnaire_key, target_key})
    source, target = known[dossier.questionnaire_key], known[target_key]
    differences = compare(source, target, correspondence(source.key, target.key))
    present = present_answers(session, dossier_id)
    items = plan(Move(source, target, route(differences)), differences, _written(present, stamp))
    return Preview(access, source, target, differences, items), present


def _written(present: Mapping[Slot, Present], stamp: Stamp) -> dict[Slot, Written]:
    return {slot: Written(one.answer, one.at or stamp.at) for slot, one in present.items()}


def migrate(session: Session, dossier_id: UUID, target_key: str, stamp: Stamp) -> Migration:
    """Move a dossier to a newer version; its answers come along.

    Raises:
        as :func:`preview`; ConcurrentEditError: the dossier is no longer the one on the actor's screen.
    """
    found, present = _look(session, dossier_id, target_key, stamp, lock=True)
    dossier = found.access.dossier
    row = Migration(
        dossier_id=dossier_id,
        source_key=found.source.key,
        target_key=found.target.key,
        round=dossier.round,
        places=route(found.differences),
        before_sha256=_sha256(dossier.questionnaire_key, present),
        moved_by_id=stamp.actor.user_id,
        moved_at=stamp.at,
    )
    session.add(row)
    dossier.questionnaire_key = target_key
    session.flush()
    label = label_of(found.source)
    carrying.carry(session, dossier, found.items, Origin.MIGRATION, label, stamp, row.id)
    counts = {state.value: found.count(state) for state in CarriedState if found.count(state)}
    _record(session, row, "move_to_version", stamp, counts)
    return row


def undo(session: Session, dossier_id: UUID, stamp: Stamp) -> Migration:
    """Take back the move to the present version: the dossier is again what it was before.

    What was written under the newer version stays there, in its history.

    Raises:
        TransitionNotAllowedError: there is nothing to undo, or the dossier was handed in since.
        NotRestoredError: the answers are not what they were before the move.
    """
    dossier = open_for_editing(session, dossier_id, Permission.DOSSIER_EDIT, stamp).dossier
    row = latest_move(session, dossier_id, dossier.questionnaire_key)
    if row is None or row.round != dossier.round:
        raise TransitionNotAllowedError("undo_move", dossier.status)
    dossier.questionnaire_key = row.source_key
    row.undone_by_id, row.undone_at = stamp.actor.user_id, stamp.at
    session.flush()
    if state_sha256(session, dossier) != row.before_sha256:
        raise NotRestoredError
    _record(session, row, "undo_move", stamp)
    return row


@dataclass(frozen=True, slots=True)
class Summary:
    """What the last move did, and what is left to do after it."""

    access: Access
    move: Migration
    source: Questionnaire
    target: Questionnaire
    waiting: tuple[Slot, ...]
    """What is to be confirmed, in the order of the question set."""
    filled: int
    unfilled: int

    @property
    def can_undo(self) -> bool:
        """It was not handed in since, and is with the team."""
        dossier = self.access.dossier
        return dossier.status in EDITABLE and self.move.round == dossier.round


def summary(session: Session, dossier_id: UUID, stamp: Stamp) -> Summary:
    """Return what the move to the present version did.

    Raises:
        NotFoundError: the dossier began with its present version.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.DOSSIER_EDIT)
    dossier = access.dossier
    row = latest_move(session, dossier_id, dossier.questionnaire_key)
    if row is None:
        raise NotFoundError
    known = questionnaires.some(session, {row.source_key, row.target_key})
    target = known[row.target_key]
    carried = [one for one in carrying.carried_into(session, dossier) if one.migration_id == row.id]
    filled = sum(one.state in PLACED for one in carried)
    waiting = carrying.pending(session, dossier)
    return Summary(
        access,
        row,
        known[row.source_key],
        target,
        tuple(slot for slot in slots_of(target) if slot in waiting),
        filled,
        len(carried) - filled,
    )


def _record(
    session: Session, row: Migration, action: str, stamp: Stamp, counts: Mapping[str, int] | None = None
) -> None:
    details: dict[str, str | int | None] = {
        "from": row.source_key,
        "to": row.target_key,
        "before": row.before_sha256,
        "move": str(row.id),
        **(counts or {}),
    }
    audit.record(session, stamp, action, audit.Subject("dossier", str(row.dossier_id)), details=details)


def state_sha256(session: Session, dossier: Dossier) -> str:
    """Return the hash of what a dossier holds under its present version, format ``ethiek-state/1``."""
    return _sha256(dossier.questionnaire_key, present_answers(session, dossier.id))


def _sha256(key: str, present: Mapping[Slot, Present]) -> str:
    return hashlib.sha256(canonical_state(key, present).encode()).hexdigest()


def canonical_state(key: str, present: Mapping[Slot, Present]) -> str:
    """Return the canonical JSON of a version and the answers to it, by question and item."""
    answers: Sequence[object] = [
        {
            "question": slot.question,
            "item": slot.item,
            "answer": one.answer.to_json(),
            "revision": one.revision,
        }
        for slot, one in sorted(present.items())
    ]
    return canonical_json({"format": "ethiek-state/1", "questionnaire": key, "answers": answers})
