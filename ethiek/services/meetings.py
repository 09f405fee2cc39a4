"""The meeting in which the committee discussed a dossier: who could be there, and what the advice says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Role, Stamp
from ethiek.domain.advice import MeetingInput
from ethiek.domain.recusals import capacity
from ethiek.domain.wall_calendar import day_of
from ethiek.errors import InputError
from ethiek.models.dossiers import Dossier, TeamMember
from ethiek.models.reviews import Assignment
from ethiek.models.users import RoleGrant, User
from ethiek.services.access import recused


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody of the committee who takes part in a dossier, in one capacity."""

    id: UUID
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Meeting:
    """The meeting that an advice names; people with their names and roles."""

    on: date
    present: tuple[tuple[str, Role], ...]
    absent: tuple[tuple[str, Role], ...]


def attendees(session: Session, dossier: Dossier) -> list[Attendee]:
    """Return chairs, secretaries and assigned members by name; not who withdrew or wrote along."""
    assigned = select(Assignment.user_id).where(
        Assignment.dossier_id == dossier.id, Assignment.ended_at.is_(None)
    )
    wrote_along = select(TeamMember.user_id).where(TeamMember.dossier_id == dossier.id)
    rows = session.execute(
        select(User.id, User.name, RoleGrant.role)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(
            RoleGrant.committee_id == dossier.committee_id,
            or_(
                RoleGrant.role.in_((Role.CHAIR, Role.SECRETARY)),
                (RoleGrant.role == Role.MEMBER) & User.id.in_(assigned),
            ),
            User.active,
            User.id.not_in(wrote_along),
            ~recused(literal(dossier.id), User.id),
        )
        .order_by(User.name, User.id)
    )
    held: dict[UUID, tuple[str, set[Role]]] = {}
    for user_id, name, role in rows:
        held.setdefault(user_id, (name, set()))[1].add(role)
    return [Attendee(user_id, name, capacity(roles)) for user_id, (name, roles) in held.items()]


def meeting_json(
    session: Session, dossier: Dossier, given: MeetingInput | None, stamp: Stamp
) -> dict[str, Any] | None:
    """Return a meeting as the advice holds it; None if none was filled in.

    Raises:
        InputError: the date is missing or cannot be, nobody was there, or somebody takes no part in the dossier.
    """
    if given is None:
        return None
    on = _checked_date(given.on, dossier, stamp)
    people = attendees(session, dossier)
    if not given.present:
        raise InputError("present", "required")
    if not given.present <= {one.id for one in people}:
        raise InputError("present", "not_attending")
    return {
        "on": on.isoformat(),
        "present": [_named(one) for one in people if one.id in given.present],
        "absent": [_named(one) for one in people if one.id not in given.present],
    }


def _checked_date(on: date | None, dossier: Dossier, stamp: Stamp) -> date:
    if on is None:
        raise InputError("meeting_on", "required")
    if on > day_of(stamp.at):
        raise InputError("meeting_on", "future")
    if on < day_of(dossier.created_at):
        raise InputError("meeting_on", "before_dossier")
    return on


def _named(one: Attendee) -> dict[str, str]:
    return {"name": one.name, "role": one.role.value}


def meeting_in(content: Mapping[str, Any]) -> Meeting | None:
    """Read the meeting that an adopted advice names; None if it names none."""
    if "meeting" not in content:
        return None
    found = content["meeting"]
    present, absent = (
        tuple((one["name"], Role(one["role"])) for one in found[group]) for group in ("present", "absent")
    )
    return Meeting(date.fromisoformat(found["on"]), present, absent)
