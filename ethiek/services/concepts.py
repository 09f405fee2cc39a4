"""Printing a dossier before there is an advice: the team its work, the committee what was handed in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Role, Stamp
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import Status
from ethiek.errors import ConcurrentEditError, InputError, PermissionDeniedError
from ethiek.models.dossiers import Dossier
from ethiek.reports.house import House
from ethiek.reports.isolated import render_isolated
from ethiek.reports.source import BundleSource, ConceptSource, FullSource, language_of
from ethiek.services import audit, questionnaires
from ethiek.services.access import Access, committees_of, open_dossier
from ethiek.services.exporting import access_to, is_draft
from ethiek.services.submission import content_now, draft_in, pinned_by, snapshot_of
from ethiek.services.worklists import not_own

KEPT: Final = 16
"""A committee prints the same round some times in a row."""

MOST_IN_A_BUNDLE: Final = 10
MOST_TO_DISCUSS: Final = 50
"""Dossiers to choose from; no committee has more in review."""
SECONDS: Final = 90.0
"""A bundle takes some seconds per dossier."""


def concept_of(
    session: Session, dossier_id: UUID, organisation: str, house: House, stamp: Stamp
) -> tuple[str, ConceptSource]:
    """Return the name of the file and what it is rendered from, and write down that it was taken along.

    Raises:
        NotFoundError: there is no such dossier for this actor.
    """
    access = access_to(session, dossier_id, stamp)
    snapshot, questionnaire = _documents(session, access, stamp)
    _record(session, access, snapshot, stamp)
    source = ConceptSource(
        snapshot,
        questionnaire,
        organisation,
        access.dossier.committee.name,
        language=language_of(questionnaire),
        house=house,
    )
    return f"{access.dossier.reference}-concept.pdf", source


def to_discuss(session: Session, stamp: Stamp) -> Sequence[Dossier]:
    """Return what the actor's committees have in review now, the first due first.

    What the actor wrote along on is left out, as everywhere.

    Raises:
        PermissionDeniedError: the actor is secretary of no committee.
    """
    committees = committees_of(stamp.actor, {Role.SECRETARY})
    if not committees:
        raise PermissionDeniedError(Permission.CASE_MANAGE)
    return session.scalars(
        select(Dossier)
        .where(
            Dossier.committee_id.in_(committees),
            Dossier.status == Status.IN_REVIEW,
            not_own(Dossier.id, stamp.actor),
        )
        .order_by(Dossier.due_on.is_(None), Dossier.due_on, Dossier.submitted_at, Dossier.id)
        .limit(MOST_TO_DISCUSS)
    ).all()


def bundle_of(
    session: Session,
    chosen: Sequence[UUID],
    title: str,
    organisation: str,
    house: House,
    stamp: Stamp,
) -> BundleSource:
    """Gather dossiers for a meeting, in the order of its agenda, and write down that each was taken along.

    Raises:
        InputError: none was chosen, or more than fit in one file.
        NotFoundError: a dossier does not exist for this actor.
        PermissionDeniedError: the actor is not its secretary.
        ConcurrentEditError: a dossier is not in review any more.
    """
    if not chosen or len(chosen) > MOST_IN_A_BUNDLE:
        raise InputError("rows", "too_many_dossiers" if chosen else "no_dossier")
    accesses = [_in_review(session, dossier_id, stamp) for dossier_id in chosen]
    documents = tuple(_documents(session, access, stamp) for access in accesses)
    for access, (snapshot, _) in zip(accesses, documents, strict=True):
        _record(session, access, snapshot, stamp)
    names = sorted({access.dossier.committee.name for access in accesses})
    return BundleSource(title, documents, organisation, ", ".join(names), house=house)


def _in_review(session: Session, dossier_id: UUID, stamp: Stamp) -> Access:
    access = open_dossier(session, dossier_id, stamp.actor, Permission.CASE_MANAGE)
    if access.dossier.status is not Status.IN_REVIEW:
        raise ConcurrentEditError(dossier_id)
    return access


@lru_cache(maxsize=KEPT)
def printed(source: ConceptSource | BundleSource | FullSource) -> bytes:
    """Render in a child process, outside every transaction; the same dossier is rendered once, as its bytes are equal.

    Raises:
        RenderError: as :func:`ethiek.reports.isolated.render_isolated`.
    """
    return render_isolated(source, SECONDS)


def _documents(session: Session, access: Access, stamp: Stamp) -> tuple[bytes, bytes]:
    """The dossier in the shape of a snapshot, and its question set."""
    dossier = access.dossier
    if is_draft(access):
        now = content_now(session, draft_in(session, access), stamp)
        return now, questionnaires.content_of(session, dossier.questionnaire_key)
    snapshot = snapshot_of(session, dossier.id, dossier.round)
    return snapshot.content.encode(), questionnaires.content_of(session, pinned_by(snapshot))


def _record(session: Session, access: Access, snapshot: bytes, stamp: Stamp) -> None:
    audit.record(
        session,
        stamp,
        "export_dossier",
        audit.Subject("dossier", str(access.dossier.id)),
        details={
            "kind": "concept",
            "state": "draft" if is_draft(access) else "submitted",
            "round": access.dossier.round,
            "sha256": hashlib.sha256(snapshot).hexdigest(),
        },
    )
