"""From an approved advice to a signed report in the archive: rendered, sealed, stored, recorded once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import rfc8785
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ethiek.domain.actors import SYSTEM_ACTOR, Role, Stamp
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import Action, Facts, Status
from ethiek.errors import NotFoundError, RenderError, TransitionNotAllowedError
from ethiek.models.advice import Advice, Approval
from ethiek.models.archive import ArchiveRecord
from ethiek.models.base import canonical_moment
from ethiek.models.dossiers import Dossier, Snapshot
from ethiek.models.jobs import Job
from ethiek.models.signing import PendingReport
from ethiek.reports.archive import ArchivedFile
from ethiek.reports.fields import APPROVALS as APPROVALS_OF_PERSONS
from ethiek.reports.fields import SEAL
from ethiek.reports.house import PLAIN, House
from ethiek.reports.isolated import blame, render_isolated
from ethiek.reports.levels import Level
from ethiek.reports.source import APPROVALS, ReportSource, language_of
from ethiek.services import audit, jobs, personal, questionnaires
from ethiek.services.access import Access, open_dossier
from ethiek.services.advice import present_advice, seal_key
from ethiek.services.archive import note_reading
from ethiek.services.report_status import last_record
from ethiek.services.submission import pinned_by
from ethiek.services.transitions import transition

NETHERLANDS: Final = ZoneInfo("Europe/Amsterdam")
"""The year of an advice is the year on the wall calendar of who reads it."""


def source_of(
    session: Session,
    advice_id: UUID,
    *,
    test_seal: bool,
    signatures: Sequence[str] = (SEAL.name,),
    level: Level = Level.B_B,
    time_stamps: bool = False,
    public_url: str = "",
    house: House = PLAIN,
    preview: bool = False,
) -> ReportSource:
    """Gather what a report is rendered from.

    Args:
        signatures: the fields that the finished report will carry, in order.
        level: what else it will carry, so that its proof lasts.
        time_stamps: make room for time stamps, now or at a renewal.
        public_url: the origin under which everybody can check it; empty if there is none.
        house: how documents of this organisation look.
        preview: print what there is now, to be approved and not to be sealed.

    Raises:
        NotFoundError: there is no such advice, or it was taken back.
    """
    advice = _advice(session, advice_id)
    snapshot = session.get_one(Snapshot, advice.snapshot_id)
    questionnaire = questionnaires.content_of(session, pinned_by(snapshot))
    return ReportSource(
        snapshot=snapshot.content.encode(),
        advice=advice.content.encode(),
        approvals=_approvals(advice.sha256, advice.approvals, signatures, level),
        questionnaire=questionnaire,
        test_seal=test_seal,
        language=language_of(questionnaire),
        house=house,
        time_stamps=time_stamps,
        public_url=public_url,
        preview=preview,
    )


def _advice(session: Session, advice_id: UUID) -> Advice:
    advice = session.scalar(
        select(Advice)
        .where(Advice.id == advice_id, Advice.revoked_at.is_(None))
        .options(joinedload(Advice.approvals).joinedload(Approval.user, innerjoin=True)),
    )
    if advice is None:
        raise NotFoundError
    return advice


def _approvals(
    advice_sha256: str, approvals: Sequence[Approval], signatures: Sequence[str], level: Level
) -> bytes:
    """Put the approvals and what will be signed in canonical JSON, format ``ethiek-approvals/3``."""
    return rfc8785.dumps(
        {
            "format": APPROVALS,
            "advice_sha256": advice_sha256,
            "signatures": list(signatures),
            "level": level.value,
            "approvals": [
                {
                    "role": approval.role.value,
                    "by": approval.user.name,
                    "at": canonical_moment(approval.approved_at),
                    **_signed(approval.role, signatures),
                }
                for approval in approvals
            ],
        }
    )


def _signed(role: Role, signatures: Sequence[str]) -> dict[str, str]:
    """The field in which somebody also signs; absent for who only approves."""
    field = APPROVALS_OF_PERSONS[role].name
    return {"signature": field} if field in signatures else {}


def archived(session: Session, advice_id: UUID) -> ArchiveRecord | None:
    """Return the record of the signed report as it was first issued, if there is one."""
    return session.scalar(
        select(ArchiveRecord).where(ArchiveRecord.advice_id == advice_id, ArchiveRecord.decision_id.is_(None))
    )


def store(
    session: Session, advice_id: UUID, file: ArchivedFile, at: datetime, *, test_seal: bool
) -> ArchiveRecord:
    """Record a signed report and close its dossier; a second time gives the first record."""
    if (present := archived(session, advice_id)) is not None:
        return present
    record = new_record(session, advice_id, file, at, test_seal=test_seal)
    dossier = session.get_one(Dossier, record.dossier_id)
    session.add(record)
    transition(
        session,
        dossier,
        Action.ARCHIVE,
        frozenset({Role.SYSTEM}),
        Facts(sealed=True),
        Stamp(SYSTEM_ACTOR, at, origin="worker"),
        {"sha256": file.sha256},
    )
    return record


def new_record(
    session: Session, advice_id: UUID, file: ArchivedFile, at: datetime, *, test_seal: bool
) -> ArchiveRecord:
    """Return a record of a signed report on this advice, and lock its dossier."""
    advice = _advice(session, advice_id)
    dossier = session.scalars(
        select(Dossier)
        .where(Dossier.id == advice.dossier_id)
        .with_for_update(of=Dossier)
        .options(joinedload(Dossier.unit, innerjoin=True)),
    ).one()
    snapshot = session.get_one(Snapshot, advice.snapshot_id)
    return ArchiveRecord(
        dossier_id=dossier.id,
        advice_id=advice.id,
        reference=dossier.reference,
        title=dossier.title,
        unit=dossier.unit.name,
        questionnaire_key=pinned_by(snapshot),
        verdict=advice.verdict,
        year=at.astimezone(NETHERLANDS).year,
        sha256=file.sha256,
        size=file.size,
        snapshot_sha256=snapshot.sha256,
        advice_sha256=advice.sha256,
        signed_at=at,
        test_seal=test_seal,
    )


TRIAL_SECONDS = 60.0
"""How long somebody who hands in waits at most for the trial of the report."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the report of a dossier is."""

    access: Access
    job: Job | None
    record: ArchiveRecord | None
    pending: PendingReport | None = None
    """The report that waits for persons to sign it."""

    @property
    def status(self) -> Status:
        """Where the dossier is."""
        return self.access.dossier.status

    @property
    def awaited(self) -> Role | None:
        """The role whose signature is awaited; None when nobody's is."""
        return personal.awaited(self.pending) if self.pending else None


