from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.carried import slots_of
from ethiek.exchange.answers_file import Meta, export_answers, read_answers, without_place
from ethiek.questionnaires.answer_ids import load_answer_ids
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import Column, Kind, Option, Part, Question, Questionnaire, Section
from tests.question_sets import a_questionnaire
from tests.unit.exchange.answers_strategy import an_answer, answers_to

IAMA = load_catalogue().get("iama/2.0")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
META = Meta(NOW, {})

FIELDS = [
    "1.1.1", "1.1.2", "1.2.1", "1.2.2", "1.3.1", "1.3.2", "1.3.4", "1.4.1.1", "1.4.1.2", "1.4.1.3", "1.4.2",
    "1.4.3", "1.actiepunten.tekst", "2.1.1.1", "2.1.1.2", "2.1.2", "2.2A.1", "2.2A.2", "2.2A.3", "2.2B.1",
    "2.2B.2", "2.2B.3", "2.2B.4", "2.3.1", "2.3.2", "2.3.3", "2.4.1", "2.4.2", "2.4.3", "2.5.1", "2.5.2",
    "2.5.3", "2.actiepunten.tekst", "3.1.1", "3.1.2", "3.1.3", "3.1.4", "3.1.5", "3.2.1", "3.2.2", "3.2.3",
    "3.2.4", "3.3.1", "3.3.2", "3.3.3", "3.3.4", "3.4.1", "3.4.2", "3.4.3", "3.4.4", "3.4.5", "3.5.1",
    "3.5.2", "3.5.3", "3.5.4", "3.5.5", "3.5.6", "3.5.7", "3.actiepunten.tekst", "4.1.1.1", "4.1.1.2",
    "4.1.2.2", "4.1.2.3", "4.1.3", "4.2.1", "4.2.2", "4.2.3", "4.2.4", "4.2.5", "4.3.1", "4.3.2", "4.3.3",
    "4.4.1", "4.4.2", "4.5.1", "4.5.2", "4.5.3", "4.5.4", "4.actiepunten.tekst", "5.A.1", "5.A.3", "5.A.5",
    "5.A.6", "5.A.2", "5.A.4", "5.B", "5.C",
]  # fmt: skip
"""Every answer field of the definition of IAMA 2.0, in its order."""

ANSWER = {
    "type": "object",
    "required": ["value", "lastEditedAt"],
    "properties": {
        "value": {
            "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}, {"type": "null"}]
        },
        "lastEditedAt": {"type": "string", "format": "date-time"},
    },
}
SHAPE = {
    "type": "object",
    "required": ["$schema", "metadata", "answers"],
    "properties": {
        "$schema": {
            "const": "https://github.com/MinBZK/par-dpia-form/blob/main/schemas/assessment-output.v2.schema.json"
        },
        "metadata": {
            "type": "object",
            "required": ["urn", "createdAt"],
            "properties": {
                "urn": {"type": "string", "pattern": r"^urn:nl:[a-z]+:[0-9]+\.[0-9]+$"},
                "createdAt": {"type": "string", "format": "date-time"},
            },
        },
        "answers": {
            "type": "object",
            "propertyNames": {"pattern": r"^[0-9]+(\.[0-9A-Za-z-]+)*(\[[0-9]+\])?$"},
            "additionalProperties": {
                "oneOf": [
                    ANSWER,
                    {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["_index"],
                            "properties": {"_index": {"type": "integer", "minimum": 0}},
                            "additionalProperties": {"oneOf": [ANSWER, {"type": "integer"}]},
                        },
                    },
                ]
            },
        },
    },
}
"""What the published schema asks, with the letters in ids that the definition of IAMA has."""

