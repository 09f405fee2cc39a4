from __future__ import annotations

from typing import Final

import pytest

from ethiek.domain.answers import Answer, Answers, Slot
from ethiek.domain.walk import ActiveStop, active_stops, holds, not_asked, recalled, walk
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import (
    Check,
    Combine,
    Effect,
    Group,
    Kind,
    Option,
    Part,
    Question,
    Questionnaire,
    Section,
    ShowWhen,
    Source,
    StopRule,
    Test,
)

IAMA: Final = load_catalogue().get("iama/2.0")
DEDA: Final = load_catalogue().get("deda/nl-2025")
YES: Final = Answer(choice="yes")
NO: Final = Answer(choice="no")


def a_questionnaire(*sections: Section, show_when: ShowWhen | None = None) -> Questionnaire:
    """Part 1 asks "q" (yes or no) and "groups"; the sections given are part 2."""
    groups = (
        Option("young", "Jongeren"),
        Option("old", "Ouderen"),
        Option("none", "Niemand", exclusive=True),
    )
    first = Section(
        "1.1",
        "Vooraf",
        (
            Question("q", "Mag dit?", Kind.YES_NO),
            Question("groups", "Wie raakt dit?", Kind.MULTI_CHOICE, options=groups),
        ),
    )
    parts = (Part("1", "Waarom?", (first,)), Part("2", "Wat?", sections, show_when=show_when))
    source = Source("Toets", "Gemeente", 2026, "Eerste", "Van onszelf.")
    return Questionnaire("toets", "1.0", "Toets", "Toets", "nl", (), source, (), parts)


def slots(questionnaire: Questionnaire, answers: Answers) -> list[str]:
    return [str(one.slot) for one in walk(questionnaire, answers)]


def open_text(id_: str, show_when: ShowWhen | None = None) -> Question:
    return Question(id_, "Waarom?", Kind.OPEN_TEXT, show_when=show_when)


IF_YES: Final = Check("q", Test.IS, ("yes",))


def test_walk_without_conditions_asks_everything_in_order() -> None:
    questionnaire = a_questionnaire(Section("2.1", "A", (open_text("a"), open_text("b"))))
    asked = walk(questionnaire, {})
    assert [(one.part.id, one.section.id, one.question.id, one.slot, one.item_label) for one in asked] == [
        ("1", "1.1", "q", Slot("q"), ""),
        ("1", "1.1", "groups", Slot("groups"), ""),
        ("2", "2.1", "a", Slot("a"), ""),
        ("2", "2.1", "b", Slot("b"), ""),
    ]


@pytest.mark.parametrize(
    "questionnaire",
    [
        a_questionnaire(Section("2.1", "A", (open_text("a", IF_YES),))),
        a_questionnaire(Section("2.1", "A", (open_text("a"),), show_when=IF_YES)),
        a_questionnaire(Section("2.1", "A", (open_text("a"),)), show_when=IF_YES),
    ],
    ids=["question", "section", "part"],
)
def test_walk_asks_only_what_its_condition_allows(questionnaire: Questionnaire) -> None:
    assert slots(questionnaire, {Slot("q"): YES}) == ["q", "groups", "a"]
    assert slots(questionnaire, {Slot("q"): NO}) == ["q", "groups"]
    assert slots(questionnaire, {}) == ["q", "groups"]


def test_walk_when_the_controlling_question_is_hidden_takes_it_as_unanswered() -> None:
    middle = Question("middle", "Echt?", Kind.YES_NO, show_when=IF_YES)
    last = open_text("last", Check("middle", Test.IS, ("yes",)))
    questionnaire = a_questionnaire(Section("2.1", "A", (middle, last)))
    assert slots(questionnaire, {Slot("q"): YES, Slot("middle"): YES}) == ["q", "groups", "middle", "last"]
    assert slots(questionnaire, {Slot("q"): NO, Slot("middle"): YES}) == ["q", "groups"]


