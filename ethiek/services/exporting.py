"""Taking a dossier along as a file (NL: exporteren): the team its work, the committee what was handed in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.answer_text import plain_text
from ethiek.domain.answers import Answer, Answers, Slot
from ethiek.domain.carried import CarriedState
from ethiek.domain.moving import name_of
from ethiek.domain.permissions import Permission
from ethiek.domain.versions import places
from ethiek.domain.walk import walk
from ethiek.domain.workflow import EDITABLE, Status
from ethiek.errors import NotFoundError
from ethiek.exchange.answers_file import Meta, export_answers, without_place
from ethiek.exchange.dossier import DossierExport, Earlier, State, ToConfirm, Why
from ethiek.exchange.formats import FORMATS, Format
from ethiek.exchange.layout import Source, lay_out
from ethiek.models.base import canonical_moment
from ethiek.models.carried import CarriedAnswer
from ethiek.questionnaires.answer_ids import answer_ids
from ethiek.questionnaires.model import Questionnaire
from ethiek.reports.source import Json
from ethiek.services import audit, carrying, questionnaires
from ethiek.services.access import Access, open_dossier
from ethiek.services.advice import released_remarks
from ethiek.services.answers import present_answers
from ethiek.services.submission import Draft, content_now, draft_in, snapshot_of

WITH_THE_TEAM: Final = EDITABLE | {Status.WITHDRAWN}
"""What is in the dossier now can differ from what was handed in."""

_WHY: Final = {CarriedState.UNPLACED: Why.NO_PLACE, CarriedState.NOT_USED: Why.NOT_USED}


def access_to(session: Session, dossier_id: UUID, stamp: Stamp) -> Access:
    """Open a dossier for somebody who may take it along.

    Raises:
        NotFoundError: there is no such dossier for this actor.
    """
    return open_dossier(session, dossier_id, stamp.actor, Permission.DOSSIER_READ)


def is_draft(access: Access) -> bool:
    """Tell whether this person would take the work in progress along: the team, while it can differ."""
    return access.may(Permission.ANSWER_EDIT) and access.dossier.status in WITH_THE_TEAM


def export(session: Session, dossier_id: UUID, extension: str, stamp: Stamp) -> tuple[str, Format, bytes]:
    """Return the name, the kind and the bytes of a dossier's file, and write down that it was taken along.

    Raises:
        NotFoundError: there is no such dossier for this actor, or no such kind of file.
    """
    if extension not in FORMATS:
        raise NotFoundError
    access = access_to(session, dossier_id, stamp)
    kind = FORMATS[extension]
    data = kind.render(gather(session, access, stamp))
    _record(session, access, stamp, extension, data)
    return f"{access.dossier.reference}.{extension}", kind, data


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers that this person may take along. ``edited``: when each was written; empty of what was handed in."""

    access: Access
    questionnaire: Questionnaire
    answers: Answers
    edited: Mapping[Slot, datetime]

    @property
    def has_answers_file(self) -> bool:
        """There is an answers file for this question set."""
        return answer_ids(self.questionnaire) is not None

    @property
    def without_place(self) -> tuple[str, ...]:
        """The questions of which a part of the answer has no place of its own in an answers file."""
        known = places(self.questionnaire)
        return tuple(name_of(known, slot) for slot in without_place(self.questionnaire, self.answers))


def answered(session: Session, dossier_id: UUID, stamp: Stamp) -> Answered:
    """Load the answers that this person may take along.

    Raises:
        NotFoundError: there is no such dossier for this actor.
    """
    access = access_to(session, dossier_id, stamp)
    if is_draft(access):
        draft = draft_in(session, access)
        present = present_answers(session, dossier_id)
        edited = {slot: one.at for slot, one in present.items() if one.at}
        return Answered(access, draft.questionnaire, draft.answers, edited)
    content = _handed_in(session, access)
    pinned = content["questionnaire"]
    answers = {
        Slot(row["question"], row["item"]): Answer.from_json(row["answer"]) for row in content["answers"]
    }
    return Answered(access, questionnaires.get(session, pinned["key"], pinned["sha256"]), answers, {})


def answers_file(session: Session, dossier_id: UUID, stamp: Stamp) -> tuple[str, bytes]:
    """Return name and bytes of an answers file of the Invulhulpen, and write down that it was taken along.

    Raises:
        NotFoundError: there is no such dossier for this actor, or no answers file for its question set.
    """
    found = answered(session, dossier_id, stamp)
    data = export_answers(found.questionnaire, found.answers, Meta(stamp.at, found.edited))
    _record(session, found.access, stamp, "answers", data)
    return f"{found.access.dossier.reference}-antwoorden.json", data


