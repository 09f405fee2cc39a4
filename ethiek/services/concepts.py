"""Printing a dossier before there is an advice: the team its work, the committee what was handed in."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.reports.house import House
from ethiek.reports.isolated import TRIAL_SECONDS, render_isolated
from ethiek.reports.source import ConceptSource, language_of
from ethiek.services import audit, questionnaires
from ethiek.services.access import Access
from ethiek.services.exporting import access_to, is_draft
from ethiek.services.submission import content_now, draft_in, pinned_by, snapshot_of

KEPT: Final = 16
"""A committee prints the same round some times in a row."""


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


@lru_cache(maxsize=KEPT)
def printed(source: ConceptSource) -> bytes:
    """Render in a child process, outside every transaction; the same dossier is rendered once, as its bytes are equal.

    Raises:
        RenderError: as :func:`ethiek.reports.isolated.render_isolated`.
    """
    return render_isolated(source, TRIAL_SECONDS)


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
