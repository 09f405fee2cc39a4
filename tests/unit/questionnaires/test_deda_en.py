"""DEDA en-2023 against the structure of the English worksheet, written down by hand."""

from __future__ import annotations

from typing import Final

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.walk import walk
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import Check, Kind, Test

DEDA: Final = load_catalogue().get("deda/en-2023")
QUESTIONS: Final = {question.id: question for question in DEDA.questions()}

THEMES: Final = {
    "General": 6,
    "Algorithms": 3,
    "Source": 2,
    "Anonymization": 2,
    "Visualization": 2,
    "Access": 1,
    "Sharing, reusing and repurposing": 2,
    "Responsibility": 4,
    "Communication": 2,
    "Transparency": 4,
    "Privacy": 4,
    "Bias": 10,
}


def test_the_three_steps_are_note_taker_questions_and_values() -> None:
    assert [(part.number, part.title) for part in DEDA.parts] == [
        ("1", "Note taker"),
        ("2", "Questions"),
        ("3", "Values"),
    ]
    assert [[question.id for question in DEDA.parts[index].sections[0].questions] for index in (0, 2)] == [
        ["note-taker"],
        ["personal-and-shared-values"],
    ]


def test_themes_stand_in_the_order_of_the_worksheet_and_hold_their_number_of_questions() -> None:
    assert [(section.title, len(section.questions)) for section in DEDA.parts[1].sections] == list(
        THEMES.items()
    )
    assert sum(THEMES.values()) == 42


def test_no_question_has_a_number_because_none_could_be_verified() -> None:
    assert [question.id for question in DEDA.questions() if question.number] == []
    assert "number 18" in QUESTIONS["sharing.publication"].note
    assert any("Only one number was seen in print: 18" in one for one in DEDA.source.unresolved)


def test_there_are_two_jumps_and_no_other_condition() -> None:
    with_algorithm = Check("algorithms.used", Test.IS, ("yes",))
    assert {question.id: question.show_when for question in DEDA.questions() if question.show_when} == {
        "algorithms.explain-team": with_algorithm,
        "algorithms.explain-public": with_algorithm,
        "privacy.insight": Check("privacy.personal-data", Test.IS, ("yes",)),
    }
    assert [section.id for _, section in DEDA.sections() if section.show_when or section.repeat_for] == []


def test_without_algorithm_the_source_comes_next_and_without_personal_data_the_bias() -> None:
    answers = {
        Slot("algorithms.used"): Answer(choice="no"),
        Slot("privacy.personal-data"): Answer(choice="no"),
    }
    asked = [one.question.id for one in walk(DEDA, answers)]
    assert asked[asked.index("algorithms.used") + 1] == "source.origin-quality"
    assert asked[asked.index("privacy.personal-data") + 1] == "bias.expected"


def test_tables_are_the_participants_and_the_values() -> None:
    assert {
        question.id: [column.id for column in question.columns]
        for question in DEDA.questions()
        if question.kind is Kind.TABLE
    } == {"general.participants": ["name", "function"], "personal-and-shared-values": ["value", "holder"]}


def test_it_is_no_translation_and_shares_no_id_with_the_dutch_edition() -> None:
    dutch = load_catalogue().get("deda/nl-2025")
    assert (DEDA.language, DEDA.translates) == ("en", "")
    assert QUESTIONS.keys() & {question.id for question in dutch.questions()} == set()


def test_nothing_is_optional_and_nothing_stops() -> None:
    assert [question.id for question in DEDA.questions() if question.optional or question.stops] == []


def test_every_question_says_why_it_is_asked_and_of_whom() -> None:
    assert [question.id for question in DEDA.questions() if not (question.why and question.who)] == []
