from __future__ import annotations

import json
from typing import Any

import pytest

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.checks import problems
from ethiek.questionnaires.exchange.imported import Imported, What
from ethiek.questionnaires.exchange.importing import import_file
from ethiek.questionnaires.model import (
    Check,
    Combine,
    Conclusion,
    Effect,
    Group,
    Kind,
    Level,
    Question,
    Section,
    StopRule,
    Test,
)
from tests.unit.questionnaires.exchange.definitions import (
    EVERYTHING,
    LETTERS,
    NO,
    YES,
    YES_NO,
    definition,
    field,
    group,
    text,
    when,
)


def imported(data: dict[str, Any]) -> Imported:
    return import_file(json.dumps(data).encode(), "proef.json")


def questions(data: dict[str, Any]) -> dict[str, Question]:
    return {one.id: one for one in imported(data).questionnaire.questions()}


def sections(data: dict[str, Any]) -> dict[str, Section]:
    return {one.id: one for _, one in imported(data).questionnaire.sections()}


def losses(data: dict[str, Any]) -> list[tuple[What, str, str]]:
    return [(loss.what, loss.at, loss.value) for loss in imported(data).losses if loss.at]


def refusal(data: dict[str, Any]) -> str:
    with pytest.raises(QuestionnaireError) as caught:
        import_file(json.dumps(data, indent=0).encode(), "proef.json")
    return str(caught.value)


def test_kinds_follow_the_types() -> None:
    assert {one.id: one.kind for one in questions(EVERYTHING).values()} == {
        "1.1": Kind.YES_NO,
        "1.2": Kind.CHOICE,
        "1.3": Kind.MULTI_CHOICE,
        "1.4": Kind.SHORT_TEXT,
        "1.5": Kind.NUMBER,
        "1.6": Kind.DATE,
        "1.7": Kind.OPEN_TEXT,
        "1.8": Kind.OPEN_TEXT,
        "1.9": Kind.OPEN_TEXT,
        "1.10": Kind.OPEN_TEXT,
        "2.1": Kind.YES_NO,
        "2.2": Kind.TABLE,
        "2.3": Kind.TABLE,
        "2.4": Kind.SHORT_TEXT,
        "2.5": Kind.CHOICE,
        "2.6": Kind.OPEN_TEXT,
        "2.7": Kind.OPEN_TEXT,
        "2.8": Kind.OPEN_TEXT,
        "2.10.1": Kind.TABLE,
        "3": Kind.OPEN_TEXT,
    }
    assert problems(imported(EVERYTHING).questionnaire) == ()


def test_conditions_are_asked_as_far_as_they_look_back_at_choices() -> None:
    assert {one.id: one.show_when for one in questions(EVERYTHING).values() if one.show_when} == {
        "1.4": Check("1.2", Test.IS, ("b",)),
        "1.5": Check("1.3", Test.HAS, ("c",)),
        "1.6": Check("1.1", Test.IS, ("no",)),
        "1.7": Group(Combine.ALL, (Check("1.3", Test.HAS, ("a",)), Check("1.3", Test.HAS, ("b",)))),
        "1.8": Check("1.2", Test.IS, ("a", "b", "c")),
        "2.2": Check("2.1", Test.IS, ("yes",)),
    }


