"""The versions of a dossier's question set: those it can move to, and those it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ethiek.domain.answers import Slot
from ethiek.domain.moving import Move
from ethiek.domain.versions import numbers_of
from ethiek.errors import NotFoundError
from ethiek.models.carried import Migration
from ethiek.models.dossiers import Dossier
from ethiek.models.questionnaires import PublishedQuestionnaire, QuestionnaireOffer
from ethiek.questionnaires.model import Questionnaire
from ethiek.services import questionnaires
from ethiek.services.access import Access


@dataclass(frozen=True, slots=True)
class Version:
    """A published version."""

    key: str
    title: str
    published_at: datetime

    @property
    def label(self) -> str:
        """What it is called where there is more than one: title and version."""
        return f"{self.title} ({self.key.partition('/')[2]})"

    @property
    def order(self) -> tuple[tuple[int, ...], datetime]:
        """By the numbers in the version; of the same numbers, the last published is the newer one."""
        return numbers_of(self.key), self.published_at


def newer_versions(session: Session, dossier: Dossier, on: date) -> list[Version]:
    """Return what a dossier could move to, the newest first, in one query.

    That is: a newer version of the same instrument in the same language, which is offered on that day.
    """
    instrument, _slash, _version = dossier.questionnaire_key.partition("/")
    published = PublishedQuestionnaire
    rows = session.execute(
        select(published.key, published.title, published.published_at, published.language, QuestionnaireOffer)
        .outerjoin(QuestionnaireOffer, QuestionnaireOffer.key == published.key)
        .where(published.key.startswith(f"{instrument}/", autoescape=True))
    ).all()
    own = next(row for row in rows if row.key == dossier.questionnaire_key)
    present = Version(own.key, own.title, own.published_at)
    found = [
        Version(key, title, at)
        for key, title, at, language, offer in rows
        if language == own.language and offer is not None and offer.holds_on(on)
    ]
    newer = (version for version in found if version.order > present.order)
    return sorted(newer, key=lambda version: version.order, reverse=True)


def label_of(questionnaire: Questionnaire) -> str:
    """Return what people call a version: ``IAMA 2.0``; its short title often says the version already."""
    number = questionnaire.version.rpartition("-")[2]
    short = questionnaire.short_title
    return short if number in short else f"{short} {questionnaire.version}"


def moves_of(session: Session, dossier: Dossier) -> list[Migration]:
    """Return the moves that brought a dossier to its present version, the first first; without undone ones."""
    rows = session.scalars(
        select(Migration)
        .where(Migration.dossier_id == dossier.id, Migration.undone_at.is_(None))
        .options(joinedload(Migration.moved_by, innerjoin=True))
    )
    by_target = {row.target_key: row for row in rows}
    chain: list[Migration] = []
    key = dossier.questionnaire_key
    while key in by_target:  # a version is left for a newer one only, so this ends
        chain.insert(0, by_target[key])
        key = chain[0].source_key
    return chain


def version_ever(session: Session, access: Access, key: str | None) -> Questionnaire:
    """Return a version that a dossier has or had; without a key its present one.

    Raises:
        NotFoundError: it never had that version.
    """
    dossier = access.dossier
    if key in (None, dossier.questionnaire_key):
        return questionnaires.get(session, dossier.questionnaire_key, access.questionnaire_sha256)
    if key not in keys_ever(session, dossier):
        raise NotFoundError
    return questionnaires.some(session, {key})[key]


def keys_ever(session: Session, dossier: Dossier) -> set[str]:
    """Return every version that a dossier has had, also in moves that were undone."""
    rows = session.execute(
        select(Migration.source_key, Migration.target_key).where(Migration.dossier_id == dossier.id)
    )
    return {dossier.questionnaire_key, *(key for row in rows for key in row)}


@dataclass(frozen=True, slots=True)
class Travel:
    """How the places of a dossier's questions moved over its rounds."""

    present: Questionnaire
    moves: tuple[tuple[int, Move], ...]
    """The round after which each move was made, and the move, the first first."""

    @property
    def versions(self) -> tuple[Questionnaire, ...]:
        """Every version that the dossier had on its way, the present one last."""
        return (*(move.old for _after, move in self.moves), self.present)

    def version_at(self, number: int) -> Questionnaire:
        """Return the version in which a round was handed in."""
        return next((move.old for after, move in self.moves if after >= number), self.present)

    def follow(self, slot: Slot, since: int, until: int | None = None) -> Slot | None:
        """Return where a slot of round ``since`` stands in round ``until`` (None: now); None: nowhere any more.

        Of a question that was split, the first place.
        """
        found: Slot | None = slot
        for after, move in self.moves:
            if found and found.question and since <= after and (until is None or after < until):
                found = next(iter(move.follow(found)), None)
        return found


def travel_of(session: Session, dossier: Dossier, sha256: str) -> Travel:
    """Return how the questions of a dossier moved; ``sha256``: of its present version."""
    chain = moves_of(session, dossier)
    known = _versions_of_moves(session, chain)
    return Travel(
        questionnaires.get(session, dossier.questionnaire_key, sha256),
        tuple((row.round, move_of(row, known)) for row in chain),
    )


def _versions_of_moves(session: Session, chain: Sequence[Migration]) -> dict[str, Questionnaire]:
    return questionnaires.some(session, {key for row in chain for key in (row.source_key, row.target_key)})


def move_of(row: Migration, known: Mapping[str, Questionnaire]) -> Move:
    """Return what a move did to the places of questions."""
    return Move(known[row.source_key], known[row.target_key], row.places)


def latest_move(session: Session, dossier_id: UUID, key: str) -> Migration | None:
    """Return the move that brought a dossier to the version that it has now, unless it began with that."""
    return session.scalar(
        select(Migration)
        .where(Migration.dossier_id == dossier_id, Migration.target_key == key, Migration.undone_at.is_(None))
        .options(joinedload(Migration.moved_by, innerjoin=True))
    )
