"""What a public copy of a signed report leaves out: marked, taken back and proposed by a secretary."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from ethiek.domain.actors import Stamp
from ethiek.domain.permissions import Permission
from ethiek.domain.redactions import Redaction, check_redaction, redact
from ethiek.errors import ConcurrentEditError, GuardFailedError, InputError, NotFoundError
from ethiek.models.archive import ArchiveRecord
from ethiek.models.public import PublicCopy, PublicProposal, PublicRedaction
from ethiek.reports.house import House
from ethiek.reports.public_source import written
from ethiek.reports.publishing import printed_forms
from ethiek.reports.source import ReportSource
from ethiek.services import audit, decision_editions, reporting
from ethiek.services.access import Access, open_dossier

MOST: Final = 400
"""Redactions of one report."""


@dataclass(frozen=True, slots=True)
class Presented:
    """How an installation presents its documents: the public address, and the house style."""

    public_url: str
    house: House


@dataclass(frozen=True, slots=True)
class Publication:
    """The last report of a dossier, on its way to a public copy. ``copies``: the newest first.

    What is marked, and the numbers of copies, belong to an advice: they go along to an edition with a decision.
    """

    access: Access
    record: ArchiveRecord
    rows: Sequence[PublicRedaction]
    proposal: PublicProposal | None
    copies: Sequence[PublicCopy]

    @property
    def redactions(self) -> tuple[Redaction, ...]:
        """What is to be left out, in the order in which it was marked."""
        return tuple(redaction_of(row) for row in self.rows)

    @property
    def content(self) -> bytes:
        """The same as canonical JSON."""
        return written(self.record.advice_sha256, self.redactions)

    @property
    def sha256(self) -> str:
        """What a proposal and an adoption are about."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def is_proposed(self) -> bool:
        """Exactly this was laid before the chair, and is not adopted yet."""
        proposed = self.proposal is not None and self.proposal.redactions_sha256 == self.sha256
        return proposed and not self.is_adopted

    @property
    def is_adopted(self) -> bool:
        """The newest copy is made of exactly this, and of this edition of the report."""
        newest = self.copies[0] if self.copies else None
        made_of = (newest.record_id, newest.redactions_sha256) if newest else None
        return made_of == (self.record.id, self.sha256)

    @property
    def next_version(self) -> int:
        """The number of the next copy."""
        return self.copies[0].version + 1 if self.copies else 1


def redaction_of(row: PublicRedaction) -> Redaction:
    """Return the plain value of a row."""
    return Redaction(row.ground, row.document, row.pointer, row.passage)


def publication(
    session: Session, dossier_id: UUID, stamp: Stamp, permission: Permission, *, lock: bool = False
) -> Publication:
    """Return the last report of a dossier with what is known of its public copies.

    Raises:
        NotFoundError: there is no signed report, or not for this actor.
        PermissionDeniedError: the actor may know of it, but not do this.
    """
    access = open_dossier(session, dossier_id, stamp.actor, permission, lock=lock)
    record = session.scalar(
        select(ArchiveRecord)
        .where(ArchiveRecord.dossier_id == access.dossier.id)
        .order_by(ArchiveRecord.signed_at.desc(), ArchiveRecord.id.desc())
        .limit(1)
    )
    if record is None:
        raise NotFoundError
    return Publication(
        access, record, _rows(session, record), _proposal(session, record), _copies(session, record)
    )


def _editions(record: ArchiveRecord) -> Select[UUID]:
    """The reports on the same advice: with a decision, and from before there was one."""
    return select(ArchiveRecord.id).where(ArchiveRecord.advice_id == record.advice_id)


def _rows(session: Session, record: ArchiveRecord) -> Sequence[PublicRedaction]:
    return session.scalars(
        select(PublicRedaction)
        .where(PublicRedaction.record_id.in_(_editions(record)))
        .order_by(PublicRedaction.id)
    ).all()


def _proposal(session: Session, record: ArchiveRecord) -> PublicProposal | None:
    return session.scalar(
        select(PublicProposal)
        .where(PublicProposal.record_id == record.id)
        .order_by(PublicProposal.number.desc())
        .options(joinedload(PublicProposal.by, innerjoin=True))
        .limit(1)
    )


def _copies(session: Session, record: ArchiveRecord) -> Sequence[PublicCopy]:
    return session.scalars(
        select(PublicCopy)
        .where(PublicCopy.record_id.in_(_editions(record)))
        .order_by(PublicCopy.version.desc())
        .options(joinedload(PublicCopy.adopted_by, innerjoin=True))
    ).all()