def test_every_loss_is_named_with_its_place() -> None:
    found = losses(EVERYTHING)
    unsaid = [loss for loss in found if loss[0] is What.REQUIRED_UNKNOWN]

    assert sorted(loss for loss in found if loss not in unsaid) == sorted(
        [
            (What.HTML, "0", "script"),
            (What.MOVED_TEXT, "0", "Tekst 0"),
            (What.CATEGORY, "1", "Begin"),
            (What.DEFAULT, "1.2", "a"),
            (What.CATEGORY, "1.2", "Dieren"),
            (What.CALCULATION, "1.3", "dieren"),
            (What.CONDITION, "1.9", "show: 1.4 equals x"),
            (What.CONDITION, "1.10", "show: 2.1 equals true"),
            (What.REFERENCE, "2", "DPIA 12.1"),
            (What.INSTANCE_LABEL, "2.2", "dier"),
            (What.IN_TABLE, "2.2.3", "checkbox_option"),
            (What.CONDITION, "2.2.4", "2.2.2"),
            (What.SOURCE_OPTIONS, "2.4", "2.2.1"),
            (What.SOURCE_OPTIONS, "2.5", "1.2"),
            (What.NOT_BUILT, "2.6", "image"),
            (What.UNKNOWN_TYPE, "2.7", "hologram"),
            (What.UNKNOWN_KEY, "2.7", "colour"),
            (What.NO_OPTIONS, "2.8", "radio_option"),
            (What.NOTICE, "2.9", "2.1"),
            (What.REPEAT, "2.10", ""),
            (What.INSTANCE_MAPPING, "2.10", "2.2.1"),
            (What.REFERENCE, "3", "proef 1.1 pre-fill"),
            (What.NOT_BUILT, "3", "x.png"),
            (What.MOVED_TEXT, "4", "Tekst 4"),
            (What.OUTCOME, "IAMA", "required: veel: scores.dieren > 4"),
        ]
    )
    assert len(unsaid) == 18


def test_answers_are_shown_where_options_or_rows_would_come_from_them() -> None:
    assert {one.id: one.recalls for one in questions(EVERYTHING).values() if one.recalls} == {
        "2.4": ("2.1", "2.2"),
        "2.5": ("1.2",),
        "2.10.1": ("2.2",),
    }


def test_text_that_shows_up_after_an_answer_is_a_warning_there() -> None:
    assert questions(EVERYTHING)["2.1"].stops == (
        StopRule(Check("2.1", Test.IS, ("no",)), Effect.WARN, "Stop hier."),
    )


def test_group_that_can_be_repeated_is_a_table_with_a_column_per_field() -> None:
    table = questions(EVERYTHING)["2.2"]

    assert [(one.id, one.kind, len(one.options)) for one in table.columns] == [
        ("2.2.1", Kind.SHORT_TEXT, 0),
        ("2.2.2", Kind.CHOICE, 3),
        ("2.2.3", Kind.SHORT_TEXT, 0),
        ("2.2.4", Kind.DATE, 0),
    ]


def test_outcome_rule_keeps_the_ways_that_can_be_asked_each_with_its_reason() -> None:
    def iama(check: Check, reason: str) -> Conclusion:
        return Conclusion("IAMA", "IAMA verplicht", Level.REQUIRED, check, reason, "iama")

    assert imported(EVERYTHING).questionnaire.conclusions == (
        iama(Check("1.1", Test.IS, ("yes",)), "het mag niet"),
        iama(Check("1.3", Test.HAS, ("a", "b", "c")), "er staat iets op de lijst"),
    )


def test_texts_stand_before_what_follows_them_and_at_the_end_after_it() -> None:
    parts = {one.id: one for one in imported(EVERYTHING).questionnaire.parts}

    assert parts["1"].intro == "**Tekst 0**\n\nLees dit **eerst**."
    assert parts["3"].sections[-1].intro == "**Tekst 4**\n\nTot slot."


def test_groups_in_groups_give_sections_under_both_titles() -> None:
    found = sections(
        definition(
            group(
                "1",
                group(
                    "1.1",
                    field("1.1.1"),
                    group("1.1.2", field("1.1.2.1"), description="Over <em>twee</em>."),
                    field("1.1.3"),
                ),
            )
        )
    )

    assert {
        id_: (one.title, one.intro, [question.id for question in one.questions]) for id_, one in found.items()
    } == {
        "1.1": ("Groep 1.1", "", ["1.1.1"]),
        "1.1.2": ("Groep 1.1 – Groep 1.1.2", "Over *twee*.", ["1.1.2.1"]),
        "1.1-2": ("Groep 1.1", "", ["1.1.3"]),
    }


