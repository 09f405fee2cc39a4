from __future__ import annotations

import json

import jsonschema
import pytest
import rfc8785

from ethiek.domain.answers import Answer
from ethiek.errors import RenderError
from ethiek.exchange.composing import NOT_SIGNED, UNANSWERED, compose
from ethiek.exchange.dossier import Remark, Reply, State
from ethiek.exchange.dossier_json import SCHEMA, to_json
from ethiek.exchange.layout import Source, lay_out
from ethiek.questionnaires.canonical import canonical
from tests.question_sets import FIRST, a_questionnaire
from tests.unit.exchange.dossiers import EARLIER, EXPORTED, SOME_ANSWERS, a_dossier, content


def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.mark.parametrize("state", State)
def test_json_is_canonical_and_follows_its_schema(state: State) -> None:
    data = to_json(a_dossier(state))
    found = json.loads(data)
    assert list(validator().iter_errors(found)) == []
    assert rfc8785.dumps(found) == data


def test_json_holds_every_question_that_is_asked_also_without_an_answer() -> None:
    found = json.loads(to_json(a_dossier()))
    asked = [
        (question["question"], question["item"], question["answered"])
        for part in found["parts"]
        for section in part["sections"]
        for group in section["groups"]
        for question in group["questions"]
    ]
    assert asked == [
        ("1.1.1", "", True),
        ("1.1.2", "", True),
        ("1.1.4", "", True),
        ("2.1.1", "privacy", True),
        ("2.1.1", "equality", False),
        ("2.2.1", "", True),
    ]


def test_json_of_a_question_holds_what_was_stored_and_how_it_reads() -> None:
    found = json.loads(to_json(a_dossier()))
    question = found["parts"][0]["sections"][0]["groups"][0]["questions"][2]
    assert question == {
        "question": "1.1.4",
        "item": "",
        "number": "1.1.4",
        "text": "Welke rechten raakt het?",
        "kind": "multi_choice",
        "help": "",
        "optional": False,
        "who": [],
        "answered": True,
        "answer": {"choices": ["privacy", "equality"]},
        "chosen": ["Privacy", "Gelijke behandeling"],
        "table": None,
        "warnings": [],
        "remarks": [],
    }


def test_a_submitted_dossier_says_when_and_by_whom_and_a_draft_does_not() -> None:
    submitted = json.loads(to_json(a_dossier(State.SUBMITTED)))
    assert submitted["submitted"] == {"at": "2026-02-03T08:00:00Z", "by": "Noor"}
    assert json.loads(to_json(a_dossier(State.DRAFT)))["submitted"] is None


def test_action_points_stand_together_under_their_part() -> None:
    found = json.loads(to_json(a_dossier()))["actions"]
    assert found == [
        {
            "part": "2 Grondrechten",
            "question": "2.2.1",
            "columns": ["Wat", "Wanneer"],
            "rows": [["Bord plaatsen", "1 april 2026"]],
        }
    ]


def test_what_the_question_set_concluded_is_taken_along() -> None:
    found = json.loads(to_json(a_dossier()))["conclusions"]
    assert found == [{"title": "DPIA", "level": "Nodig", "reason": "Er zijn persoonsgegevens."}]


def test_a_remark_stands_at_its_question_or_names_it() -> None:
    dossier = a_dossier()
    entry = dossier.parts[0].sections[0].groups[0].entries[0]
    reply = Reply("Noor", "Om te tellen.", "2026-02-02T10:00:00Z")
    assert entry.remarks == (Remark(1, "", "Mila", "Waarom deze camera?", "2026-02-01T10:00:00Z", (reply,)),)
    assert [(remark.about, remark.text) for remark in dossier.remarks] == [
        ("1.1.3 Hoe lang al?", "Hoe lang dan?")
    ]


def test_earlier_answers_are_taken_along() -> None:
    assert a_dossier().earlier == (EARLIER,)
    assert json.loads(to_json(a_dossier()))["earlier_answers"][0]["answer"] == {"text": "Oud antwoord."}


def test_an_answer_at_no_question_is_not_left_out_silently() -> None:
    questionnaire = a_questionnaire()
    found = content(SOME_ANSWERS, questionnaire)
    found["answers"].append({"question": "9.9", "item": "", "answer": {"text": "?"}})
    plain = json.loads(canonical(questionnaire))
    with pytest.raises(RenderError):
        lay_out(Source(State.DRAFT, EXPORTED, plain, found, [], ()))


def test_every_document_begins_with_what_it_is_not() -> None:
    for state in State:
        assert compose(a_dossier(state)).blocks[0].text == NOT_SIGNED  # type: ignore[union-attr]


def test_only_a_draft_says_what_is_not_answered_yet() -> None:
    def texts(state: State) -> list[str]:
        answers = {FIRST: Answer(text="Drukte.")}
        return [getattr(block, "text", "") for block in compose(a_dossier(state, answers)).blocks]

    assert texts(State.DRAFT).count(UNANSWERED) == 2
    assert texts(State.SUBMITTED).count(UNANSWERED) == 0