def documents_of(session: Session, record: ArchiveRecord) -> dict[str, Any]:
    """Return the documents of a signed report, parsed, by their name without extension."""
    files = report_of(session, record, Presented("", House())).files()
    return {name.removesuffix(".json"): json.loads(data) for name, data in files.items()}


def report_of(session: Session, record: ArchiveRecord, presented: Presented) -> ReportSource:
    """Return what the report itself would be rendered from, with the decision that stands in it."""
    facts: dict[str, Any] = {
        "test_seal": record.test_seal,
        "public_url": presented.public_url,
        "house": presented.house,
    }
    if record.decision_id is not None:
        return decision_editions.source_of(session, record.decision_id, facts)
    return reporting.source_of(session, record.advice_id, **facts)


def add(session: Session, dossier_id: UUID, given: Redaction, advice_sha256: str, stamp: Stamp) -> int:
    """Mark something to be left out; return in how many places it stands. Marking it twice changes nothing.

    Args:
        advice_sha256: of the report that was on the screen.

    Raises:
        InputError: it cannot be looked for, or stands nowhere; or there are too many.
        ConcurrentEditError: there is a later report.
    """
    found = publication(session, dossier_id, stamp, Permission.REPORT_PUBLISH, lock=True)
    _check_seen(found, advice_sha256)
    check_redaction(given)
    if len(found.rows) >= MOST:
        raise InputError("passage", "too_many_redactions")
    hits = redact(documents_of(session, found.record), [given], printed_forms).hits[0]
    if not hits:
        raise InputError("passage", "not_found")
    if given not in found.redactions:
        _keep(session, found, given, stamp)
    return hits


def _keep(session: Session, found: Publication, given: Redaction, stamp: Stamp) -> None:
    row = PublicRedaction(
        record_id=found.record.id,
        ground=given.ground,
        document=given.document,
        pointer=given.pointer,
        passage=given.passage,
        by_id=stamp.actor.user_id,
        at=stamp.at,
    )
    session.add(row)
    session.flush()
    record_event(session, found, "redact", stamp, {"redaction": str(row.id), "ground": given.ground})


def remove(session: Session, dossier_id: UUID, redaction_id: UUID, advice_sha256: str, stamp: Stamp) -> None:
    """Take back that something is left out. What was taken back already stays so.

    Raises:
        ConcurrentEditError: there is a later report.
    """
    found = publication(session, dossier_id, stamp, Permission.REPORT_PUBLISH, lock=True)
    _check_seen(found, advice_sha256)
    row = next((row for row in found.rows if row.id == redaction_id), None)
    if row is None:
        return
    session.delete(row)
    session.flush()
    record_event(session, found, "unredact", stamp, {"redaction": str(redaction_id), "ground": row.ground})


def propose(session: Session, dossier_id: UUID, sha256: str, stamp: Stamp) -> None:
    """Lay what is marked before the chair (NL: voorleggen).

    Raises:
        ConcurrentEditError: it is no longer what was on the screen.
        GuardFailedError: a copy of exactly this was adopted already.
    """
    found = publication(session, dossier_id, stamp, Permission.REPORT_PUBLISH, lock=True)
    if found.sha256 != sha256:
        raise ConcurrentEditError(dossier_id)
    if found.is_adopted:
        raise GuardFailedError(Permission.REPORT_PUBLISH, "copy_differs")
    if found.is_proposed:
        return
    number = found.proposal.number + 1 if found.proposal else 1
    session.add(
        PublicProposal(
            record_id=found.record.id,
            number=number,
            redactions_sha256=sha256,
            by_id=stamp.actor.user_id,
            at=stamp.at,
        )
    )
    session.flush()
    record_event(session, found, "propose_public_copy", stamp, {"number": number, "sha256": sha256})


def _check_seen(found: Publication, advice_sha256: str) -> None:
    if found.record.advice_sha256 != advice_sha256:
        raise ConcurrentEditError(found.access.dossier.id)


def record_event(
    session: Session, found: Publication, action: str, stamp: Stamp, details: Mapping[str, str | int | None]
) -> None:
    """Write in the audit trail what was done; the details hold no passages."""
    subject = audit.Subject("archive_record", str(found.record.id))
    audit.record(session, stamp, action, subject, details=details)
