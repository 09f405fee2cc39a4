from __future__ import annotations

from dataclasses import replace
from itertools import product
from uuid import UUID

import pytest

from ethiek.domain.actors import Role
from ethiek.domain.workflow import (
    EDITABLE,
    TRANSITIONS,
    Action,
    Facts,
    Status,
    approved_by_two,
    available_actions,
    next_status,
)
from ethiek.errors import GuardFailedError, PermissionDeniedError, TransitionNotAllowedError

CHRIS, SEM, MILA = UUID(int=1), UUID(int=2), UUID(int=3)
BY_TWO = frozenset({(Role.CHAIR, CHRIS), (Role.SECRETARY, SEM)})
READY = Facts(reviews_received=3, quorum=3, released_remarks=1, approvals=BY_TWO, sealed=True)
ALLOWED = {(source, row.action, row.role): row.target for row in TRANSITIONS for source in row.sources}


def test_transitions_are_the_reviewed_ones() -> None:
    s, a, r = Status, Action, Role
    assert ALLOWED == {
        (s.DRAFT, a.SUBMIT, r.SUBMITTER): s.SUBMITTED,
        (s.CHANGES_REQUESTED, a.SUBMIT, r.SUBMITTER): s.SUBMITTED,
        (s.DRAFT, a.WITHDRAW, r.SUBMITTER): s.WITHDRAWN,
        (s.CHANGES_REQUESTED, a.WITHDRAW, r.SUBMITTER): s.WITHDRAWN,
        (s.SUBMITTED, a.WITHDRAW, r.SUBMITTER): s.WITHDRAWN,
        (s.SUBMITTED, a.TAKE_UP, r.SECRETARY): s.IN_REVIEW,
        (s.IN_REVIEW, a.REQUEST_CHANGES, r.SECRETARY): s.CHANGES_REQUESTED,
        (s.IN_REVIEW, a.ADOPT_ADVICE, r.CHAIR): s.ADVISED,
        (s.ADVISED, a.REVOKE_ADVICE, r.CHAIR): s.IN_REVIEW,
        (s.ADVISED, a.SEND_TO_SIGN, r.CHAIR): s.AWAITING_SIGNATURE,
        (s.ADVISED, a.SEND_TO_SIGN, r.SECRETARY): s.AWAITING_SIGNATURE,
        (s.AWAITING_SIGNATURE, a.ARCHIVE, r.SYSTEM): s.ARCHIVED,
    }


@pytest.mark.parametrize(("status", "action", "role"), list(product(Status, Action, Role)))
def test_next_status_follows_the_table_and_nothing_else(status: Status, action: Action, role: Role) -> None:
    if target := ALLOWED.get((status, action, role)):
        assert next_status(status, action, {role}, READY) is target
        return
    known = any((status, action, other) in ALLOWED for other in Role)
    refusal = PermissionDeniedError if known else TransitionNotAllowedError
    with pytest.raises(refusal) as caught:
        next_status(status, action, {role}, READY)
    assert type(caught.value) is refusal
    assert caught.value.action == action


@pytest.mark.parametrize(("status", "action"), list(product(Status, Action)))
def test_next_status_when_without_roles_never_moves(status: Status, action: Action) -> None:
    with pytest.raises((TransitionNotAllowedError, PermissionDeniedError)):
        next_status(status, action, set(), READY)