OWN = Questionnaire(
    id="toets",
    version="1.2",
    title="Toets",
    short_title="Toets",
    language="nl",
    choose_when=("a", "b"),
    source=a_questionnaire().source,
    roles=(),
    parts=(
        Part(
            "1",
            "Deel",
            (
                Section(
                    "1.1",
                    "Onderwerp",
                    (
                        Question("1.1.1", "Open", Kind.OPEN_TEXT),
                        Question("1.1.2", "Ja of nee", Kind.YES_NO, explain=True),
                        Question(
                            "1.1.3",
                            "Keuze",
                            Kind.CHOICE,
                            options=(Option("laag", "Laag"), Option("heel-hoog", "Heel hoog")),
                        ),
                        Question("1.1.4", "Wanneer", Kind.DATE),
                        Question("1.1.5", "Hoeveel", Kind.NUMBER),
                        Question("x-2", "Anders genummerd", Kind.SHORT_TEXT, source="1.1.6"),
                        Question(
                            "1.2",
                            "Groep",
                            Kind.TABLE,
                            columns=(
                                Column("1.2.1", "Wie"),
                                Column(
                                    "1.2.2", "Mag", Kind.CHOICE, (Option("yes", "Ja"), Option("no", "Nee"))
                                ),
                            ),
                        ),
                        Question(
                            "1.3", "Telkens", Kind.TABLE, columns=(Column("1.3", "Tekst", Kind.OPEN_TEXT),)
                        ),
                        Question(
                            "1.4", "Meer", Kind.MULTI_CHOICE, options=(Option("a", "A"), Option("b", "B"))
                        ),
                    ),
                ),
            ),
        ),
    ),
)
"""As a set looks that came from an assessment definition: it kept its ids."""


def check_shape(data: bytes) -> None:
    document = json.loads(data)
    jsonschema.Draft202012Validator(SHAPE).validate(document)


@pytest.mark.parametrize("questionnaire", [IAMA, OWN], ids=["iama", "own"])
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_written_is_read_back_exactly(questionnaire: Questionnaire, data: st.DataObject) -> None:
    answers = data.draw(answers_to(questionnaire))
    written = export_answers(questionnaire, answers, META)
    check_shape(written)
    found = read_answers(written, questionnaire)
    assert (found.answers, found.losses) == (answers, ())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_without_our_own_member_only_what_was_listed_is_missing(data: st.DataObject) -> None:
    answers = data.draw(answers_to(IAMA))
    document = json.loads(export_answers(IAMA, answers, META))
    document.pop("ethiek", None)
    found = read_answers(json.dumps(document).encode(), IAMA).answers
    listed = without_place(IAMA, answers)
    assert {slot for slot in answers if found.get(slot) != answers[slot]} == set(listed)


@pytest.mark.parametrize("question", [question.id for question in IAMA.questions()])
@settings(max_examples=5, deadline=None)
@given(st.data())
def test_every_question_of_iama_goes_there_and_back(question: str, data: st.DataObject) -> None:
    slots = {slot: one for slot, one in slots_of(IAMA).items() if slot.question == question}
    slot = data.draw(st.sampled_from(sorted(slots)))
    answer = data.draw(an_answer(slots[slot]))
    given = {slot: answer} if answer != Answer() else {}
    assert read_answers(export_answers(IAMA, given, META), IAMA).answers == given


def test_every_field_of_iama_and_every_question_has_its_place() -> None:
    ids = load_answer_ids()["iama/2.0"]
    assert list(dict.fromkeys(task.id for task in ids.tasks)) == FIELDS
    questions = {question.id: question for question in IAMA.questions()}
    assert {task.question for task in ids.tasks} == questions.keys()
    for task in ids.tasks:
        question = questions[task.question]
        columns = {column.id: column for column in question.columns}
        assert set(task.values.values()) <= set(question.option_ids)
        assert (task.column in columns) == (question.kind is Kind.TABLE)
        assert task.where is None or task.where[1] in {option.id for option in columns[task.where[0]].options}


def test_labels_that_separate_texts_are_different_from_each_other() -> None:
    for question in IAMA.questions():
        labels = [option.label for option in question.options]
        assert len(set(labels)) == len(labels)
        assert len({column.label for column in question.columns}) == len(question.columns)


def test_the_moment_of_an_answer_goes_along() -> None:
    edited = datetime(2026, 2, 1, 8, 15, tzinfo=UTC)
    data = export_answers(
        IAMA, {Slot("1.1.1"): Answer(text="x")}, replace(META, edited={Slot("1.1.1"): edited})
    )
    assert json.loads(data)["answers"] == {
        "1.1.1": {"value": "x", "lastEditedAt": "2026-02-01T08:15:00.000Z"}
    }
    assert read_answers(data, IAMA).edited == {Slot("1.1.1"): edited}
