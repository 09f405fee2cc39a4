from __future__ import annotations

from itertools import chain, combinations, product
from uuid import UUID

import pytest

from ethiek.domain.actors import (
    ALONE,
    COMMITTEE_ROLES,
    GRANTABLE_ROLES,
    SYSTEM_ACTOR,
    Actor,
    Involvement,
    Role,
    may_combine,
    roles_in_dossier,
)

COMMITTEE = (Role.MEMBER, Role.CHAIR, Role.SECRETARY)
HELD = [frozenset(some) for some in chain.from_iterable(combinations(COMMITTEE, n) for n in range(4))]


def test_roles_of_the_lead_are_lead_and_team() -> None:
    lead = Involvement(leads=True, in_team=True, ever_in_team=True, submitted=True)
    assert roles_in_dossier(frozenset(), lead) == {Role.SUBMITTER, Role.TEAM}


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("submitted", [False, True])
def test_roles_of_a_team_member_never_include_the_committee(held: frozenset[Role], submitted: bool) -> None:
    member = Involvement(in_team=True, ever_in_team=True, assigned=True, submitted=submitted)
    assert roles_in_dossier(held, member) == {Role.TEAM}


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("submitted", [False, True])
def test_roles_of_who_once_wrote_along_are_none(held: frozenset[Role], submitted: bool) -> None:
    left = Involvement(ever_in_team=True, assigned=True, submitted=submitted)
    assert roles_in_dossier(held, left) == frozenset()


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("assigned", [False, True])
def test_roles_before_the_hand_in_are_the_teams_alone(held: frozenset[Role], assigned: bool) -> None:
    assert roles_in_dossier(held, Involvement(assigned=assigned)) == frozenset()


@pytest.mark.parametrize(("held", "assigned"), list(product(HELD, [False, True])))
def test_roles_after_the_hand_in_are_the_committees_and_a_member_needs_an_assignment(
    held: frozenset[Role], assigned: bool
) -> None:
    expected = held if assigned else held - {Role.MEMBER}
    assert roles_in_dossier(held, Involvement(assigned=assigned, submitted=True)) == expected


@pytest.mark.parametrize("role", [Role.SUBMITTER, Role.AUDITOR, Role.ADMINISTRATOR, Role.SYSTEM, Role.TEAM])
def test_roles_when_not_of_the_committee_count_for_nothing(role: Role) -> None:
    assert roles_in_dossier({role}, Involvement(assigned=True, submitted=True)) == frozenset()


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("assigned", [False, True])
def test_roles_of_an_official_exist_only_outside_the_own_committee(
    held: frozenset[Role], assigned: bool
) -> None:
    put = Involvement(submitted=True, decides=True, assigned=assigned)
    without = roles_in_dossier(held, Involvement(submitted=True, assigned=assigned))
    assert roles_in_dossier(held, put) == (without if held else {Role.OFFICIAL})


def test_roles_of_an_official_who_wrote_along_are_those_of_the_team_or_none() -> None:
    assert (
        roles_in_dossier(frozenset(), Involvement(submitted=True, decides=True, ever_in_team=True)) == set()
    )
    in_team = Involvement(submitted=True, decides=True, ever_in_team=True, in_team=True)
    assert roles_in_dossier(frozenset(), in_team) == {Role.TEAM}


def test_an_assignment_without_the_role_gives_nothing() -> None:
    assert roles_in_dossier(frozenset(), Involvement(assigned=True, submitted=True)) == frozenset()


@pytest.mark.parametrize(("one", "other"), list(product(sorted(GRANTABLE_ROLES), repeat=2)))
def test_roles_that_check_or_manage_stand_alone(one: Role, other: Role) -> None:
    assert may_combine([one, other]) is (one == other or not {one, other} & ALONE)


def test_grantable_roles_leave_out_what_only_exists_in_a_dossier_or_in_the_machine() -> None:
    assert set(Role) - GRANTABLE_ROLES == {Role.TEAM, Role.SYSTEM}
    assert set(COMMITTEE) == COMMITTEE_ROLES


def test_all_roles_join_organisation_and_committees() -> None:
    committees = {UUID(int=1): frozenset({Role.MEMBER}), UUID(int=2): frozenset({Role.CHAIR})}
    actor = Actor(UUID(int=9), "Noor", frozenset({Role.SUBMITTER}), committees)
    assert actor.all_roles == {Role.SUBMITTER, Role.MEMBER, Role.CHAIR}
    assert SYSTEM_ACTOR.all_roles == {Role.SYSTEM}
