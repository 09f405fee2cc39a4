"""Where a dossier is: what its page shows to the team or the committee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, load_only

from ethiek.domain.actors import COMMITTEE_ROLES, Role, Stamp
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import EDITABLE, Action, Status, available_actions
from ethiek.models.dossiers import Snapshot, TeamMember
from ethiek.models.reviews import Remark
from ethiek.models.users import User
from ethiek.questionnaires.model import Questionnaire
from ethiek.services import answering, carrying, questionnaires
from ethiek.services.access import Access, open_dossier
from ethiek.services.answering import Sheet
from ethiek.services.attachments import infected
from ethiek.services.casework import assigned
from ethiek.services.dossiers import team_of
from ethiek.services.submission import unanswered_remarks
from ethiek.services.versions import Version, latest_move, newer_versions


@dataclass(frozen=True, slots=True)
class Overview:
    """A dossier at a glance. ``sheet`` is the work in progress, which is the team's alone."""

    access: Access
    questionnaire: Questionnaire
    sheet: Sheet | None
    team: Sequence[TeamMember]
    members: Sequence[User]
    rounds: Sequence[Snapshot]
    released_remarks: int
    unanswered_remarks: int
    newer: Sequence[Version]
    """Newer versions of the question set; while the team can still move to them."""
    has_earlier: bool
    """There are answers that came from elsewhere and were not filled in."""
    moved: bool
    """It moved to its present version from another."""
    infected_files: int
    """Files in which a virus was found, for the team to take away."""

    @property
    def editable(self) -> bool:
        """The team can change answers now."""
        return self.sheet is not None and self.access.dossier.status in EDITABLE

    @property
    def actions(self) -> frozenset[Action]:
        """The steps that this person may take from here."""
        return available_actions(self.access.dossier.status, self.access.roles)

    @property
    def is_committee(self) -> bool:
        """This person looks at it for the committee."""
        return bool(self.access.roles & COMMITTEE_ROLES)

    def has_role(self, role: str) -> bool:
        """Tell whether this person has a role in the dossier."""
        return Role(role) in self.access.roles


def of(
    session: Session,
    dossier_id: UUID,
    stamp: Stamp,
    permission: Permission = Permission.DOSSIER_READ,
) -> Overview:
    """Load a dossier's page; a fixed number of queries, however large the dossier is."""
    access = open_dossier(session, dossier_id, stamp.actor, permission)
    key = access.dossier.questionnaire_key
    in_team = access.may(Permission.ANSWER_EDIT)
    is_open = in_team and access.dossier.status in EDITABLE
    return Overview(
        access=access,
        questionnaire=questionnaires.get(session, key, access.questionnaire_sha256),
        sheet=answering.sheet_of(session, access) if in_team else None,
        team=team_of(session, dossier_id),
        members=assigned(session, dossier_id),
        rounds=_rounds(session, dossier_id),
        released_remarks=_released(session, dossier_id),
        unanswered_remarks=unanswered_remarks(session, dossier_id),
        newer=newer_versions(session, access.dossier, stamp.at.date()) if is_open else (),
        has_earlier=in_team and carrying.has_unfilled(session, access.dossier),
        moved=is_open and latest_move(session, dossier_id, key) is not None,
        infected_files=infected(session, dossier_id) if in_team else 0,
    )


def _rounds(session: Session, dossier_id: UUID) -> Sequence[Snapshot]:
    columns = (Snapshot.round, Snapshot.submitted_at, Snapshot.sha256)
    return session.scalars(
        select(Snapshot)
        .where(Snapshot.dossier_id == dossier_id)
        .order_by(Snapshot.round.desc())
        .options(load_only(*columns, raiseload=True)),
    ).all()


def _released(session: Session, dossier_id: UUID) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Remark)
            .where(Remark.dossier_id == dossier_id, Remark.released_at.is_not(None)),
        )
        or 0
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way of a dossier; ``state`` is "done", "current" or "todo"."""

    name: str
    state: str


_WAY: Final = (
    ("fill_in", (Status.DRAFT, Status.CHANGES_REQUESTED)),
    ("review", (Status.SUBMITTED, Status.IN_REVIEW)),
    ("approve", (Status.ADVISED,)),
    ("sign", (Status.AWAITING_SIGNATURE,)),
    ("archived", (Status.ARCHIVED,)),
)


def way(status: Status) -> list[Step]:
    """Return the steps of a dossier, and where it is.

    >>> [step.state for step in way(Status.ADVISED)]
    ['done', 'done', 'current', 'todo', 'todo']
    """
    here = next((index for index, (_name, statuses) in enumerate(_WAY) if status in statuses), len(_WAY))
    if status is Status.WITHDRAWN:
        return []
    return [
        Step(
            name,
            "done" if index < here or status is Status.ARCHIVED else "current" if index == here else "todo",
        )
        for index, (name, _statuses) in enumerate(_WAY)
    ]
