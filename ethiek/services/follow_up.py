"""From one dossier to the next: what a question set points to, and a new dossier on the same project."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.permissions import Permission
from ethiek.questionnaires.model import Questionnaire
from ethiek.services import offers, questionnaires
from ethiek.services.access import open_dossier
from ethiek.services.dossiers import Details


@dataclass(frozen=True, slots=True)
class Example:
    """What a new dossier takes over from another; ``questionnaire_key`` is empty when the set is not offered."""

    dossier_id: UUID
    reference: str
    details: Details
    committee_id: UUID
    questionnaire_key: str


def example(session: Session, dossier_id: UUID, instrument: str, stamp: Stamp) -> Example:
    """Return what a dossier with this instrument takes over from one that the actor may read.

    Raises:
        NotFoundError, PermissionDeniedError: as ``open_dossier``.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.DOSSIER_READ)
    dossier = access.dossier
    present = questionnaires.get(session, dossier.questionnaire_key, access.questionnaire_sha256)
    chosen = offered(session, {instrument}, present.language, stamp.at.date()).get(instrument)
    return Example(
        dossier.id,
        dossier.reference,
        Details(dossier.title, dossier.purpose, dossier.unit_id, dossier.kind, dossier.phase),
        dossier.committee_id,
        chosen.key if chosen else "",
    )


def offered(
    session: Session, instruments: Collection[str], language: str, day: date
) -> dict[str, Questionnaire]:
    """Return instrument -> the version to start with on this day: in this language if there is one, and the newest."""
    newest = [offer.questionnaire for offer in offers.offered(session, day) if offer.newest]
    fitting = sorted(newest, key=lambda one: one.language == language)
    return {one.id: one for one in fitting if one.id in instruments}
