"""Files of a team: adding them, taking them away, and which are handed in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from ethiek.domain.actors import Stamp
from ethiek.domain.answer_rules import FORBIDDEN
from ethiek.domain.answers import Slot
from ethiek.domain.attachments import (
    LARGEST_FILE,
    LARGEST_TOTAL,
    LONGEST_DESCRIPTION,
    MOST_FILES,
    FileKind,
    Scan,
    safe_name,
)
from ethiek.domain.permissions import Permission
from ethiek.domain.walk import walk
from ethiek.errors import InputError, NotFoundError
from ethiek.files.kinds import kind_of
from ethiek.files.store import FileStore, Staged
from ethiek.models.attachments import Attachment, SnapshotAttachment
from ethiek.models.dossiers import Dossier, Snapshot
from ethiek.services import answering, audit, jobs
from ethiek.services.access import Access
from ethiek.services.answering import Sheet
from ethiek.services.dossiers import open_for_editing
from ethiek.services.versions import Travel, travel_of

SCAN_JOB: Final = "scan_attachment"
MOST_SCANS: Final = 1000
"""Tries, at most an hour apart: some weeks."""
WHOLE: Final = Slot("")
"""Where a file stands that is about no question in particular."""


@dataclass(frozen=True, slots=True)
class Given:
    """A file that somebody sends. ``name`` as sent, ``kind`` as its content says."""

    slot: Slot
    name: str
    kind: FileKind
    description: str
    token: str


@dataclass(frozen=True, slots=True)
class Placed:
    """An attachment with the place where it stands now, in the present version of the question set."""

    attachment: Attachment
    slot: Slot


@dataclass(frozen=True, slots=True)
class Overview:
    """The attachments of a dossier, beside its questions. ``used``: bytes that it keeps."""

    sheet: Sheet
    files: tuple[Placed, ...]
    used: int


def checked_kind(data: bytes, name: str) -> FileKind:
    """Return the kind of a file that may be added.

    Raises:
        InputError: it is empty, too large, or of no accepted kind.
    """
    if not data:
        raise InputError("file", "empty_file")
    if len(data) > LARGEST_FILE:
        raise InputError("file", "too_large")
    return kind_of(data, name)


def add(
    session: Session, dossier_id: UUID, given: Given, staged: Staged, files: FileStore, stamp: Stamp
) -> Attachment:
    """Add a file to a dossier, and ask for it to be scanned; the same form sent twice adds it once.

    Raises:
        InputError: the question is not asked, the description cannot be stored, or the dossier is full.
        TransitionNotAllowedError: the dossier was handed in, or is at its end.
    """
    access = open_for_editing(session, dossier_id, Permission.ANSWER_EDIT, stamp)
    if (known := _sent_before(session, dossier_id, given.token)) is not None:
        return known
    _check(session, access, given, staged)
    row = Attachment(
        dossier_id=dossier_id,
        questionnaire_key=access.dossier.questionnaire_key,
        question_id=given.slot.question,
        item=given.slot.item,
        name=safe_name(given.name, given.kind),
        description=given.description,
        kind=given.kind,
        size=staged.size,
        sha256=staged.sha256,
        token=given.token,
        added_by_id=stamp.actor.user_id,
        added_at=stamp.at,
    )
    session.add(row)
    session.flush()
    files.keep(staged)
    payload = {"attachment": str(row.id)}
    jobs.enqueue(session, SCAN_JOB, payload, f"scan:{row.id}", stamp.at, max_attempts=MOST_SCANS)
    _touch(session, access.dossier, row, "add_attachment", stamp)
    return row


def _sent_before(session: Session, dossier_id: UUID, token: str) -> Attachment | None:
    return session.scalar(
        select(Attachment).where(Attachment.dossier_id == dossier_id, Attachment.token == token)
    )


def _check(session: Session, access: Access, given: Given, staged: Staged) -> None:
    if not given.description:
        raise InputError("description", "required")
    if len(given.description) > LONGEST_DESCRIPTION:
        raise InputError("description", "too_long")
    if FORBIDDEN.search(given.description):
        raise InputError("description", "not_text")
    if given.slot != WHOLE and given.slot not in _asked(session, access):
        raise InputError("place", "unknown")
    if len(rows_of(session, access.dossier.id)) >= MOST_FILES:
        raise InputError("file", "too_many")
    if kept_bytes(session, access.dossier.id) + staged.size > LARGEST_TOTAL:
        raise InputError("file", "dossier_full")


def _asked(session: Session, access: Access) -> frozenset[Slot]:
    sheet = answering.sheet_of(session, access)
    return frozenset(place.slot for place in walk(sheet.questionnaire, sheet.answers))


def kept_bytes(session: Session, dossier_id: UUID) -> int:
    """Return how much a dossier keeps: what is there now, and what was ever handed in."""
    rows = select(Attachment.size).where(Attachment.dossier_id == dossier_id, kept())
    return sum(session.scalars(rows))


def kept() -> ColumnElement[bool]:
    """The condition under which the file of an attachment stays: it is there now, or was handed in."""
    handed_in = exists().where(SnapshotAttachment.attachment_id == Attachment.id)
    return or_(Attachment.removed_at.is_(None), handed_in)


def remove(session: Session, dossier_id: UUID, attachment_id: UUID, stamp: Stamp) -> None:
    """Take a file away from a dossier; rounds that were handed in with it keep it.

    Raises:
        NotFoundError: the dossier has no such file now.
        TransitionNotAllowedError: the dossier was handed in, or is at its end.
        ConcurrentEditError: the dossier is no longer the one on the actor's screen.
    """
    dossier = open_for_editing(session, dossier_id, Permission.ANSWER_EDIT, stamp).dossier
    row = session.get(Attachment, attachment_id)
    if row is None or row.dossier_id != dossier_id or row.removed_at is not None:
        raise NotFoundError
    row.removed_by_id, row.removed_at = stamp.actor.user_id, stamp.at
    _touch(session, dossier, row, "remove_attachment", stamp)


def _touch(session: Session, dossier: Dossier, row: Attachment, action: str, stamp: Stamp) -> None:
    """Write the event, and count the change as one of the dossier: who hands in has seen which files there are."""
    dossier.revision += 1
    session.flush()
    details: Mapping[str, str | int] = {
        "attachment": str(row.id),
        "question": row.question_id,
        "size": row.size,
        "sha256": row.sha256,
    }
    audit.record(session, stamp, action, audit.Subject("dossier", str(dossier.id)), details=details)


def overview(session: Session, dossier_id: UUID, stamp: Stamp) -> Overview:
    """Return the files that a dossier has now, for its team.

    Raises:
        NotFoundError, PermissionDeniedError: as in ``open_dossier``.
    """
    sheet = answering.open_sheet(session, dossier_id, stamp)
    return Overview(sheet, present(session, sheet.access), kept_bytes(session, dossier_id))


def present(session: Session, access: Access) -> tuple[Placed, ...]:
    """Return the files that a dossier has now: those of the whole first, then in the order of the questions."""
    rows = rows_of(session, access.dossier.id)
    if not rows:
        return ()
    travel = travel_of(session, access.dossier, access.questionnaire_sha256)
    order = {question.id: index for index, question in enumerate(travel.present.questions())}
    placed = (Placed(row, _follow(row, travel)) for row in rows)
    return tuple(sorted(placed, key=lambda one: order.get(one.slot.question, -1)))


def rows_of(session: Session, dossier_id: UUID) -> Sequence[Attachment]:
    """Return the files that a dossier has now, in the order in which they were added."""
    return session.scalars(
        select(Attachment)
        .where(Attachment.dossier_id == dossier_id, Attachment.removed_at.is_(None))
        .options(joinedload(Attachment.added_by, innerjoin=True))
        .order_by(Attachment.id)
    ).all()


def _follow(row: Attachment, travel: Travel) -> Slot:
    """Return where a file stands now that was added under any version; nowhere means at the dossier as a whole."""
    slot = Slot(row.question_id, row.item)
    if row.questionnaire_key == travel.present.key:
        return slot
    moves = [move for _after, move in travel.moves]
    start = next((at for at, move in enumerate(moves) if move.old.key == row.questionnaire_key), None)
    for move in moves[start:] if start is not None else ():
        slot = next(iter(move.follow(slot)), WHOLE)
    return WHOLE if start is None else slot


def infected(session: Session, dossier_id: UUID) -> int:
    """Count the files in which a virus was found, and which the team did not take away yet."""
    query = select(func.count()).where(
        Attachment.dossier_id == dossier_id,
        Attachment.removed_at.is_(None),
        Attachment.scan == Scan.INFECTED,
    )
    return session.scalar(query) or 0


def handed_in(placed: Iterable[Placed]) -> list[dict[str, str | int]]:
    """Return what a snapshot says about files; an infected one is in no document."""
    return [
        {
            "question": one.slot.question,
            "item": one.slot.item,
            "name": one.attachment.name,
            "description": one.attachment.description,
            "type": one.attachment.kind.media_type,
            "size": one.attachment.size,
            "sha256": one.attachment.sha256,
        }
        for one in placed
        if one.attachment.scan is not Scan.INFECTED
    ]


def unclean(placed: Collection[Placed]) -> int:
    """Count the files that keep a dossier from being handed in: nobody knows yet whether they are clean, or not."""
    return sum(one.attachment.scan is not Scan.CLEAN for one in placed)


def freeze(session: Session, snapshot: Snapshot, placed: Iterable[Placed]) -> None:
    """Tie files to the snapshot that names them, in its order."""
    session.flush()
    session.add_all(
        SnapshotAttachment(snapshot_id=snapshot.id, number=number, attachment_id=one.attachment.id)
        for number, one in enumerate(placed, start=1)
    )
    session.flush()
