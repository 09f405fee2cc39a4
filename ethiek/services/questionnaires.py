"""Published question sets: put once in the database, read from there ever after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.actors import SYSTEM_ACTOR, Stamp
from ethiek.errors import NotFoundError, QuestionnaireError
from ethiek.models.questionnaires import PublishedQuestionnaire, QuestionnaireOffer
from ethiek.questionnaires.catalogue import canonical, from_canonical, sha256
from ethiek.questionnaires.model import Questionnaire
from ethiek.services import audit


def publish(session: Session, questionnaires: Iterable[Questionnaire], at: datetime) -> list[str]:
    """Put question sets in the database that are not there yet; return their keys.

    Raises:
        QuestionnaireError: a version that is there already has other content.
    """
    known = published_hashes(session)
    new = []
    for questionnaire in questionnaires:
        digest = sha256(questionnaire)
        if (present := known.get(questionnaire.key)) is None:
            _insert(session, questionnaire, digest, at)
            new.append(questionnaire.key)
        elif present != digest:
            raise QuestionnaireError(questionnaire.key, "is already published with other content")
    return new


def _insert(session: Session, questionnaire: Questionnaire, digest: str, at: datetime) -> None:
    session.add(
        PublishedQuestionnaire(
            key=questionnaire.key,
            title=questionnaire.title,
            language=questionnaire.language,
            content=canonical(questionnaire).decode(),
            sha256=digest,
            published_at=at,
        ),
    )
    session.flush()
    session.add(QuestionnaireOffer(key=questionnaire.key, offered_from=at.date()))
    session.flush()
    audit.record(
        session,
        Stamp(SYSTEM_ACTOR, at, origin="publish"),
        "publish_questionnaire",
        audit.Subject("questionnaire", questionnaire.key),
        details={"sha256": digest},
    )


def published_hashes(session: Session) -> dict[str, str]:
    """Return key -> SHA-256 of every published version."""
    rows = session.execute(select(PublishedQuestionnaire.key, PublishedQuestionnaire.sha256))
    return {key: digest for key, digest in rows}  # noqa: C416  # a row is no pair to dict()


def content_of(session: Session, key: str) -> bytes:
    """Return the canonical content of a published version."""
    content = session.scalar(select(PublishedQuestionnaire.content).where(PublishedQuestionnaire.key == key))
    if content is None:
        raise NotFoundError
    return content.encode()


def get(session: Session, key: str, digest: str) -> Questionnaire:
    """Return a published version; its hash is checked when it is first read.

    Args:
        digest: the SHA-256 of its row, so that the parsed set can be shared between requests.

    Raises:
        QuestionnaireError: content and hash in the database differ.
    """
    if digest not in _PARSED:
        questionnaire = from_canonical(content_of(session, key))
        if sha256(questionnaire) != digest:
            raise QuestionnaireError(key, "content in the database does not have its recorded SHA-256")
        _PARSED[digest] = questionnaire
    return _PARSED[digest]


_PARSED: Final[dict[str, Questionnaire]] = {}
"""SHA-256 -> question set; published content never changes, so this never goes stale."""


def all_published(session: Session) -> list[Questionnaire]:
    """Return every published version, by key."""
    return [get(session, key, digest) for key, digest in sorted(published_hashes(session).items())]
