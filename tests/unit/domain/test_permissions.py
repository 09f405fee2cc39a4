from __future__ import annotations

from itertools import product

import pytest

from ethiek.domain.actors import Role
from ethiek.domain.permissions import ORGANISATION_WIDE, PERMISSIONS, Permission, allows, require
from ethiek.errors import PermissionDeniedError

P = Permission
REVIEWED: dict[Role, set[Permission]] = {
    Role.SUBMITTER: {
        P.ACCOUNT_USE, P.DOSSIER_CREATE, P.DOSSIER_LIST, P.DOSSIER_READ, P.DOSSIER_EDIT, P.TEAM_MANAGE,
        P.ANSWER_EDIT, P.DOSSIER_SUBMIT, P.DOSSIER_WITHDRAW, P.ROUND_READ, P.REMARK_REPLY, P.REPORT_READ,
    },
    Role.TEAM: {
        P.ACCOUNT_USE, P.DOSSIER_LIST, P.DOSSIER_READ, P.ANSWER_EDIT, P.ROUND_READ, P.REMARK_REPLY,
        P.REPORT_READ,
    },
    Role.MEMBER: {
        P.ACCOUNT_USE, P.DOSSIER_LIST, P.DOSSIER_READ, P.ROUND_READ, P.REMARK_WRITE, P.REVIEW_WRITE,
        P.REPORT_READ, P.RECUSE,
    },
    Role.CHAIR: {
        P.ACCOUNT_USE, P.DOSSIER_LIST, P.DOSSIER_READ, P.ROUND_READ, P.REMARK_WRITE, P.ADVICE_ADOPT,
        P.ADVICE_APPROVE, P.REPORT_READ, P.REPORT_WITHDRAW, P.RECUSE, P.PUBLICATION_PREVIEW,
        P.PUBLICATION_ADOPT,
    },
    Role.SECRETARY: {
        P.ACCOUNT_USE, P.DOSSIER_LIST, P.DOSSIER_READ, P.ROUND_READ, P.REMARK_WRITE, P.CASE_MANAGE,
        P.ADVICE_APPROVE, P.REPORT_READ, P.REPORT_RETRY, P.RECUSE, P.DECISION_REQUEST, P.REPORT_PUBLISH,
        P.PUBLICATION_PREVIEW,
    },
    Role.AUDITOR: {P.ACCOUNT_USE, P.ARCHIVE_READ},
    Role.CONTENT_OWNER: {P.ACCOUNT_USE, P.QUESTIONNAIRE_MANAGE},
    Role.ADMINISTRATOR: {P.ACCOUNT_USE},
    Role.OFFICIAL: {
        P.ACCOUNT_USE, P.DOSSIER_READ, P.ROUND_READ, P.REPORT_READ, P.DECISION_LIST, P.DECISION_TAKE,
    },
    Role.SYSTEM: set(),
}  # fmt: skip


@pytest.mark.parametrize(("role", "permission"), list(product(Role, Permission)))
def test_permissions_are_the_reviewed_ones(role: Role, permission: Permission) -> None:
    may = permission in REVIEWED[role]
    assert allows({role}, permission) is may
    if may:
        require({role}, permission)
    else:
        with pytest.raises(PermissionDeniedError) as caught:
            require({role}, permission)
        assert caught.value.action == permission


def test_every_permission_is_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Permission)


@pytest.mark.parametrize("permission", Permission)
def test_nobody_without_roles_has_a_permission(permission: Permission) -> None:
    assert not allows(frozenset(), permission)


def test_roles_together_have_what_each_has() -> None:
    both = {Role.MEMBER, Role.SECRETARY}
    assert {p for p in Permission if allows(both, p)} == REVIEWED[Role.MEMBER] | REVIEWED[Role.SECRETARY]


def test_no_committee_role_edits_what_it_judges() -> None:
    writes = {
        P.DOSSIER_EDIT,
        P.TEAM_MANAGE,
        P.ANSWER_EDIT,
        P.DOSSIER_SUBMIT,
        P.DOSSIER_WITHDRAW,
        P.REMARK_REPLY,
    }
    for role in (
        Role.MEMBER, Role.CHAIR, Role.SECRETARY, Role.AUDITOR, Role.ADMINISTRATOR, Role.OFFICIAL,
    ):  # fmt: skip
        assert REVIEWED[role].isdisjoint(writes)


def test_organisation_wide_permissions_open_no_dossier() -> None:
    assert {
        P.ACCOUNT_USE,
        P.DOSSIER_CREATE,
        P.ARCHIVE_READ,
        P.QUESTIONNAIRE_MANAGE,
        P.DECISION_LIST,
    } == ORGANISATION_WIDE
