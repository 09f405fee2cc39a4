"""DEDA nl-2025 against the structure of the worksheet, written down by hand."""

from __future__ import annotations

from typing import Final

from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import Check, Kind, Test

DEDA: Final = load_catalogue().get("deda/nl-2025")
QUESTIONS: Final = {question.id: question for question in DEDA.questions()}

THEMES: Final = {
    "algorithms": range(10, 15),
    "source": range(15, 19),
    "anonymisation": range(19, 22),
    "visualisation": range(22, 24),
    "access": range(24, 26),
    "reuse": range(26, 28),
    "responsibility": range(28, 32),
    "communication": range(32, 35),
    "transparency": range(35, 40),
    "privacy": range(40, 43),
    "bias": range(43, 50),
}


def test_numbers_are_those_of_the_worksheet_and_start_again_in_the_last_phase() -> None:
    assert [(question.id, question.number) for question in DEDA.questions()] == [
        *((f"q{number}", str(number)) for number in range(1, 10)),
        ("values", ""),
        *((f"q{number}", str(number)) for number in range(10, 50)),
        *((f"c{number}", str(number)) for number in range(1, 6)),
    ]


def test_themes_hold_their_questions() -> None:
    themes = {
        section.id: [question.id for question in section.questions] for section in DEDA.parts[2].sections
    }
    assert themes == {f"3.{theme}": [f"q{number}" for number in numbers] for theme, numbers in THEMES.items()}


def test_a_theme_is_asked_unless_it_is_skipped_at_question_nine() -> None:
    assert [section.show_when for section in DEDA.parts[2].sections] == [
        Check("q9", Test.LACKS, (theme,)) for theme in THEMES
    ]
    assert [(option.id, option.exclusive) for option in QUESTIONS["q9"].options] == [
        *((theme, False) for theme in THEMES),
        ("none", True),
    ]


def test_theme_boundaries_are_marked_as_inferred() -> None:
    assert [section.note for section in DEDA.parts[2].sections] == [
        "De grenzen van dit onderwerp hebben we uit de vragen afgeleid."
    ] * len(THEMES)


def test_conditions_follow_the_algorithm_and_the_way_of_anonymising() -> None:
    with_algorithm = Check("q10", Test.IS, ("yes",))
    assert {question.id: question.show_when for question in DEDA.questions() if question.show_when} == {
        "q11": with_algorithm,
        "q12": with_algorithm,
        "q13": with_algorithm,
        "q14": with_algorithm,
        "q20": Check("q19", Test.HAS, ("anonymise",)),
        "q21": Check("q19", Test.HAS, ("pseudonymise",)),
    }


def test_tables_have_the_columns_of_the_worksheet() -> None:
    assert {
        question.id: [column.id for column in question.columns]
        for question in DEDA.questions()
        if question.kind is Kind.TABLE
    } == {
        "q2": ["name", "function"],
        "q6": ["party", "consequences"],
        "values": ["value", "holder"],
        "c5": ["action", "owner", "date"],
    }
    assert [question.id for question in DEDA.questions() if question.actions] == ["c5"]


def test_yes_no_questions_all_ask_for_an_explanation() -> None:
    yes_no = [question for question in DEDA.questions() if question.kind is Kind.YES_NO]
    assert [question.number for question in yes_no] == (
        "10 12 14 16 17 18 20 26 27 30 31 35 37 38 39 41 42 44 45 46 47 48 1".split()  # noqa: SIM905
    )
    assert all(question.explain for question in yes_no)


def test_the_conclusion_looks_back_at_the_values() -> None:
    assert {question.id: question.recalls for question in DEDA.questions() if question.recalls} == {
        "c1": ("values",),
        "c4": ("c1", "c2"),
    }


def test_every_question_says_why_it_is_asked_and_of_whom() -> None:
    assert [question.id for question in DEDA.questions() if not (question.why and question.who)] == []


def test_nothing_is_optional_and_nothing_stops() -> None:
    assert [question.id for question in DEDA.questions() if question.optional or question.stops] == []
