"""Rules about the decision of the accountable official, who follows the advice of the committee or says why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ethiek.domain.advice import Verdict
from ethiek.errors import InputError

LEAST_EXPLANATION: Final = 80
"""Characters of the reason of somebody who does not quite follow the advice."""


class Follows(StrEnum):
    """Whether the official follows the advice (NL: volgt het advies)."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Outcome(StrEnum):
    """What happens with the project now (NL: gaat door, onder voorwaarden, gaat niet door, aangepast terug)."""

    PROCEED = "proceed"
    WITH_CONDITIONS = "with_conditions"
    STOP = "stop"
    ADAPT = "adapt"


_GOES_AHEAD: Final = frozenset({Outcome.PROCEED, Outcome.WITH_CONDITIONS})


@dataclass(frozen=True, slots=True)
class ConditionDecision:
    """What is done with one condition of the advice; who does not adopt it says why."""

    adopted: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DecisionInput:
    """A decision as the official puts it on paper. ``conditions``: one for each of the advice, in its order.

    ``capacity``: in which function somebody decides. ``replaces_reason``: why an earlier decision is revised.
    """

    follows: Follows
    outcome: Outcome
    reason: str
    capacity: str
    conditions: tuple[ConditionDecision, ...] = ()
    replaces_reason: str = ""


def check_decision(given: DecisionInput, verdict: Verdict, conditions: int, *, revises: bool) -> None:
    """Pass if the decision is explained, and does not contradict itself or what it says about the advice.

    Args:
        conditions: how many the advice has.
        revises: there is an earlier decision.

    Raises:
        InputError: names the field, for a condition ``conditions`` and its reason.
    """
    for field in ("reason", "capacity", *(["replaces_reason"] if revises else [])):
        if not str(getattr(given, field)).strip():
            raise InputError(field, "required")
    _check_conditions(given.conditions, conditions)
    if given.follows is Follows.YES:
        _check_follows(given, verdict)
    elif len(given.reason.strip()) < LEAST_EXPLANATION:
        raise InputError("reason", "explain_more")


def _check_conditions(given: Sequence[ConditionDecision], number: int) -> None:
    if len(given) != number:
        raise InputError("conditions", "one_each")
    if any(not (one.adopted or one.reason.strip()) for one in given):
        raise InputError("conditions", "why_not")


def _check_follows(given: DecisionInput, verdict: Verdict) -> None:
    """Pass if what happens is what the advice says."""
    if not all(one.adopted for one in given.conditions):
        raise InputError("follows", "not_all_adopted")
    if verdict is Verdict.NEGATIVE and given.outcome in _GOES_AHEAD:
        raise InputError("follows", "against_advice")
    if verdict is Verdict.CONDITIONAL and given.outcome is Outcome.PROCEED:
        raise InputError("outcome", "has_conditions")
