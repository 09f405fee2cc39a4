"""Later files of signed reports: what was issued stays, and the newest is what people get."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ethiek.domain.actors import Stamp
from ethiek.errors import NotFoundError
from ethiek.models.archive import ArchiveRecord, ArchiveRenewal
from ethiek.reports.archive import ArchivedFile
from ethiek.services import audit


def newest_files(session: Session) -> Sequence[tuple[UUID, str, str]]:
    """Return id, reference and SHA-256 of the newest file of every report, in order of signing."""
    records = session.scalars(
        select(ArchiveRecord)
        .options(selectinload(ArchiveRecord.renewals))
        .order_by(ArchiveRecord.signed_at, ArchiveRecord.id)
    )
    return [(record.id, record.reference, record.newest_sha256) for record in records]


def store(session: Session, record_id: UUID, seen: str, file: ArchivedFile, stamp: Stamp) -> None:
    """Record a renewed file; ``seen`` is the SHA-256 of the file that it continues.

    Raises:
        NotFoundError: meanwhile another renewal was recorded, or there is no such report.
    """
    record = session.scalar(
        select(ArchiveRecord)
        .where(ArchiveRecord.id == record_id)
        .with_for_update()
        .options(selectinload(ArchiveRecord.renewals))
    )
    if record is None or record.newest_sha256 != seen:
        raise NotFoundError(seen)
    session.add(ArchiveRenewal(record_id=record.id, sha256=file.sha256, size=file.size, at=stamp.at))
    audit.record(
        session,
        stamp,
        "renew_report",
        audit.Subject("archive_record", str(record.id)),
        details={"before": seen, "sha256": file.sha256},
    )
