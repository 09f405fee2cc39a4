"""Handing in: what is missing, and the snapshot that freezes what the committee will read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.completeness import Completeness, completeness
from ethiek.domain.conclusions import Findings, findings_of
from ethiek.domain.permissions import Permission
from ethiek.domain.projects import LABELS
from ethiek.domain.walk import Walked, not_asked, walk_through
from ethiek.domain.workflow import Action, Facts, next_status
from ethiek.errors import NotFoundError
from ethiek.models.base import canonical_moment
from ethiek.models.dossiers import Snapshot
from ethiek.models.reviews import Remark, Reply
from ethiek.questionnaires.model import Questionnaire
from ethiek.reports.source import SNAPSHOT, ReportSource
from ethiek.reports.trial import trial_source
from ethiek.services import attachments, gatherings, questionnaires
from ethiek.services.access import Access, open_dossier
from ethiek.services.answers import Present, present_answers
from ethiek.services.attachments import Placed
from ethiek.services.dossiers import team_of
from ethiek.services.transitions import check_seen, transition


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that would be handed in now."""

    access: Access
    questionnaire: Questionnaire
    answers: dict[Slot, Answer]
    walked: Walked
    completeness: Completeness
    unanswered_remarks: int
    unconfirmed: frozenset[Slot]
    """Answers to questions that are asked now, carried along and not confirmed yet."""
    attachments: tuple[Placed, ...] = ()

    @property
    def facts(self) -> Facts:
        """What the guards of the hand-in look at."""
        return Facts(
            missing_answers=len(self.completeness.missing),
            stopped=self.completeness.stopped,
            unanswered_remarks=self.unanswered_remarks,
            unconfirmed_answers=len(self.unconfirmed),
            unclean_attachments=self.unclean_attachments,
        )

    @property
    def unclean_attachments(self) -> int:
        """How many files keep it from being handed in."""
        return attachments.unclean(self.attachments)

    @property
    def findings(self) -> Findings | None:
        """What the question set concludes; None if it never does."""
        return findings_of(self.questionnaire, self.walked, self.answers)

    @property
    def ready(self) -> bool:
        """Nothing keeps it from being handed in."""
        waits = self.unanswered_remarks or self.unconfirmed or self.unclean_attachments
        return self.completeness.complete and not waits


def draft_of(session: Session, dossier_id: UUID, stamp: Stamp, *, lock: bool = False) -> Draft:
    """Load what would be handed in now, and how complete it is."""
    access = open_dossier(session, dossier_id, stamp.actor, Permission.DOSSIER_SUBMIT, lock=lock)
    return draft_in(session, access)


def draft_in(session: Session, access: Access) -> Draft:
    """Load the same of a dossier that is open already."""
    dossier_id, key = access.dossier.id, access.dossier.questionnaire_key
    questionnaire = questionnaires.get(session, key, access.questionnaire_sha256)
    present = present_answers(session, dossier_id)
    answers = {slot: one.answer for slot, one in present.items()}
    walked = walk_through(questionnaire, answers)
    return Draft(
        access,
        questionnaire,
        answers,
        walked,
        completeness(questionnaire, answers),
        unanswered_remarks(session, dossier_id),
        _unconfirmed(present, walked),
        attachments.present(session, access),
    )


def _unconfirmed(present: Mapping[Slot, Present], walked: Walked) -> frozenset[Slot]:
    """Return what waits to be confirmed; a question that is not asked now keeps nobody from handing in."""
    asked = (place.slot for place in walked.asked)
    return frozenset(slot for slot in asked if slot in present and present[slot].waits)


def unanswered_remarks(session: Session, dossier_id: UUID) -> int:
    """Count the released remarks without a reply."""
    answered = select(Reply.id).where(Reply.remark_id == Remark.id).exists()
    return (
        session.scalar(
            select(func.count())
            .select_from(Remark)
            .where(Remark.dossier_id == dossier_id, Remark.released_at.is_not(None), ~answered),
        )
        or 0
    )


def trial_of(session: Session, draft: Draft, stamp: Stamp) -> ReportSource:
    """Return a report on the dossier as it is now, to try whether it can be printed."""
    content = questionnaires.content_of(session, draft.access.dossier.questionnaire_key)
    return trial_source(_content(session, draft, draft.access.dossier.round + 1, stamp), content)


