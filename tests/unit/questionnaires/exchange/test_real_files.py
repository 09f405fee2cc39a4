"""Real public files, read where they are: the counts of their description, and a report of every loss."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest

from ethiek.questionnaires.canonical import canonical
from ethiek.questionnaires.checks import problems
from ethiek.questionnaires.exchange.exporting import to_json, to_yaml
from ethiek.questionnaires.exchange.imported import Counts, Imported, Wishes
from ethiek.questionnaires.exchange.importing import import_file
from ethiek.questionnaires.model import Check, Kind, Test
from tests.shared_data import shared_file

REGISTRY_IAMA = "instruments/task-registry/iama.yaml"
REGISTRY_AIIA = "instruments/task-registry/aiia.yaml"
FORM_IAMA = "instruments/par-dpia-form/iama.yaml"
FORM_AIIA = "instruments/par-dpia-form-add_aiia/aiia.yaml"
TWO_LANGUAGES = "instruments/algoritmeregister-standard/iama-fraia.yaml"


@dataclass(frozen=True)
class Expected:
    key: str
    counts: Counts
    kinds: dict[Kind, int]
    losses: dict[str, int] = field(default_factory=dict)


EXPECTED = {
    REGISTRY_IAMA: Expected(
        "iama/1.0",
        Counts(57, 0, 57, {"open_question": 57}),
        {Kind.OPEN_TEXT: 57},
        {
            "choose_when_missing": 1,
            "lifecycle": 57,
            "odd_number": 1,
            "publisher_unknown": 1,
            "required_unknown": 1,
            "titles_missing": 1,
        },
    ),
    REGISTRY_AIIA: Expected(
        "aiia/1.0",
        Counts(110, 0, 110, {"open_question": 106, "closed_question": 1, "open_question+upload_document": 3}),
        {Kind.OPEN_TEXT: 110},
        {
            "choose_when_missing": 1,
            "lifecycle": 110,
            "link": 5,
            "no_options": 1,
            "not_built": 3,
            "required_unknown": 2,
            "titles_missing": 1,
            "unknown_key": 1,
        },
    ),
    FORM_IAMA: Expected(
        "iama/2.0",
        Counts(137, 50, 87, {"open_text": 82, "radio_option": 3, "multiselect_scrollable": 2}, 5, 13),
        {Kind.OPEN_TEXT: 78, Kind.TABLE: 4, Kind.YES_NO: 2, Kind.CHOICE: 1, Kind.MULTI_CHOICE: 2},
        {
            "choose_when_missing": 1,
            "html": 4,
            "moved_text": 1,
            "not_built": 1,
            "notice": 1,
            "official_unknown": 1,
            "publisher_unknown": 1,
            "required_unknown": 1,
            "roles_missing": 1,
            "summary": 1,
            "text_missing": 1,
        },
    ),
    FORM_AIIA: Expected(
        "aiia/2.0",
        Counts(
            227,
            66,
            161,
            {"open_text": 139, "radio_option": 19, "text_input": 2, "select_option": 1},
            5,
            1,
        ),
        {Kind.OPEN_TEXT: 138, Kind.YES_NO: 19, Kind.CHOICE: 1, Kind.TABLE: 1},
        {
            "choose_when_missing": 1,
            "instance_label": 2,
            "moved_text": 1,
            "publisher_unknown": 1,
            "reference": 1,
            "required_unknown": 1,
            "roles_missing": 1,
        },
    ),
    TWO_LANGUAGES: Expected(
        "iama/1.0",
        Counts(89, 32, 57, {"Question": 57}),
        {Kind.OPEN_TEXT: 57},
        {
            "choose_when_missing": 1,
            "publisher_unknown": 1,
            "required_unknown": 1,
            "roles_missing": 1,
            "version_unknown": 1,
        },
    ),
}


def imported(name: str, language: str = "") -> Imported:
    return import_file(shared_file(name), name, Wishes(language=language, year=2026))


@pytest.mark.parametrize("name", EXPECTED)
def test_real_file_gives_the_counts_of_its_description_and_names_every_loss(name: str) -> None:
    found, expected = imported(name), EXPECTED[name]

    assert found.questionnaire.key == expected.key
    assert found.counts == expected.counts
    assert Counter(one.kind for one in found.questionnaire.questions()) == expected.kinds
    assert Counter(loss.what.value for loss in found.losses) == expected.losses


@pytest.mark.parametrize("name", EXPECTED)
def test_real_file_gives_a_set_without_problems_that_comes_back_from_both_formats(name: str) -> None:
    questionnaire = imported(name).questionnaire

    assert problems(questionnaire) == ()
    for data in (to_yaml(questionnaire), to_json(questionnaire)):
        assert canonical(import_file(data, "again").questionnaire) == canonical(questionnaire)


def test_conditions_of_iama_are_asked_or_became_a_warning() -> None:
    questionnaire = imported(FORM_IAMA).questionnaire

    assert {one.id: one.show_when for one in questionnaire.questions() if one.show_when} == {
        "1.3.2": Check("1.3.1", Test.IS, ("no",)),
        "1.3.4": Check("1.3.2", Test.IS, ("yes",)),
    }
    assert {one.id: one.show_when for _, one in questionnaire.sections() if one.show_when} == {
        "2.2A": Check("2.1.1.1", Test.IS, ("niet-zelflerend",)),
        "2.2B": Check("2.1.1.1", Test.IS, ("zelflerend",)),
    }
    assert [(one.id, stop.when) for one in questionnaire.questions() for stop in one.stops] == [
        ("1.3.1", Check("1.3.1", Test.IS, ("yes",)))
    ]


def test_thirteen_arrows_of_iama_show_earlier_answers() -> None:
    recalls = {one.id: one.recalls for one in imported(FORM_IAMA).questionnaire.questions() if one.recalls}

    assert recalls == {
        "2.1.2": ("1.1.2",),
        "3.5.2": ("1.2.2",),
        "3.5.3": ("1.2.1",),
        "4.4.1": ("1.1.2",),
        "4.5.1": ("1.1.2",),
        "5.A.1": ("1.1.2", "1.2.1", "4.1.3"),
        "5.A.2": ("3.5.2", "3.5.6", "4.3.3"),
        "5.A.5": ("4.4.1",),
        "5.A.6": ("4.5.1",),
    }


def test_numbers_are_kept_only_where_the_file_says_that_they_are_official() -> None:
    assert [one.number for one in imported(FORM_IAMA).questionnaire.questions() if one.number] == []
    assert sum(bool(one.number) for one in imported(FORM_AIIA).questionnaire.questions()) == 82
    numbers = [one.number for one in imported(REGISTRY_IAMA).questionnaire.questions()]
    assert (len(numbers), numbers[0], numbers[10]) == (57, "1.1.1", "2.A.2.2")


def test_roles_of_the_task_registry_are_kept() -> None:
    questionnaire = imported(REGISTRY_IAMA).questionnaire
    labels = {role.id: role.label for role in questionnaire.roles}
    named = Counter(labels[id_] for one in questionnaire.questions() for id_ in one.who)

    assert len(labels) == 12
    assert named == {
        "Projectleider": 41,
        "Data scientist": 37,
        "Opdrachtgever": 28,
        "Ethicus": 20,
        "Jurist": 19,
        "Domeinspecialist": 15,
        "Behoeftesteller": 14,
        "Gemandateerd verantwoordelijke(n)": 14,
        "Gebruiker": 8,
        "Data engineer": 8,
        "Security officer": 4,
        "Communicatieadviseur": 4,
    }


def test_two_languages_give_one_set_each_with_the_same_ids() -> None:
    dutch, english = (imported(TWO_LANGUAGES, language).questionnaire for language in ("nl", "en"))

    assert (dutch.language, english.language) == ("nl", "en")
    assert [one.id for one in dutch.questions()] == [one.id for one in english.questions()]
    assert [one.text for one in dutch.questions()] != [one.text for one in english.questions()]
    assert (dutch.parts[0].title, english.parts[0].title) == ("Deel 1: Waarom?", "Part 1: why?")
