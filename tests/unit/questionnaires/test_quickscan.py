"""The quickscan, answered in every possible way, against its rules written down once more by hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from ethiek.domain.answers import Answer, Answers, Slot
from ethiek.domain.completeness import completeness
from ethiek.domain.walk import active_stops, holds, walk
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import Check, Conclusion, Effect, Kind, Level, Question, Test

QUICKSCAN: Final = load_catalogue().get("quickscan/1.0")
QUESTIONS: Final = {question.id: question for question in QUICKSCAN.questions()}
INSTRUMENTS: Final = ("iama", "deda", "dpia-prescan", "moreel-beraad", "register")


def possible(question: Question) -> Iterator[Answer]:
    if question.kind is not Kind.MULTI_CHOICE:
        yield from (Answer(choice=id_) for id_ in question.option_ids)
        return
    together = [option.id for option in question.options if not option.exclusive]
    for size in range(1, len(together) + 1):
        yield from (Answer(choices=chosen) for chosen in combinations(together, size))
    yield from (Answer(choices=(option.id,)) for option in question.options if option.exclusive)


def complete_sets(answers: Answers) -> Iterator[Answers]:
    """Every way to answer all that is asked."""
    open_ = next((one for one in walk(QUICKSCAN, answers) if one.slot not in answers), None)
    if open_ is None:
        yield answers
        return
    for answer in possible(open_.question):
        yield from complete_sets({**answers, open_.slot: answer})


EVERY_WAY: Final = list(complete_sets({}))


def concluded(answers: Answers) -> dict[str, Conclusion]:
    """Per id the first conclusion that holds."""
    found: dict[str, Conclusion] = {}
    for one in QUICKSCAN.conclusions:
        if holds(one.when, lambda id_: answers.get(Slot(id_), Answer())):
            found.setdefault(one.id, one)
    return found


def levels(answers: Answers) -> dict[str, Level]:
    return {id_: one.level for id_, one in concluded(answers).items()}


def expected(answers: Answers) -> dict[str, Level]:
    """The rules in words: what is done is not needed again; no impact without an algorithm."""
    chosen = {slot.question: answer.choice for slot, answer in answers.items()}
    done = answers.get(Slot("done"), Answer()).choices
    if chosen.get("prohibited") == "yes":
        return dict.fromkeys(INSTRUMENTS, Level.NOT_NEEDED)
    high = chosen.get("high-risk", "no")
    heavy = high != "no" or chosen.get("impact", "no") != "no"
    touching = chosen.get("noticed", "no") != "no" or chosen.get("personal-data") == "yes"
    advice = dict.fromkeys(INSTRUMENTS, Level.NOT_NEEDED)
    if heavy and "iama" not in done:
        advice["iama"] = Level.REQUIRED if high == "yes" else Level.RECOMMENDED
    if touching and not heavy and not {"deda", "iama"} & set(done):
        advice["deda"] = Level.RECOMMENDED
    if chosen.get("personal-data") == "yes" and "prescan" not in done:
        advice["dpia-prescan"] = Level.REQUIRED
    if chosen["dilemma"] == "yes":
        advice["moreel-beraad"] = Level.RECOMMENDED
    if heavy and "register" not in done:
        advice["register"] = Level.RECOMMENDED
    if set(advice.values()) == {Level.NOT_NEEDED}:
        advice["none"] = Level.NOT_NEEDED
    return advice


def test_every_way_to_answer_is_tried() -> None:
    # stopped: 1; nothing: 2; data: 3 * 2 * 2 * 16; algorithm: three times that; AI: three times that again
    data = 3 * 2 * 2 * 16
    assert len(EVERY_WAY) == 1 + 2 + data + 3 * data + 9 * data


def test_there_are_eight_questions_to_choose_at_and_nothing_to_write() -> None:
    assert [
        (id_, question.kind, question.explain, question.optional) for id_, question in QUESTIONS.items()
    ] == [
        ("uses", Kind.CHOICE, False, False),
        ("prohibited", Kind.YES_NO, False, False),
        ("high-risk", Kind.CHOICE, False, False),
        ("impact", Kind.CHOICE, False, False),
        ("noticed", Kind.CHOICE, False, False),
        ("personal-data", Kind.YES_NO, False, False),
        ("dilemma", Kind.YES_NO, False, False),
        ("done", Kind.MULTI_CHOICE, False, False),
    ]


def test_conclusions_of_every_way_are_one_per_instrument_and_follow_the_rules() -> None:
    assert [answers for answers in EVERY_WAY if levels(answers) != expected(answers)] == []


def test_every_conclusion_is_reached_and_none_stands_behind_another_for_ever() -> None:
    reached = {id(one) for answers in EVERY_WAY for one in concluded(answers).values()}
    assert [(one.id, one.reason) for one in QUICKSCAN.conclusions if id(one) not in reached] == []


def test_nothing_is_needed_for_a_project_that_touches_nobody() -> None:
    answers = {
        Slot("uses"): Answer(choice="data"),
        Slot("noticed"): Answer(choice="no"),
        Slot("personal-data"): Answer(choice="no"),
        Slot("dilemma"): Answer(choice="no"),
        Slot("done"): Answer(choices=("none",)),
    }
    assert levels(answers) == dict.fromkeys((*INSTRUMENTS, "none"), Level.NOT_NEEDED)


def test_a_prohibited_practice_stops_and_nothing_more_is_asked() -> None:
    answers = {Slot("uses"): Answer(choice="ai"), Slot("prohibited"): Answer(choice="yes")}
    assert [one.question.id for one in walk(QUICKSCAN, answers)] == ["uses", "prohibited"]
    assert [stop.rule.effect for stop in active_stops(QUICKSCAN, answers)] == [Effect.STOP]
    assert completeness(QUICKSCAN, answers).stopped
    assert [one for one in EVERY_WAY if completeness(QUICKSCAN, one).stopped] == [answers]


def test_stops_are_the_prohibited_practice_and_a_warning_for_each_important_unknown() -> None:
    assert [(id_, stop.when, stop.effect) for id_, one in QUESTIONS.items() for stop in one.stops] == [
        ("prohibited", Check("prohibited", Test.IS, ("yes",)), Effect.STOP),
        ("high-risk", Check("high-risk", Test.IS, ("unknown",)), Effect.WARN),
        ("impact", Check("impact", Test.IS, ("unknown",)), Effect.WARN),
    ]


def test_conclusions_point_to_instruments_of_ethiek_or_outside_it() -> None:
    assert {one.id: one.instrument for one in QUICKSCAN.conclusions} == {
        "iama": "iama",
        "deda": "deda",
        "dpia-prescan": "",
        "moreel-beraad": "moreel-beraad",
        "register": "",
        "none": "",
    }
    offered = {questionnaire.id for questionnaire in load_catalogue()}
    assert {one.instrument for one in QUICKSCAN.conclusions} - {""} <= offered


def test_reasons_are_whole_sentences_and_differ_per_instrument() -> None:
    reasons = [one.reason for one in QUICKSCAN.conclusions]
    assert [one for one in reasons if not (one[0].isupper() and one.endswith("."))] == []
    assert len(set(reasons)) == len(reasons)


def test_every_question_says_why_it_is_asked_and_of_whom() -> None:
    assert [question.id for question in QUICKSCAN.questions() if not (question.why and question.who)] == []
