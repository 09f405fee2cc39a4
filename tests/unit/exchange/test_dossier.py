from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import jsonschema
import pytest
import rfc8785

from ethiek.domain.answers import Answer, Slot
from ethiek.errors import RenderError
from ethiek.exchange.blocks import Grid, Text, Written
from ethiek.exchange.composing import NOT_SIGNED, TO_CONFIRM, UNANSWERED, compose
from ethiek.exchange.dossier import DossierExport, Remark, Reply, State
from ethiek.exchange.dossier_json import SCHEMA, to_json
from ethiek.exchange.formats import FORMATS
from ethiek.exchange.layout import Source, lay_out
from ethiek.exchange.typed import Typed, literal
from ethiek.markup import Emphasis, plain, read, to_text
from ethiek.markup import Text as Markup
from ethiek.questionnaires.canonical import canonical
from ethiek.reports.values import Table
from tests.question_sets import FIRST, a_questionnaire
from tests.unit.exchange.dossiers import EARLIER, EXPORTED, REMARK, SOME_ANSWERS, a_dossier, content


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
        "to_confirm": None,
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


def test_files_are_listed_and_not_taken_along() -> None:
    rows = [
        {
            "question": question,
            "item": "",
            "name": name,
            "description": "Wat | *het* is.",
            "type": "text/csv",
            "size": 12,
            "sha256": digit * 64,
        }
        for question, name, digit in (("", "brief.csv", "a"), ("1.1.1", "telling.csv", "b"))
    ]
    dossier = replace(a_dossier(), attachments=tuple(rows))
    found = json.loads(to_json(dossier))
    assert found["attachments"] == rows
    assert list(validator().iter_errors(found)) == []
    [grid] = [one for one in compose(dossier).blocks if isinstance(one, Grid) and one.name == "Bijlagen"]
    assert grid.table.rows == tuple(
        tuple(map(literal, (name, place, "Wat | *het* is.", digit * 64)))
        for name, place, digit in (("brief.csv", "het hele dossier", "a"), ("telling.csv", "1.1.1", "b"))
    )
    for one in FORMATS.values():
        assert one.render(dossier)


def test_dossier_without_files_does_not_speak_of_them() -> None:
    assert "attachments" not in json.loads(to_json(a_dossier()))
    assert all(not isinstance(one, Grid) or one.name != "Bijlagen" for one in compose(a_dossier()).blocks)


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
    set_ = json.loads(canonical(questionnaire))
    with pytest.raises(RenderError):
        lay_out(Source(State.DRAFT, EXPORTED, set_, found, [], ()))


def test_every_document_begins_with_what_it_is_not() -> None:
    for state in State:
        assert compose(a_dossier(state)).blocks[0].text == NOT_SIGNED  # type: ignore[union-attr]


def test_only_a_draft_says_what_is_not_answered_yet() -> None:
    def texts(state: State) -> list[str]:
        answers = {FIRST: Answer(text="Drukte.")}
        return [getattr(block, "text", "") for block in compose(a_dossier(state, answers)).blocks]

    assert texts(State.DRAFT).count(UNANSWERED) == 2
    assert texts(State.SUBMITTED).count(UNANSWERED) == 0


def test_an_answer_that_waits_to_be_confirmed_says_so_and_where_it_came_from() -> None:
    def waiting(state: State) -> list[tuple[str, str]]:
        blocks = compose(a_dossier(state)).blocks
        return [(one.label, one.text) for one in blocks if isinstance(one, Text) and one.label == TO_CONFIRM]

    text = "overgenomen uit IAMA 1.0, daar geschreven op 1 januari 2026, 08:00 uur UTC bij: 1 Waarom?"
    assert (waiting(State.DRAFT), waiting(State.SUBMITTED)) == ([("Nog te bevestigen", text)], [])


def test_an_answer_that_waits_to_be_confirmed_says_so_in_json() -> None:
    questions = json.loads(to_json(a_dossier()))["parts"][0]["sections"][0]["groups"][0]["questions"]
    assert [question["to_confirm"] for question in questions] == [
        None,
        {"origin": "IAMA 1.0", "question": "1 Waarom?", "at": "2026-01-01T08:00:00Z"},
        None,
    ]


@pytest.mark.parametrize("extension", ["odt", "docx", "md"])
def test_every_kind_of_document_marks_what_waits_to_be_confirmed(extension: str) -> None:
    data = FORMATS[extension].render(a_dossier())
    if extension != "md":
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            data = file.read("content.xml" if extension == "odt" else "word/document.xml")
    assert data.decode().count("Nog te bevestigen") == 1


def laid_out_with(text: str, format_: str = "ethiek-snapshot/2", intro: str = "") -> DossierExport:
    """A dossier with this text as answer, considerations, cell, remark and reply."""
    questionnaire = a_questionnaire()
    answer = Answer(text=text, considerations=text)
    found = content({FIRST: answer, Slot("2.2.1"): Answer(rows=({"what": text},))}, questionnaire)
    set_ = json.loads(canonical(questionnaire))
    set_["parts"][0]["intro"] = set_["parts"][0]["sections"][0]["intro"] = intro
    remark = {**REMARK, "text": text, "replies": [{"by": "Noor", "text": text, "at": EXPORTED}]}
    earlier = replace(EARLIER, text=text, answer={"considerations": text})
    return lay_out(Source(State.DRAFT, EXPORTED, set_, found | {"format": format_}, [remark], (earlier,)))


@pytest.mark.parametrize("format_", ["ethiek-snapshot/1", "ethiek-snapshot/2"])
def test_texts_of_an_older_round_are_plain_text(format_: str) -> None:
    dossier = laid_out_with("- *x*", format_)
    written = [one.content for one in compose(dossier).blocks if isinstance(one, Written)]
    light = format_ == "ethiek-snapshot/2"
    assert written == [read("- *x*") if light else plain("- *x*")] * 6
    cells = [one.table.rows[0][0] for one in compose(dossier).blocks if isinstance(one, Grid)][1:]
    text = (Markup("- "), Emphasis((Markup("x"),))) if light else (Markup("- *x*"),)
    assert cells == [text] * 2
    assert json.loads(to_json(dossier))["light_markdown"] is light


def test_texts_of_the_question_set_are_light_markdown_in_every_round() -> None:
    dossier = laid_out_with("x", "ethiek-snapshot/1", intro="- *punt*")
    written = [one for one in compose(dossier).blocks if isinstance(one, Written)]
    assert [one.content for one in written if one.quiet] == [read("- *punt*")] * 2
    part = json.loads(to_json(dossier))["parts"][0]
    assert (part["intro"], part["sections"][0]["intro"]) == ("- *punt*", "- *punt*")


def test_paragraphs_of_a_cell_stand_apart() -> None:
    grid = Typed(light_markdown=True).table("t", Table(("k",), (("een\n\n**twee**",),), (100,)))
    assert to_text((grid.table,)) == "k\neen\n\ntwee"
