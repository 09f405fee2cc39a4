from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings

from ethiek.questionnaires.canonical import canonical
from ethiek.questionnaires.catalogue import load_catalogue, parse, schema_problems
from ethiek.questionnaires.exchange.exporting import to_json, to_yaml
from ethiek.questionnaires.exchange.imported import Wishes
from ethiek.questionnaires.exchange.importing import import_file
from ethiek.questionnaires.model import Questionnaire
from tests.question_sets import a_questionnaire
from tests.question_sets_strategy import question_sets


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(question_sets())
def test_any_set_comes_back_from_yaml_and_from_valid_json_as_it_was(questionnaire: Questionnaire) -> None:
    assert parse(to_yaml(questionnaire).decode(), "set.yaml") == questionnaire
    data = to_json(questionnaire)
    assert list(schema_problems(json.loads(data))) == []
    assert import_file(data, "set.json").questionnaire == questionnaire


def test_published_sets_come_back_from_both_formats_byte_for_byte() -> None:
    for questionnaire in load_catalogue():
        for data in (to_yaml(questionnaire), to_json(questionnaire), canonical(questionnaire)):
            assert canonical(import_file(data, "set").questionnaire) == canonical(questionnaire)


def test_yaml_is_written_for_people_and_always_the_same() -> None:
    lines = to_yaml(a_questionnaire()).decode().splitlines()

    assert lines[:9] == [
        'id: "proef"',
        'version: "1.0"',
        'title: "Proeftoets 1.0"',
        'short_title: "Proeftoets"',
        'language: "nl"',
        "choose_when:",
        '- "Kies deze bij een algoritme."',
        '- "Kies een andere bij data."',
        "source:",
    ]
    assert to_yaml(a_questionnaire()) == to_yaml(a_questionnaire())


def test_import_under_another_name_changes_nothing_else() -> None:
    found = import_file(
        to_yaml(a_questionnaire()), "proef.yaml", Wishes(id="eigen", version="2.0")
    ).questionnaire

    assert found.key == "eigen/2.0"
    assert (found.parts, found.source, found.roles) == (
        a_questionnaire().parts,
        a_questionnaire().source,
        a_questionnaire().roles,
    )