def test_condition_of_a_group_holds_for_its_sections_together_with_those_around_it() -> None:
    inner = group("1.2.1", field("1.2.1.1"), **when("1.1", "equals", "b", "hide"))
    data = definition(
        group(
            "1",
            field("1.0", "radio_option", **YES_NO),
            field("1.1", "radio_option", **LETTERS),
            group("1.2", inner, **when("1.0")),
        ),
        group("2", field("2.1"), **when("1.0", "equals", NO)),
    )

    both = Group(Combine.ALL, (Check("1.0", Test.IS, ("yes",)), Check("1.1", Test.IS, ("a", "c"))))
    assert sections(data)["1.2.1"].show_when == both
    assert imported(data).questionnaire.parts[1].show_when == Check("1.0", Test.IS, ("no",))


def test_hiding_after_a_ticked_option_shows_as_long_as_it_is_not_ticked() -> None:
    found = questions(
        definition(
            group(
                "1",
                field("1.1", "checkbox_option", **LETTERS),
                field("1.2", **when("1.1", "contains", "a", "hide")),
            )
        )
    )

    assert found["1.2"].show_when == Check("1.1", Test.LACKS, ("a",))


def test_third_option_of_a_yes_no_question_makes_it_a_choice() -> None:
    options = [
        {"value": False, "label": "Nee"},
        {"value": True, "label": "Ja"},
        {"value": None, "label": "Nvt"},
    ]
    found = questions(
        definition(
            group(
                "1",
                field("1.1", "radio_option", options=options),
                field("1.2", **when("1.1", "equals", YES)),
            )
        )
    )

    assert [(one.id, one.label) for one in found["1.1"].options] == [
        ("false", "Nee"),
        ("true", "Ja"),
        ("null", "Nvt"),
    ]
    assert found["1.2"].show_when == Check("1.1", Test.IS, ("true",))


def test_values_that_cannot_be_ids_get_one_of_their_own() -> None:
    options = [{"value": "Zeer vaak!"}, {"value": "zeer vaak"}, {"value": "é", "label": "Soms"}]
    data = definition(group("1", field("1.1", "radio_option", options=options)))

    assert [(one.id, one.label) for one in questions(data)["1.1"].options] == [
        ("zeer-vaak", "Zeer vaak!"),
        ("zeer-vaak-2", "zeer vaak"),
        ("e", "Soms"),
    ]
    assert (What.OPTION_VALUE, "1.1", "é") in losses(data)


def test_id_that_cannot_be_one_of_ours_is_kept_as_the_source() -> None:
    long = "1." + "9" * 60
    found = questions(definition(group("1", field(long))))

    assert [(one.id, one.source) for one in found.values()] == [(long[:40], long)]


def test_text_longer_than_a_question_continues_in_the_help_text() -> None:
    data = definition(group("1", field("1.1", task="woord " * 1000, description="Hulp.")))
    question = questions(data)["1.1"]

    assert len(question.text) <= 4000
    assert f"{question.text} {question.help}" == ("woord " * 1000).strip() + "\n\nHulp."
    assert (What.LONG_TEXT, "1.1", "text") in losses(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (definition(field("1"), field("1")), "id 1 appears twice"),
        (definition({"task": "Zonder id"}), "the task has no id"),
        (definition(text("1")), "there is nothing to answer"),
        (definition(field("1", tasks="x")), "tasks must be a list"),
        (definition(field("1", repeatable="soms")), "repeatable must be true or false"),
        (definition(field("1", "radio_option", options={"a": 1})), "options must be a list"),
    ],
)
def test_what_is_no_definition_is_refused_with_its_line(data: dict[str, Any], reason: str) -> None:
    assert refusal(data).endswith(reason)
    assert refusal(data).startswith("proef.json, line ")
