"""From one dossier to the next: what a question set points to, and a new dossier on the same project."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.permissions import Permission
from ethiek.models.questionnaires import PublishedQuestionnaire, QuestionnaireOffer
from ethiek.questionnaires.model import Questionnaire
from ethiek.services import questionnaires
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
    rows = session.execute(
        select(
            PublishedQuestionnaire.key,
            PublishedQuestionnaire.sha256,
            PublishedQuestionnaire.language,
            QuestionnaireOffer.offered_from,
        )
        .join(QuestionnaireOffer, QuestionnaireOffer.key == PublishedQuestionnaire.key)
        .where(QuestionnaireOffer.offered_from <= day, QuestionnaireOffer.withdrawn_at.is_(None)),
    )
    fitting = [
        (row.language == language, row.offered_from, _numbers(row.key), row.key, row.sha256)
        for row in rows
        if _instrument(row.key) in instruments
    ]
    newest = {_instrument(key): (key, digest) for *_order, key, digest in sorted(fitting)}
    return {id_: questionnaires.get(session, key, digest) for id_, (key, digest) in newest.items()}


def _instrument(key: str) -> str:
    return key.partition("/")[0]


def _numbers(key: str) -> list[int]:
    """Return the numbers of a version, so that 2.10 comes after 2.9."""
    return [int(digits) for digits in re.findall(r"[0-9]+", key.partition("/")[2])]