def progress(session: Session, dossier_id: UUID, stamp: Stamp) -> Progress:
    """Return how far rendering and signing are."""
    access = open_dossier(session, dossier_id, stamp.actor, Permission.REPORT_READ)
    advice = present_advice(session, dossier_id)
    if advice is None:
        return Progress(access, None, None)
    job = session.scalar(select(Job).where(Job.dedupe_key == seal_key(advice.id)))
    pending = personal.pending_of(session, advice.id)
    return Progress(access, job, last_record(session, dossier_id), pending)


def read(session: Session, dossier_id: UUID, stamp: Stamp) -> ArchiveRecord:
    """Return the record of a dossier's signed report for downloading; the reading is an event.

    Raises:
        NotFoundError: there is no signed report yet.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.REPORT_READ)
    record = last_record(session, access.dossier.id)
    if record is None:
        raise NotFoundError
    note_reading(session, record, stamp)
    return record


def retry(session: Session, dossier_id: UUID, stamp: Stamp) -> None:
    """Try at once to sign a report whose job gave up, or pauses after a failure.

    Raises:
        TransitionNotAllowedError: the report does not wait for its signature.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.REPORT_RETRY, lock=True)
    if access.dossier.status is not Status.AWAITING_SIGNATURE:
        raise TransitionNotAllowedError(Permission.REPORT_RETRY, access.dossier.status)
    found = progress(session, dossier_id, stamp)
    if found.job is None:
        raise NotFoundError
    jobs.try_now(session, found.job.id)
    audit.record(session, stamp, "retry_signing", audit.Subject("dossier", str(dossier_id)))


def try_rendering(source: ReportSource) -> None:
    """Render in the child process and throw the result away.

    Raises:
        RenderError: it cannot be rendered within ``TRIAL_SECONDS``; ``questions`` names the answers that cause it.
    """
    try:
        render_isolated(source, TRIAL_SECONDS)
    except RenderError as error:
        questions = error.questions or blame(source, TRIAL_SECONDS / 4)
        raise RenderError(error.reason, questions) from error
