"""Who may come near a dossier: one query, and the roles that follow from it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from ethiek.domain.actors import COMMITTEE_ROLES, Actor, Involvement, Role, roles_in_dossier
from ethiek.domain.permissions import Permission, allows, require
from ethiek.errors import NotFoundError
from ethiek.models.decisions import DecisionRequest
from ethiek.models.dossiers import Dossier, TeamMember
from ethiek.models.questionnaires import PublishedQuestionnaire
from ethiek.models.reviews import Assignment, RecusalEvent


@dataclass(frozen=True, slots=True)
class Access:
    """A dossier as one actor may see it."""

    dossier: Dossier
    roles: frozenset[Role]
    questionnaire_sha256: str

    def may(self, permission: Permission) -> bool:
        """Tell whether the actor's roles in this dossier give the permission."""
        return allows(self.roles, permission)


def open_dossier(
    session: Session,
    dossier_id: UUID,
    actor: Actor,
    permission: Permission,
    *,
    lock: bool = False,
) -> Access:
    """Load a dossier for somebody who may use it so.

    Args:
        lock: the caller is going to change something: later changes to this dossier wait for this transaction.

    Raises:
        NotFoundError: it does not exist, or not for this actor.
        PermissionDeniedError: the actor may know of it, but not do this.
    """
    ids = {"dossier_id": dossier_id, "user_id": actor.user_id}
    row = session.execute(_query(lock=lock), ids).one_or_none()
    if row is None or actor.stands_apart:
        raise NotFoundError
    dossier, sha256, member, assignment, withdrew, request = row
    involvement = Involvement(
        leads=member is not None and member.leads and member.left_at is None,
        in_team=member is not None and member.left_at is None,
        ever_in_team=member is not None,
        assigned=assignment is not None and assignment.ended_at is None,
        submitted=dossier.round > 0,
        recused=withdrew,
        decides=request is not None and request.ended_at is None and Role.OFFICIAL in actor.roles,
    )
    roles = roles_in_dossier(committee_roles(actor, dossier.committee_id), involvement)
    if not roles:
        raise NotFoundError
    require(roles, permission)
    return Access(dossier, roles, sha256)


def committee_roles(actor: Actor, committee_id: UUID) -> frozenset[Role]:
    """Return the actor's roles in one committee."""
    return actor.committees.get(committee_id, frozenset()) & COMMITTEE_ROLES


def committees_of(actor: Actor, roles: Collection[Role]) -> list[UUID]:
    """Return the committees in which the actor has one of the roles."""
    return [committee for committee, held in actor.committees.items() if held & set(roles)]


_Id: TypeAlias = InstrumentedAttribute[UUID] | ColumnElement[UUID]


def recused(dossier_id: _Id, user_id: _Id) -> ColumnElement[bool]:
    """Whether somebody withdrew from a dossier: the last thing recorded has an odd number; see ``RecusalEvent``."""
    last = (
        select(func.max(RecusalEvent.number))
        .where(RecusalEvent.dossier_id == dossier_id, RecusalEvent.user_id == user_id)
        .scalar_subquery()
    )
    return func.coalesce(last, 0) % 2 == 1


@cache
def _query(
    *, lock: bool
) -> Select[Dossier, str, TeamMember | None, Assignment | None, bool, DecisionRequest | None]:
    """Put together once; every request about a dossier begins with it."""
    user_id = bindparam("user_id", type_=Uuid())
    query = (
        select(
            Dossier,
            PublishedQuestionnaire.sha256,
            TeamMember,
            Assignment,
            recused(Dossier.id, user_id),
            DecisionRequest,
        )
        .join(PublishedQuestionnaire, PublishedQuestionnaire.key == Dossier.questionnaire_key)
        .outerjoin(TeamMember, and_(TeamMember.dossier_id == Dossier.id, TeamMember.user_id == user_id))
        .outerjoin(Assignment, and_(Assignment.dossier_id == Dossier.id, Assignment.user_id == user_id))
        .outerjoin(
            DecisionRequest,
            and_(DecisionRequest.dossier_id == Dossier.id, DecisionRequest.user_id == user_id),
        )
        .where(Dossier.id == bindparam("dossier_id"))
        .options(joinedload(Dossier.unit, innerjoin=True), joinedload(Dossier.committee, innerjoin=True))
        .execution_options(populate_existing=True)
    )
    return query.with_for_update(of=Dossier) if lock else query