def _record(session: Session, access: Access, stamp: Stamp, kind: str, data: bytes) -> None:
    audit.record(
        session,
        stamp,
        "export_dossier",
        audit.Subject("dossier", str(access.dossier.id)),
        details={
            "kind": kind,
            "state": State.DRAFT if is_draft(access) else State.SUBMITTED,
            "round": access.dossier.round,
            "sha256": hashlib.sha256(data).hexdigest(),
        },
    )


def gather(session: Session, access: Access, stamp: Stamp) -> DossierExport:
    """Return everything that this person may take along, laid out."""
    drafted = is_draft(access)
    content, found = _draft(session, access, stamp) if drafted else (_handed_in(session, access), _Found())
    key = content["questionnaire"]["key"]
    return lay_out(
        Source(
            state=State.DRAFT if drafted else State.SUBMITTED,
            exported_at=canonical_moment(stamp.at),
            questionnaire=json.loads(questionnaires.content_of(session, key)),
            content=content,
            remarks=_remarks(session, access, key),
            earlier=found.earlier,
            to_confirm=found.to_confirm,
        )
    )


def _remarks(session: Session, access: Access, key: str) -> list[dict[str, Any]]:
    """The released remarks; at their questions only where those are of the version that is taken along."""
    found = released_remarks(session, access)
    if key == access.dossier.questionnaire_key:
        return found
    return [{**remark, "question": "", "item": ""} for remark in found]


def _handed_in(session: Session, access: Access) -> Json:
    content: Json = json.loads(snapshot_of(session, access.dossier.id, access.dossier.round).content)
    return content


@dataclass(frozen=True, slots=True)
class _Found:
    """What a draft has and a round has not."""

    earlier: tuple[Earlier, ...] = ()
    to_confirm: Mapping[tuple[str, str], ToConfirm] = field(default_factory=dict)


def _draft(session: Session, access: Access, stamp: Stamp) -> tuple[Json, _Found]:
    draft = draft_in(session, access)
    content = json.loads(content_now(session, draft, stamp))
    carried = carrying.carried_into(session, access.dossier)
    found = _Found((*_not_asked(draft), *_carried(carried)), _to_confirm(carried))
    return {**content, "answers": _asked(draft)}, found


def _to_confirm(carried: Iterable[CarriedAnswer]) -> dict[tuple[str, str], ToConfirm]:
    return {
        (row.question_id, row.item): ToConfirm(
            row.origin_label, row.source_question, canonical_moment(row.origin_at)
        )
        for row in carried
        if row.state is CarriedState.PENDING
    }


def _asked(draft: Draft) -> list[dict[str, Any]]:
    """Every question that is asked now, also without an answer."""
    return [
        {
            "question": one.slot.question,
            "item": one.slot.item,
            "answer": draft.answers.get(one.slot, Answer()).to_json(),
        }
        for one in walk(draft.questionnaire, draft.answers)
    ]


def _not_asked(draft: Draft) -> Iterator[Earlier]:
    """What was filled in at questions that another answer took away."""
    asked = {one.slot for one in walk(draft.questionnaire, draft.answers)}
    questions = {question.id: question for question in draft.questionnaire.questions()}
    for slot, answer in draft.answers.items():
        if slot not in asked and answer != Answer():
            question = questions[slot.question]
            name = f"{question.number} {question.text}".strip()
            yield Earlier(name, plain_text(question, answer), Why.NOT_ASKED, "", "", answer.to_json())


def _carried(carried: Iterable[CarriedAnswer]) -> Iterator[Earlier]:
    """What came from elsewhere and stands at no question."""
    for row in carried:
        if row.state in _WHY:
            at = canonical_moment(row.origin_at)
            text = _as_text(row.content)
            yield Earlier(row.source_question, text, _WHY[row.state], row.origin_label, at, row.content)


def _as_text(content: Mapping[str, Any]) -> str:
    """An answer without its question, as text: ids stay ids."""
    chosen = [
        content.get("choice", ""),
        *content.get("choices", ()),
        content.get("date", ""),
        content.get("number", ""),
    ]
    rows = [" | ".join(row.values()) for row in content.get("rows", ())]
    return "\n\n".join(
        filter(None, ["\n".join(filter(None, chosen)), "\n".join(rows), content.get("text", "")])
    )
