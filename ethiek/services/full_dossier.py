"""The whole dossier on paper, to be read: every round with the released remarks on it, and the signed advice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from ethiek.domain.actors import Stamp
from ethiek.domain.permissions import Permission, require
from ethiek.errors import NotFoundError
from ethiek.models.archive import ArchiveRecord
from ethiek.models.dossiers import Dossier, Snapshot
from ethiek.models.reviews import Remark, Reply
from ethiek.reports.house import House
from ethiek.reports.source import FullSource, HandedIn, ReportSource, language_of
from ethiek.services import audit, decision_editions, questionnaires, reporting
from ethiek.services.access import open_dossier
from ethiek.services.advice import remark_in_json
from ethiek.services.submission import pinned_by


def for_dossier(
    session: Session, dossier_id: UUID, organisation: str, house: House, stamp: Stamp
) -> tuple[str, FullSource]:
    """Return the name of the file and what it is printed from, for team and committee.

    Raises:
        NotFoundError: there is no such dossier for this actor, or nothing was handed in.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ROUND_READ)
    return _gathered(session, access.dossier, organisation, house, stamp)


def for_auditor(
    session: Session, record_id: UUID, organisation: str, house: House, stamp: Stamp
) -> tuple[str, FullSource]:
    """Return the same for who checks the archive.

    Raises:
        NotFoundError: there is no such record.
        PermissionDeniedError: the actor is no auditor.
    """
    require(stamp.actor.roles, Permission.ARCHIVE_READ)
    record = session.get(ArchiveRecord, record_id)
    if record is None:
        raise NotFoundError
    dossier = session.get_one(
        Dossier, record.dossier_id, options=[joinedload(Dossier.committee, innerjoin=True)]
    )
    return _gathered(session, dossier, organisation, house, stamp)


def _gathered(
    session: Session, dossier: Dossier, organisation: str, house: House, stamp: Stamp
) -> tuple[str, FullSource]:
    snapshots = session.scalars(
        select(Snapshot).where(Snapshot.dossier_id == dossier.id).order_by(Snapshot.round)
    ).all()
    if not snapshots:
        raise NotFoundError
    rounds = tuple(_rounds(session, snapshots))
    source = FullSource(
        rounds,
        organisation,
        dossier.committee.name,
        _signed_advice(session, dossier, house),
        language_of(rounds[-1].questionnaire),
        house,
    )
    audit.record(
        session,
        stamp,
        "export_dossier",
        audit.Subject("dossier", str(dossier.id)),
        details={
            "kind": "full",
            "state": "submitted",
            "round": dossier.round,
            "sha256": hashlib.sha256(rounds[-1].snapshot).hexdigest(),
        },
    )
    return f"{dossier.reference}-volledig.pdf", source


def _rounds(session: Session, snapshots: Sequence[Snapshot]) -> list[HandedIn]:
    """Every round with the released remarks on it, at the questions as they were asked then."""
    released: dict[UUID, list[Remark]] = {snapshot.id: [] for snapshot in snapshots}
    query = (
        select(Remark)
        .where(Remark.dossier_id == snapshots[0].dossier_id, Remark.released_at.is_not(None))
        .order_by(Remark.id)
        .options(
            joinedload(Remark.author, innerjoin=True),
            joinedload(Remark.snapshot, innerjoin=True).load_only(Snapshot.round),
            selectinload(Remark.replies).joinedload(Reply.author, innerjoin=True),
        )
    )
    for remark in session.scalars(query):
        released[remark.snapshot_id].append(remark)
    keys = [pinned_by(snapshot) for snapshot in snapshots]
    sets = {key: questionnaires.content_of(session, key) for key in dict.fromkeys(keys)}
    return [
        HandedIn(
            snapshot.content.encode(),
            sets[key],
            rfc8785.dumps([remark_in_json(one, one.question_id, one.item) for one in released[snapshot.id]]),
        )
        for snapshot, key in zip(snapshots, keys, strict=True)
    ]


def _signed_advice(session: Session, dossier: Dossier, house: House) -> ReportSource | None:
    """The advice of the last signed report; until there is one, the advice is still the committee's."""
    record = session.scalar(
        select(ArchiveRecord)
        .where(ArchiveRecord.dossier_id == dossier.id)
        .order_by(ArchiveRecord.signed_at.desc())
        .limit(1)
    )
    if record is None:
        return None
    presentation: dict[str, Any] = {"test_seal": record.test_seal, "house": house}
    if record.decision_id is not None:
        return decision_editions.source_of(session, record.decision_id, presentation)
    return reporting.source_of(session, record.advice_id, **presentation)
