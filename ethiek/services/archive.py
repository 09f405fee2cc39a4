"""The archive as the auditor sees it: search, and every reading is an event."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Mapped, Session, selectinload

from ethiek.domain.actors import Stamp
from ethiek.domain.advice import Verdict
from ethiek.domain.decisions import Outcome
from ethiek.domain.permissions import Permission, require
from ethiek.errors import InputError, NotFoundError
from ethiek.models.archive import ArchiveRecord
from ethiek.services import audit

PAGE_SIZE: Final = 50
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Filter:
    """What to look for; an empty field is no limit. ``text`` is looked for in title and reference."""

    text: str = ""
    year: int | None = None
    unit: str = ""
    questionnaire_key: str = ""
    verdict: Verdict | None = None
    outcome: Outcome | None = None
    """Of the decision that stands in it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The last row of a page."""

    signed_at: datetime
    id: UUID


def search(
    session: Session,
    wanted: Filter,
    stamp: Stamp,
    after: Mark | None = None,
    limit: int = PAGE_SIZE,
) -> tuple[Sequence[ArchiveRecord], Mark | None]:
    """Return a page of records, the last signed first, and where the next page starts.

    Raises:
        PermissionDeniedError: the actor is no auditor.
    """
    require(stamp.actor.roles, Permission.ARCHIVE_READ)
    query = (
        _filtered(wanted).order_by(ArchiveRecord.signed_at.desc(), ArchiveRecord.id.desc()).limit(limit + 1)
    )
    if after is not None:
        query = query.where(
            or_(
                ArchiveRecord.signed_at < after.signed_at,
                and_(ArchiveRecord.signed_at == after.signed_at, ArchiveRecord.id < after.id),
            )
        )
    rows = session.scalars(query).all()
    shown = rows[:limit]
    return shown, Mark(shown[-1].signed_at, shown[-1].id) if len(rows) > limit else None


def _filtered(wanted: Filter) -> Select[ArchiveRecord]:
    query = select(ArchiveRecord).options(selectinload(ArchiveRecord.renewals))
    if wanted.text:
        query = query.where(
            or_(
                ArchiveRecord.title.icontains(wanted.text, autoescape=True),
                ArchiveRecord.reference.icontains(wanted.text, autoescape=True),
            )
        )
    if wanted.year is not None:
        query = query.where(ArchiveRecord.year == wanted.year)
    if wanted.unit:
        query = query.where(ArchiveRecord.unit == wanted.unit)
    if wanted.questionnaire_key:
        query = query.where(ArchiveRecord.questionnaire_key == wanted.questionnaire_key)
    if wanted.verdict is not None:
        query = query.where(ArchiveRecord.verdict == wanted.verdict)
    if wanted.outcome is not None:
        query = query.where(ArchiveRecord.outcome == wanted.outcome)
    return query


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filter can choose from."""

    years: tuple[int, ...]
    units: tuple[str, ...]
    questionnaires: tuple[str, ...]


def choices(session: Session) -> Choices:
    """Return the years, units and question sets that occur in the archive."""

    def found(column: Mapped[T]) -> tuple[T, ...]:
        return tuple(session.scalars(select(column).distinct().order_by(column)))

    years = found(ArchiveRecord.year)
    return Choices(years[::-1], found(ArchiveRecord.unit), found(ArchiveRecord.questionnaire_key))


def read(session: Session, record_id: UUID, stamp: Stamp) -> ArchiveRecord:
    """Return one record for downloading; the reading is an event.

    Raises:
        NotFoundError: there is no such record.
        PermissionDeniedError: the actor is no auditor.
    """
    require(stamp.actor.roles, Permission.ARCHIVE_READ)
    record = session.get(ArchiveRecord, record_id, options=[selectinload(ArchiveRecord.renewals)])
    if record is None:
        raise NotFoundError
    note_reading(session, record, stamp)
    return record


def note_reading(session: Session, record: ArchiveRecord, stamp: Stamp) -> None:
    """Write in the audit trail that somebody took a signed report along."""
    audit.record(
        session,
        stamp,
        "read_report",
        audit.Subject("archive_record", str(record.id)),
        details={"sha256": record.newest_sha256},
    )


def read_many(session: Session, record_ids: Sequence[UUID], stamp: Stamp) -> Sequence[ArchiveRecord]:
    """Return the chosen records for one bundle, in order of signing; the reading is one event.

    Raises:
        NotFoundError: one of them does not exist, or none was chosen.
    """
    require(stamp.actor.roles, Permission.ARCHIVE_READ)
    records = session.scalars(
        select(ArchiveRecord)
        .where(ArchiveRecord.id.in_(record_ids))
        .options(selectinload(ArchiveRecord.renewals))
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
        session,
        stamp,
        "read_bundle",
        audit.Subject("archive", "bundle"),
        details={
            "records": len(records),
            "first": str(records[0].id),
            "last": str(records[-1].id),
            "ids_sha256": hashlib.sha256(ids.encode()).hexdigest(),
        },
    )


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
