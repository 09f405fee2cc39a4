"""One table: what each role may see and do. Views name a permission; services check it per dossier."""

from __future__ import annotations

from collections.abc import Mapping, Set
from enum import StrEnum
from typing import Final

from ethiek.domain.actors import Role
from ethiek.errors import PermissionDeniedError


class Permission(StrEnum):
    """Something a page or a step asks for."""

    ACCOUNT_USE = "account_use"
    DOSSIER_CREATE = "dossier_create"
    DOSSIER_LIST = "dossier_list"
    DOSSIER_READ = "dossier_read"
    DOSSIER_EDIT = "dossier_edit"
    TEAM_MANAGE = "team_manage"
    ANSWER_EDIT = "answer_edit"
    DOSSIER_SUBMIT = "dossier_submit"
    DOSSIER_WITHDRAW = "dossier_withdraw"
    ROUND_READ = "round_read"
    REMARK_WRITE = "remark_write"
    REMARK_REPLY = "remark_reply"
    CASE_MANAGE = "case_manage"
    REVIEW_WRITE = "review_write"
    ADVICE_ADOPT = "advice_adopt"
    ADVICE_APPROVE = "advice_approve"
    RECUSE = "recuse"
    REPORT_READ = "report_read"
    REPORT_RETRY = "report_retry"
    REPORT_WITHDRAW = "report_withdraw"
    REPORT_PUBLISH = "report_publish"
    PUBLICATION_PREVIEW = "publication_preview"
    PUBLICATION_ADOPT = "publication_adopt"
    ARCHIVE_READ = "archive_read"
    QUESTIONNAIRE_MANAGE = "questionnaire_manage"
    DECISION_LIST = "decision_list"
    DECISION_REQUEST = "decision_request"
    DECISION_TAKE = "decision_take"


_TEAM: Final = frozenset({Role.SUBMITTER, Role.TEAM})
_COMMITTEE: Final = frozenset({Role.MEMBER, Role.CHAIR, Role.SECRETARY})
_LEAD: Final = frozenset({Role.SUBMITTER})
_SECRETARY: Final = frozenset({Role.SECRETARY})
_OFFICIAL: Final = frozenset({Role.OFFICIAL})
_EVERYBODY: Final = frozenset(Role) - {Role.SYSTEM}

PERMISSIONS: Final[Mapping[Permission, frozenset[Role]]] = {
    Permission.ACCOUNT_USE: _EVERYBODY,
    Permission.DOSSIER_CREATE: _LEAD,
    Permission.DOSSIER_LIST: _TEAM | _COMMITTEE,
    Permission.DOSSIER_READ: _TEAM | _COMMITTEE | _OFFICIAL,
    Permission.DOSSIER_EDIT: _LEAD,
    Permission.TEAM_MANAGE: _LEAD,
    Permission.ANSWER_EDIT: _TEAM,
    Permission.DOSSIER_SUBMIT: _LEAD,
    Permission.DOSSIER_WITHDRAW: _LEAD,
    Permission.ROUND_READ: _TEAM | _COMMITTEE | _OFFICIAL,
    Permission.REMARK_WRITE: _COMMITTEE,
    Permission.REMARK_REPLY: _TEAM,
    Permission.CASE_MANAGE: _SECRETARY,
    Permission.REVIEW_WRITE: frozenset({Role.MEMBER}),
    Permission.ADVICE_ADOPT: frozenset({Role.CHAIR}),
    Permission.ADVICE_APPROVE: frozenset({Role.CHAIR, Role.SECRETARY}),
    Permission.RECUSE: _COMMITTEE,
    Permission.REPORT_READ: _TEAM | _COMMITTEE | _OFFICIAL,
    Permission.REPORT_RETRY: _SECRETARY,
    Permission.REPORT_WITHDRAW: frozenset({Role.CHAIR}),
    Permission.REPORT_PUBLISH: _SECRETARY,
    Permission.PUBLICATION_PREVIEW: frozenset({Role.CHAIR, Role.SECRETARY}),
    Permission.PUBLICATION_ADOPT: frozenset({Role.CHAIR}),
    Permission.ARCHIVE_READ: frozenset({Role.AUDITOR}),
    Permission.QUESTIONNAIRE_MANAGE: frozenset({Role.CONTENT_OWNER}),
    Permission.DECISION_LIST: _OFFICIAL,
    Permission.DECISION_REQUEST: _SECRETARY,
    Permission.DECISION_TAKE: _OFFICIAL,
}

ORGANISATION_WIDE: Final = frozenset(
    {
        Permission.ACCOUNT_USE,
        Permission.DOSSIER_CREATE,
        Permission.ARCHIVE_READ,
        Permission.QUESTIONNAIRE_MANAGE,
        Permission.DECISION_LIST,
    },
)
"""Permissions that a role in the organisation gives; all others are decided per dossier."""


def allows(roles: Set[Role], permission: Permission) -> bool:
    """Tell whether one of the roles has the permission."""
    return not PERMISSIONS[permission].isdisjoint(roles)


def require(roles: Set[Role], permission: Permission) -> None:
    """Pass if one of the roles has the permission.

    Raises:
        PermissionDeniedError: none of them has.
    """
    if not allows(roles, permission):
        raise PermissionDeniedError(permission)
