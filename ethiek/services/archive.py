"""The archive as the auditor sees it: search, and every reading is an event."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.advice import Verdict
from ethiek.domain.permissions import Permission, require
from ethiek.errors import ArchiveError, InputError, NotFoundError
from ethiek.models.archive import ArchiveRecord
from ethiek.reports.archive import Archive
from ethiek.reports.bundle import Entry
from ethiek.services import audit

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """What to look for; an empty field is no limit. ``text`` is looked for in title and reference."""

    text: str = ""
    year: int | None = None
    unit: str = ""
    questionnaire_key: str = ""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """The last row of a page."""

    signed_at: datetime
    id: UUID


def search(
    session: Session, wanted: Filter, stamp: Stamp, after: Mark | None = None, limit: int = PAGE_SIZE,
) -> tuple[Sequence[ArchiveRecord], Mark | None]:
    """Return a page of records, the last signed first, and where the next page starts.

    Raises:
        PermissionDeniedError: the actor is no auditor.
    """
    require(stamp.actor.roles, Permission.ARCHIVE_READ)
    query = _filtered(wanted).order_by(ArchiveRecord.signed_at.desc(), ArchiveRecord.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(or_(
            ArchiveRecord.signed_at < after.signed_at,
            and_(ArchiveRecord.signed_at == after.signed_at, ArchiveRecord.id < after.id),
        ))
    rows = session.scalars(query).all()
    shown = rows[:limit]
    return shown, Mark(shown[-1].signed_at, shown[-1].id) if len(rows) > limit else None


def _filtered(wanted: Filter) -> Select[tuple[ArchiveRecord]]:
    query = select(ArchiveRecord)
    if wanted.text:
        query = query.where(or_(
            ArchiveRecord.title.icontains(wanted.text, autoescape=True),
            ArchiveRecord.reference.icontains(wanted.text, autoescape=True),
        ))
    if wanted.year is not None:
        query = query.where(ArchiveRecord.year == wanted.year)
    if wanted.unit:
        query = query.where(ArchiveRecord.unit == wanted.unit)
    if wanted.questionnaire_key:
        query = query.where(ArchiveRecord.questionnaire_key == wanted.questionnaire_key)
    if wanted.verdict is not None:
        query = query.where(ArchiveRecord.verdict == wanted.verdict)
    return query


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filter can choose from."""

    years: tuple[int, ...]
    units: tuple[str, ...]
    questionnaires: tuple[str, ...]


def choices(session: Session) -> Choices:
    """Return the years, units and question sets that occur in the archive."""
    columns = (ArchiveRecord.year, ArchiveRecord.unit, ArchiveRecord.questionnaire_key)
    years, units, keys = (
        tuple(session.scalars(select(column).distinct().order_by(column))) for column in columns
    )
    return Choices(tuple(reversed(years)), units, keys)


def read(session: Session, record_id: UUID, stamp: Stamp) -> ArchiveRecord:
    """Return one record for downloading; the reading is an event.

    Raises:
        NotFoundError: there is no such record.
        PermissionDeniedError: the actor is no auditor.
    """
    require(stamp.actor.roles, Permission.ARCHIVE_READ)
    record = session.get(ArchiveRecord, record_id)
    if record is None:
        raise NotFoundError
    audit.record(session, stamp, "read_report", audit.Subject("archive_record", str(record.id)),
                 details={"sha256": record.sha256})
    return record


def read_many(session: Session, record_ids: Sequence[UUID], stamp: Stamp) -> Sequence[ArchiveRecord]:
    """Return the chosen records for one bundle, in order of signing; the reading is one event.

    Raises:
        NotFoundError: one of them does not exist, or none was chosen.
    """
    require(stamp.actor.roles, Permission.ARCHIVE_READ)
    records = session.scalars(
        select(ArchiveRecord).where(ArchiveRecord.id.in_(record_ids))
        .order_by(ArchiveRecord.signed_at, ArchiveRecord.id),
    ).all()
    if not records or len(records) != len(set(record_ids)):
        raise NotFoundError
    _record_bundle(session, records, stamp)
    return records


def _record_bundle(session: Session, records: Sequence[ArchiveRecord], stamp: Stamp) -> None:
    """Write which reports somebody took; ids are in the digest, so that a large bundle stays one short event."""
    ids = "\n".join(sorted(str(record.id) for record in records))
    audit.record(
        session, stamp, "read_bundle", audit.Subject("archive", "bundle"),
        details={
            "records": len(records), "first": str(records[0].id), "last": str(records[-1].id),
            "ids_sha256": hashlib.sha256(ids.encode()).hexdigest(),
        },
    )


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
    """Read every archived file and compare it with its record; one file is in memory at a time."""
    records = session.execute(select(ArchiveRecord.reference, ArchiveRecord.sha256).order_by(ArchiveRecord.id)).all()
    known = {f"{sha256}.pdf" for _, sha256 in records}
    unrecorded = sorted(path.name for path in files.folder.glob("*.pdf") if path.name not in known)
    corrupt = tuple(one for reference, sha256 in records for one in _checked(files, reference, sha256))
    return FilesReport(len(records), corrupt, tuple(unrecorded))


def _checked(files: Archive, reference: str, sha256: str) -> Iterator[Corrupt]:
    try:
        files.read(sha256)
    except ArchiveError as error:
        yield Corrupt(reference, f"{sha256}.pdf", error.reason)


def read_filtered(session: Session, wanted: Filter, stamp: Stamp, limit: int) -> Sequence[ArchiveRecord]:
    """Return what matches for one bundle, at most ``limit`` and the last signed first; the reading is one event.

    Raises:
        NotFoundError: nothing matches.
        InputError: more match than one bundle holds.
    """
    records, more = search(session, wanted, stamp, limit=limit)
    if not records:
        raise NotFoundError
    if more is not None:
        raise InputError("selection", "too_many")
    _record_bundle(session, records, stamp)
    return records


def entries(records: Iterable[ArchiveRecord], files: Archive) -> Iterator[Entry]:
    """Return the records as files of a bundle; each is read when its turn comes."""
    for record in records:
        yield Entry(file_name(record), record.sha256, partial(files.read, record.sha256))


def file_name(record: ArchiveRecord) -> str:
    """Return what a report is called outside the archive: "ETH-2026-0007-advies.pdf"."""
    return f"{record.reference}-advies.pdf"
