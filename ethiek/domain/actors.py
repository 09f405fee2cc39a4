"""Who acts: roles, the actor of a request, and the stamp on every change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID


class Role(StrEnum):
    """What somebody may be, in the organisation or in one dossier (glossary in STYLE)."""

    SUBMITTER = "submitter"
    """May start dossiers; in a dossier: leads the team (NL: projectleider)."""
    TEAM = "team"
    """Fills in together with the project lead; exists only inside a dossier."""
    MEMBER = "member"
    CHAIR = "chair"
    SECRETARY = "secretary"
    AUDITOR = "auditor"
    CONTENT_OWNER = "content_owner"
    """Writes and publishes question sets (NL: inhoudsbeheerder)."""
    ADMINISTRATOR = "administrator"
    OFFICIAL = "official"
    """Decides on a project after the advice, and answers for it (NL: besluitnemer)."""
    SYSTEM = "system"
    """The worker; never a person."""


COMMITTEE_ROLES: Final = frozenset({Role.MEMBER, Role.CHAIR, Role.SECRETARY})
"""Roles that somebody has within one committee."""

GRANTABLE_ROLES: Final = COMMITTEE_ROLES | {
    Role.SUBMITTER,
    Role.AUDITOR,
    Role.CONTENT_OWNER,
    Role.ADMINISTRATOR,
    Role.OFFICIAL,
}
"""Roles that can be given to a person."""

ALONE: Final = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
"""Roles that exclude every other role: who checks or manages does not take part (BIO2 5.03)."""


def may_combine(roles: Collection[Role]) -> bool:
    """Tell whether one person may have these roles together.

    >>> may_combine({Role.MEMBER, Role.CHAIR}), may_combine({Role.AUDITOR, Role.MEMBER})
    (True, False)
    """
    distinct = set(roles)
    return len(distinct) <= 1 or not distinct & ALONE


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or the system) behind a request, with the rights of this moment."""

    user_id: UUID | None
    name: str
    roles: frozenset[Role] = frozenset()
    """Roles in the organisation, without those in committees."""
    committees: Mapping[UUID, frozenset[Role]] = field(default_factory=dict)
    """Committee id -> roles in that committee."""

    @property
    def all_roles(self) -> frozenset[Role]:
        """Every role the actor has somewhere outside dossiers."""
        return self.roles.union(*self.committees.values())

    @property
    def stands_apart(self) -> bool:
        """Checks or manages, and therefore takes part in no dossier, whatever team it was in before."""
        return not self.all_roles.isdisjoint(ALONE)


SYSTEM_ACTOR: Final = Actor(None, "Ethiek", frozenset({Role.SYSTEM}))


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who makes a change, when (UTC), and which revision was on the screen (None: nothing was shown)."""

    actor: Actor
    at: datetime
    seen: int | None = None
    origin: str = ""
    """Where the request came from: a network address, or "worker", "cli"."""


@dataclass(frozen=True, slots=True)
class Involvement:
    """How one person relates to one dossier."""

    leads: bool = False
    in_team: bool = False
    ever_in_team: bool = False
    """Also after leaving: who wrote along does not judge (belangenverstrengeling)."""
    assigned: bool = False
    """Was assigned as a member to review it."""
    submitted: bool = False
    """The dossier has been handed in at least once; before that it is the team's alone."""
    recused: bool = False
    """Withdrew from it because of an interest (NL: teruggetreden)."""
    decides: bool = False
    """Its signed advice was put before this official."""


def roles_in_dossier(committee_roles: Set[Role], involvement: Involvement) -> frozenset[Role]:
    """Return the roles that count in one dossier; none means: it does not exist for this person.

    Members see what is assigned to them; chair and secretary see all that was handed in to their committee. An
    official sees what was put before him or her, and decides on nothing that the own committee advised on.

    >>> sorted(roles_in_dossier({Role.CHAIR, Role.MEMBER}, Involvement(submitted=True)))
    [<Role.CHAIR: 'chair'>]
    """
    if involvement.in_team:
        return frozenset({Role.SUBMITTER, Role.TEAM} if involvement.leads else {Role.TEAM})
    if involvement.ever_in_team or involvement.recused or not involvement.submitted:
        return frozenset()
    if involvement.decides and not committee_roles:
        return frozenset({Role.OFFICIAL})
    hidden = set() if involvement.assigned else {Role.MEMBER}
    return frozenset(committee_roles & COMMITTEE_ROLES) - hidden
