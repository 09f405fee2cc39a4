"""What holds for an issued report: valid, superseded or withdrawn; for everybody, and without its contents."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from ethiek.domain.actors import Stamp
from ethiek.domain.permissions import Permission
from ethiek.domain.report_status import ReportStatus, StatusChange, next_change, report_status
from ethiek.errors import ConcurrentEditError, NotFoundError
from ethiek.models.advice import Advice
from ethiek.models.archive import ArchiveRecord, ArchiveRenewal, ReportStatusEvent
from ethiek.reports.verification_address import CODE_LENGTH
from ethiek.services import audit
from ethiek.services.access import Access, open_dossier
from ethiek.services.reasons import checked_reason

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_CODE: Final = re.compile(rf"[0-9a-f]{{{CODE_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Status:
    """What everybody may know of an issued report: nothing that is written in it.

    ``sha256``: of the file that was asked about, else of the one that was issued. ``organisation`` and ``committee``
    are as printed; ``changed_at``: when it was withdrawn, None if it is not.
    """

    state: ReportStatus
    organisation: str
    committee: str
    signed_at: datetime
    changed_at: datetime | None
    test_seal: bool
    sha256: str
    advice_sha256: str
    has_decision: bool = False
    """The decision of the official stands in it."""
    decided_later: bool = False
    """It has been replaced by an edition with the (revised) decision of the official."""


def status_of(session: Session, sha256: str) -> Status | None:
    """Return the status of the report with these bytes; None if it was not issued here."""
    given = sha256.lower()
    if not _SHA256.fullmatch(given):
        return None
    renewed = ArchiveRecord.renewals.any(ArchiveRenewal.sha256 == given)
    found = _status(session, or_(ArchiveRecord.sha256 == given, renewed))
    return found and replace(found, sha256=given)


def status_of_code(session: Session, code: str) -> Status | None:
    """Return the status of the report in which this code is printed; None if it was not issued here.

    The editions of a report with a decision share the code of their advice; it stands for the last one.
    """
    given = code.lower()
    if not _CODE.fullmatch(given):
        return None
    rest = 64 - CODE_LENGTH
    return _status(session, ArchiveRecord.advice_sha256.between(given + "0" * rest, given + "f" * rest))


def _status(session: Session, which: ColumnElement[bool]) -> Status | None:
    row = session.execute(
        select(ArchiveRecord, Advice.content)
        .join(Advice, Advice.id == ArchiveRecord.advice_id)
        .where(which)
        .order_by(ArchiveRecord.signed_at.desc(), ArchiveRecord.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    record, content = row
    last = next(iter(_events(session, record.id)), None)
    advice = json.loads(content)
    state = states(session, [record])[record.id]
    newest = last_record(session, record.dossier_id)
    return Status(
        state=state,
        organisation=advice["organisation"],
        committee=advice["committee"],
        signed_at=record.signed_at,
        changed_at=last.at if last and state is ReportStatus.WITHDRAWN else None,
        test_seal=record.test_seal,
        sha256=record.sha256,
        advice_sha256=record.advice_sha256,
        has_decision=record.decision_id is not None,
        decided_later=newest is not None and newest.decision_id not in (None, record.decision_id),
    )


def _events(session: Session, record_id: UUID) -> Sequence[ReportStatusEvent]:
    """What was done with a report, the last thing first."""
    return session.scalars(
        select(ReportStatusEvent)
        .where(ReportStatusEvent.record_id == record_id)
        .order_by(ReportStatusEvent.number.desc())
        .options(joinedload(ReportStatusEvent.by, innerjoin=True))
    ).all()


def states(session: Session, records: Collection[ArchiveRecord]) -> Mapping[UUID, ReportStatus]:
    """Return what holds for each of these reports, by the id of its record."""
    changes = session.execute(
        select(ReportStatusEvent.record_id, ReportStatusEvent.kind)
        .where(ReportStatusEvent.record_id.in_([record.id for record in records]))
        .order_by(ReportStatusEvent.number)
    )
    last = {row.record_id: row.kind for row in changes}
    present = session.execute(
        select(ArchiveRecord.dossier_id, ArchiveRecord.id)
        .where(ArchiveRecord.dossier_id.in_({record.dossier_id for record in records}))
        .order_by(ArchiveRecord.signed_at, ArchiveRecord.id)
    )
    newest = {row.dossier_id: row.id for row in present}
    return {
        record.id: report_status(last.get(record.id), superseded=record.id != newest[record.dossier_id])
        for record in records
    }


@dataclass(frozen=True, slots=True)
class Issued:
    """The last report of a dossier, for those who may read it. ``events``: the last one first."""

    access: Access
    record: ArchiveRecord
    state: ReportStatus
    events: Sequence[ReportStatusEvent]

    @property
    def next_change(self) -> StatusChange:
        """What a chair can do with it now."""
        return next_change(self.events[0].kind if self.events else None)

    @property
    def revision(self) -> int:
        """Rises with every change."""
        return len(self.events)


def issued(session: Session, dossier_id: UUID, stamp: Stamp, permission: Permission) -> Issued:
    """Return the last report of a dossier.

    Raises:
        NotFoundError: there is none, or not for this actor.
        PermissionDeniedError: the actor may know of it, but not do this.
    """
    return _issued(session, open_dossier(session, dossier_id, stamp.actor, permission))


def last_record(session: Session, dossier_id: UUID) -> ArchiveRecord | None:
    """Return the record of the last report of a dossier, with its renewals; None if there is none yet."""
    return session.scalar(
        select(ArchiveRecord)
        .where(ArchiveRecord.dossier_id == dossier_id)
        .options(selectinload(ArchiveRecord.renewals))
        .order_by(ArchiveRecord.signed_at.desc(), ArchiveRecord.id.desc())
        .limit(1)
    )


def _issued(session: Session, access: Access) -> Issued:
    record = last_record(session, access.dossier.id)
    if record is None:
        raise NotFoundError
    events = _events(session, record.id)
    return Issued(access, record, states(session, [record])[record.id], events)


def change(session: Session, dossier_id: UUID, reason: str, stamp: Stamp) -> StatusChange:
    """Withdraw the last report of a dossier, or restore it when it was withdrawn; say which of the two it was.

    The stamp says how many changes the actor saw, so that nobody does the opposite of what was meant.

    Raises:
        NotFoundError: there is no report.
        InputError: the reason is empty, too long, or no text.
        ConcurrentEditError: somebody else changed it in between.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.REPORT_WITHDRAW, lock=True)
    found = _issued(session, access)
    text = checked_reason(reason)
    if stamp.seen != found.revision:
        raise ConcurrentEditError(dossier_id)
    event = ReportStatusEvent(
        record_id=found.record.id,
        number=found.revision + 1,
        kind=found.next_change,
        reason=text,
        by_id=stamp.actor.user_id,
        at=stamp.at,
    )
    session.add(event)
    session.flush()
    audit.record(
        session,
        stamp,
        {StatusChange.WITHDRAWN: "withdraw_report", StatusChange.RESTORED: "restore_report"}[event.kind],
        audit.Subject("archive_record", str(found.record.id)),
        details={"sha256": found.record.sha256, "number": event.number},
    )
    return event.kind
