"""From draft to version: say why, propose, and a second person publishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.drafts import DraftStatus, Reason, lighter, may_approve
from ethiek.errors import GuardFailedError, InputError
from ethiek.models.audit import AuditEvent
from ethiek.models.base import upsert
from ethiek.models.questionnaires import DraftReason, QuestionnaireDraft
from ethiek.questionnaires.canonical import sha256
from ethiek.questionnaires.model import Questionnaire
from ethiek.services import questionnaires
from ethiek.services.draft_editing import EDITS, load_for_writing
from ethiek.services.drafts import DraftView, load, record, view, writer
from ethiek.services.reasons import checked_reason

PROPOSE: Final = "propose_draft"


def classify(session: Session, draft_id: UUID, given: Mapping[str, Reason], stamp: Stamp) -> None:
    """Say of changed questions how heavily the change weighs and why it was made, by the id of the question.

    Questions that are not named keep what was said of them; so do those that do not differ.

    Raises:
        InputError: a weight is lighter than the change ("too_light"), or a reason is too long or no text; ``field``
            is the id of the question.
        GuardFailedError: the draft is not being written.
    """
    draft = load_for_writing(session, draft_id, stamp)
    changed = {line.question_id: line for line in view(session, draft).changed}
    rows = []
    for id_, reason in given.items():
        if id_ in changed and reason != changed[id_].reason:
            if lighter(reason.weight, changed[id_].least):
                raise InputError(id_, "too_light")
            rows.append(_row(draft, id_, reason, stamp))
    if not rows:
        return
    insert = upsert(session, DraftReason).values(rows)
    new = {name: insert.excluded[name] for name in ("weight", "reason", "by_id", "at")}
    session.execute(insert.on_conflict_do_update(index_elements=["draft_id", "question_id"], set_=new))
    draft.revision += 1
    session.flush()
    record(session, draft, "classify_draft", stamp, {"questions": len(rows)})


def _row(draft: QuestionnaireDraft, id_: str, reason: Reason, stamp: Stamp) -> dict[str, object]:
    return {
        "draft_id": draft.id,
        "question_id": id_,
        "weight": reason.weight,
        "reason": checked_reason(reason.text, id_),
        "by_id": stamp.actor.user_id,
        "at": stamp.at,
    }


def propose(session: Session, draft_id: UUID, stamp: Stamp) -> None:
    """Say that a draft is ready, so that a second person can publish it.

    Raises:
        GuardFailedError: something is wrong with it, or a change has no reason yet; see ``_check_ready``.
        ConcurrentEditError: it is no longer the one on the actor's screen.
    """
    draft = load_for_writing(session, draft_id, stamp)
    _check_ready(view(session, draft), PROPOSE)
    draft.status = DraftStatus.PROPOSED
    draft.proposed_by_id, draft.proposed_at = writer(stamp), stamp.at
    session.flush()
    record(session, draft, PROPOSE, stamp)


def _check_ready(found: DraftView, action: str) -> None:
    for guard, holds in (
        ("no_problems", not found.problems),
        ("nothing_renamed", not found.renamed),
        ("something_changed", found.base is None or found.questionnaire != _renewed(found.base, found)),
        ("reasons_given", not found.unexplained),
    ):
        if not holds:
            raise GuardFailedError(action, guard)


def _renewed(base: Questionnaire, found: DraftView) -> Questionnaire:
    """Return the version that a draft is based on, under the name of the draft."""
    return replace(base, version=found.questionnaire.version)


def send_back(session: Session, draft_id: UUID, stamp: Stamp) -> None:
    """Make a proposed draft one that is being written again."""
    draft = _load_proposed(session, draft_id, "send_back_draft", stamp)
    draft.status = DraftStatus.WRITING
    draft.proposed_by_id = draft.proposed_at = None
    session.flush()
    record(session, draft, "send_back_draft", stamp)


def _load_proposed(session: Session, draft_id: UUID, action: str, stamp: Stamp) -> QuestionnaireDraft:
    draft = load(session, draft_id, stamp, lock=True)
    if draft.status is not DraftStatus.PROPOSED:
        raise GuardFailedError(action, "proposed")
    return draft


def approve(session: Session, draft_id: UUID, offered_from: date, stamp: Stamp) -> str:
    """Publish a proposed draft, as a second person; return its key.

    Raises:
        InputError: the date lies in the past, or the version was published in the meantime.
        GuardFailedError: the actor proposed it or is the only one who wrote it, it was not proposed, or something is
            wrong with it after all.
        ConcurrentEditError: it is no longer the one on the actor's screen.
    """
    draft = _load_proposed(session, draft_id, "approve_draft", stamp)
    if offered_from < stamp.at.date():
        raise InputError("offered_from", "past")
    actor_id = writer(stamp)
    if not may_approve(actor_id, draft.proposed_by_id, editors(session, draft)):
        raise GuardFailedError("approve_draft", "second_person")
    found = view(session, draft)
    _check_ready(found, "approve_draft")
    draft.status, draft.offered_from = DraftStatus.PUBLISHED, offered_from
    draft.approved_by_id, draft.approved_at = actor_id, stamp.at
    session.flush()
    questionnaires.publish_one(session, found.questionnaire, offered_from, stamp)
    record(session, draft, "approve_draft", stamp, {"sha256": sha256(found.questionnaire)})
    return draft.key


def editors(session: Session, draft: QuestionnaireDraft) -> frozenset[UUID]:
    """Return who wrote what was proposed: since the proposal before it, or before that if nothing changed since."""
    query = (
        select(AuditEvent.action, AuditEvent.actor_id)
        .where(
            AuditEvent.object_type == "draft",
            AuditEvent.object_id == str(draft.id),
            AuditEvent.action.in_((*EDITS, PROPOSE)),
        )
        .order_by(AuditEvent.seq)
    )
    counted: set[UUID] = set()
    writing: set[UUID] = set()
    for action, actor_id in session.execute(query):
        if action != PROPOSE and actor_id is not None:
            writing.add(actor_id)
        elif writing:
            counted, writing = writing, set()
    return frozenset(writing or counted)
