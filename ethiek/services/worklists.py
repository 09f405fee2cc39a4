"""Lists of dossiers. They page by key, so that the thousandth page costs as much as the first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from ethiek.domain.actors import Actor, Role
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import Status
from ethiek.errors import PermissionDeniedError
from ethiek.models.base import UtcDateTime
from ethiek.models.dossiers import Dossier, TeamMember
from ethiek.models.reviews import Assignment
from ethiek.services.access import committees_of, recused

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
    def of(cls, rows: Sequence[tuple[Dossier, datetime | None]]) -> Page:
        """Make a page of ``PAGE_SIZE`` rows out of at most one more; beside a dossier the moment it is ordered by."""
        shown = tuple(dossier for dossier, _at in rows[:PAGE_SIZE])
        if len(rows) <= PAGE_SIZE:
            return cls(shown, None)
        return cls(shown, Mark(shown[-1].id, rows[PAGE_SIZE - 1][1]))


def of_team(session: Session, actor: Actor, after: Mark | None = None) -> Page:
    """Return the dossiers whose team the actor is in, the newest first."""
    if actor.stands_apart:
        return Page((), None)
    own = select(TeamMember.dossier_id).where(
        TeamMember.user_id == actor.user_id, TeamMember.left_at.is_(None)
    )
    if after is not None:
        own = own.where(TeamMember.dossier_id < after.id)
    found = own.order_by(TeamMember.dossier_id.desc()).limit(PAGE_SIZE + 1).subquery()
    query = (
        select(Dossier)
        .join(found, found.c.dossier_id == Dossier.id)
        .order_by(found.c.dossier_id.desc())
        .options(joinedload(Dossier.unit, innerjoin=True))
    )
    return Page.of([(dossier, None) for dossier in session.scalars(query)])


def of_committee(
    session: Session, actor: Actor, after: Mark | None = None, status: Status | None = None
) -> Page:
    """Return the dossiers handed in to the actor's committees, what came to the actor last first.

    Chair and secretary see all of their committee, by hand-in; members those assigned to them, by assignment. Nobody
    sees those they wrote along on, or withdrew from.

    Raises:
        PermissionDeniedError: the actor is in no committee.
    """
    sources = [source.first_rows(actor, after, status) for source in _sources(actor)]
    if not sources:
        raise PermissionDeniedError(Permission.DOSSIER_LIST)
    found = union_all(*(select(source.subquery()) for source in sources)).subquery()
    query = (
        select(Dossier, found.c.came_at)
        .join(found, found.c.id == Dossier.id)
        .order_by(found.c.came_at.desc(), found.c.id.desc())
        .limit(PAGE_SIZE + 1)
        .options(joinedload(Dossier.unit, innerjoin=True))
    )
    return Page.of(session.execute(query).all())


@dataclass(frozen=True, slots=True)
class _Source:
    """Dossiers that can be read in order from one index: by ``at``, then by ``id``."""

    rows: Select[tuple[()]]
    at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]
    id: InstrumentedAttribute[UUID]

    def first_rows(
        self, actor: Actor, after: Mark | None, status: Status | None
    ) -> Select[UUID, datetime | None]:
        """Return as many keys as one page can need."""
        query = self.rows.where(
            Dossier.submitted_at.is_not(None),
            not_own(self.id, actor),
            ~recused(self.id, literal(actor.user_id)),
        )
        if status is not None:
            query = query.where(Dossier.status == status)
        if after is not None:  # compared as a pair, which both databases look up in an index
            query = query.where(
                tuple_(self.at, self.id) < tuple_(literal(after.at, UtcDateTime()), literal(after.id))
            )
        newest = query.order_by(self.at.desc(), self.id.desc()).limit(PAGE_SIZE + 1)
        return newest.with_only_columns(
            self.id.label("id"), self.at.label("came_at"), maintain_column_froms=True
        )


def _sources(actor: Actor) -> Iterator[_Source]:
    """Yield what the actor may see; the parts have nothing in common: who leads a committee sees all of it."""
    leading = committees_of(actor, {Role.CHAIR, Role.SECRETARY})
    for committee in leading:
        rows = select().select_from(Dossier).where(Dossier.committee_id == committee)
        yield _Source(rows, Dossier.submitted_at, Dossier.id)
    if following := set(committees_of(actor, {Role.MEMBER})).difference(leading):
        yield _Source(_assigned(actor, following), Assignment.assigned_at, Assignment.dossier_id)


def _assigned(actor: Actor, committees: Collection[UUID]) -> Select[tuple[()]]:
    return (
        select()
        .select_from(Assignment)
        .join(Dossier, Dossier.id == Assignment.dossier_id)
        .where(
            Assignment.user_id == actor.user_id,
            Assignment.ended_at.is_(None),
            Dossier.committee_id.in_(committees),
        )
    )


def not_own(dossier_id: InstrumentedAttribute[UUID], actor: Actor) -> ColumnElement[bool]:
    """Leave out what the actor wrote along on, ever."""
    own = TeamMember.dossier_id == dossier_id, TeamMember.user_id == actor.user_id
    return ~select(TeamMember.dossier_id).where(*own).exists()
