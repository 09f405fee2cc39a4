"""Public copies themselves: the preview, the adoption by somebody else, and reading them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.permissions import Permission, require
from ethiek.errors import ConcurrentEditError, GuardFailedError, NotFoundError
from ethiek.models.archive import ArchiveRecord
from ethiek.models.base import canonical_moment
from ethiek.models.public import PublicCopy, PublicProposal
from ethiek.reports.archive import ArchivedFile
from ethiek.reports.public_source import PublicSource
from ethiek.services import audit
from ethiek.services.publishing import Presented, Publication, publication, record_event, report_of


def preview_of(session: Session, dossier_id: UUID, presented: Presented, stamp: Stamp) -> PublicSource:
    """Return what a preview is rendered from."""
    found = publication(session, dossier_id, stamp, Permission.PUBLICATION_PREVIEW)
    return PublicSource(report_of(session, found.record, presented), found.content)


def to_adopt(
    session: Session, dossier_id: UUID, sha256: str, presented: Presented, stamp: Stamp
) -> PublicSource:
    """Return what the copy that is going to be adopted is rendered from.

    Raises:
        ConcurrentEditError: it is no longer what was on the screen.
        GuardFailedError: it was not proposed, or this actor worked on it.
    """
    found = publication(session, dossier_id, stamp, Permission.PUBLICATION_ADOPT)
    _check_adoptable(found, sha256, stamp)
    report = report_of(session, found.record, presented)
    return PublicSource(report, found.content, found.next_version, canonical_moment(stamp.at))


def adopt(
    session: Session, dossier_id: UUID, source: PublicSource, file: ArchivedFile, stamp: Stamp
) -> PublicCopy:
    """Record the copy that was rendered from ``source`` and put in the archive (NL: vaststellen).

    Raises:
        ConcurrentEditError: something changed while it was rendered.
        GuardFailedError: as in :func:`to_adopt`.
    """
    found = publication(session, dossier_id, stamp, Permission.PUBLICATION_ADOPT, lock=True)
    proposal = _check_adoptable(found, hashlib.sha256(source.redactions).hexdigest(), stamp)
    if found.next_version != source.version:
        raise ConcurrentEditError(dossier_id)
    copy = PublicCopy(
        record_id=found.record.id,
        version=source.version,
        redactions=source.redactions.decode(),
        redactions_sha256=found.sha256,
        sha256=file.sha256,
        size=file.size,
        proposed_by_id=proposal.by_id,
        adopted_by_id=stamp.actor.user_id,
        adopted_at=stamp.at,
    )
    session.add(copy)
    session.flush()
    record_event(session, found, "adopt_public_copy", stamp, {"version": copy.version, "sha256": copy.sha256})
    return copy


def _check_adoptable(found: Publication, sha256: str, stamp: Stamp) -> PublicProposal:
    """Pass if two people looked at exactly this: one proposed and marked it, the other adopts it."""
    if found.sha256 != sha256:
        raise ConcurrentEditError(found.access.dossier.id)
    if found.proposal is None or not found.is_proposed:
        raise GuardFailedError(Permission.PUBLICATION_ADOPT, "copy_proposed")
    if stamp.actor.user_id in {found.proposal.by_id, *(row.by_id for row in found.rows)}:
        raise GuardFailedError(Permission.PUBLICATION_ADOPT, "copy_second_person")
    return found.proposal


def read(session: Session, dossier_id: UUID, version: int, stamp: Stamp) -> tuple[PublicCopy, str]:
    """Return a copy of the last report with its reference, for downloading; the reading is an event.

    Raises:
        NotFoundError: there is no such copy.
    """
    found = publication(session, dossier_id, stamp, Permission.REPORT_READ)
    copy = next((copy for copy in found.copies if copy.version == version), None)
    if copy is None:
        raise NotFoundError
    _note_reading(session, copy, stamp)
    return copy, found.record.reference


def read_archived(session: Session, copy_id: UUID, stamp: Stamp) -> tuple[PublicCopy, str]:
    """Return any copy with the reference of its dossier, for an auditor; the reading is an event.

    Raises:
        NotFoundError: there is no such copy.
        PermissionDeniedError: the actor is no auditor.
    """
    require(stamp.actor.roles, Permission.ARCHIVE_READ)
    row = session.execute(
        select(PublicCopy, ArchiveRecord.reference).join(PublicCopy.record).where(PublicCopy.id == copy_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    copy, reference = row
    _note_reading(session, copy, stamp)
    return copy, reference


def copies_of(session: Session, records: Collection[ArchiveRecord]) -> Mapping[UUID, Sequence[PublicCopy]]:
    """Return the public copies of these reports, the newest first, by the id of the record."""
    rows = session.scalars(
        select(PublicCopy)
        .where(PublicCopy.record_id.in_([record.id for record in records]))
        .order_by(PublicCopy.version.desc())
    )
    found: dict[UUID, list[PublicCopy]] = {}
    for row in rows:
        found.setdefault(row.record_id, []).append(row)
    return found


def file_name(reference: str, version: int) -> str:
    """Return what a copy is called outside the archive.

    >>> file_name("ETH-2026-0007", 2)
    'ETH-2026-0007-openbaar-2.pdf'
    """
    return f"{reference}-openbaar-{version}.pdf"


def _note_reading(session: Session, copy: PublicCopy, stamp: Stamp) -> None:
    subject = audit.Subject("public_copy", str(copy.id))
    audit.record(session, stamp, "read_public_copy", subject, details={"sha256": copy.sha256})
