from __future__ import annotations

from uuid import UUID

import pytest

from ethiek.domain.actors import COMMITTEE_ROLES, Involvement, Role, roles_in_dossier
from ethiek.domain.recusals import Shortage, capacity, shortage

ONE, TWO = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("assigned", [True, False])
def test_who_withdrew_has_no_role_of_the_committee(assigned: bool) -> None:
    involvement = Involvement(assigned=assigned, submitted=True, recused=True)
    assert roles_in_dossier(COMMITTEE_ROLES, involvement) == frozenset()


def test_who_withdrew_and_joined_the_team_is_in_the_team() -> None:
    involvement = Involvement(in_team=True, ever_in_team=True, submitted=True, recused=True)
    assert roles_in_dossier(COMMITTEE_ROLES, involvement) == {Role.TEAM}


@pytest.mark.parametrize(
    ("chairs", "secretaries", "expected"),
    [
        ({ONE}, {TWO}, None),
        ({ONE, TWO}, {TWO}, None),
        ({ONE, TWO}, {ONE, TWO}, None),
        (set(), {TWO}, Shortage.NO_CHAIR),
        (set(), set(), Shortage.NO_CHAIR),
        ({ONE}, set(), Shortage.NO_SECRETARY),
        ({ONE}, {ONE}, Shortage.ONE_PERSON),
    ],
)
def test_shortage_names_who_is_missing(
    chairs: set[UUID], secretaries: set[UUID], expected: Shortage | None
) -> None:
    assert shortage(chairs, secretaries) is expected


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        (COMMITTEE_ROLES, Role.CHAIR),
        ({Role.MEMBER, Role.SECRETARY}, Role.SECRETARY),
        ({Role.MEMBER}, Role.MEMBER),
    ],
)
def test_capacity_is_the_role_that_weighs_most(roles: set[Role], expected: Role) -> None:
    assert capacity(roles) is expected
