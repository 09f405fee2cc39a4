"""A dossier from its start to its hand-in: details, team, withdrawal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ethiek.domain.actors import ALONE, Role, Stamp
from ethiek.domain.permissions import Permission
from ethiek.domain.projects import Phase, ProjectKind
from ethiek.domain.workflow import EDITABLE, Action, Facts
from ethiek.errors import InputError, PermissionDeniedError, TransitionNotAllowedError
from ethiek.models.base import upsert
from ethiek.models.dossiers import Dossier, DossierNumber, TeamMember
from ethiek.models.users import Committee, RoleGrant, Unit, User
from ethiek.services import audit, offers
from ethiek.services.access import Access, open_dossier
from ethiek.services.transitions import check_seen, transition


@dataclass(frozen=True, slots=True)
class Details:
    """What the project lead tells about the project."""

    title: str
    purpose: str
    unit_id: UUID
    kind: ProjectKind
    phase: Phase


@dataclass(frozen=True, slots=True)
class StartInput:
    """What is chosen once, at the start."""

    details: Details
    questionnaire_key: str
    committee_id: UUID
    function: str
    """The project lead's own function in the team."""


def start(session: Session, given: StartInput, stamp: Stamp) -> Dossier:
    """Start a dossier; the actor leads its team.

    Raises:
        PermissionDeniedError: the actor may not start dossiers.
        InputError: unit or committee does not exist, or the question set is not offered now.
    """
    actor = stamp.actor
    if actor.user_id is None or Role.SUBMITTER not in actor.roles:
        raise PermissionDeniedError(Permission.DOSSIER_CREATE)
    _check_exists(session, given, stamp.at.date())
    dossier = Dossier(
        reference=_next_reference(session, stamp.at.year),
        **_columns(given.details),
        questionnaire_key=given.questionnaire_key,
        committee_id=given.committee_id,
        created_at=stamp.at,
    )
    dossier.team = [
        TeamMember(user_id=actor.user_id, function=given.function, leads=True, joined_at=stamp.at),
    ]
    session.add(dossier)
    session.flush()
    audit.record(
        session,
        stamp,
        "start_dossier",
        audit.Subject("dossier", str(dossier.id)),
        details={"questionnaire": given.questionnaire_key},
    )
    return dossier


def _columns(details: Details) -> dict[str, object]:
    return {
        "title": details.title,
        "purpose": details.purpose,
        "unit_id": details.unit_id,
        "kind": details.kind,
        "phase": details.phase,
    }


def _check_exists(session: Session, given: StartInput, today: date) -> None:
    checks = (
        ("unit_id", select(Unit.id).where(Unit.id == given.details.unit_id, Unit.active)),
        ("committee_id", select(Committee.id).where(Committee.id == given.committee_id)),
    )
    for field, query in checks:
        if session.scalar(query) is None:
            raise InputError(field, "unknown")
    if not offers.is_offered(session, given.questionnaire_key, today):
        raise InputError("questionnaire_key", "unknown")


def _next_reference(session: Session, year: int) -> str:
    """Give out the next number of the year; concurrent starts wait for each other on the row."""
    taken = session.scalar(
        upsert(session, DossierNumber)
        .values(year=year, last=1)
        .on_conflict_do_update(index_elements=[DossierNumber.year], set_={"last": DossierNumber.last + 1})
        .returning(DossierNumber.last),
    )
    return f"ETH-{year}-{taken:04d}"


def open_for_editing(
    session: Session, dossier_id: UUID, permission: Permission, stamp: Stamp, *, lock: bool = True
) -> Access:
    """Load and lock a dossier that the actor may change now.

    Args:
        lock: False to show what could be changed; a reading transaction cannot lock.

    Raises:
        TransitionNotAllowedError: it has been handed in, or is at its end.
        ConcurrentEditError: it is no longer the one on the actor's screen.
    """
    access = open_dossier(session, dossier_id, stamp.actor, permission, lock=lock)
    if access.dossier.status not in EDITABLE:
        raise TransitionNotAllowedError(permission, access.dossier.status)
    check_seen(access.dossier, stamp)
    return access


