from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ethiek.domain.answers import Answer, Answers, Slot
from ethiek.domain.completeness import Completeness, Progress, completeness, is_answered, progress
from ethiek.domain.walk import Asked, active_stops, not_asked, walk
from ethiek.errors import UnknownQuestionError
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import Column, Kind, Option, Question, Questionnaire

IAMA: Final = load_catalogue().get("iama/2.0")
DEDA: Final = load_catalogue().get("deda/nl-2025")
YES: Final = Answer(choice="yes")

OPTIONS: Final = (Option("a", "A"), Option("b", "B"))
TABLE: Final = Question(
    "t",
    "Wie?",
    Kind.TABLE,
    columns=(
        Column("who", "Wie", required=True),
        Column("what", "Wat", required=True),
        Column("when", "Dag"),
    ),
)
FREE_TABLE: Final = Question("t", "Wie?", Kind.TABLE, columns=(Column("who", "Wie"), Column("what", "Wat")))


def a_question(kind: Kind, *, explain: bool = False) -> Question:
    return Question("x", "Waarom?", kind, explain=explain, options=OPTIONS)


def rows(*filled: Mapping[str, str]) -> Answer:
    return Answer(rows=filled)


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        (a_question(Kind.OPEN_TEXT), Answer(text="Daarom."), True),
        (a_question(Kind.OPEN_TEXT), Answer(text=" \n\t\u00a0\u200b"), False),
        (a_question(Kind.OPEN_TEXT), Answer(considerations="Lang over gepraat."), False),
        (a_question(Kind.OPEN_TEXT), Answer(dissent="Daar denk ik anders over."), False),
        (a_question(Kind.SHORT_TEXT), Answer(text="Noor"), True),
        (a_question(Kind.SHORT_TEXT), Answer(choice="a"), False),
        (a_question(Kind.YES_NO), YES, True),
        (a_question(Kind.YES_NO), Answer(choice="maybe"), False),
        (a_question(Kind.YES_NO), Answer(text="Ja hoor."), False),
        (a_question(Kind.YES_NO, explain=True), YES, False),
        (a_question(Kind.YES_NO, explain=True), Answer(choice="no", text="Niet nodig."), True),
        (a_question(Kind.CHOICE), Answer(choice="b"), True),
        (a_question(Kind.CHOICE), Answer(choice="c"), False),
        (a_question(Kind.CHOICE, explain=True), Answer(choice="b"), False),
        (a_question(Kind.MULTI_CHOICE), Answer(choices=("a", "b")), True),
        (a_question(Kind.MULTI_CHOICE), Answer(choices=("c",)), False),
        (a_question(Kind.MULTI_CHOICE, explain=True), Answer(choices=("a",)), False),
        (a_question(Kind.DATE), Answer(date="2026-03-12"), True),
        (a_question(Kind.DATE), Answer(text="12 maart"), False),
        (a_question(Kind.DATE, explain=True), Answer(date="2026-03-12"), False),
        (a_question(Kind.NUMBER), Answer(number="0"), True),
        (a_question(Kind.NUMBER), Answer(), False),
        (TABLE, rows({"who": "Noor", "what": "Bellen"}), True),
        (TABLE, rows({"who": "Noor", "what": "Bellen"}, {"who": " "}), True),
        (TABLE, rows({"who": "Noor", "what": "Bellen"}, {"when": "maandag"}), False),
        (TABLE, rows({"who": "Noor", "what": " "}), False),
        (TABLE, rows(), False),
        (TABLE, Answer(text="Noor belt."), False),
        (FREE_TABLE, rows({"what": "Bellen"}), True),
        (FREE_TABLE, rows({"what": ""}, {}), False),
    ],
)
def test_is_answered_asks_what_the_kind_needs(question: Question, answer: Answer, expected: bool) -> None:
    assert is_answered(question, answer) is expected


def answer_to(one: Asked) -> Answer:
    """A full answer that takes no branch: the last option, "no", or one filled row."""
    match one.question.kind:
        case Kind.TABLE:
            return rows({column.id: "x" for column in one.question.columns})
        case Kind.YES_NO | Kind.CHOICE:
            return Answer(choice=one.question.option_ids[-1], text="x")
        case Kind.MULTI_CHOICE:
            return Answer(choices=one.question.option_ids[-1:], text="x")
        case _:
            return Answer(text="x")


def filled_in(questionnaire: Questionnaire) -> dict[Slot, Answer]:
    answers: dict[Slot, Answer] = {}
    while missing := [one for one in walk(questionnaire, answers) if one.slot not in answers]:
        answers[missing[0].slot] = answer_to(missing[0])
    return answers


def test_completeness_of_an_empty_dossier_misses_every_mandatory_question() -> None:
    result = completeness(DEDA, {})
    assert result == Completeness(tuple(one.slot for one in walk(DEDA, {})), answered=0, asked=49)
    assert result.complete is False


