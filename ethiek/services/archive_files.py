"""The archive's records and its files: what one says, the other must hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.errors import ArchiveError
from ethiek.models.archive import ArchiveRecord, ArchiveRenewal
from ethiek.models.public import PublicCopy
from ethiek.reports.archive import Archive
from ethiek.reports.bundle import Entry


@dataclass(frozen=True, slots=True)
class Corrupt:
    """An archived report that is not what was signed, and why."""

    reference: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class FilesReport:
    """What checking the files found. ``unrecorded``: names of files without a record, in order."""

    records: int
    corrupt: tuple[Corrupt, ...]
    unrecorded: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Every record has its file, with the bytes that were signed."""
        return not self.corrupt


def verify_files(session: Session, files: Archive) -> FilesReport:
    """Read every archived file and compare it with its record; one is in memory at a time.

    Renewed files and public copies too.
    """
    records = session.execute(
        select(ArchiveRecord.reference, ArchiveRecord.sha256).order_by(ArchiveRecord.id)
    ).all()
    renewed = session.execute(
        select(ArchiveRecord.reference, ArchiveRenewal.sha256)
        .join(ArchiveRenewal.record)
        .order_by(ArchiveRenewal.id)
    ).all()
    public = session.execute(
        select(ArchiveRecord.reference, PublicCopy.sha256).join(PublicCopy.record).order_by(PublicCopy.id)
    ).all()
    rows = [(reference, sha256) for reference, sha256 in (*records, *renewed, *public)]
    known = {f"{sha256}.pdf" for _, sha256 in rows}
    unrecorded = sorted(path.name for path in files.folder.glob("*.pdf") if path.name not in known)
    corrupt = tuple(one for reference, sha256 in rows for one in _checked(files, reference, sha256))
    return FilesReport(len(records), corrupt, tuple(unrecorded))


def _checked(files: Archive, reference: str, sha256: str) -> Iterator[Corrupt]:
    try:
        files.read(sha256)
    except ArchiveError as error:
        yield Corrupt(reference, f"{sha256}.pdf", error.reason)


def entries(records: Iterable[ArchiveRecord], files: Archive) -> Iterator[Entry]:
    """Return the records as files of a bundle; each is read when its turn comes."""
    for record in records:
        yield Entry(file_name(record), record.newest_sha256, partial(files.read, record.newest_sha256))


def file_name(record: ArchiveRecord) -> str:
    """Return what a report is called outside the archive: "ETH-2026-0007-advies.pdf".

    Editions with a decision have the start of their SHA-256 in it: there may be several in one bundle.
    """
    kind = "advies" if record.decision_id is None else f"besluit-{record.sha256[:8]}"
    return f"{record.reference}-{kind}.pdf"