PER_GROUP: Final = a_questionnaire(
    Section(
        "2.1",
        "Per groep",
        (
            Question("harm", "Is er schade?", Kind.YES_NO),
            open_text("which", Check("harm", Test.IS, ("yes",))),
        ),
        repeat_for="groups",
    ),
    Section("2.2", "Slot", (open_text("end"),)),
)


def test_walk_repeats_a_section_per_ticked_option_in_the_order_of_the_question() -> None:
    answers = {Slot("groups"): Answer(choices=("old", "young")), Slot("harm", "old"): YES}
    asked = walk(PER_GROUP, answers)
    assert [(str(one.slot), one.item_label) for one in asked[2:]] == [
        ("harm@young", "Jongeren"),
        ("harm@old", "Ouderen"),
        ("which@old", "Ouderen"),
        ("end", ""),
    ]


@pytest.mark.parametrize("choices", [(), ("none",), ("unknown",)])
def test_walk_without_a_ticked_option_does_not_repeat(choices: tuple[str, ...]) -> None:
    answers = {Slot("groups"): Answer(choices=choices), Slot("harm"): YES}
    assert slots(PER_GROUP, answers) == ["q", "groups", "end"]


def test_walk_in_a_repeated_section_still_sees_answers_from_outside() -> None:
    section = Section("2.1", "Per groep", (open_text("a", IF_YES),), repeat_for="groups")
    answers = {Slot("groups"): Answer(choices=("young",)), Slot("q"): YES}
    assert slots(a_questionnaire(section), answers) == ["q", "groups", "a@young"]


def with_effect(effect: Effect) -> tuple[Questionnaire, StopRule]:
    rule = StopRule(Check("ok", Test.IS, ("no",)), effect, "Niet doen.")
    check = Question("ok", "Is het goed?", Kind.YES_NO, stops=(rule,))
    sections = (Section("2.1", "A", (check, open_text("same"))), Section("2.2", "B", (open_text("later"),)))
    return a_questionnaire(*sections), rule


def test_walk_after_a_stop_finishes_the_section_and_asks_nothing_more() -> None:
    questionnaire, rule = with_effect(Effect.STOP)
    answers = {Slot("ok"): NO}
    assert slots(questionnaire, answers) == ["q", "groups", "ok", "same"]
    assert active_stops(questionnaire, answers) == (ActiveStop(Slot("ok"), rule),)
    assert not_asked(questionnaire, answers) == ("later",)


def test_walk_after_a_warning_goes_on() -> None:
    questionnaire, rule = with_effect(Effect.WARN)
    answers = {Slot("ok"): NO}
    assert slots(questionnaire, answers) == ["q", "groups", "ok", "same", "later"]
    assert active_stops(questionnaire, answers) == (ActiveStop(Slot("ok"), rule),)
    assert not_asked(questionnaire, answers) == ()


@pytest.mark.parametrize("answers", [{}, {Slot("ok"): YES}])
def test_active_stops_without_the_answer_that_stops_are_none(answers: Answers) -> None:
    assert active_stops(with_effect(Effect.STOP)[0], answers) == ()


@pytest.mark.parametrize(
    ("condition", "answer", "expected"),
    [
        (None, Answer(), True),
        (Check("a", Test.IS, ("yes", "no")), YES, True),
        (Check("a", Test.IS, ("yes",)), NO, False),
        (Check("a", Test.IS, ("yes",)), Answer(), False),
        (Check("a", Test.HAS, ("x", "y")), Answer(choices=("y", "z")), True),
        (Check("a", Test.HAS, ("x",)), Answer(choices=("z",)), False),
        (Check("a", Test.HAS, ("x",)), Answer(), False),
        (Check("a", Test.LACKS, ("x", "y")), Answer(choices=("z",)), True),
        (Check("a", Test.LACKS, ("x", "y")), Answer(choices=("y",)), False),
        (Check("a", Test.LACKS, ("x",)), Answer(), True),
        (Group(Combine.ALL, (Check("a", Test.IS, ("yes",)), Check("a", Test.LACKS, ("x",)))), YES, True),
        (Group(Combine.ALL, (Check("a", Test.IS, ("yes",)), Check("a", Test.HAS, ("x",)))), YES, False),
        (Group(Combine.ANY, (Check("a", Test.IS, ("yes",)), Check("a", Test.HAS, ("x",)))), YES, True),
        (Group(Combine.ANY, (Check("a", Test.IS, ("no",)), Check("a", Test.HAS, ("x",)))), YES, False),
    ],
)
def test_holds_looks_at_the_answer(condition: ShowWhen | None, answer: Answer, expected: bool) -> None:
    assert holds(condition, {"a": answer}.__getitem__) is expected


