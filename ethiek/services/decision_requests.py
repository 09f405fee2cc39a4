"""Putting a signed advice before the official who decides on it, and that official's worklist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, literal, select, tuple_, union
from sqlalchemy.orm import Session, joinedload

from ethiek.domain.actors import Actor, Role, Stamp
from ethiek.domain.decisions import Outcome
from ethiek.domain.permissions import Permission, require
from ethiek.domain.report_status import ReportStatus
from ethiek.domain.workflow import Status
from ethiek.errors import InputError, TransitionNotAllowedError
from ethiek.models.advice import Advice, Approval
from ethiek.models.base import UtcDateTime
from ethiek.models.decisions import Decision, DecisionRequest
from ethiek.models.dossiers import Dossier, TeamMember
from ethiek.models.reviews import Assignment, Review
from ethiek.models.users import RoleGrant, User
from ethiek.services import audit, report_status
from ethiek.services.access import open_dossier
from ethiek.services.transitions import check_seen
from ethiek.services.worklists import PAGE_SIZE, Mark


def candidates(session: Session, dossier: Dossier) -> list[User]:
    """Return the officials who can decide on a dossier: who never worked on it, judged it, or sits in its committee."""
    return list(
        session.scalars(
            select(User)
            .join(RoleGrant, RoleGrant.user_id == User.id)
            .where(RoleGrant.role == Role.OFFICIAL, User.active, User.id.not_in(_involved(dossier)))
            .order_by(User.name)
        )
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """An official to choose."""

    id: UUID
    name: str


def choices(session: Session, dossier: Dossier) -> list[Choice]:
    """Return the same as plain values."""
    return [Choice(user.id, user.name) for user in candidates(session, dossier)]


def _involved(dossier: Dossier) -> Select[UUID]:
    of_this_dossier = Advice.dossier_id == dossier.id
    people = union(
        select(TeamMember.user_id).where(TeamMember.dossier_id == dossier.id),
        select(Assignment.user_id).where(Assignment.dossier_id == dossier.id),
        select(Review.member_id).where(Review.dossier_id == dossier.id),
        select(Advice.adopted_by_id).where(of_this_dossier),
        select(Approval.user_id).join(Advice, Advice.id == Approval.advice_id).where(of_this_dossier),
        select(RoleGrant.user_id).where(RoleGrant.committee_id == dossier.committee_id),
    ).subquery()
    return select(people.c[0])


def put_before(session: Session, dossier_id: UUID, user_id: UUID, stamp: Stamp) -> None:
    """Put a signed advice before an official (NL: voorleggen); an official who had it before has it no longer.

    Raises:
        InputError: this person is no official, or had a part in the dossier or in the advice.
        TransitionNotAllowedError: there is no signed report that counts.
        ConcurrentEditError: the dossier is no longer the one on the secretary's screen.
    """
    access = open_dossier(session, dossier_id, stamp.actor, Permission.DECISION_REQUEST, lock=True)
    dossier = access.dossier
    check_decidable(session, dossier, Permission.DECISION_REQUEST)
    check_seen(dossier, stamp)
    if user_id not in {user.id for user in candidates(session, dossier)}:
        raise InputError("official", "not_an_official")
    if not _assign(session, dossier_id, user_id, stamp):
        return
    dossier.revision += 1
    session.flush()
    audit.record(
        session,
        stamp,
        "request_decision",
        audit.Subject("dossier", str(dossier_id)),
        details={"official": str(user_id)},
    )


def check_decidable(session: Session, dossier: Dossier, permission: Permission) -> None:
    """Pass if there is a signed report that counts.

    Raises:
        TransitionNotAllowedError: there is none yet, or it was withdrawn.
    """
    if dossier.status is not Status.ARCHIVED:
        raise TransitionNotAllowedError(permission, dossier.status)
    record = report_status.last_record(session, dossier.id)
    if record is None or report_status.states(session, [record])[record.id] is ReportStatus.WITHDRAWN:
        raise TransitionNotAllowedError(permission, ReportStatus.WITHDRAWN)


def _assign(session: Session, dossier_id: UUID, user_id: UUID, stamp: Stamp) -> bool:
    """Note it; False if this official has it already."""
    rows = {
        row.user_id: row
        for row in session.scalars(select(DecisionRequest).where(DecisionRequest.dossier_id == dossier_id))
    }
    present = rows.get(user_id)
    if present is not None and present.ended_at is None:
        return False
    for row in rows.values():
        row.ended_at = row.ended_at or stamp.at
    session.flush()  # one at a time, says the index
    if present is None:
        present = DecisionRequest(dossier_id=dossier_id, user_id=user_id)
        session.add(present)
    assert stamp.actor.user_id is not None
    present.requested_by_id, present.requested_at, present.ended_at = stamp.actor.user_id, stamp.at, None
    return True


def present_request(session: Session, dossier_id: UUID) -> DecisionRequest | None:
    """Return who decides on a dossier, and since when; None before it was put before anybody."""
    return session.scalar(
        select(DecisionRequest)
        .where(DecisionRequest.dossier_id == dossier_id, DecisionRequest.ended_at.is_(None))
        .options(joinedload(DecisionRequest.user, innerjoin=True))
    )


@dataclass(frozen=True, slots=True)
class Put:
    """A dossier that was put before somebody. ``outcome``: of the last decision; None while there is none."""

    dossier: Dossier
    requested_at: datetime
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the worklist of an official, what was put before last first."""

    rows: Sequence[Put]
    next: Mark | None


def of_official(session: Session, actor: Actor, after: Mark | None = None) -> Page:
    """Return what was put before the actor, the last thing first.

    Raises:
        PermissionDeniedError: the actor is no official.
    """
    require(actor.roles, Permission.DECISION_LIST)
    last = (
        select(Decision.outcome)
        .where(Decision.dossier_id == DecisionRequest.dossier_id)
        .order_by(Decision.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    place = tuple_(DecisionRequest.requested_at, DecisionRequest.dossier_id)
    query = (
        select(Dossier, DecisionRequest.requested_at, last)
        .join(DecisionRequest, DecisionRequest.dossier_id == Dossier.id)
        .where(DecisionRequest.user_id == actor.user_id, DecisionRequest.ended_at.is_(None))
        .where(Dossier.committee_id.not_in(actor.committees))
        .order_by(DecisionRequest.requested_at.desc(), DecisionRequest.dossier_id.desc())
        .limit(PAGE_SIZE + 1)
        .options(joinedload(Dossier.unit, innerjoin=True))
    )
    if after is not None:
        query = query.where(place < tuple_(literal(after.at, UtcDateTime()), literal(after.id)))
    rows = [Put(*row) for row in session.execute(query).all()]
    shown = rows[:PAGE_SIZE]
    more = len(rows) > PAGE_SIZE
    return Page(shown, Mark(shown[-1].dossier.id, shown[-1].requested_at) if more else None)
