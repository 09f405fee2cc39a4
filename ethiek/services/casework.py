"""What the secretary does with a dossier that was handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Role, Stamp
from ethiek.domain.permissions import Permission
from ethiek.domain.recusals import Shortage
from ethiek.domain.workflow import Action, Facts, Status
from ethiek.errors import InputError, TransitionNotAllowedError
from ethiek.models.dossiers import Dossier, Snapshot, TeamMember
from ethiek.models.reviews import Assignment, RecusalEvent, Remark, Review
from ethiek.models.users import RoleGrant, User
from ethiek.services import audit, recusals, remarks, reviews, rounds
from ethiek.services.access import Access, open_dossier, recused
from ethiek.services.transitions import check_seen, transition
from ethiek.services.versions import travel_of

WITH_COMMITTEE = frozenset({Status.SUBMITTED, Status.IN_REVIEW})
"""Where the secretary assigns members and sets a date."""


@dataclass(frozen=True, slots=True)
class Case:
    """A dossier as the secretary works on it."""

    access: Access
    assignable: Sequence[User]
    assigned: Sequence[User]
    reviews: Sequence[Review]
    """The verdicts on the present round."""
    internal: tuple[Remark, ...]
    released: tuple[Remark, ...]
    places: Mapping[UUID, rounds.Place]
    recused: Sequence[RecusalEvent]
    """Who withdrew from the dossier."""
    shortage: Shortage | None

    @property
    def may_request_changes(self) -> bool:
        """There is something that the team can answer: a remark on the present round was released."""
        return any(row.snapshot.round == self.access.dossier.round for row in self.released)


def case_of(session: Session, dossier_id: UUID, stamp: Stamp) -> Case:
    """Return what the secretary needs to plan and to choose remarks."""
    access = open_dossier(session, dossier_id, stamp.actor, Permission.CASE_MANAGE)
    dossier = access.dossier
    rows = remarks.visible(session, access)
    return Case(
        access,
        assignable(session, dossier),
        assigned(session, dossier_id),
        reviews.of_round(session, dossier_id, dossier.round),
        tuple(row for row in rows if row.released_at is None),
        tuple(row for row in rows if row.released_at is not None),
        rounds.places_of(travel_of(session, dossier, access.questionnaire_sha256), rows),
        recusals.of_dossier(session, dossier_id),
        recusals.shortage_in(session, dossier),
    )


def take_up(session: Session, dossier_id: UUID, stamp: Stamp) -> None:
    """Begin the treatment by the committee (NL: in behandeling nemen)."""
    access = open_dossier(session, dossier_id, stamp.actor, Permission.CASE_MANAGE, lock=True)
    transition(session, access.dossier, Action.TAKE_UP, access.roles, Facts(), stamp)


def _open_case(session: Session, dossier_id: UUID, stamp: Stamp, permission: Permission) -> Access:
    access = open_dossier(session, dossier_id, stamp.actor, permission, lock=True)
    if access.dossier.status not in WITH_COMMITTEE:
        raise TransitionNotAllowedError(permission, access.dossier.status)
    check_seen(access.dossier, stamp)
    return access


def plan(
    session: Session,
    dossier_id: UUID,
    member_ids: frozenset[UUID],
    due_on: date | None,
    stamp: Stamp,
) -> None:
    """Assign exactly these members and set the date of the advice.

    Raises:
        InputError: somebody is no member of the committee, or wrote along on the dossier; or the date is past.
    """
    dossier = _open_case(session, dossier_id, stamp, Permission.CASE_MANAGE).dossier
    allowed = {user.id for user in assignable(session, dossier)}
    if not member_ids <= allowed:
        raise InputError("members", "not_assignable")
    if due_on is not None and due_on < stamp.at.date():
        raise InputError("due_on", "past")
    _assign(session, dossier, member_ids, stamp)
    dossier.due_on = due_on
    dossier.revision += 1
    session.flush()
    audit.record(
        session,
        stamp,
        "plan_review",
        audit.Subject("dossier", str(dossier.id)),
        details={
            "members": " ".join(sorted(map(str, member_ids))),
            "due_on": due_on.isoformat() if due_on else None,
        },
    )


def _assign(session: Session, dossier: Dossier, member_ids: frozenset[UUID], stamp: Stamp) -> None:
    rows = {
        row.user_id: row
        for row in session.scalars(select(Assignment).where(Assignment.dossier_id == dossier.id))
    }
    for user_id, row in rows.items():
        if user_id in member_ids:
            row.ended_at = None
        elif row.ended_at is None:
            row.ended_at = stamp.at
    session.add_all(
        Assignment(dossier_id=dossier.id, user_id=user_id, assigned_at=stamp.at)
        for user_id in member_ids - rows.keys()
    )


def assignable(session: Session, dossier: Dossier) -> list[User]:
    """Return the committee's members who never were in the project team, and did not withdraw."""
    wrote_along = select(TeamMember.user_id).where(TeamMember.dossier_id == dossier.id)
    return list(
        session.scalars(
            select(User)
            .join(RoleGrant, RoleGrant.user_id == User.id)
            .where(
                RoleGrant.committee_id == dossier.committee_id,
                RoleGrant.role == Role.MEMBER,
                User.active,
                User.id.not_in(wrote_along),
                ~recused(literal(dossier.id), User.id),
            )
            .order_by(User.name),
        )
    )


def assigned(session: Session, dossier_id: UUID) -> list[User]:
    """Return the members who are asked to review the dossier."""
    return list(
        session.scalars(
            select(User)
            .join(Assignment, Assignment.user_id == User.id)
            .where(
                Assignment.dossier_id == dossier_id,
                Assignment.ended_at.is_(None),
                ~recused(Assignment.dossier_id, Assignment.user_id),
            )
            .order_by(User.name),
        )
    )


def release_remarks(session: Session, dossier_id: UUID, remark_ids: frozenset[UUID], stamp: Stamp) -> int:
    """Show these remarks to the team; return how many were still internal. There is no way back.

    Raises:
        InputError: a remark is not one of this dossier, or none was chosen.
    """
    access = _open_case(session, dossier_id, stamp, Permission.CASE_MANAGE)
    rows = session.scalars(
        select(Remark).where(Remark.dossier_id == dossier_id, Remark.id.in_(remark_ids)),
    ).all()
    if not rows or len(rows) != len(remark_ids):
        raise InputError("remarks", "unknown" if remark_ids else "required")
    internal = [row for row in rows if row.released_at is None]
    for row in internal:
        row.released_at, row.released_by_id = stamp.at, stamp.actor.user_id
    session.flush()
    audit.record(
        session,
        stamp,
        "release_remarks",
        audit.Subject("dossier", str(access.dossier.id)),
        details={"remarks": " ".join(sorted(str(row.id) for row in internal))},
    )
    return len(internal)


def request_changes(session: Session, dossier_id: UUID, stamp: Stamp) -> None:
    """Give the dossier back to the team with the released remarks (NL: om aanvulling vragen)."""
    access = open_dossier(session, dossier_id, stamp.actor, Permission.CASE_MANAGE, lock=True)
    released = (
        session.scalar(
            select(func.count())
            .select_from(Remark)
            .join(Snapshot, Snapshot.id == Remark.snapshot_id)
            .where(
                Remark.dossier_id == dossier_id,
                Remark.released_at.is_not(None),
                Snapshot.round == access.dossier.round,
            ),
        )
        or 0
    )
    facts = Facts(released_remarks=released)
    transition(session, access.dossier, Action.REQUEST_CHANGES, access.roles, facts, stamp)
