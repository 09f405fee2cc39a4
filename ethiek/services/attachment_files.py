"""The files behind attachments: who may have one, which go into a bundle, and which nothing names any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.attachments import FileKind, Scan
from ethiek.domain.permissions import Permission
from ethiek.errors import ArchiveError, NotFoundError
from ethiek.files.store import FileStore
from ethiek.models.advice import Advice
from ethiek.models.archive import ArchiveRecord
from ethiek.models.attachments import Attachment, SnapshotAttachment
from ethiek.models.dossiers import Snapshot
from ethiek.reports.archive import Archive
from ethiek.reports.bundle import Entry
from ethiek.services import audit
from ethiek.services.access import open_dossier
from ethiek.services.archive_files import entries
from ethiek.services.attachments import kept

LEFT_ALONE_SECONDS: Final = 3600.0
"""A file without a row may belong to a form that is being saved now."""


@dataclass(frozen=True, slots=True)
class Readable:
    """A file that may be given to this person."""

    name: str
    kind: FileKind
    sha256: str


def of_team(session: Session, dossier_id: UUID, attachment_id: UUID, stamp: Stamp) -> Readable:
    """Return a file that the dossier has now, for its team; the reading is an event.

    Raises:
        NotFoundError: there is none for this person, or it was not found clean.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ANSWER_EDIT)
    row = session.scalar(
        select(Attachment).where(
            Attachment.id == attachment_id,
            Attachment.dossier_id == access.dossier.id,
            Attachment.removed_at.is_(None),
        )
    )
    return _given_out(session, row, stamp)


def of_round(session: Session, dossier_id: UUID, number: int, place: int, stamp: Stamp) -> Readable:
    """Return a file that was handed in for a round, by its place in the snapshot; the reading is an event.

    Raises:
        NotFoundError: there is none for this person, or it is not clean any more.
    """
    open_dossier(session, dossier_id, stamp.actor, Permission.ROUND_READ)
    row = session.scalar(
        select(Attachment)
        .join(SnapshotAttachment, SnapshotAttachment.attachment_id == Attachment.id)
        .join(Snapshot, Snapshot.id == SnapshotAttachment.snapshot_id)
        .where(
            Snapshot.dossier_id == dossier_id, Snapshot.round == number, SnapshotAttachment.number == place
        )
    )
    return _given_out(session, row, stamp)


def _given_out(session: Session, row: Attachment | None, stamp: Stamp) -> Readable:
    if row is None or row.scan is not Scan.CLEAN:
        raise NotFoundError
    audit.record(
        session,
        stamp,
        "read_attachment",
        audit.Subject("attachment", str(row.id)),
        details={"sha256": row.sha256},
    )
    return Readable(row.name, row.kind, row.sha256)


def with_attachments(
    session: Session, records: Sequence[ArchiveRecord], reports: Archive, files: FileStore
) -> Iterator[Entry]:
    """Return records as files of a bundle, each followed by the attachments that its report names."""
    handed_in = _handed_in(session, records)
    for record in records:
        yield from entries([record], reports)
        for number, row in handed_in.get(record.advice_id, ()):
            name = f"{record.reference}-bijlagen/{number:02} {row.name}"
            yield Entry(name, row.sha256, partial(_clean_bytes, row.scan, row.sha256, files))


def _handed_in(
    session: Session, records: Iterable[ArchiveRecord]
) -> dict[UUID, list[tuple[int, Attachment]]]:
    """Advice -> the files of the round that it is about, with their places in the list."""
    rows = session.execute(
        select(Advice.id, SnapshotAttachment.number, Attachment)
        .join(SnapshotAttachment, SnapshotAttachment.snapshot_id == Advice.snapshot_id)
        .join(Attachment, Attachment.id == SnapshotAttachment.attachment_id)
        .where(Advice.id.in_([record.advice_id for record in records]))
        .order_by(SnapshotAttachment.number)
    )
    found: dict[UUID, list[tuple[int, Attachment]]] = {}
    for advice_id, number, row in rows:
        found.setdefault(advice_id, []).append((number, row))
    return found


def _clean_bytes(scan: Scan, sha256: str, files: FileStore) -> bytes:
    if scan is not Scan.CLEAN:
        raise ArchiveError(sha256, "quarantined")
    return files.read(sha256)


@dataclass(frozen=True, slots=True)
class CorruptFile:
    """A file that was handed in and is not what the snapshot says, and why."""

    attachment_id: UUID
    sha256: str
    reason: str


def corrupt_files(session: Session, files: FileStore) -> list[CorruptFile]:
    """Read every clean file that was ever handed in, and compare it with its SHA-256; one is in memory at a time."""
    handed_in = select(SnapshotAttachment.attachment_id)
    rows = session.execute(
        select(Attachment.id, Attachment.sha256)
        .where(Attachment.id.in_(handed_in), Attachment.scan == Scan.CLEAN)
        .order_by(Attachment.id)
    ).all()
    return [found for id_, sha256 in rows for found in _checked(id_, sha256, files)]


def _checked(attachment_id: UUID, sha256: str, files: FileStore) -> Iterator[CorruptFile]:
    try:
        files.read(sha256)
    except ArchiveError as error:
        yield CorruptFile(attachment_id, sha256, error.reason)


def discard_unused(session: Session, stores: Iterable[FileStore], now: float) -> int:
    """Remove files that no draft has and no snapshot names, and return how many.

    Args:
        now: the moment by the clock of the disk (``time.time``).
    """
    named = set(session.scalars(select(Attachment.sha256).where(kept()).distinct()))
    removed = 0
    for store in stores:
        for sha256 in store.names():
            if sha256 not in named and store.age(sha256, now) > LEFT_ALONE_SECONDS:
                store.discard(sha256)
                removed += 1
    return removed
