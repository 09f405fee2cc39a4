"""Sets that came from a definition of the Invulhulpen keep the ids of their fields, so answers go there and back."""

from __future__ import annotations

import functools
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ethiek.domain.answers import Answer, Slot
from ethiek.exchange.answers_file import export_answers, read_answers
from ethiek.questionnaires.answer_ids import answer_ids
from ethiek.questionnaires.exchange.imported import Wishes
from ethiek.questionnaires.exchange.importing import import_file
from ethiek.questionnaires.model import Questionnaire
from tests.shared_data import shared_file
from tests.unit.exchange.answers_strategy import answers_to
from tests.unit.exchange.test_answers_file import a_file, one
from tests.unit.exchange.test_round_trip import FIELDS, META, check_shape

FILES: Final = {
    "instruments/par-dpia-form/iama.yaml": "iama-officieel",
    "instruments/par-dpia-form-add_aiia/aiia.yaml": "",
}


@functools.cache
def imported(name: str) -> Questionnaire:
    return import_file(shared_file(name), "definitie.yaml", Wishes(id=FILES[name], year=2026)).questionnaire


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_answers_to_an_imported_set_go_there_and_back(name: str, data: st.DataObject) -> None:
    questionnaire = imported(name)
    answers = data.draw(answers_to(questionnaire))
    written = export_answers(questionnaire, answers, META)
    check_shape(written)
    found = read_answers(written, questionnaire)
    assert (found.answers, found.losses) == (answers, ())


def test_the_official_iama_under_another_id_has_the_fields_of_the_shipped_one() -> None:
    ids = answer_ids(imported("instruments/par-dpia-form/iama.yaml"))
    assert ids is not None
    assert (ids.urn, [task.id for task in ids.tasks]) == ("urn:nl:iama:2.0", FIELDS)


def test_a_real_choice_is_read_and_written_as_it_is_there() -> None:
    questionnaire = imported("instruments/par-dpia-form/iama.yaml")
    right = "Recht op persoonsgegevensbescherming / informationele privacyrechten"
    file = a_file({**one("1.3.1", "true"), **one("2.1.1.1", "niet-zelflerend"), **one("4.1.1.1", [right])})
    found = read_answers(file, questionnaire)
    assert found.losses == ()
    assert found.answers[Slot("1.3.1")] == Answer(choice="yes")
    again = export_answers(questionnaire, found.answers, META).decode()
    assert (right in again, '"niet-zelflerend"' in again, '"value": "true"' in again) == (True, True, True)
