"""IAMA 1.0 (2021) against the structure of the instrument, written down by hand."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest

from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import Kind, Option

IAMA: Final = load_catalogue().get("iama/1.0")
QUESTIONS: Final = {question.id: question for question in IAMA.questions()}
SECTIONS: Final = {section.id: section for _, section in IAMA.sections()}

NUMBERED: Final = """
    1.1.1 1.2.1 1.3.1 1.3.2 1.4.1 1.5.1 1.5.2 1.5.3
    2A.1.1 2A.2.1 2A.2.2 2A.3.1 2A.3.2 2A.4.1 2A.4.2 2A.4.3
    2B.1.1 2B.1.2 2B.1.3 2B.1.4 2B.2.1 2B.3.1 2B.3.2 2B.3.3 2B.3.4 2B.3.5 2B.3.6 2B.4.1 2B.4.2 2B.4.3 2B.4.4
    3.1.1 3.2.1 3.2.2 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.2 3.4.3 3.5.1 3.5.2 3.5.3
    3.6.1 3.6.2 3.6.3 3.7.1 3.7.2 3.7.3
    4.1.1 4.2.1 4.3.1 4.4.1 4.5.1 4.6.1 4.7.1
""".split()  # noqa: SIM905 - reads as the instrument

UNNUMBERED: Final = """
    1.team 1.4.basis 1.5.safeguarded
    2A.team 2A.1.status 2A.2.input 2A.3.training 2B.2.external
    3.team 3.6.3.image
    4.team 4.rights 4.2.exhaustive 4.4.reachable 4.5.effective 4.5.concern
    4.6.measures 4.6.again 4.6.doubt 4.7.outweighs
