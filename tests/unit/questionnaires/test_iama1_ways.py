"""The ways through IAMA 1.0 (2021): where it stops, pauses, skips and warns, with both branches walked."""

from __future__ import annotations

from typing import Final

import pytest

from ethiek.domain.answers import Answer, Answers, Slot
from ethiek.domain.completeness import completeness
from ethiek.domain.walk import active_stops, not_asked, recalled, walk
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import Effect

IAMA: Final = load_catalogue().get("iama/1.0")
QUESTIONS: Final = {question.id: question for question in IAMA.questions()}

PRIVACY: Final = "data-protection"
STEPS_3_TO_7: Final = [
    *("4.3.1", "4.4.1", "4.4.reachable", "4.5.1", "4.5.effective"),
    *("4.6.1", "4.6.measures", "4.7.1", "4.7.outweighs"),
]
"""Asked for a right that no law regulates completely, before any follow-up."""


def choosing(**choices: str) -> Answers:
    """Answers from ids with underscores for dots and ``x`` before them: ``x1_4_basis="missing"``."""
    return {Slot(id_[1:].replace("_", ".")): Answer(choice=choice) for id_, choice in choices.items()}


def asked(answers: Answers) -> list[str]:
    return [str(one.slot) for one in walk(IAMA, answers)]


def stops(answers: Answers) -> list[tuple[str, Effect]]:
    return [(str(stop.slot), stop.rule.effect) for stop in active_stops(IAMA, answers)]


def for_privacy(measures: tuple[str, ...] = (), **choices: str) -> dict[Slot, Answer]:
    """Answers for one affected right; choices as in :func:`choosing`."""
    return {
        Slot("4.rights"): Answer(choices=(PRIVACY,)),
        **{Slot(slot.question, PRIVACY): answer for slot, answer in choosing(**choices).items()},
        Slot("4.6.measures", PRIVACY): Answer(choices=measures),
    }


def steps(answers: Answers) -> list[str]:
    return [one.question.id for one in walk(IAMA, answers) if one.section.id == "4.steps"]


@pytest.mark.parametrize(
    ("answers", "last", "effect"),
    [
        (choosing(x1_4_basis="missing"), "1.4.basis", Effect.STOP),
        (choosing(x1_5_safeguarded="no"), "1.5.safeguarded", Effect.STOP),
        (choosing(x2A_1_status="none"), "2A.1.status", Effect.PAUSE),
    ],
    ids=["no legal basis", "no safeguarded responsibilities", "no idea of the kind of algorithm"],
)
def test_nothing_more_is_asked_where_the_instrument_stops_or_pauses(
    answers: Answers, last: str, effect: Effect
) -> None:
    assert asked(answers)[-1] == last
    assert stops(answers) == [(last, effect)]
    assert completeness(IAMA, answers).stopped


@pytest.mark.parametrize(
    "answers",
    [
        choosing(x1_4_basis="adequate"),
        choosing(x1_4_basis="no-interference"),
        choosing(x1_5_safeguarded="yes"),
        choosing(x2A_1_status="one"),
        choosing(x2A_1_status="several"),
        {},
    ],
)
def test_other_answers_there_let_the_team_go_on(answers: Answers) -> None:
    assert asked(answers) == asked({})
    assert asked(answers)[-1] == "4.rights"
    assert stops(answers) == []


def test_several_candidates_are_to_be_answered_one_by_one() -> None:
    several = next(option for option in QUESTIONS["2A.1.status"].options if option.id == "several")
    assert several.help == "Beantwoord de volgende vragen voor elke mogelijkheid apart."


@pytest.mark.parametrize(
    ("switch", "follow_ups"),
    [
        ("2A.2.input", ["2A.2.1", "2A.2.2", "2A.3.1", "2A.3.training"]),
        ("2B.2.external", ["2B.2.1"]),
        ("3.6.3", ["3.6.3.image"]),
    ],
)
def test_follow_ups_are_asked_after_yes_and_skipped_after_no(switch: str, follow_ups: list[str]) -> None:
    yes, no = ({Slot(switch): Answer(choice=choice)} for choice in ("yes", "no"))
    assert [id_ for id_ in asked(yes) if id_ not in asked(no)] == follow_ups
    assert [id_ for id_ in asked(no) if id_ not in asked(yes)] == []


def test_without_input_data_the_questions_go_on_at_security() -> None:
    ids = asked(choosing(x2A_2_input="no"))
    assert ids[ids.index("2A.2.input") + 1] == "2A.4.1"


def test_training_data_are_asked_about_only_when_there_are_any() -> None:
    ids = {
        training: asked(choosing(x2A_2_input="yes", x2A_3_training=training)) for training in ("yes", "no")
    }
    assert [id_ for id_ in ids["yes"] if id_ not in ids["no"]] == ["2A.3.2"]
    assert "2A.3.2" not in asked(choosing(x2A_2_input="no", x2A_3_training="yes"))


