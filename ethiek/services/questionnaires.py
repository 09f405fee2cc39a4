"""Published question sets: put once in the database, read from there ever after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.actors import SYSTEM_ACTOR, Stamp
from ethiek.errors import ConfigurationError, InputError, NotFoundError, QuestionnaireError
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
    stamp = Stamp(SYSTEM_ACTOR, at, origin="publish")
    new = []
    for questionnaire in questionnaires:
        digest = sha256(questionnaire)
        if (present := known.get(questionnaire.key)) is None:
            _insert(session, questionnaire, digest, at.date(), stamp)
            new.append(questionnaire.key)
        elif present != digest:
            raise QuestionnaireError(questionnaire.key, "is already published with other content")
    return new


def publish_one(session: Session, questionnaire: Questionnaire, offered_from: date, stamp: Stamp) -> None:
    """Publish a version that was approved, and offer it from a date.

    Raises:
        InputError: this version is published already.
    """
    if questionnaire.key in published_hashes(session):
        raise InputError("version", "published")
    _insert(session, questionnaire, sha256(questionnaire), offered_from, stamp)


def _insert(
    session: Session, questionnaire: Questionnaire, digest: str, offered_from: date, stamp: Stamp
) -> None:
    session.add(
        PublishedQuestionnaire(
            key=questionnaire.key,
            title=questionnaire.title,
            language=questionnaire.language,
            content=canonical(questionnaire).decode(),
            sha256=digest,
            published_at=stamp.at,
        ),
    )
    session.flush()
    session.add(QuestionnaireOffer(key=questionnaire.key, offered_from=offered_from))
    session.flush()
    audit.record(
        session,
        stamp,
        "publish_questionnaire",
        audit.Subject("questionnaire", questionnaire.key),
        details={"sha256": digest, "offered_from": offered_from.isoformat()},
    )


def check_content(session: Session, shipped: Mapping[str, str]) -> None:
    """Pass if everything published is still what it was, in one query.

    Args:
        shipped: key -> SHA-256 of what comes with the application; not all of it needs to be in the database.

    Raises:
        ConfigurationError: a version was changed behind our back; names it.
    """
    query = select(PublishedQuestionnaire.key, PublishedQuestionnaire.sha256, PublishedQuestionnaire.content)
    for key, recorded, content in session.execute(query):
        actual = hashlib.sha256(content.encode()).hexdigest()
        if actual != recorded:
            raise ConfigurationError(
                f"Question set {key}",
                f"in the database is not what was published: SHA-256 {actual} instead of {recorded}",
            )
        if shipped.get(key, recorded) != recorded:
            raise ConfigurationError(
                f"Question set {key}",
                f"in the database differs from the one that comes with Ethiek: SHA-256 {recorded} instead of "
                f"{shipped[key]}",
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


def some(session: Session, keys: Iterable[str]) -> dict[str, Questionnaire]:
    """Return those of these versions that are published, by key; one query, beside the first reading of each."""
    wanted = set(keys)
    if not wanted:
        return {}
    rows = session.execute(
        select(PublishedQuestionnaire.key, PublishedQuestionnaire.sha256).where(
            PublishedQuestionnaire.key.in_(wanted)
        )
    )
    return {key: get(session, key, digest) for key, digest in rows.all()}


def editions(session: Session, instrument: str) -> list[Questionnaire]:
    """Return every published version of one instrument, by key."""
    found = sorted(published_hashes(session).items())
    return [get(session, key, digest) for key, digest in found if key.partition("/")[0] == instrument]
