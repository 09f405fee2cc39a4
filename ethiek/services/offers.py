"""Which published versions can be chosen for a new dossier. Open dossiers keep theirs, whatever is offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.permissions import Permission, require
from ethiek.domain.versions import numbers_of
from ethiek.domain.workflow import ENDED
from ethiek.errors import ConcurrentEditError, GuardFailedError, NotFoundError
from ethiek.models.dossiers import Dossier
from ethiek.models.questionnaires import PublishedQuestionnaire, QuestionnaireOffer
from ethiek.questionnaires.model import Questionnaire
from ethiek.services import audit
from ethiek.services.questionnaires import get
from ethiek.services.reasons import checked_reason


@dataclass(frozen=True, slots=True)
class Offered:
    """A version that can be chosen now. ``newest``: of its instrument, in its language."""

    questionnaire: Questionnaire
    offered_from: date
    newest: bool


def offered(session: Session, today: date) -> list[Offered]:
    """Return what can be chosen today: per instrument and language the newest first, older editions after all."""
    found: list[Offered] = []
    seen: set[tuple[str, str]] = set()
    for key, digest, offered_from in sorted(session.execute(_offered(today)).all(), key=_age, reverse=True):
        one = get(session, key, digest)
        found.append(Offered(one, offered_from, (one.id, one.language) not in seen))
        seen.add((one.id, one.language))
    by_name = sorted(found, key=lambda offer: (offer.questionnaire.title, offer.questionnaire.key))
    return sorted(by_name, key=lambda offer: not offer.newest)


def is_offered(session: Session, key: str, today: date) -> bool:
    """Tell whether a version can be chosen today."""
    return session.execute(_offered(today).where(QuestionnaireOffer.key == key)).first() is not None


def _offered(today: date) -> Select[str, str, date]:
    return (
        select(PublishedQuestionnaire.key, PublishedQuestionnaire.sha256, QuestionnaireOffer.offered_from)
        .join(QuestionnaireOffer, QuestionnaireOffer.key == PublishedQuestionnaire.key)
        .where(QuestionnaireOffer.holds_on(today))
    )


def _age(row: Row[str, str, date]) -> tuple[tuple[int, ...], date, str]:
    """By the numbers of the version; the day alone says little: a whole catalogue is often published on one."""
    key, _sha256, offered_from = row
    return numbers_of(key), offered_from, key


@dataclass(frozen=True, slots=True)
class Version:
    """A published version, how it is offered, and how many dossiers are open on it."""

    key: str
    title: str
    language: str
    sha256: str
    published_at: datetime
    offered_from: date
    withdrawn_at: datetime | None
    reason: str
    revision: int
    """Of the offer."""
    open_dossiers: int

    def state(self, today: date) -> str:
        """Return "withdrawn", "later" or "offered"."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "later" if self.offered_from > today else "offered"


def versions(session: Session, key: str | None = None) -> Sequence[Version]:
    """Return all published versions (or one), those with most open dossiers first, in one query."""
    still_open = and_(Dossier.questionnaire_key == PublishedQuestionnaire.key, Dossier.status.not_in(ENDED))
    count = select(func.count()).select_from(Dossier).where(still_open).scalar_subquery()
    published, offer = PublishedQuestionnaire, QuestionnaireOffer
    query = (
        select(
            published.key,
            published.title,
            published.language,
            published.sha256,
            published.published_at,
            offer.offered_from,
            offer.withdrawn_at,
            offer.reason,
            offer.revision,
            count.label("open_dossiers"),
        )
        .join(offer, offer.key == published.key)
        .order_by(count.desc(), published.published_at.desc(), published.key)
    )
    if key is not None:
        query = query.where(published.key == key)
    return [Version(**row) for row in session.execute(query).mappings()]


def version(session: Session, key: str) -> Version:
    """Return one published version.

    Raises:
        NotFoundError: there is no such version.
    """
    for found in versions(session, key):
        return found
    raise NotFoundError


def withdraw(session: Session, key: str, reason: str, stamp: Stamp) -> None:
    """Offer a version no longer for new dossiers (NL: intrekken voor nieuw gebruik).

    Raises:
        InputError: the reason is empty, too long, or no text.
        GuardFailedError: it was withdrawn already.
        ConcurrentEditError: the offer is no longer the one on the actor's screen.
    """
    offer = _load(session, key, stamp)
    if offer.withdrawn_at is not None:
        raise GuardFailedError("withdraw_questionnaire", "offered")
    offer.reason = checked_reason(reason)
    offer.withdrawn_at, offer.withdrawn_by_id = stamp.at, stamp.actor.user_id
    _record(session, offer, "withdraw_questionnaire", stamp)


def offer_again(session: Session, key: str, stamp: Stamp) -> None:
    """Undo a withdrawal from new use.

    Raises:
        GuardFailedError: it was not withdrawn.
        ConcurrentEditError: as ``withdraw``.
    """
    offer = _load(session, key, stamp)
    if offer.withdrawn_at is None:
        raise GuardFailedError("offer_questionnaire", "withdrawn")
    offer.withdrawn_at = offer.withdrawn_by_id = None
    offer.reason = ""
    _record(session, offer, "offer_questionnaire", stamp)


def _load(session: Session, key: str, stamp: Stamp) -> QuestionnaireOffer:
    require(stamp.actor.all_roles, Permission.QUESTIONNAIRE_MANAGE)
    query = select(QuestionnaireOffer).where(QuestionnaireOffer.key == key).with_for_update()
    offer = session.scalar(query.execution_options(populate_existing=True))
    if offer is None:
        raise NotFoundError
    if stamp.seen is not None and offer.revision != stamp.seen:
        raise ConcurrentEditError(key)
    return offer


def _record(session: Session, offer: QuestionnaireOffer, action: str, stamp: Stamp) -> None:
    session.flush()
    subject = audit.Subject("questionnaire", offer.key)
    audit.record(session, stamp, action, subject, details={"revision": offer.revision})
