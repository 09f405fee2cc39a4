from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from ethiek.domain.advice import Verdict
from ethiek.domain.decisions import (
    LEAST_EXPLANATION,
    ConditionDecision,
    DecisionInput,
    Follows,
    Outcome,
    check_decision,
)
from ethiek.errors import InputError

YES = DecisionInput(Follows.YES, Outcome.STOP, "Dat is goed.", "Directeur")
AHEAD = {Outcome.PROCEED, Outcome.WITH_CONDITIONS}


def refusal(given: DecisionInput, verdict: Verdict, conditions: int = 0, *, revises: bool = False) -> str:
    try:
        check_decision(given, verdict, conditions, revises=revises)
    except InputError as error:
        return f"{error.field} {error.reason}"
    return ""


@pytest.mark.parametrize(("verdict", "outcome"), list(product(Verdict, Outcome)))
def test_decision_that_follows_does_what_the_advice_says(verdict: Verdict, outcome: Outcome) -> None:
    expected = ""
    if verdict is Verdict.NEGATIVE and outcome in AHEAD:
        expected = "follows against_advice"
    if verdict is Verdict.CONDITIONAL and outcome is Outcome.PROCEED:
        expected = "outcome has_conditions"
    assert refusal(replace(YES, outcome=outcome), verdict) == expected


@pytest.mark.parametrize(
    ("follows", "verdict", "outcome"), list(product((Follows.PARTLY, Follows.NO), Verdict, Outcome))
)
def test_decision_that_departs_is_free_and_explained_more_fully(
    follows: Follows, verdict: Verdict, outcome: Outcome
) -> None:
    given = replace(YES, follows=follows, outcome=outcome, reason="x" * (LEAST_EXPLANATION - 1))
    assert refusal(given, verdict) == "reason explain_more"
    assert refusal(replace(given, reason="x" * LEAST_EXPLANATION), verdict) == ""


def test_decision_says_of_each_condition_whether_it_is_adopted_and_if_not_why() -> None:
    adopted, refused = ConditionDecision(adopted=True), ConditionDecision(adopted=False, reason=" ")
    assert refusal(replace(YES, conditions=(adopted,)), Verdict.CONDITIONAL, 2) == "conditions one_each"
    assert (
        refusal(replace(YES, conditions=(adopted, refused)), Verdict.CONDITIONAL, 2) == "conditions why_not"
    )
    said = replace(refused, reason="Te duur.")
    assert (
        refusal(replace(YES, conditions=(adopted, said)), Verdict.CONDITIONAL, 2) == "follows not_all_adopted"
    )
    assert refusal(replace(YES, conditions=(adopted, adopted)), Verdict.CONDITIONAL, 2) == ""


def test_decision_has_a_reason_and_a_function_and_a_revised_one_says_why() -> None:
    assert refusal(replace(YES, reason=" "), Verdict.POSITIVE) == "reason required"
    assert refusal(replace(YES, capacity=""), Verdict.POSITIVE) == "capacity required"
    assert refusal(YES, Verdict.POSITIVE, revises=True) == "replaces_reason required"
    assert refusal(replace(YES, replaces_reason="Nieuw."), Verdict.POSITIVE, revises=True) == ""
