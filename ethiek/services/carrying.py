"""Bringing answers into a dossier from elsewhere: another version, another dossier, a file.

Nothing is overwritten that counts: an answer that stands already stays, and what came in is shown beside it. Only
a move to another version (``Origin.MIGRATION``) writes over what an earlier, undone move left under that version;
that stays in the history of the question. The number of statements does not depend on how many answers there are.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, insert, or_, select, tuple_, update
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.answers import Outcome, Slot
from ethiek.domain.carried import PLACED, CarriedState, Origin, ToCarry, states
from ethiek.domain.permissions import Permission
from ethiek.domain.walk import UNANSWERED
from ethiek.domain.workflow import EDITABLE
from ethiek.errors import TransitionNotAllowedError
from ethiek.models.base import canonical_json
from ethiek.models.carried import CarriedAnswer, Migration
from ethiek.models.dossiers import AnswerRevision, Dossier, StoredAnswer
from ethiek.models.ids import uuid7
from ethiek.models.questionnaires import PublishedQuestionnaire
from ethiek.questionnaires.model import Questionnaire
from ethiek.services import audit, questionnaires
from ethiek.services.access import open_dossier

__all__ = [
    "WAITS",
    "ToCarry",
    "beside_questions",
    "carried_into",
    "carry",
    "confirm",
    "confirm_changed",
    "has_unfilled",
    "pending",
    "without_place",
]

EMPTY = canonical_json(UNANSWERED.to_json())

WAITS: Final = (
    select(CarriedAnswer.id)
    .where(
        CarriedAnswer.dossier_id == StoredAnswer.dossier_id,
        CarriedAnswer.questionnaire_key == StoredAnswer.questionnaire_key,
        CarriedAnswer.state == CarriedState.PENDING,
        CarriedAnswer.question_id == StoredAnswer.question_id,
        CarriedAnswer.item == StoredAnswer.item,
    )
    .exists()
)
"""A column for a query of stored answers: whether the answer waits to be confirmed."""


class _Stored(NamedTuple):
    """The answer that a slot has now."""

    id: UUID
    revision: int
    content: str


@dataclass(frozen=True, slots=True)
class _Carried:
    """One answer with what became of it."""

    item: ToCarry
    state: CarriedState

    @property
    def content(self) -> str:
        return canonical_json(self.item.answer.to_json())


def carry(
    session: Session,
    dossier: Dossier,
    items: Sequence[ToCarry],
    origin: Origin,
    label: str,
    stamp: Stamp,
    migration_id: UUID | None = None,
) -> tuple[CarriedState, ...]:
    """Write answers under the dossier's present version; return what became of each, in their order.

    The caller has opened the dossier for a change, with ``lock``, and looked whether it may be changed now.

    Args:
        label: where they came from, for people: ``IAMA 1.0``, ``ETH-2026-0003 (DEDA)``, a file name.
    """
    stored = _stored(session, dossier)
    kept = {slot for slot, row in stored.items() if row.content != EMPTY}
    taken = frozenset() if origin is Origin.MIGRATION else kept
    found = states(_questionnaire(session, dossier), items, taken)
    carried = [_Carried(item, state) for item, state in zip(items, found, strict=True)]
    _fill_in(session, dossier, [one for one in carried if _is_written(one, stored)], stored, stamp)
    rows = [one for one in carried if one.item.answer != UNANSWERED]
    _settle(session, dossier, {one.item.slot for one in carried if one.state in PLACED}, stamp)
    columns = {"origin": origin, "origin_label": label, "migration_id": migration_id}
    _insert(session, CarriedAnswer, [_carried_row(dossier, one, stamp) | columns for one in rows])
    if origin is not Origin.MIGRATION:  # a move is an event of its own
        _record(session, dossier, origin, rows, stamp)
    return found


def _record(
    session: Session, dossier: Dossier, origin: Origin, rows: Sequence[_Carried], stamp: Stamp
) -> None:
    audit.record(
        session,
        stamp,
        "carry_answers",
        audit.Subject("dossier", str(dossier.id)),
        details={"origin": origin, "questionnaire": dossier.questionnaire_key, **_counts(rows)},
    )


def _questionnaire(session: Session, dossier: Dossier) -> Questionnaire:
    key = dossier.questionnaire_key
    query = select(PublishedQuestionnaire.sha256).where(PublishedQuestionnaire.key == key)
    return questionnaires.get(session, key, session.scalars(query).one())


def _stored(session: Session, dossier: Dossier) -> dict[Slot, _Stored]:
    rows = session.execute(
        select(
            StoredAnswer.question_id,
            StoredAnswer.item,
            StoredAnswer.id,
            StoredAnswer.revision,
            StoredAnswer.content,
        ).where(
            StoredAnswer.dossier_id == dossier.id,
            StoredAnswer.questionnaire_key == dossier.questionnaire_key,
        )
    )
    return {Slot(question, item): _Stored(id_, number, text) for question, item, id_, number, text in rows}


def _is_written(one: _Carried, stored: Mapping[Slot, _Stored]) -> bool:
    """Tell whether an answer is filled in and differs from what its slot holds now."""
    if one.item.slot is None or one.state not in PLACED:
        return False
    present = stored.get(one.item.slot)
    return one.content != (present.content if present else EMPTY)


def _fill_in(
    session: Session,
    dossier: Dossier,
    written: Iterable[_Carried],
    stored: Mapping[Slot, _Stored],
    stamp: Stamp,
) -> None:
    fresh, changed, revisions = [], [], []
    for one in written:
        slot = one.item.slot or one.item.source_slot
        place = _place(dossier, slot)
        present = stored.get(slot)
        based_on = present.revision if present else 0
        now = {"content": one.content, "revision": based_on + 1}
        by = {"updated_by_id": stamp.actor.user_id, "updated_at": stamp.at}
        if present:
            changed.append({"row": present.id, **now, **by})
        else:
            fresh.append({**place, **now, **by})
        revisions.append({**place, **now, "based_on": based_on, **_sent(stamp)})
    _insert(session, StoredAnswer, fresh)
    if changed:
        query = update(StoredAnswer).where(StoredAnswer.id == bindparam("row"))
        session.connection().execute(query, changed)
    _insert(session, AnswerRevision, revisions)


def _place(dossier: Dossier, slot: Slot) -> dict[str, Any]:
    return {
        "dossier_id": dossier.id,
        "questionnaire_key": dossier.questionnaire_key,
        "question_id": slot.question,
        "item": slot.item,
    }


def _sent(stamp: Stamp) -> dict[str, Any]:
    return {
        "token": secrets.token_hex(16),
        "outcome": Outcome.SAVED,
        "author_id": stamp.actor.user_id,
        "at": stamp.at,
    }


def _carried_row(dossier: Dossier, one: _Carried, stamp: Stamp) -> dict[str, Any]:
    slot = one.item.slot if one.state is not CarriedState.UNPLACED else None
    return {
        **_place(dossier, slot or Slot("")),
        "state": one.state,
        "origin_at": one.item.origin_at,
        "source_question": one.item.source_question,
        "source_slot": str(one.item.source_slot),
        "content": one.item.answer.to_json(),
        "carried_by_id": stamp.actor.user_id,
        "carried_at": stamp.at,
    }


def _insert(
    session: Session,
    table: type[StoredAnswer | AnswerRevision | CarriedAnswer],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Add all rows in one statement; an ORM flush would ask for each row's defaults."""
    ids = sorted(uuid7() for _row in rows)  # those of one moment do not sort by themselves
    if rows:
        with_ids = [{"id": id_, **row} for id_, row in zip(ids, rows, strict=True)]
        session.connection().execute(insert(table), with_ids)


