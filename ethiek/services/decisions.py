"""The decision of the accountable official: bound to exactly what was read, and never changed afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import rfc8785
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ethiek.domain.actors import Stamp
from ethiek.domain.decisions import DecisionInput, check_decision
from ethiek.domain.permissions import Permission
from ethiek.domain.report_status import ReportStatus
from ethiek.errors import ConcurrentEditError, NotFoundError, TransitionNotAllowedError
from ethiek.models.advice import Advice
from ethiek.models.archive import ArchiveRecord
from ethiek.models.base import canonical_moment
from ethiek.models.decisions import Decision, DecisionRequest
from ethiek.models.jobs import Job
from ethiek.reports.source import DECISION
from ethiek.services import audit, jobs, report_status
from ethiek.services.access import Access, open_dossier
from ethiek.services.advice import present_advice
from ethiek.services.decision_requests import check_decidable, present_request

DECISION_JOB: Final = "seal_decision"


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, with what stands in it: see ``ethiek-decision/1``."""

    row: Decision
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DecisionSheet:
    """What was advised, what can be read of it, and what was decided: the last decision first."""

    access: Access
    advice: Advice
    record: ArchiveRecord
    """Of the last signed report: the one that is read before somebody decides."""
    state: ReportStatus
    request: DecisionRequest | None
    decisions: Sequence[Decided]
    job: Job | None
    """Makes the report with the last decision in it; None if there is no decision."""

    @property
    def revision(self) -> int:
        """How many decisions there are: rises with each."""
        return len(self.decisions)

    @property
    def issued(self) -> bool:
        """The report with the last decision in it is there; or there is no decision yet."""
        return not self.decisions or self.record.decision_id == self.decisions[0].row.id


def of(session: Session, dossier_id: UUID, stamp: Stamp, permission: Permission) -> DecisionSheet:
    """Return what there is to decide, and what was decided.

    Raises:
        NotFoundError: there is no such dossier for this actor, or no signed report of it yet.
        PermissionDeniedError: the actor may know of it, but not do this.
    """
    return _sheet(session, open_dossier(session, dossier_id, stamp.actor, permission))


def _sheet(session: Session, access: Access) -> DecisionSheet:
    dossier_id = access.dossier.id
    advice = present_advice(session, dossier_id)
    record = report_status.last_record(session, dossier_id)
    if advice is None or record is None:
        raise NotFoundError
    made = [Decided(row, json.loads(row.content)) for row in _decisions(session, advice.id)]
    return DecisionSheet(
        access,
        advice,
        record,
        report_status.states(session, [record])[record.id],
        present_request(session, dossier_id),
        made,
        _job(session, made[0].row) if made else None,
    )


def _decisions(session: Session, advice_id: UUID) -> Sequence[Decision]:
    return session.scalars(
        select(Decision)
        .where(Decision.advice_id == advice_id)
        .order_by(Decision.number.desc())
        .options(joinedload(Decision.by, innerjoin=True))
    ).all()


def _job(session: Session, decision: Decision) -> Job | None:
    return session.scalar(select(Job).where(Job.dedupe_key == decision_key(decision.id)))


def decision_key(decision_id: UUID) -> str:
    """Return the key of the one job that seals the report with a decision."""
    return f"{DECISION_JOB}:{decision_id}"