def test_iama_prohibited_practice_ends_after_its_section() -> None:
    answers = {Slot("1.3.1"): YES}
    assert slots(IAMA, answers) == ["1.1.1", "1.1.2", "1.2.1", "1.2.2", "1.3.1"]
    assert [(stop.slot, stop.rule.effect) for stop in active_stops(IAMA, answers)] == [
        (Slot("1.3.1"), Effect.STOP)
    ]


@pytest.mark.parametrize(
    ("choice", "hidden"),
    [
        ("rule-based", ["2.2B.1", "2.2B.2", "2.2B.3", "2.2B.4"]),
        ("self-learning", ["2.2A.1", "2.2A.2", "2.2A.3"]),
    ],
)
def test_iama_asks_about_rules_or_about_training(choice: str, hidden: list[str]) -> None:
    not_there = not_asked(IAMA, {Slot("2.1.1"): Answer(choice=choice)})
    assert [id_ for id_ in not_there if id_.startswith("2.")] == hidden


def test_iama_asks_severity_per_realistic_right_and_warns_per_right() -> None:
    answers = {
        Slot("4.1.realistic"): Answer(choices=("profiling", "identity")),
        Slot("4.4.2", "profiling"): NO,
    }
    assert [slot for slot in slots(IAMA, answers) if slot.startswith("4.4")] == [
        "4.4.1@identity",
        "4.4.2@identity",
        "4.4.1@profiling",
        "4.4.2@profiling",
    ]
    assert [(str(stop.slot), stop.rule.effect) for stop in active_stops(IAMA, answers)] == [
        ("4.4.2@profiling", Effect.WARN)
    ]


def test_recalled_shows_the_same_right_within_part_four_and_all_rights_after_it() -> None:
    asked = walk(IAMA, {Slot("4.1.realistic"): Answer(choices=("identity", "profiling"))})
    shown = {str(one.slot): [str(other.slot) for other in recalled(asked, one)] for one in asked}
    assert shown["4.4.2@profiling"] == ["4.3.3@profiling", "4.4.1@profiling"]
    assert shown["4.4.1@profiling"] == ["1.1.2"]
    assert shown["5.C"] == ["4.5.3@identity", "4.5.3@profiling"]
    assert shown["1.1.1"] == []


def test_deda_asks_every_theme_until_one_is_skipped() -> None:
    hidden_without_algorithm = ("q11", "q12", "q13", "q14", "q20", "q21")
    assert not_asked(DEDA, {}) == hidden_without_algorithm
    assert not_asked(DEDA, {Slot("q9"): Answer(choices=("none",))}) == hidden_without_algorithm
    skipped = {Slot("q9"): Answer(choices=("access", "privacy"))}
    assert not_asked(DEDA, skipped) == (*hidden_without_algorithm, "q24", "q25", "q40", "q41", "q42")


def test_deda_follow_up_questions_disappear_with_their_skipped_theme() -> None:
    answers = {Slot("q10"): YES, Slot("q9"): Answer(choices=("algorithms",))}
    assert not_asked(DEDA, answers) == ("q10", "q11", "q12", "q13", "q14", "q20", "q21")


def test_deda_asks_for_the_key_only_with_pseudonyms() -> None:
    answers = {Slot("q10"): YES, Slot("q19"): Answer(choices=("pseudonymise", "generalise"))}
    assert not_asked(DEDA, answers) == ("q20",)
