"""Lists of dossiers. They page by key, so that the thousandth page costs as much as the first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from ethiek.domain.actors import COMMITTEE_ROLES, Actor, Role
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import Status
from ethiek.errors import PermissionDeniedError
from ethiek.models.dossiers import Dossier, TeamMember
from ethiek.models.reviews import Assignment
from ethiek.services.access import committees_of

PAGE_SIZE: Final = 25


@dataclass(frozen=True, slots=True)
class Mark:
    """The last row of a page; the next page starts after it. ``at`` counts where a list is ordered by date."""

    id: UUID
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, newest first."""

    dossiers: tuple[Dossier, ...]
    next: Mark | None

    @classmethod
    def of(cls, rows: Sequence[Dossier], *, by_date: bool) -> Page:
        """Make a page of ``PAGE_SIZE`` rows out of at most one more."""
        shown = tuple(rows[:PAGE_SIZE])
        if len(rows) <= PAGE_SIZE:
            return cls(shown, None)
        return cls(shown, Mark(shown[-1].id, shown[-1].submitted_at if by_date else None))


def of_team(session: Session, actor: Actor, after: Mark | None = None) -> Page:
    """Return the dossiers whose team the actor is in, the newest first."""
    if actor.stands_apart:
        return Page((), None)
    query = (
        select(Dossier)
        .join(TeamMember, TeamMember.dossier_id == Dossier.id)
        .where(TeamMember.user_id == actor.user_id, TeamMember.left_at.is_(None))
        .order_by(TeamMember.dossier_id.desc())
        .limit(PAGE_SIZE + 1)
        .options(joinedload(Dossier.unit, innerjoin=True))
    )
    if after is not None:
        query = query.where(TeamMember.dossier_id < after.id)
    return Page.of(session.scalars(query).all(), by_date=False)


def of_committee(
    session: Session,
    actor: Actor,
    after: Mark | None = None,
    status: Status | None = None,
) -> Page:
    """Return the dossiers handed in to the actor's committees, the last handed in first.

    Chair and secretary see all of them (but not those they wrote along on), members those assigned to them.

    Raises:
        PermissionDeniedError: the actor is in no committee.
    """
    if not committees_of(actor, COMMITTEE_ROLES):
        raise PermissionDeniedError(Permission.DOSSIER_LIST)
    query = (
        select(Dossier)
        .where(_visible_to_committee(actor), Dossier.submitted_at.is_not(None), _not_own(actor))
        .order_by(Dossier.submitted_at.desc(), Dossier.id.desc())
        .limit(PAGE_SIZE + 1)
        .options(joinedload(Dossier.unit, innerjoin=True))
    )
    if status is not None:
        query = query.where(Dossier.status == status)
    if after is not None:
        query = query.where(
            or_(
                Dossier.submitted_at < after.at,
                and_(Dossier.submitted_at == after.at, Dossier.id < after.id),
            )
        )
    return Page.of(session.scalars(query).all(), by_date=True)


def _visible_to_committee(actor: Actor) -> ColumnElement[bool]:
    leading = committees_of(actor, {Role.CHAIR, Role.SECRETARY})
    reviewing = [committee for committee in committees_of(actor, {Role.MEMBER}) if committee not in leading]
    if not reviewing:  # one condition on one column: the index gives the order
        return Dossier.committee_id == leading[0] if len(leading) == 1 else Dossier.committee_id.in_(leading)
    return (
        or_(Dossier.committee_id.in_(leading), _assigned(actor, reviewing))
        if leading
        else _assigned(actor, reviewing)
    )


def _assigned(actor: Actor, committees: Collection[UUID]) -> ColumnElement[bool]:
    return and_(
        Dossier.committee_id.in_(committees),
        Dossier.id.in_(
            select(Assignment.dossier_id).where(
                Assignment.user_id == actor.user_id, Assignment.ended_at.is_(None)
            ),
        ),
    )


def _not_own(actor: Actor) -> ColumnElement[bool]:
    return (
        ~select(TeamMember.dossier_id)
        .where(
            TeamMember.dossier_id == Dossier.id,
            TeamMember.user_id == actor.user_id,
        )
        .exists()
    )
