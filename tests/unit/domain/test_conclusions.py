"""What follows from the answers: the first that holds, only of what is asked, and nothing beside a stop."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ethiek.domain.answers import Answer, Answers, Slot
from ethiek.domain.completeness import completeness
from ethiek.domain.conclusions import Findings, conclusions_of, findings_of
from ethiek.domain.walk import ActiveStop, walk_through
from ethiek.questionnaires.model import Check, Conclusion, Effect, Level, Test
from tests.question_sets import a_questionnaire, a_scan

SCAN: Final = a_scan()
YES: Final = Answer(choice="yes")
NO: Final = Answer(choice="no")
NOTHING_WRONG: Final = {Slot("banned"): NO, Slot("data"): NO}


def given_as(**choices: str) -> Answers:
    return {**NOTHING_WRONG, **{Slot(id_): Answer(choice=choice) for id_, choice in choices.items()}}


def concluded(answers: Answers) -> list[tuple[str, Level]]:
    return [(one.id, one.level) for one in conclusions_of(SCAN, answers)]


def findings(answers: Answers) -> Findings | None:
    return findings_of(SCAN, walk_through(SCAN, answers), answers)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (given_as(people="no"), []),
        (
            given_as(people="yes", profile="no"),
            [("proef", Level.RECOMMENDED), ("elsewhere", Level.NOT_NEEDED)],
        ),
        (
            given_as(people="yes", profile="yes"),
            [("proef", Level.REQUIRED), ("register", Level.REQUIRED), ("elsewhere", Level.NOT_NEEDED)],
        ),
    ],
)
def test_conclusions_of_one_id_are_the_first_that_holds_in_the_order_of_the_file(
    answers: Answers, expected: list[tuple[str, Level]]
) -> None:
    assert concluded(answers) == expected


def test_conclusions_do_not_follow_from_an_answer_that_is_not_asked_for_any_more() -> None:
    assert concluded(given_as(people="no", profile="yes")) == []


def test_conclusions_take_what_is_not_asked_as_unanswered() -> None:
    lacks = Conclusion("x", "X", Level.REQUIRED, Check("1.1.4", Test.LACKS, ("privacy",)), "Geen privacy.")
    questionnaire = replace(a_questionnaire(), conclusions=(lacks,))
    assert conclusions_of(questionnaire, {}) == (lacks,)
    assert conclusions_of(questionnaire, {Slot("1.1.4"): Answer(choices=("privacy",))}) == ()


@pytest.mark.parametrize(("ended_by", "effect"), [("banned", Effect.STOP), ("data", Effect.PAUSE)])
def test_after_a_stop_or_pause_nothing_else_is_concluded(ended_by: str, effect: Effect) -> None:
    answers = {**given_as(people="yes", profile="yes"), Slot(ended_by): YES}
    (rule,) = next(one.stops for one in SCAN.questions() if one.id == ended_by)
    assert rule.effect is effect
    assert conclusions_of(SCAN, answers) == ()
    assert findings(answers) == Findings((), 0, (ActiveStop(Slot(ended_by), rule),))


def test_findings_wait_until_every_mandatory_question_is_answered() -> None:
    assert findings({}) == Findings((), 3, ())
    assert findings(given_as(people="yes")) == Findings((), 1, ())
    done = given_as(people="yes", profile="no")
    assert findings(done) == Findings(conclusions_of(SCAN, done), 0, ())


def test_findings_of_a_set_without_conclusions_are_none() -> None:
    questionnaire = a_questionnaire()
    assert findings_of(questionnaire, walk_through(questionnaire, {}), {}) is None


CHOICE: Final = st.sampled_from([Answer(), YES, NO])


@given(st.fixed_dictionaries({Slot(id_): CHOICE for id_ in ("banned", "data", "people", "profile")}))
def test_findings_agree_with_completeness_and_name_each_conclusion_once(answers: dict[Slot, Answer]) -> None:
    found, state = findings(answers), completeness(SCAN, answers)
    assert found is not None
    assert (found.left, bool(found.stops)) == (len(state.missing), state.stopped)
    assert found.conclusions == (conclusions_of(SCAN, answers) if state.complete else ())
    ids = [one.id for one in found.conclusions]
    assert len(ids) == len(set(ids))