def _counts(rows: Iterable[_Carried]) -> dict[str, int]:
    found = [one.state for one in rows]
    return {state.value: found.count(state) for state in CarriedState if state in found}


def pending(session: Session, dossier: Dossier) -> set[Slot]:
    """Return the slots of the present version whose answer waits to be confirmed, asked now or not."""
    rows = session.execute(
        select(CarriedAnswer.question_id, CarriedAnswer.item).where(
            *_under_present(dossier), CarriedAnswer.state == CarriedState.PENDING
        )
    )
    return {Slot(*row) for row in rows}


def carried_into(session: Session, dossier: Dossier) -> list[CarriedAnswer]:
    """Return what was carried into the present version, in order; without what came with a move that was undone.

    An answer that still waits to be confirmed is there in any case.
    """
    return list(session.scalars(_counting(select(CarriedAnswer)).where(*_under_present(dossier))))


def beside_questions(session: Session, dossier: Dossier) -> list[CarriedAnswer]:
    """Return what is shown at the questions of the present version: what waits, and what was not filled in."""
    shown = (CarriedState.PENDING, CarriedState.NOT_USED)
    query = _counting(select(CarriedAnswer)).where(*_under_present(dossier), CarriedAnswer.state.in_(shown))
    return list(session.scalars(query))


