"""Moreel beraad against the eight steps of the method, written down by hand."""

from __future__ import annotations

from typing import Final

from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import Kind, TextLimits

BERAAD: Final = load_catalogue().get("moreel-beraad/ofl-2021")
QUESTIONS: Final = {question.id: question for question in BERAAD.questions()}


def test_steps_are_numbered_as_in_the_method_and_hold_their_questions() -> None:
    assert [
        (section.number, [question.id for question in section.questions]) for _, section in BERAAD.sections()
    ] == [
        ("1", ["participants", "agreements"]),
        ("2", ["ethics"]),
        ("3", ["case", "moral-question"]),
        ("4", ["reasons"]),
        ("5", ["values"]),
        ("6", ["tensions", "parked"]),
        ("7", ["judgements"]),
        ("8", ["takeaways", "evaluation"]),
    ]


def test_questions_have_no_number_because_the_method_gives_none() -> None:
    assert [question.id for question in BERAAD.questions() if question.number] == []
    assert any("nummert stappen en geen vragen" in sentence for sentence in BERAAD.source.unresolved)


def test_it_says_that_the_manual_was_not_read_and_that_kinds_of_answers_are_ours() -> None:
    assert BERAAD.source.unresolved[:2] == (
        (
            "De handleiding zelf was voor ons niet in te zien. De stappen komen uit een beschrijving op de "
            "website ecde.nl."
        ),
        "De vorm van de antwoorden, zoals tabellen en korte teksten, is ons voorstel.",
    )


def test_only_the_moral_question_has_limits() -> None:
    assert {id_: question.limits for id_, question in QUESTIONS.items() if question.limits} == {
        "moral-question": TextLimits(max_words=15, one_sentence=True, without=("hoe", ","))
    }
    assert QUESTIONS["moral-question"].kind is Kind.SHORT_TEXT


def test_help_names_each_check_and_the_verbs_to_begin_with() -> None:
    help_ = QUESTIONS["moral-question"].help
    wanted = ("één zin", "15 woorden", "komma", "‘hoe’", "mogen", "willen", "kunnen", "moeten", "durven")
    assert [word for word in wanted if word not in help_] == []


def test_the_example_in_the_help_keeps_to_the_limits() -> None:
    example = QUESTIONS["moral-question"].help.split("Bijvoorbeeld: ")[1].split("?")[0]
    assert example == "Mogen wij bezoekers van een natuurgebied volgen met hun telefoon"
    assert len(example.split()) <= 15
    assert not {"hoe", ","} & set(example.lower().replace(",", " , ").split())


def test_tables_have_the_columns_of_the_steps() -> None:
    assert {
        id_: [(column.id, column.required) for column in question.columns]
        for id_, question in QUESTIONS.items()
        if question.kind is Kind.TABLE
    } == {
        "participants": [("participant", True), ("role", True)],
        "reasons": [("for", False), ("against", False)],
        "values": [("reason", True), ("value", True)],
        "tensions": [("value", True), ("other", True), ("where", False)],
        "parked": [("issue", True)],
        "judgements": [("participant", True), ("judgement", True), ("reason", True)],
    }


def test_values_are_suggested_where_values_are_asked() -> None:
    assert [
        (id_, column.id, column.suggests)
        for id_, question in QUESTIONS.items()
        for column in question.columns
        if column.suggests
    ] == [("values", "value", "codio"), ("tensions", "value", "codio"), ("tensions", "other", "codio")]


def test_steps_look_back_at_what_they_build_on() -> None:
    assert {id_: question.recalls for id_, question in QUESTIONS.items() if question.recalls} == {
        "reasons": ("moral-question",),
        "values": ("reasons",),
        "tensions": ("values",),
        "judgements": ("participants", "moral-question", "tensions"),
        "takeaways": ("judgements", "parked"),
    }


def test_only_the_note_on_ethics_and_the_parked_issues_may_be_left_out() -> None:
    assert [id_ for id_, question in QUESTIONS.items() if question.optional] == ["ethics", "parked"]


def test_only_the_facilitator_is_always_there() -> None:
    assert [role.id for role in BERAAD.roles if role.core] == ["facilitator"]


def test_every_question_says_why_it_is_asked_and_of_whom() -> None:
    assert [question.id for question in BERAAD.questions() if not (question.why and question.who)] == []