""".split()  # noqa: SIM905 - reads as the instrument

WHO: Final = {
    "1.1": "client project-lead domain-expert citizen-panel interest-group",
    "1.2": "client project-lead citizen-panel interest-group",
    "1.3": "client management lawyer citizen-panel interest-group",
    "1.4": "lawyer client",
    "1.5": "client project-lead other-team ciso-cio",
    "2A.1": "data-scientist developer project-lead",
    "2A.2": "data-scientist developer data-owner",
    "2A.3": "data-scientist developer data-owner",
    "2A.4": "data-scientist developer data-owner",
    "2B.1": "data-scientist developer project-lead",
    "2B.2": "client project-lead lawyer",
    "2B.3": "data-scientist developer domain-expert",
    "2B.4": "project-lead data-scientist developer communication lawyer ethics",
    "3.1": "project-lead domain-expert ciso-cio ethics lawyer client",
    "3.2": "project-lead data-scientist hr ethics",
    "3.3": "project-lead data-scientist hr ethics client citizen-panel interest-group",
    "3.4": "project-lead data-scientist hr ethics lawyer",
    "3.5": "project-lead data-scientist hr ethics",
    "3.6": "project-lead client communication",
    "3.7": "project-lead client data-scientist",
    "4.rights": "project-lead domain-expert lawyer",
    "4.steps": "project-lead domain-expert lawyer",
}


def grouped(options: tuple[Option, ...]) -> dict[str, int]:
    return dict(Counter(option.group for option in options))


def test_numbers_are_the_57_of_the_instrument_and_each_is_also_the_id() -> None:
    assert len(NUMBERED) == 57
    assert [(q.id, q.number) for q in IAMA.questions() if q.number] == [(nr, nr) for nr in NUMBERED]


def test_questions_without_a_number_say_where_they_come_from() -> None:
    assert [question.id for question in IAMA.questions() if not question.number] == UNNUMBERED
    said = {id_: QUESTIONS[id_].note.split(",")[0].split(" zonder ")[0] for id_ in UNNUMBERED}
    fields = dict.fromkeys(("1.team", "2A.team", "3.team", "4.team"), "Het IAMA heeft hier een invulveld")
    assert said == {
        **dict.fromkeys(UNNUMBERED, "Vraag van onszelf"),
        **fields,
        "3.6.3.image": "Dit is de tweede helft van vraag 3.6.3. Die geldt alleen als jullie de uitkomst in beeld"
        " laten zien. Een eigen nummer heeft deze helft niet.",
    }


def test_parts_have_the_number_of_questions_of_the_instrument() -> None:
    counts = {
        part.number: sum(bool(question.number) for section in part.sections for question in section.questions)
        for part in IAMA.parts
    }
    assert counts == {"1": 8, "2A": 8, "2B": 15, "3": 19, "4": 7}


def test_sections_are_the_themes_of_the_instrument_and_the_steps_are_one() -> None:
    themes = {"1": 5, "2A": 4, "2B": 4, "3": 7}
    assert [section.number for _, section in IAMA.sections() if section.number] == [
        f"{part}.{theme + 1}" for part, count in themes.items() for theme in range(count)
    ]
    assert {id_: one.repeat_for for id_, one in SECTIONS.items() if one.repeat_for} == {"4.steps": "4.rights"}


@pytest.mark.parametrize(("section", "who"), WHO.items())
def test_roles_are_those_of_the_theme(section: str, who: str) -> None:
    assert {question.who for question in SECTIONS[section].questions} == {tuple(who.split())}


def test_roles_of_every_theme_are_in_the_table() -> None:
    teams = ["1.team", "2A.team", "3.team", "4.team"]
    assert sorted(SECTIONS) == sorted([*WHO, *teams])
    assert {SECTIONS[team].questions[0].who for team in teams} == {("project-lead",)}


def test_roles_are_the_sixteen_of_the_instrument() -> None:
    assert [role.label for role in IAMA.roles] == [
        "Belangengroep",
        "Bestuur",
        "Burgerpanel",
        "CISO of CIO",
        "Communicatieadviseur",
        "Data scientist",
        "Databeheerder of bronhouder",
        "Domeinexpert (medewerker met domeinkennis)",
        "Functionaris Gegevensbescherming",
        "HR-medewerker",
        "Jurist",
        "Ontwikkelaar algoritme",
        "Opdrachtgever",
        "Overige leden projectteam",
        "Projectleider",
        "Strategisch adviseur ethiek",
    ]


def test_official_questions_are_open_texts_but_for_three_choices() -> None:
    others = {nr: QUESTIONS[nr].kind for nr in NUMBERED if QUESTIONS[nr].kind is not Kind.OPEN_TEXT}
    assert others == {"2B.1.1": Kind.CHOICE, "3.6.3": Kind.YES_NO, "4.3.1": Kind.CHOICE}
    assert [option.id for option in QUESTIONS["2B.1.1"].options] == ["rule-based", "self-learning"]
    assert [option.id for option in QUESTIONS["4.3.1"].options] == ["red", "orange", "green"]
    assert QUESTIONS["2B.1.1"].explain
    assert QUESTIONS["4.3.1"].explain


def test_rights_are_31_in_four_clusters() -> None:
    options = QUESTIONS["4.rights"].options
    assert grouped(options) == {
        "Rechten van de persoon": 10,
        "Vrijheidsrechten": 6,
        "Gelijkheidsrechten": 8,
        "Procedurele rechten": 7,
        "": 1,
    }
    assert [option.id for option in options if option.exclusive] == ["none"]


def test_rights_that_version_two_also_has_keep_their_option_id() -> None:
    second = load_catalogue().get("iama/2.0")
    lists = {question.id: question.options for question in second.questions()}
    ours = {option.id for option in QUESTIONS["4.rights"].options}
    assert ours - {option.id for option in lists["4.1.realistic"]} == {"criminal-safeguards"}
    assert {option.id for option in lists["4.1.realistic"]} <= ours


def test_measures_are_a_list_of_seven_and_twelve() -> None:
    options = QUESTIONS["4.6.measures"].options
    assert grouped(options) == {
        "Problemen voorkomen bij ontwikkeling en gebruik": 7,
        "Regels en bestuur": 12,
        "": 1,
    }
    assert [option.id for option in options if option.exclusive] == ["none"]


def test_recalls_are_those_of_the_instrument() -> None:
    assert {question.id: question.recalls for question in IAMA.questions() if question.recalls} == {
        "2B.1.3": ("1.2.1",),
        "2B.3.2": ("2B.3.1",),
        "2B.4.4": ("2B.4.3",),
        "3.3.3": ("1.1.1", "1.2.1"),
        "3.3.4": ("1.3.1", "1.3.2"),
        "4.4.1": ("1.2.1",),
        "4.5.1": ("1.2.1",),
        "4.7.1": ("1.3.2",),
    }


def test_values_come_with_the_words_of_the_codio() -> None:
    assert {question.id: question.suggests for question in IAMA.questions() if question.suggests} == {
        "1.3.1": "codio",
        "1.3.2": "codio",
    }


def test_every_question_says_why_it_is_asked_and_of_whom() -> None:
    assert [question.id for question in IAMA.questions() if not (question.why and question.who)] == []


def test_only_who_filled_in_a_part_may_stay_open() -> None:
    assert [question.id for question in IAMA.questions() if question.optional] == [
        *("1.team", "2A.team", "3.team", "4.team"),
    ]


def test_the_set_says_that_a_newer_version_took_its_place() -> None:
    assert all("IAMA 2.0" in line for line in IAMA.choose_when)