def without_place(session: Session, dossier: Dossier, keys: Collection[str]) -> list[CarriedAnswer]:
    """Return what came into these versions of a dossier and was not filled in, in order."""
    unfilled = (CarriedState.UNPLACED, CarriedState.NOT_USED)
    query = _counting(select(CarriedAnswer)).where(
        CarriedAnswer.dossier_id == dossier.id,
        CarriedAnswer.questionnaire_key.in_(keys),
        CarriedAnswer.state.in_(unfilled),
    )
    return list(session.scalars(query))


def has_unfilled(session: Session, dossier: Dossier) -> bool:
    """Tell whether anything came in that was not filled in, under whatever version."""
    found = session.scalar(
        select(CarriedAnswer.id)
        .where(
            CarriedAnswer.dossier_id == dossier.id,
            CarriedAnswer.state.in_((CarriedState.UNPLACED, CarriedState.NOT_USED)),
        )
        .limit(1)
    )
    return found is not None


def _counting(query: Select[tuple[CarriedAnswer]]) -> Select[tuple[CarriedAnswer]]:
    return (
        query.outerjoin(Migration, Migration.id == CarriedAnswer.migration_id)
        .where(
            or_(
                CarriedAnswer.state == CarriedState.PENDING,
                CarriedAnswer.migration_id.is_(None),
                Migration.undone_at.is_(None),
            )
        )
        .order_by(CarriedAnswer.carried_at, CarriedAnswer.id)
    )


def _under_present(dossier: Dossier) -> tuple[Any, ...]:
    return (
        CarriedAnswer.dossier_id == dossier.id,
        CarriedAnswer.questionnaire_key == dossier.questionnaire_key,
    )


def confirm(session: Session, dossier_id: UUID, slots: Collection[Slot], stamp: Stamp) -> set[Slot]:
    """Confirm that carried answers still hold (NL: opnieuw bevestigen); return those that were waiting for it.

    Raises:
        NotFoundError, PermissionDeniedError: as ``open_dossier``.
        TransitionNotAllowedError: the dossier is not with the team.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ANSWER_EDIT, lock=True)
    if access.dossier.status not in EDITABLE:
        raise TransitionNotAllowedError(Permission.ANSWER_EDIT, access.dossier.status)
    confirmed = _settle(session, access.dossier, slots, stamp)
    if confirmed:
        audit.record(
            session,
            stamp,
            "confirm_answers",
            audit.Subject("dossier", str(dossier_id)),
            details={"slots": " ".join(sorted(map(str, confirmed)))},
        )
    return confirmed


def confirm_changed(session: Session, dossier: Dossier, slots: Collection[Slot], stamp: Stamp) -> None:
    """Note that somebody wrote another answer at these slots: then there is nothing left to confirm."""
    _settle(session, dossier, slots, stamp)


def _settle(session: Session, dossier: Dossier, slots: Collection[Slot | None], stamp: Stamp) -> set[Slot]:
    """Nothing is left to confirm at these slots; return where something was."""
    wanted = [tuple(slot) for slot in slots if slot is not None]
    if not wanted:
        return set()
    rows = session.execute(
        update(CarriedAnswer)
        .where(
            *_under_present(dossier),
            CarriedAnswer.state == CarriedState.PENDING,
            tuple_(CarriedAnswer.question_id, CarriedAnswer.item).in_(wanted),
        )
        .values(state=CarriedState.CONFIRMED, confirmed_by_id=stamp.actor.user_id, confirmed_at=stamp.at)
        .returning(CarriedAnswer.question_id, CarriedAnswer.item)
        .execution_options(synchronize_session=False)
    )
    return {Slot(question, item) for question, item in rows}
