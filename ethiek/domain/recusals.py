"""Rules about recusal: who withdrew from a dossier, and whether enough people are left to finish it."""

from __future__ import annotations

from collections.abc import Set
from enum import StrEnum
from typing import Final
from uuid import UUID

from ethiek.domain.actors import Role
from ethiek.domain.workflow import Status

RECUSABLE: Final = frozenset({Status.SUBMITTED, Status.IN_REVIEW, Status.CHANGES_REQUESTED})
"""While the committee works on a dossier. Once an advice stands, who made it stands too, until it is taken back."""


class RecusalStep(StrEnum):
    """What was recorded about somebody in one dossier; the two take turns."""

    RECUSED = "recused"
    UNDONE = "undone"


class Shortage(StrEnum):
    """Why nobody can bring an advice to its end."""

    NO_CHAIR = "no_chair"
    NO_SECRETARY = "no_secretary"
    ONE_PERSON = "one_person"
    """Chair and secretary are the same person, who can approve only once."""


def shortage(chairs: Set[UUID], secretaries: Set[UUID]) -> Shortage | None:
    """Tell who is missing among those who can still act in a dossier; None if an advice can be finished.

    >>> shortage(set(), {UUID(int=1)}), shortage({UUID(int=1)}, {UUID(int=1)})
    (<Shortage.NO_CHAIR: 'no_chair'>, <Shortage.ONE_PERSON: 'one_person'>)
    """
    if not chairs:
        return Shortage.NO_CHAIR
    if not secretaries:
        return Shortage.NO_SECRETARY
    return Shortage.ONE_PERSON if len(chairs | secretaries) == 1 else None


def capacity(roles: Set[Role]) -> Role:
    """Return the role to name when somebody with several withdraws: the one that weighs most.

    >>> capacity({Role.MEMBER, Role.CHAIR})
    <Role.CHAIR: 'chair'>
    """
    return next((role for role in (Role.CHAIR, Role.SECRETARY) if role in roles), Role.MEMBER)