@pytest.mark.parametrize(
    ("status", "action", "role", "facts", "guard"),
    [
        (Status.DRAFT, Action.SUBMIT, Role.SUBMITTER, replace(READY, stopped=True), "not_stopped"),
        (Status.DRAFT, Action.SUBMIT, Role.SUBMITTER, replace(READY, missing_answers=1), "answers_complete"),
        (
            Status.DRAFT,
            Action.SUBMIT,
            Role.SUBMITTER,
            replace(READY, unconfirmed_answers=1),
            "answers_confirmed",
        ),
        (
            Status.CHANGES_REQUESTED,
            Action.SUBMIT,
            Role.SUBMITTER,
            replace(READY, unanswered_remarks=1),
            "remarks_answered",
        ),
        (
            Status.DRAFT,
            Action.SUBMIT,
            Role.SUBMITTER,
            replace(READY, unclean_attachments=1),
            "attachments_clean",
        ),
        (
            Status.IN_REVIEW,
            Action.REQUEST_CHANGES,
            Role.SECRETARY,
            replace(READY, released_remarks=0),
            "remark_released",
        ),
        (
            Status.IN_REVIEW,
            Action.ADOPT_ADVICE,
            Role.CHAIR,
            replace(READY, reviews_received=2),
            "quorum_reached",
        ),
        (
            Status.ADVISED,
            Action.SEND_TO_SIGN,
            Role.CHAIR,
            replace(READY, approvals=frozenset()),
            "approved_by_two",
        ),
        (
            Status.ADVISED,
            Action.SEND_TO_SIGN,
            Role.SECRETARY,
            replace(READY, approvals=frozenset()),
            "approved_by_two",
        ),
        (
            Status.AWAITING_SIGNATURE,
            Action.ARCHIVE,
            Role.SYSTEM,
            replace(READY, sealed=False),
            "report_sealed",
        ),
    ],
)
def test_next_status_when_a_condition_fails_names_it(
    status: Status, action: Action, role: Role, facts: Facts, guard: str
) -> None:
    with pytest.raises(GuardFailedError) as caught:
        next_status(status, action, {role}, facts)
    assert (caught.value.action, caught.value.guard) == (action, guard)


def test_next_status_when_several_conditions_fail_names_the_first() -> None:
    facts = Facts(stopped=True, missing_answers=3, unanswered_remarks=2)
    with pytest.raises(GuardFailedError) as caught:
        next_status(Status.DRAFT, Action.SUBMIT, {Role.SUBMITTER}, facts)
    assert caught.value.guard == "not_stopped"


def test_quorum_when_set_to_nothing_still_asks_for_one_review() -> None:
    with pytest.raises(GuardFailedError):
        next_status(Status.IN_REVIEW, Action.ADOPT_ADVICE, {Role.CHAIR}, Facts(reviews_received=0, quorum=0))
    one = Facts(reviews_received=1, quorum=0)
    assert next_status(Status.IN_REVIEW, Action.ADOPT_ADVICE, {Role.CHAIR}, one) is Status.ADVISED


@pytest.mark.parametrize(
    ("approvals", "enough"),
    [
        (set(), False),
        ({(Role.CHAIR, CHRIS)}, False),
        ({(Role.SECRETARY, SEM)}, False),
        ({(Role.CHAIR, CHRIS), (Role.CHAIR, SEM)}, False),
        ({(Role.CHAIR, CHRIS), (Role.SECRETARY, CHRIS)}, False),
        ({(Role.CHAIR, CHRIS), (Role.MEMBER, SEM)}, False),
        ({(Role.CHAIR, CHRIS), (Role.SECRETARY, SEM)}, True),
        ({(Role.CHAIR, CHRIS), (Role.SECRETARY, CHRIS), (Role.SECRETARY, SEM)}, True),
        ({(Role.CHAIR, MILA), (Role.SECRETARY, SEM)}, True),
    ],
)
def test_approved_by_two_asks_for_chair_and_secretary_who_differ(
    approvals: set[tuple[Role, UUID]], enough: bool
) -> None:
    assert approved_by_two(Facts(approvals=frozenset(approvals))) is enough


@pytest.mark.parametrize(("status", "role"), list(product(Status, Role)))
def test_available_actions_are_those_of_the_table(status: Status, role: Role) -> None:
    of_table = {action for (source, action, who) in ALLOWED if (source, who) == (status, role)}
    assert available_actions(status, {role}) == of_table


def test_available_actions_of_several_roles_are_those_of_each() -> None:
    both = available_actions(Status.IN_REVIEW, {Role.CHAIR, Role.SECRETARY})
    assert both == {Action.ADOPT_ADVICE, Action.REQUEST_CHANGES}


def test_archived_and_withdrawn_are_ends() -> None:
    assert {source for source, _action, _role in ALLOWED}.isdisjoint({Status.ARCHIVED, Status.WITHDRAWN})


def test_editable_is_where_the_team_has_the_dossier() -> None:
    assert {Status.DRAFT, Status.CHANGES_REQUESTED} == EDITABLE
