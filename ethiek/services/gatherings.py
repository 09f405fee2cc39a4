"""The team's gatherings: what was recorded of each, and every earlier version of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from ethiek.domain.actors import Stamp
from ethiek.domain.gatherings import MAX_GATHERINGS, Gathering, checked
from ethiek.domain.permissions import Permission
from ethiek.domain.wall_calendar import day_of
from ethiek.domain.workflow import EDITABLE
from ethiek.errors import ConcurrentEditError, InputError, NotFoundError
from ethiek.models.gatherings import GatheringRevision
from ethiek.models.ids import uuid7
from ethiek.services import audit
from ethiek.services.access import Access, open_dossier
from ethiek.services.dossiers import open_for_editing


@dataclass(frozen=True, slots=True)
class Recorded:
    """One version of a gathering; ``given`` is None where it was taken away."""

    id: UUID
    revision: int
    given: Gathering | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """The gatherings of a dossier, for its team."""

    access: Access
    gatherings: Sequence[Recorded]

    @property
    def editable(self) -> bool:
        """The team can change them now."""
        return self.access.dossier.status in EDITABLE


@dataclass(frozen=True, slots=True)
class History:
    """One gathering with all its versions, the last first."""

    access: Access
    versions: Sequence[Recorded]

    @property
    def present(self) -> Recorded:
        """The version that counts."""
        return self.versions[0]

    @property
    def editable(self) -> bool:
        """The team can change it now."""
        return self.access.dossier.status in EDITABLE


def sheet(session: Session, dossier_id: UUID, stamp: Stamp) -> Sheet:
    """Return the gatherings of a dossier as its team sees them, in order of date."""
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ANSWER_EDIT)
    return Sheet(access, present(session, dossier_id))


def history(session: Session, dossier_id: UUID, gathering_id: UUID, stamp: Stamp) -> History:
    """Return one gathering with all that was ever recorded of it.

    Raises:
        NotFoundError: this dossier has no such gathering.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.ANSWER_EDIT)
    return History(access, _versions(session, dossier_id, gathering_id))


def add(session: Session, dossier_id: UUID, given: Gathering, token: str, stamp: Stamp) -> None:
    """Record a gathering; the same form sent twice is one.

    Raises:
        InputError: a field holds what cannot be recorded, or there are too many.
        TransitionNotAllowedError: the dossier is not with the team.
    """
    open_for_editing(session, dossier_id, Permission.ANSWER_EDIT, stamp)
    clean = checked(given, day_of(stamp.at))
    if _sent_before(session, dossier_id, token, stamp):
        return
    if len(present(session, dossier_id)) >= MAX_GATHERINGS:
        raise InputError("title", "too_many_gatherings")
    _keep(session, dossier_id, uuid7(), 1, clean, token, stamp)


def change(
    session: Session, dossier_id: UUID, gathering_id: UUID, given: Gathering | None, token: str, stamp: Stamp
) -> None:
    """Record a gathering otherwise, or (None) take it away; earlier versions stay.

    Args:
        stamp: ``seen`` is the version that was on the screen.

    Raises:
        ConcurrentEditError: somebody else changed it in between.
        InputError, TransitionNotAllowedError: as :func:`add`.
    """
    seen = stamp.seen
    unseen = Stamp(stamp.actor, stamp.at, None, stamp.origin)
    open_for_editing(session, dossier_id, Permission.ANSWER_EDIT, unseen)
    clean = checked(given, day_of(stamp.at)) if given else None
    last = _versions(session, dossier_id, gathering_id)[0]
    if _sent_before(session, dossier_id, token, stamp):
        return
    if last.revision != seen:
        raise ConcurrentEditError(gathering_id)
    if clean != last.given:
        _keep(session, dossier_id, gathering_id, last.revision + 1, clean, token, stamp)


def present(session: Session, dossier_id: UUID) -> list[Recorded]:
    """Return the gatherings that count, in order of date."""
    last = (
        select(func.max(GatheringRevision.number))
        .where(GatheringRevision.dossier_id == dossier_id)
        .group_by(GatheringRevision.gathering_id)
        .with_only_columns(GatheringRevision.gathering_id, func.max(GatheringRevision.number).label("number"))
        .subquery()
    )
    rows = session.scalars(
        select(GatheringRevision)
        .join(
            last,
            (last.c.gathering_id == GatheringRevision.gathering_id)
            & (last.c.number == GatheringRevision.number),
        )
        .options(joinedload(GatheringRevision.author, innerjoin=True))
    )
    found = [one for one in map(_recorded, rows) if one.given is not None]
    return sorted(found, key=lambda one: (one.given.on if one.given else one.at.date(), one.id))


def _versions(session: Session, dossier_id: UUID, gathering_id: UUID) -> list[Recorded]:
    rows = session.scalars(
        select(GatheringRevision)
        .where(GatheringRevision.dossier_id == dossier_id, GatheringRevision.gathering_id == gathering_id)
        .order_by(GatheringRevision.number.desc())
        .options(joinedload(GatheringRevision.author, innerjoin=True))
    ).all()
    if not rows:
        raise NotFoundError
    return [_recorded(row) for row in rows]


def _recorded(row: GatheringRevision) -> Recorded:
    given = None if row.content is None else Gathering.from_json(row.content)
    return Recorded(row.gathering_id, row.number, given, row.author.name, row.at)


def _sent_before(session: Session, dossier_id: UUID, token: str, stamp: Stamp) -> bool:
    return (
        session.scalar(
            select(GatheringRevision.id).where(
                GatheringRevision.dossier_id == dossier_id,
                GatheringRevision.author_id == stamp.actor.user_id,
                GatheringRevision.token == token,
            )
        )
        is not None
    )


def _keep(
    session: Session,
    dossier_id: UUID,
    gathering_id: UUID,
    number: int,
    given: Gathering | None,
    token: str,
    stamp: Stamp,
) -> None:
    session.add(
        GatheringRevision(
            dossier_id=dossier_id,
            gathering_id=gathering_id,
            number=number,
            content=given.to_json() if given else None,
            token=token,
            author_id=stamp.actor.user_id,
            at=stamp.at,
        )
    )
    session.flush()
    audit.record(
        session,
        stamp,
        "save_gathering" if given else "remove_gathering",
        audit.Subject("dossier", str(dossier_id)),
        details={"gathering": str(gathering_id), "revision": number},
    )