def test_steps_are_asked_per_affected_right_and_not_for_none() -> None:
    two = {Slot("4.rights"): Answer(choices=("expression", "fair-trial"))}
    first = ["4.1.1", "4.2.1", "4.2.exhaustive"]
    assert asked(two)[-6:] == [f"{id_}@{right}" for right in ("expression", "fair-trial") for id_ in first]
    assert steps({Slot("4.rights"): Answer(choices=("none",))}) == []


def test_steps_three_to_seven_are_skipped_for_a_right_that_the_law_regulates_completely() -> None:
    start = ["4.1.1", "4.2.1", "4.2.exhaustive"]
    assert steps(for_privacy()) == start
    assert steps(for_privacy(x4_2_exhaustive="exhaustive", x4_3_1="red")) == start
    assert steps(for_privacy(x4_2_exhaustive="partly")) == [*start, *STEPS_3_TO_7]
    assert steps(for_privacy(x4_2_exhaustive="none")) == [*start, *STEPS_3_TO_7]


def test_a_law_on_one_right_leaves_the_steps_of_another() -> None:
    answers = {
        Slot("4.rights"): Answer(choices=(PRIVACY, "expression")),
        Slot("4.2.exhaustive", PRIVACY): Answer(choice="exhaustive"),
        Slot("4.2.exhaustive", "expression"): Answer(choice="none"),
    }
    places = [one.slot.item for one in walk(IAMA, answers) if one.question.id in STEPS_3_TO_7]
    assert places == ["expression"] * len(STEPS_3_TO_7)


@pytest.mark.parametrize(
    ("colour", "effective", "warned"),
    [
        ("red", "limited", True),
        ("orange", "limited", True),
        ("green", "limited", False),
        ("red", "effective", False),
        ("orange", "effective", False),
    ],
)
def test_a_means_that_works_badly_warns_for_red_and_orange_only(
    colour: str, effective: str, *, warned: bool
) -> None:
    answers = for_privacy(x4_2_exhaustive="none", x4_3_1=colour, x4_5_effective=effective)
    assert ("4.5.concern" in steps(answers)) is warned
    assert stops(answers) == [(f"4.5.concern@{PRIVACY}", Effect.WARN)] * warned


@pytest.mark.parametrize(("colour", "is_asked"), [("red", True), ("orange", True), ("green", False)])
def test_doubt_about_the_necessity_warns_for_red_and_orange_only(colour: str, *, is_asked: bool) -> None:
    answers = for_privacy(x4_2_exhaustive="none", x4_3_1=colour, x4_6_doubt="yes")
    assert ("4.6.doubt" in steps(answers)) is is_asked
    assert stops(answers) == [(f"4.6.doubt@{PRIVACY}", Effect.WARN)] * is_asked
    assert stops(for_privacy(x4_2_exhaustive="none", x4_3_1=colour, x4_6_doubt="no")) == []


def test_goals_that_cannot_be_reached_warn() -> None:
    assert stops(for_privacy(x4_2_exhaustive="none", x4_4_reachable="no")) == [
        (f"4.4.reachable@{PRIVACY}", Effect.WARN)
    ]
    assert stops(for_privacy(x4_2_exhaustive="none", x4_4_reachable="yes")) == []


@pytest.mark.parametrize(
    "measure", [option.id for option in QUESTIONS["4.6.measures"].options if not option.exclusive]
)
def test_a_measure_warns_that_the_steps_are_to_be_taken_again(measure: str) -> None:
    answers = for_privacy(measures=(measure,), x4_2_exhaustive="none")
    assert stops(answers) == [(f"4.6.measures@{PRIVACY}", Effect.WARN)]
    assert "4.6.again" in steps(answers)


def test_no_measure_asks_and_warns_nothing() -> None:
    answers = for_privacy(measures=("none",), x4_2_exhaustive="none")
    assert stops(answers) == []
    assert steps(answers) == ["4.1.1", "4.2.1", "4.2.exhaustive", *STEPS_3_TO_7]


def test_a_weighing_that_comes_out_negative_cannot_be_completed() -> None:
    against = for_privacy(x4_2_exhaustive="none", x4_7_outweighs="does-not")
    assert stops(against) == [(f"4.7.outweighs@{PRIVACY}", Effect.STOP)]
    assert completeness(IAMA, against).stopped
    in_favour = for_privacy(x4_2_exhaustive="none", x4_7_outweighs="outweighs")
    assert stops(in_favour) == []
    assert not completeness(IAMA, in_favour).stopped


def test_one_way_comes_past_every_question() -> None:
    answers = {
        **choosing(x2A_2_input="yes", x2A_3_training="yes", x2B_2_external="yes"),
        Slot("3.6.3"): Answer(choice="yes"),
        **for_privacy(measures=("audits",), x4_2_exhaustive="partly", x4_3_1="red", x4_5_effective="limited"),
    }
    assert not_asked(IAMA, answers) == ()


def test_goals_come_back_at_the_steps_of_a_right() -> None:
    every = walk(IAMA, for_privacy(x4_2_exhaustive="partly"))
    here = next(one for one in every if one.slot == Slot("4.4.1", PRIVACY))
    assert [one.slot for one in recalled(every, here)] == [Slot("1.2.1")]
