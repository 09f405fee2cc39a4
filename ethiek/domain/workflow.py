"""The life of a dossier, as a table. Code reads it, tests walk it, the manual draws it.

Only :func:`ethiek.services.transitions.transition` changes a status, and it asks :func:`next_status`.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from ethiek.domain.actors import Role
from ethiek.errors import GuardFailedError, PermissionDeniedError, TransitionNotAllowedError


class Status(StrEnum):
    """Where a dossier is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    ADVISED = "advised"
    AWAITING_SIGNATURE = "awaiting_signature"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """A step that changes the status."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    TAKE_UP = "take_up"
    REQUEST_CHANGES = "request_changes"
    ADOPT_ADVICE = "adopt_advice"
    REVOKE_ADVICE = "revoke_advice"
    SEND_TO_SIGN = "send_to_sign"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards look at; counted in the transaction of the step."""

    missing_answers: int = 0
    stopped: bool = False
    unanswered_remarks: int = 0
    """Released remarks of earlier rounds without a reply of the team."""
    unconfirmed_answers: int = 0
    """Answers that came from elsewhere, to questions asked now, which nobody confirmed yet."""
    unclean_attachments: int = 0
    """Files in which a virus was found, or about which nobody knows yet."""
    released_remarks: int = 0
    """Released remarks on the present round."""
    reviews_received: int = 0
    quorum: int = 1
    approvals: frozenset[tuple[Role, UUID]] = frozenset()
    """Who approved the present advice, and in which role."""
    sealed: bool = False
    """A signed report of the present advice has been stored."""


Guard: TypeAlias = Callable[[Facts], bool]


def not_stopped(facts: Facts) -> bool:
    """No stop rule of the instrument holds."""
    return not facts.stopped


def answers_complete(facts: Facts) -> bool:
    """Every question that is asked has an answer."""
    return facts.missing_answers == 0


def answers_confirmed(facts: Facts) -> bool:
    """Every answer that was carried along to a changed question has been read again."""
    return facts.unconfirmed_answers == 0


def remarks_answered(facts: Facts) -> bool:
    """Every released remark has a reply."""
    return facts.unanswered_remarks == 0


def attachments_clean(facts: Facts) -> bool:
    """Every file was looked through, and nothing was found."""
    return facts.unclean_attachments == 0


def remark_released(facts: Facts) -> bool:
    """Who asks for changes says which."""
    return facts.released_remarks > 0


def quorum_reached(facts: Facts) -> bool:
    """Enough members recorded their verdict on this round."""
    return facts.reviews_received >= max(facts.quorum, 1)


def approved_by_two(facts: Facts) -> bool:
    """Chair and secretary approved, and they are different persons."""
    chairs = {person for role, person in facts.approvals if role is Role.CHAIR}
    secretaries = {person for role, person in facts.approvals if role is Role.SECRETARY}
    return any(chair != secretary for chair in chairs for secretary in secretaries)


def report_sealed(facts: Facts) -> bool:
    """There is a signed report; an unsigned one is never final."""
    return facts.sealed


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: who may take which step from where to where, and under which conditions."""

    action: Action
    sources: Set[Status]
    target: Status
    role: Role
    guards: tuple[Guard, ...] = ()


A, S, R = Action, Status, Role

EDITABLE: Final = frozenset({S.DRAFT, S.CHANGES_REQUESTED})
"""Only here do answers, details and team change."""

ENDED: Final = frozenset({S.ARCHIVED, S.WITHDRAWN})
"""Nothing happens any more."""

TRANSITIONS: Final = (
    Transition(
        A.SUBMIT,
        EDITABLE,
        S.SUBMITTED,
        R.SUBMITTER,
        (not_stopped, answers_complete, answers_confirmed, remarks_answered, attachments_clean),
    ),
    Transition(A.WITHDRAW, EDITABLE | {S.SUBMITTED}, S.WITHDRAWN, R.SUBMITTER),
    Transition(A.TAKE_UP, {S.SUBMITTED}, S.IN_REVIEW, R.SECRETARY),
    Transition(A.REQUEST_CHANGES, {S.IN_REVIEW}, S.CHANGES_REQUESTED, R.SECRETARY, (remark_released,)),
    Transition(A.ADOPT_ADVICE, {S.IN_REVIEW}, S.ADVISED, R.CHAIR, (quorum_reached,)),
    Transition(A.REVOKE_ADVICE, {S.ADVISED}, S.IN_REVIEW, R.CHAIR),
    Transition(A.SEND_TO_SIGN, {S.ADVISED}, S.AWAITING_SIGNATURE, R.CHAIR, (approved_by_two,)),
    Transition(A.SEND_TO_SIGN, {S.ADVISED}, S.AWAITING_SIGNATURE, R.SECRETARY, (approved_by_two,)),
    Transition(A.ARCHIVE, {S.AWAITING_SIGNATURE}, S.ARCHIVED, R.SYSTEM, (report_sealed,)),
)


def next_status(status: Status, action: Action, roles: Set[Role], facts: Facts) -> Status:
    """Return the status after the step.

    Raises:
        TransitionNotAllowedError: the table has no such step from this status.
        PermissionDeniedError: the step exists, for another role.
        GuardFailedError: a condition does not hold; the first one is named.
    """
    rows = [row for row in TRANSITIONS if row.action is action and status in row.sources]
    if not rows:
        raise TransitionNotAllowedError(action, status)
    row = next((row for row in rows if row.role in roles), None)
    if row is None:
        raise PermissionDeniedError(action)
    for guard in row.guards:
        if not guard(facts):
            raise GuardFailedError(action, guard.__name__)
    return row.target


def available_actions(status: Status, roles: Set[Role]) -> frozenset[Action]:
    """Return the steps that these roles may take from here, whether or not their conditions hold yet."""
    return frozenset(row.action for row in TRANSITIONS if status in row.sources and row.role in roles)