def decide(
    session: Session, dossier_id: UUID, given: DecisionInput, report_sha256: str, token: str, stamp: Stamp
) -> Decision:
    """Decide on a project after reading one signed report, and have the report made in which that stands.

    The caller has just had the actor's password entered again. The stamp says how many decisions the actor saw. The
    same form sent twice gives the decision that is there already.

    Args:
        report_sha256: of the file that was on the screen.
        token: made with the form.

    Raises:
        InputError: the decision is not explained, or contradicts itself.
        ConcurrentEditError: there is another report, or another decision, than the one on the screen.
        TransitionNotAllowedError: the report was withdrawn, or the report with the last decision is not there yet.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.DECISION_TAKE, lock=True)
    check_decidable(session, access.dossier, Permission.DECISION_TAKE)
    sheet = _sheet(session, access)
    if (again := _same(sheet, token, stamp)) is not None:
        return again
    if (sheet.record.newest_sha256, sheet.revision) != (report_sha256, stamp.seen):
        raise ConcurrentEditError(dossier_id)
    if not sheet.issued:
        raise TransitionNotAllowedError(Permission.DECISION_TAKE, "awaiting_signature")
    advice = sheet.advice
    check_decision(given, advice.verdict, len(advice.conditions), revises=bool(sheet.decisions))
    return _record(session, sheet, given, token, stamp)


def _same(sheet: DecisionSheet, token: str, stamp: Stamp) -> Decision | None:
    return next(
        (
            one.row
            for one in sheet.decisions
            if (one.row.by_id, one.row.token) == (stamp.actor.user_id, token)
        ),
        None,
    )


def _record(
    session: Session, sheet: DecisionSheet, given: DecisionInput, token: str, stamp: Stamp
) -> Decision:
    content = _content(sheet, given, stamp)
    assert stamp.actor.user_id is not None
    decision = Decision(
        dossier_id=sheet.access.dossier.id,
        advice_id=sheet.advice.id,
        report_sha256=sheet.record.newest_sha256,
        number=sheet.revision + 1,
        follows=given.follows,
        outcome=given.outcome,
        content=content.decode(),
        sha256=hashlib.sha256(content).hexdigest(),
        token=token,
        by_id=stamp.actor.user_id,
        at=stamp.at,
        replaces_id=sheet.decisions[0].row.id if sheet.decisions else None,
    )
    session.add(decision)
    session.flush()
    jobs.enqueue(session, DECISION_JOB, {"decision": str(decision.id)}, decision_key(decision.id), stamp.at)
    audit.record(
        session,
        stamp,
        "take_decision",
        audit.Subject("dossier", str(decision.dossier_id)),
        details={
            "number": decision.number,
            "follows": given.follows,
            "outcome": given.outcome,
            "sha256": decision.sha256,
            "report_sha256": decision.report_sha256,
        },
    )
    return decision


def _content(sheet: DecisionSheet, given: DecisionInput, stamp: Stamp) -> bytes:
    """Put the decision in canonical JSON, format ``ethiek-decision/1``."""
    advice = json.loads(sheet.advice.content)
    return rfc8785.dumps(
        {
            "format": DECISION,
            "organisation": advice["organisation"],
            "dossier": advice["dossier"],
            "advice_sha256": sheet.advice.sha256,
            "report_sha256": sheet.record.newest_sha256,
            "number": sheet.revision + 1,
            "follows": given.follows.value,
            "outcome": given.outcome.value,
            "reason": given.reason.strip(),
            "conditions": [
                {
                    "number": number,
                    "adopted": one.adopted,
                    "reason": "" if one.adopted else one.reason.strip(),
                }
                for number, one in enumerate(given.conditions, 1)
            ],
            "decided": {
                "by": stamp.actor.name,
                "capacity": given.capacity.strip(),
                "at": canonical_moment(stamp.at),
            },
            **_replaced(sheet, given),
        }
    )


def _replaced(sheet: DecisionSheet, given: DecisionInput) -> dict[str, Any]:
    """Return the member that only a revised decision has."""
    if not sheet.decisions:
        return {}
    return {
        "replaces": {"sha256": sheet.decisions[0].row.sha256, "reason": given.replaces_reason.strip()},
    }


def retry(session: Session, dossier_id: UUID, stamp: Stamp) -> None:
    """Try at once to sign the report with the last decision, after its job gave up or pauses.

    Raises:
        TransitionNotAllowedError: no report waits for its signature.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.REPORT_RETRY, lock=True)
    sheet = _sheet(session, access)
    if sheet.issued or sheet.job is None:
        raise TransitionNotAllowedError(Permission.REPORT_RETRY, access.dossier.status)
    jobs.try_now(session, sheet.job.id)
    audit.record(session, stamp, "retry_signing", audit.Subject("dossier", str(dossier_id)))