def change_details(session: Session, dossier_id: UUID, details: Details, stamp: Stamp) -> None:
    """Change title, purpose, unit, kind or phase."""
    dossier = open_for_editing(session, dossier_id, Permission.DOSSIER_EDIT, stamp).dossier
    if session.scalar(select(Unit.id).where(Unit.id == details.unit_id)) is None:
        raise InputError("unit_id", "unknown")
    for name, value in _columns(details).items():
        setattr(dossier, name, value)
    session.flush()
    audit.record(
        session,
        stamp,
        "change_details",
        audit.Subject("dossier", str(dossier.id)),
        details={"revision": dossier.revision},
    )


def team_of(session: Session, dossier_id: UUID) -> list[TeamMember]:
    """Return the present team, the lead first."""
    return list(
        session.scalars(
            select(TeamMember)
            .where(TeamMember.dossier_id == dossier_id, TeamMember.left_at.is_(None))
            .options(joinedload(TeamMember.user))
            .order_by(TeamMember.leads.desc(), TeamMember.joined_at),
        )
    )


def add_team_member(session: Session, dossier_id: UUID, email: str, function: str, stamp: Stamp) -> None:
    """Add a colleague to the team, or change the function of one who is in it.

    Raises:
        InputError: no active account has this address, or its role excludes taking part.
    """
    dossier = open_for_editing(session, dossier_id, Permission.TEAM_MANAGE, stamp).dossier
    user = session.scalar(select(User).where(User.email == email.strip().lower(), User.active))
    if user is None:
        raise InputError("email", "unknown")
    if session.scalar(
        select(RoleGrant.id).where(RoleGrant.user_id == user.id, RoleGrant.role.in_(ALONE)).limit(1)
    ):
        raise InputError("email", "role_excludes")
    member = session.get(TeamMember, (dossier.id, user.id))
    if member is None:
        member = TeamMember(dossier_id=dossier.id, user_id=user.id, joined_at=stamp.at)
        session.add(member)
    member.function, member.left_at = function, None
    _touch(session, dossier, "add_team_member", user.id, stamp)


def remove_team_member(session: Session, dossier_id: UUID, user_id: UUID, stamp: Stamp) -> None:
    """End somebody's place in the team; the record of it stays.

    Raises:
        InputError: the person leads the team, or is not in it.
    """
    dossier = open_for_editing(session, dossier_id, Permission.TEAM_MANAGE, stamp).dossier
    member = session.get(TeamMember, (dossier.id, user_id))
    if member is None or member.left_at is not None:
        raise InputError("user_id", "unknown")
    if member.leads:
        raise InputError("user_id", "leads")
    member.left_at = stamp.at
    _touch(session, dossier, "remove_team_member", user_id, stamp)


def _touch(session: Session, dossier: Dossier, action: str, user_id: UUID, stamp: Stamp) -> None:
    """Write the event, and count the change as one of the dossier, so that a stale page is noticed."""
    dossier.revision += 1
    session.flush()
    audit.record(
        session, stamp, action, audit.Subject("dossier", str(dossier.id)), details={"user": str(user_id)}
    )


def withdraw(session: Session, dossier_id: UUID, stamp: Stamp) -> None:
    """Take a dossier back for good (NL: intrekken); everything stays readable."""
    access = open_dossier(session, dossier_id, stamp.actor, Permission.DOSSIER_WITHDRAW, lock=True)
    transition(session, access.dossier, Action.WITHDRAW, access.roles, Facts(), stamp)


def units(session: Session) -> list[Unit]:
    """Return the units that a new dossier can belong to."""
    return list(session.scalars(select(Unit).where(Unit.active).order_by(Unit.name)))


def committees(session: Session) -> list[Committee]:
    """Return all committees."""
    return list(session.scalars(select(Committee).order_by(Committee.name)))
