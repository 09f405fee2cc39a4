"""What is known about viruses in attachments, and what happens when one is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.actors import SYSTEM_ACTOR, Stamp
from ethiek.domain.attachments import Scan
from ethiek.models.attachments import Attachment
from ethiek.services import audit


@dataclass(frozen=True, slots=True)
class ToScan:
    """A file about which nothing is known yet."""

    attachment_id: UUID
    sha256: str


def to_scan(session: Session, attachment_id: UUID) -> ToScan | None:
    """Return what has to be scanned; None if that is done, or the file was taken away."""
    row = session.get_one(Attachment, attachment_id)
    if row.removed_at is not None or row.scan in {Scan.CLEAN, Scan.INFECTED}:
        return None
    return ToScan(row.id, row.sha256)


def note_clean(session: Session, attachment_id: UUID, at: datetime) -> None:
    """Let a file be given out."""
    row = session.get_one(Attachment, attachment_id)
    row.scan, row.scanned_at = Scan.CLEAN, at
    _record(session, row, at)


def note_not_scanned(session: Session, attachment_id: UUID, at: datetime) -> None:
    """Write down that the scanner could not say anything; it is asked again."""
    row = session.get_one(Attachment, attachment_id)
    row.scan, row.scanned_at = Scan.NOT_SCANNED, at


def note_infected(session: Session, sha256: str, virus: str, at: datetime) -> None:
    """Let nobody have a file any more, in whichever dossier it is, also where it was found clean before."""
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.sha256 == sha256, Attachment.scan != Scan.INFECTED)
        .order_by(Attachment.id)
    ).all()
    for row in rows:
        row.scan, row.virus, row.scanned_at = Scan.INFECTED, virus, at
    session.flush()
    for row in rows:
        _record(session, row, at)


def _record(session: Session, row: Attachment, at: datetime) -> None:
    session.flush()
    details = {"dossier": str(row.dossier_id), "sha256": row.sha256, "found": row.scan, "virus": row.virus}
    audit.record(
        session,
        Stamp(SYSTEM_ACTOR, at, origin="worker"),
        "scan_attachment",
        audit.Subject("attachment", str(row.id)),
        details=details,
    )