def test_completeness_of_a_full_iama_counts_no_optional_action_points() -> None:
    answers = filled_in(IAMA)
    without_actions = {slot: one for slot, one in answers.items() if not slot.question.endswith("actions")}
    # 82 questions, without 4 tables of action points, 3 about fixed rules and 9 asked per right
    assert completeness(IAMA, without_actions) == Completeness((), answered=66, asked=66)
    assert completeness(IAMA, answers) == Completeness((), answered=66, asked=66)
    assert completeness(IAMA, answers).complete is True


def test_completeness_when_a_right_is_added_misses_its_nine_questions() -> None:
    answers = filled_in(IAMA) | {Slot("4.1.realistic"): Answer(choices=("profiling",), text="x")}
    missing = "4.3.1 4.3.2 4.3.3 4.4.1 4.4.2 4.5.1 4.5.2 4.5.3 4.5.4".split()  # noqa: SIM905
    assert completeness(IAMA, answers) == Completeness(
        tuple(Slot(id_, "profiling") for id_ in missing), answered=66, asked=75
    )


def test_completeness_after_a_stop_is_never_complete() -> None:
    answers = filled_in(IAMA) | {Slot("1.3.1"): YES}
    result = completeness(IAMA, answers)
    assert result == Completeness((), answered=5, asked=5, stopped=True)
    assert result.complete is False


def test_completeness_ignores_what_was_answered_in_a_branch_not_taken() -> None:
    answers = filled_in(DEDA)
    assert completeness(DEDA, answers | {Slot("q11"): Answer(text="x")}) == completeness(DEDA, answers)


def test_completeness_with_an_unknown_question_is_refused() -> None:
    with pytest.raises(UnknownQuestionError) as caught:
        completeness(DEDA, {Slot("q99"): Answer(text="x")})
    assert caught.value.question_id == "q99"


def test_progress_with_an_unknown_question_is_refused() -> None:
    with pytest.raises(UnknownQuestionError) as caught:
        progress(DEDA, {Slot("q99"): Answer(text="x")})
    assert caught.value.question_id == "q99"


def test_progress_counts_per_section_and_leaves_out_what_is_not_asked() -> None:
    answers = {Slot("1.1.1"): Answer(text="x"), Slot("1.3.1"): YES}
    assert progress(IAMA, answers) == {
        "1.1": Progress(1, 2),
        "1.2": Progress(0, 2),
        "1.3": Progress(1, 1),
    }


def test_progress_of_a_section_with_only_optional_questions_is_nothing_of_nothing() -> None:
    answers = {Slot("1.actions"): rows({"action": "Bellen", "owner": "Noor"})}
    assert progress(IAMA, answers)["1.actions"] == Progress(0, 0)


def answers_of(questionnaire: Questionnaire) -> st.SearchStrategy[Answers]:
    """Random answers to random questions, also to hidden ones and with options that do not exist."""
    controlling = ["1.3.1", "2.1.1", "4.1.realistic", "q9", "q10", "q19"]
    all_ids = [question.id for question in questionnaire.questions()]
    ids = [*all_ids, *(id_ for id_ in controlling * 10 if id_ in all_ids)]
    ticks = ["identity", "profiling", "none", "algorithms", "bias", "anonymise", "pseudonymise", "unknown"]
    items = ["", "identity", "profiling", "none", "unknown"]
    slot = st.builds(Slot, st.sampled_from(ids), st.sampled_from(items))
    text = st.sampled_from(["", " ", "x"])
    answer = st.builds(
        Answer,
        text=text,
        choice=st.sampled_from(["", "yes", "no", "rule-based", "self-learning", "unknown"]),
        choices=st.lists(st.sampled_from(ticks), max_size=4).map(tuple),
        rows=st.lists(st.dictionaries(st.sampled_from(["value", "how", "action"]), text), max_size=2).map(
            tuple
        ),
        considerations=text,
    )
    return st.dictionaries(slot, answer, max_size=40)


@pytest.mark.parametrize("questionnaire", [IAMA, DEDA], ids=["iama", "deda"])
@given(data=st.data())
def test_whatever_is_answered_the_counts_agree_with_the_walk(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    answers = data.draw(answers_of(questionnaire))
    asked = walk(questionnaire, answers)
    slots = [one.slot for one in asked]
    result = completeness(questionnaire, answers)
    per_section = progress(questionnaire, answers).values()

    assert len(set(slots)) == len(slots)
    assert set(result.missing) <= set(slots)
    assert result.asked == result.answered + len(result.missing) == sum(one.asked for one in per_section)
    assert result.answered == sum(one.answered for one in per_section)
    assert {one.question.id for one in asked}.isdisjoint(not_asked(questionnaire, answers))
    assert {one.question.id for one in asked} | set(not_asked(questionnaire, answers)) == {
        question.id for question in questionnaire.questions()
    }
    assert {stop.slot for stop in active_stops(questionnaire, answers)} <= set(slots)
