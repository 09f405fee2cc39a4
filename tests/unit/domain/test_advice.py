from __future__ import annotations

from datetime import date

import pytest

from ethiek.domain.advice import AdviceInput, Condition, Verdict, check_advice
from ethiek.errors import InputError

ONE = (Condition("Meet per kwartaal.", "Noor", date(2026, 12, 1)),)
OTHERS = [verdict for verdict in Verdict if verdict is not Verdict.CONDITIONAL]


def refusal(advice: AdviceInput) -> tuple[str, str]:
    with pytest.raises(InputError) as caught:
        check_advice(advice)
    return caught.value.field, caught.value.reason


@pytest.mark.parametrize("verdict", OTHERS)
def test_advice_when_no_conditions_belong_passes_without_them_only(verdict: Verdict) -> None:
    check_advice(AdviceInput(verdict, "Goed onderbouwd."))
    assert refusal(AdviceInput(verdict, "Goed.", ONE)) == ("conditions", "not_with_this_verdict")


def test_advice_when_conditional_passes_with_conditions_only() -> None:
    check_advice(AdviceInput(Verdict.CONDITIONAL, "Goed, mits.", ONE))
    assert refusal(AdviceInput(Verdict.CONDITIONAL, "Goed, mits.")) == ("conditions", "required")


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("motivation", ["", " ", "\n\t ", "\u00a0"])
def test_advice_without_motivation_is_refused(verdict: Verdict, motivation: str) -> None:
    assert refusal(AdviceInput(verdict, motivation, ONE)) == ("motivation", "required")


def test_only_positive_with_conditions_needs_them() -> None:
    assert [verdict for verdict in Verdict if verdict.needs_conditions] == [Verdict.CONDITIONAL]