def submit(session: Session, dossier_id: UUID, stamp: Stamp) -> Snapshot:
    """Hand a finished dossier to the committee (NL: indienen) and freeze it.

    Raises:
        ConcurrentEditError: the dossier is no longer the one on the actor's screen.
        GuardFailedError: questions are open or to be confirmed, a stop rule holds, a remark has no reply, or a file
            was not found clean.
    """
    draft = draft_of(session, dossier_id, stamp, lock=True)
    dossier = draft.access.dossier
    check_seen(dossier, stamp)
    next_status(dossier.status, Action.SUBMIT, draft.access.roles, draft.facts)
    content = _content(session, draft, dossier.round + 1, stamp)
    snapshot = Snapshot(
        dossier_id=dossier.id,
        round=dossier.round + 1,
        content=content.decode(),
        sha256=hashlib.sha256(content).hexdigest(),
        submitted_by_id=stamp.actor.user_id,
        submitted_at=stamp.at,
    )
    session.add(snapshot)
    attachments.freeze(session, snapshot, draft.attachments)
    dossier.round, dossier.submitted_at = snapshot.round, stamp.at
    transition(
        session,
        dossier,
        Action.SUBMIT,
        draft.access.roles,
        draft.facts,
        stamp,
        {"sha256": snapshot.sha256},
    )
    return snapshot


def content_now(session: Session, draft: Draft, stamp: Stamp) -> bytes:
    """Return the dossier as it is now, in the shape of a snapshot, without handing it in."""
    return _content(session, draft, draft.access.dossier.round, stamp)


def _content(session: Session, draft: Draft, number: int, stamp: Stamp) -> bytes:
    """Put the dossier in canonical JSON, format ``ethiek-snapshot/2``."""
    dossier, questionnaire = draft.access.dossier, draft.questionnaire
    functions = {role.id: role.label for role in questionnaire.roles}
    return rfc8785.dumps(
        {
            "format": SNAPSHOT,
            "dossier": {
                "id": str(dossier.id),
                "reference": dossier.reference,
                "title": dossier.title,
                "purpose": dossier.purpose,
                "unit": dossier.unit.name,
                "kind": LABELS[dossier.kind],
                "phase": LABELS[dossier.phase],
                "committee": dossier.committee.name,
            },
            "round": number,
            "questionnaire": {
                "key": questionnaire.key,
                "title": questionnaire.title,
                "language": questionnaire.language,
                "sha256": draft.access.questionnaire_sha256,
            },
            "team": [
                {"name": member.user.name, "role": functions.get(member.function, member.function)}
                for member in team_of(session, dossier.id)
            ],
            "submitted": {"at": canonical_moment(stamp.at), "by": stamp.actor.name},
            "answers": [
                {
                    "question": place.slot.question,
                    "item": place.slot.item,
                    "answer": draft.answers[place.slot].to_json(),
                }
                for place in draft.walked.asked
                if place.slot in draft.answers
            ],
            "warnings": [
                {
                    "question": stop.slot.question,
                    "item": stop.slot.item,
                    "effect": stop.rule.effect.value,
                    "reason": stop.rule.reason,
                }
                for stop in draft.walked.stops
            ],
            "not_asked": list(not_asked(questionnaire, draft.answers)),
            **_concluded(draft.findings),
            **_attached(draft.attachments),
            **_sessions(session, dossier.id),
        }
    )


def _concluded(findings: Findings | None) -> dict[str, list[dict[str, str]]]:
    """Return the member of the snapshot that only sets with conclusions have."""
    if findings is None:
        return {}
    return {
        "conclusions": [
            {"id": one.id, "title": one.title, "level": one.level.value, "reason": one.reason}
            for one in findings.conclusions
        ]
    }


def _attached(placed: Iterable[Placed]) -> dict[str, list[dict[str, str | int]]]:
    """Return the member of the snapshot that only dossiers with files have."""
    rows = attachments.handed_in(placed)
    return {"attachments": rows} if rows else {}


def _sessions(session: Session, dossier_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return the member of the snapshot that only dossiers with gatherings have."""
    rows = [one.given.to_json() for one in gatherings.present(session, dossier_id) if one.given]
    return {"sessions": rows} if rows else {}


def snapshot_of(session: Session, dossier_id: UUID, number: int) -> Snapshot:
    """Return what was handed in for a round.

    Raises:
        NotFoundError: there is no such round.
    """
    snapshot = session.scalar(
        select(Snapshot).where(Snapshot.dossier_id == dossier_id, Snapshot.round == number),
    )
    if snapshot is None:
        raise NotFoundError
    return snapshot


def pinned_by(snapshot: Snapshot) -> str:
    """Return the key of the version in which a round was handed in."""
    return str(json.loads(snapshot.content)["questionnaire"]["key"])
