"""Rules about verdicts and advice. An advice is not a decision: the accountable official decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from ethiek.errors import InputError


class Verdict(StrEnum):
    """What a member or the committee finds (NL: oordeel)."""

    POSITIVE = "positive"
    CONDITIONAL = "conditional"
    NEGATIVE = "negative"
    OUT_OF_SCOPE = "out_of_scope"

    @property
    def needs_conditions(self) -> bool:
        """Positive *with conditions* has at least one."""
        return self is Verdict.CONDITIONAL


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must be met (NL: voorwaarde), with who sees to it and by when."""

    text: str
    owner: str
    due_on: date


@dataclass(frozen=True, slots=True)
class MeetingInput:
    """When the committee met about it, and the ids of who was there; None: the date was not filled in."""

    on: date | None
    present: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class AdviceInput:
    """An advice as the chair puts it on paper."""

    verdict: Verdict
    motivation: str
    conditions: tuple[Condition, ...] = ()
    meeting: MeetingInput | None = None


def check_advice(advice: AdviceInput) -> None:
    """Pass if verdict, motivation and conditions fit together.

    Raises:
        InputError: the motivation is empty, conditions are missing, or there are conditions where none belong.
    """
    if not advice.motivation.strip():
        raise InputError("motivation", "required")
    if advice.verdict.needs_conditions and not advice.conditions:
        raise InputError("conditions", "required")
    if advice.conditions and not advice.verdict.needs_conditions:
        raise InputError("conditions", "not_with_this_verdict")
    for condition in advice.conditions:
        if not condition.text.strip() or not condition.owner.strip():
            raise InputError("conditions", "incomplete")
