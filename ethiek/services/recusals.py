"""People of a committee who withdraw from one dossier because of an interest (NL: terugtreden)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session, joinedload

from ethiek.domain.actors import COMMITTEE_ROLES, Role, Stamp
from ethiek.domain.permissions import Permission
from ethiek.domain.recusals import RECUSABLE, RecusalStep, Shortage, capacity, shortage
from ethiek.errors import InputError, TransitionNotAllowedError
from ethiek.models.dossiers import Dossier, TeamMember
from ethiek.models.reviews import RecusalEvent
from ethiek.models.users import RoleGrant, User
from ethiek.services import audit
from ethiek.services.access import Access, open_dossier, recused
from ethiek.services.reasons import checked_reason
from ethiek.services.transitions import check_seen


@dataclass(frozen=True, slots=True)
class Board:
    """Who takes no part in a dossier, for the secretary. ``events``: all that was recorded, the last first."""

    access: Access
    recused: Sequence[RecusalEvent]
    events: Sequence[RecusalEvent]
    others: Sequence[User]
    """People of the committee for whom it can be recorded."""
    shortage: Shortage | None

    @property
    def changeable(self) -> bool:
        """Somebody can withdraw now, or come back."""
        return self.access.dossier.status in RECUSABLE


@dataclass(frozen=True, slots=True)
class OwnRecusal:
    """What somebody has to know before withdrawing."""

    access: Access
    shortage: Shortage | None
    """Who would be missing afterwards."""

    @property
    def possible(self) -> bool:
        """The committee works on the dossier, and no advice stands."""
        return self.access.dossier.status in RECUSABLE


def board(session: Session, dossier_id: UUID, stamp: Stamp) -> Board:
    """Return what the secretary needs to record a recusal for somebody, or to undo one."""
    access = open_dossier(session, dossier_id, stamp.actor, Permission.CASE_MANAGE)
    events = _events(session, dossier_id)
    return Board(
        access,
        in_force(events),
        events,
        [user for user in _people(session, access.dossier) if user.id != stamp.actor.user_id],
        shortage_in(session, access.dossier),
    )


def own(session: Session, dossier_id: UUID, stamp: Stamp) -> OwnRecusal:
    """Return what the actor has to know before withdrawing."""
    access = open_dossier(session, dossier_id, stamp.actor, Permission.RECUSE)
    return OwnRecusal(access, shortage_in(session, access.dossier, without=stamp.actor.user_id))


def recuse(session: Session, dossier_id: UUID, reason: str, stamp: Stamp) -> None:
    """Withdraw from a dossier; from now on the actor has no role of the committee in it.

    Raises:
        InputError: the reason is empty, too long, or no text.
        TransitionNotAllowedError: an advice stands, or the committee does not work on the dossier.
        ConcurrentEditError: the dossier is no longer the one on the actor's screen.
    """
    access = _open(session, dossier_id, Permission.RECUSE, stamp)
    user_id = stamp.actor.user_id
    if user_id is None:
        raise TransitionNotAllowedError(Permission.RECUSE, access.dossier.status)
    role = capacity(access.roles)
    _record(session, access.dossier, user_id, RecusalStep.RECUSED, role, checked_reason(reason), stamp)


def recuse_other(session: Session, dossier_id: UUID, user_id: UUID, reason: str, stamp: Stamp) -> None:
    """Record, as the secretary, that somebody else of the committee withdraws.

    Raises:
        InputError: this is nobody of the committee who could take part, or the reason is not one.
        TransitionNotAllowedError, ConcurrentEditError: as :func:`recuse`.
    """
    dossier = _open(session, dossier_id, Permission.CASE_MANAGE, stamp).dossier
    text = checked_reason(reason)
    if user_id not in {user.id for user in _people(session, dossier)} - {stamp.actor.user_id}:
        raise InputError("person", "unknown")
    held = session.scalars(
        select(RoleGrant.role).where(
            RoleGrant.user_id == user_id, RoleGrant.committee_id == dossier.committee_id
        )
    )
    _record(session, dossier, user_id, RecusalStep.RECUSED, capacity(set(held)), text, stamp)


def undo(session: Session, dossier_id: UUID, user_id: UUID, reason: str, stamp: Stamp) -> None:
    """Let somebody take part again; that and why stays on record.

    Raises:
        InputError: this person did not withdraw, or the reason is not one.
        TransitionNotAllowedError, ConcurrentEditError: as :func:`recuse`.
    """
    dossier = _open(session, dossier_id, Permission.CASE_MANAGE, stamp).dossier
    text = checked_reason(reason)
    event = next((row for row in of_dossier(session, dossier_id) if row.user_id == user_id), None)
    if event is None:
        raise InputError("person", "unknown")
    _record(session, dossier, user_id, RecusalStep.UNDONE, event.role, text, stamp)


def _open(session: Session, dossier_id: UUID, permission: Permission, stamp: Stamp) -> Access:
    access = open_dossier(session, dossier_id, stamp.actor, permission, lock=True)
    if access.dossier.status not in RECUSABLE:
        raise TransitionNotAllowedError(permission, access.dossier.status)
    check_seen(access.dossier, stamp)
    return access


def _record(
    session: Session,
    dossier: Dossier,
    user_id: UUID,
    step: RecusalStep,
    role: Role,
    reason: str,
    stamp: Stamp,
) -> None:
    """Add the row, and count it as a change of the dossier, so that a stale page is noticed."""
    last = session.scalar(
        select(func.max(RecusalEvent.number)).where(
            RecusalEvent.dossier_id == dossier.id, RecusalEvent.user_id == user_id
        )
    )
    event = RecusalEvent(
        dossier_id=dossier.id,
        user_id=user_id,
        number=(last or 0) + 1,
        step=step,
        role=role,
        reason=reason,
        by_id=stamp.actor.user_id,
        at=stamp.at,
    )
    session.add(event)
    dossier.revision += 1
    session.flush()
    audit.record(
        session,
        stamp,
        {RecusalStep.RECUSED: "recuse", RecusalStep.UNDONE: "undo_recusal"}[step],
        audit.Subject("dossier", str(dossier.id)),
        details={"user": str(user_id), "role": role, "number": event.number},
    )


def of_dossier(session: Session, dossier_id: UUID) -> list[RecusalEvent]:
    """Return the recusals that hold, in the order in which they were recorded."""
    return in_force(_events(session, dossier_id))


def in_force(events: Sequence[RecusalEvent]) -> list[RecusalEvent]:
    """Pick the recusals that hold out of all events of a dossier (the last first); the first one first."""
    last: dict[UUID, int] = {}
    for event in events:
        last[event.user_id] = max(event.number, last.get(event.user_id, 0))
    holding = (event for event in reversed(events) if event.number == last[event.user_id])
    return [event for event in holding if event.step is RecusalStep.RECUSED]


def _events(session: Session, dossier_id: UUID) -> Sequence[RecusalEvent]:
    return session.scalars(
        select(RecusalEvent)
        .where(RecusalEvent.dossier_id == dossier_id)
        .order_by(RecusalEvent.id.desc())
        .options(
            joinedload(RecusalEvent.user, innerjoin=True),
            joinedload(RecusalEvent.by, innerjoin=True),
        )
    ).all()


def shortage_in(session: Session, dossier: Dossier, without: UUID | None = None) -> Shortage | None:
    """Tell who is missing to finish a dossier, now or without one person more."""
    held = session.execute(
        _taking_part(dossier)
        .with_only_columns(RoleGrant.role, User.id)
        .where(RoleGrant.role.in_((Role.CHAIR, Role.SECRETARY)))
    )
    rows = [(role, user_id) for role, user_id in held if user_id != without]
    return shortage(
        {user_id for role, user_id in rows if role is Role.CHAIR},
        {user_id for role, user_id in rows if role is Role.SECRETARY},
    )


def _people(session: Session, dossier: Dossier) -> list[User]:
    """Everybody with a role in the committee who could take part, by name."""
    return list(session.scalars(_taking_part(dossier).distinct().order_by(User.name, User.id)))


def _taking_part(dossier: Dossier) -> Select[User]:
    wrote_along = select(TeamMember.user_id).where(TeamMember.dossier_id == dossier.id)
    return (
        select(User)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(
            RoleGrant.committee_id == dossier.committee_id,
            RoleGrant.role.in_(COMMITTEE_ROLES),
            User.active,
            User.id.not_in(wrote_along),
            ~recused(literal(dossier.id), User.id),
        )
    )
