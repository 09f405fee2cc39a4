"""What a file may say about limits of texts, word lists, conclusions and translations."""

from __future__ import annotations

import pytest

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.catalogue import parse
from ethiek.questionnaires.model import Check, Column, Conclusion, Kind, Level, Question, Test, TextLimits
from tests.unit.questionnaires.small import SMALL

WHERE = "toets/1.0.yaml"
REPEATED = '{id: "1.2.1", text: "Hoe erg?", kind: "open_text"}'


def with_question(fields: str) -> str:
    assert SMALL.count(REPEATED) == 1
    return SMALL.replace(REPEATED, f'{{id: "1.2.1", text: "Hoe erg?", {fields}}}')


def with_conclusions(*conclusions: str) -> str:
    return SMALL + "conclusions:\n" + "".join(f"  - {one}\n" for one in conclusions)


def conclusion(when: str, title: str = "DEDA") -> str:
    fields = 'id: "deda", level: "required", reason: "Doe dit.", instrument: "deda"'
    return f'{{{fields}, title: "{title}", when: {when}}}'


def refusal(text: str) -> str:
    with pytest.raises(QuestionnaireError) as caught:
        parse(text, WHERE)
    return str(caught.value)


def question_of(text: str) -> Question:
    return list(parse(text, WHERE).questions())[-1]


def test_parse_reads_the_limits_and_the_word_list_of_a_text() -> None:
    fields = 'kind: "short_text", suggests: "codio", limits: {max_words: 15, without: ["hoe", ","]}'
    assert question_of(with_question(fields)) == Question(
        "1.2.1",
        "Hoe erg?",
        Kind.SHORT_TEXT,
        limits=TextLimits(15, without=("hoe", ",")),
        suggests="codio",
    )


def test_parse_reads_the_word_list_of_a_column() -> None:
    fields = 'kind: "table", columns: [{id: "a", label: "A", suggests: "codio"}]'
    assert question_of(with_question(fields)).columns == (Column("a", "A", suggests="codio"),)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ('kind: "date", suggests: "codio"', "question 1.2.1: suggests: not for date"),
        ('kind: "yes_no", limits: {max_words: 3}', "question 1.2.1: limits: not for yes_no"),
        (
            'kind: "open_text", limits: {without: ["Hoe"]}',
            "question 1.2.1: limits: without: Hoe is not in lower case",
        ),
        (
            'kind: "table", columns: [{id: "a", label: "A", kind: "date", suggests: "codio"}]',
            "question 1.2.1, column a: suggests: not for date",
        ),
    ],
)
def test_parse_refuses_limits_and_word_lists_at_what_is_no_text(fields: str, reason: str) -> None:
    assert refusal(with_question(fields)) == f"{WHERE}, {reason}"


def test_parse_reads_conclusions_and_several_may_have_one_id() -> None:
    yes, no = (conclusion(f'{{question: "1.1.1", is: ["{choice}"]}}') for choice in ("yes", "no"))
    assert parse(with_conclusions(yes, no), WHERE).conclusions == tuple(
        Conclusion(
            "deda", "DEDA", Level.REQUIRED, Check("1.1.1", Test.IS, (choice,)), "Doe dit.", instrument="deda"
        )
        for choice in ("yes", "no")
    )


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ('{question: "9.9", is: ["yes"]}', ", when: question: there is no question 9.9"),
        ('{question: "1.1.1", has: ["yes"]}', ", when: has cannot look at the yes_no 1.1.1"),
        ('{question: "1.1.1", is: ["maybe"]}', ", when: question 1.1.1 has no option maybe"),
        (
            '{any: [{question: "1.1.1", is: ["no"]}, {question: "1.1.3", is: ["x"]}]}',
            ", when: is cannot look at the open_text 1.1.3",
        ),
    ],
)
def test_parse_refuses_a_conclusion_from_what_cannot_be_looked_at(when: str, reason: str) -> None:
    assert refusal(with_conclusions(conclusion(when))) == f"{WHERE}, conclusion deda{reason}"


def test_parse_refuses_a_conclusion_from_a_repeated_question() -> None:
    text = with_conclusions(conclusion('{question: "1.2.1", is: ["yes"]}'))
    repeated = text.replace(REPEATED, REPEATED.replace("open_text", "yes_no"))
    assert refusal(repeated) == (
        f"{WHERE}, conclusion deda, when: question 1.2.1 is in another repeated section"
    )


def test_parse_refuses_one_conclusion_with_two_titles() -> None:
    when = '{question: "1.1.1", is: ["no"]}'
    assert refusal(with_conclusions(conclusion(when), conclusion(when, "IAMA"))) == (
        f"{WHERE}, conclusion deda: title: has two"
    )


def test_parse_refuses_a_translation_of_itself() -> None:
    assert parse(SMALL + 'translates: "toets/0.9"\n', WHERE).translates == "toets/0.9"
    assert refusal(SMALL + 'translates: "toets/1.0"\n') == f"{WHERE}: translates: itself"
