from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ethiek.domain.answer_rules import Problem, ProblemCode, normalise, problems
from ethiek.domain.answers import Answer
from ethiek.domain.completeness import is_answered
from ethiek.questionnaires.model import Column, Kind, Option, Question

OPTIONS: Final = (Option("a", "A"), Option("b", "B"), Option("none", "Geen", exclusive=True))
COLUMNS: Final = (
    Column("who", "Wie"),
    Column("why", "Waarom", Kind.OPEN_TEXT),
    Column("day", "Dag", Kind.DATE),
    Column("pick", "Keuze", Kind.CHOICE, options=(Option("x", "X"), Option("y", "Y"))),
)


def a_question(kind: Kind, *, max_items: int | None = None) -> Question:
    return Question(
        "q",
        "Waarom?",
        kind,
        options=OPTIONS if kind in {Kind.CHOICE, Kind.MULTI_CHOICE} else (),
        columns=COLUMNS if kind is Kind.TABLE else (),
        max_items=max_items,
    )


def rows(*filled: dict[str, str]) -> Answer:
    return Answer(rows=filled)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (Kind.OPEN_TEXT, Answer()),
        (Kind.OPEN_TEXT, Answer(text="é\n\t🙂" + "x" * 19_996, considerations="x" * 20_000)),
        (Kind.SHORT_TEXT, Answer(text="x" * 200)),
        (Kind.YES_NO, Answer(choice="no", text="Niet nodig.")),
        (Kind.CHOICE, Answer(choice="b")),
        (Kind.MULTI_CHOICE, Answer(choices=("a", "b"))),
        (Kind.MULTI_CHOICE, Answer(choices=("none",))),
        (Kind.DATE, Answer(date="1900-01-01")),
        (Kind.DATE, Answer(date="2200-12-31")),
        (Kind.DATE, Answer(date="2024-02-29")),
        (Kind.NUMBER, Answer(number="0")),
        (Kind.NUMBER, Answer(number="-12.50")),
        (Kind.NUMBER, Answer(number="9" * 20)),
        (Kind.TABLE, rows({"who": "x" * 2000, "why": "", "day": "2026-03-12", "pick": "y"})),
        (Kind.TABLE, rows(*[{"who": "x"}] * 200)),
    ],
)
def test_problems_of_a_good_answer_are_none(kind: Kind, answer: Answer) -> None:
    assert problems(a_question(kind), answer) == ()


@pytest.mark.parametrize(
    ("kind", "answer", "problem"),
    [
        (Kind.OPEN_TEXT, Answer(text="x" * 20_001), Problem("text", ProblemCode.TOO_LONG, "20000")),
        (
            Kind.DATE,
            Answer(considerations="x" * 20_001),
            Problem("considerations", ProblemCode.TOO_LONG, "20000"),
        ),
        (Kind.TABLE, Answer(dissent="x" * 20_001), Problem("dissent", ProblemCode.TOO_LONG, "20000")),
        (Kind.SHORT_TEXT, Answer(text="x" * 201), Problem("text", ProblemCode.TOO_LONG, "200")),
        (
            Kind.TABLE,
            rows({"who": "x"}, {"who": "x" * 2001}),
            Problem("rows.1.who", ProblemCode.TOO_LONG, "2000"),
        ),
        (Kind.YES_NO, Answer(choice="maybe"), Problem("choice", ProblemCode.UNKNOWN_OPTION, "maybe")),
        (Kind.CHOICE, Answer(choice="yes"), Problem("choice", ProblemCode.UNKNOWN_OPTION, "yes")),
        (Kind.OPEN_TEXT, Answer(choice="yes"), Problem("choice", ProblemCode.UNKNOWN_OPTION, "yes")),
        (
            Kind.MULTI_CHOICE,
            Answer(choices=("a", "c")),
            Problem("choices", ProblemCode.UNKNOWN_OPTION, "c"),
        ),
        (
            Kind.MULTI_CHOICE,
            Answer(choices=("a", "none")),
            Problem("choices", ProblemCode.EXCLUSIVE_COMBINED, "none"),
        ),
        (Kind.TABLE, rows({"pick": "z"}), Problem("rows.0.pick", ProblemCode.UNKNOWN_OPTION, "z")),
        (Kind.TABLE, rows({"where": "hier"}), Problem("rows.0.where", ProblemCode.UNKNOWN_COLUMN, "where")),
        (Kind.TABLE, rows({"day": "12-03-2026"}), Problem("rows.0.day", ProblemCode.BAD_DATE)),
        (Kind.TABLE, rows(*[{"who": "x"}] * 201), Problem("rows", ProblemCode.TOO_MANY, "200")),
    ],
)
def test_problems_name_field_code_and_detail(kind: Kind, answer: Answer, problem: Problem) -> None:
    assert problems(a_question(kind), answer) == (problem,)


@pytest.mark.parametrize(
    ("kind", "answer", "field"),
    [
        (Kind.MULTI_CHOICE, Answer(choices=("a", "b")), "choices"),
        (Kind.TABLE, rows({"who": "x"}, {"who": "y"}), "rows"),
    ],
)
def test_problems_with_more_than_the_question_allows_name_the_limit(
    kind: Kind, answer: Answer, field: str
) -> None:
    assert problems(a_question(kind, max_items=2), answer) == ()
    assert problems(a_question(kind, max_items=1), answer) == (Problem(field, ProblemCode.TOO_MANY, "1"),)


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\x00", "U+0000"),
        ("\x0b", "U+000B"),
        ("\r", "U+000D"),
        ("\x1b", "U+001B"),
        ("\x7f", "U+007F"),
        ("\x85", "U+0085"),
        ("\ud800", "U+D800"),
        ("\udfff", "U+DFFF"),
        ("\ufffe", "U+FFFE"),
    ],
)
def test_problems_name_the_character_that_cannot_be_stored(character: str, name: str) -> None:
    text = f"a{character}b"
    code = ProblemCode.FORBIDDEN_CHARACTER
    assert problems(a_question(Kind.OPEN_TEXT), Answer(text=text, considerations=text)) == (
        Problem("text", code, name),
        Problem("considerations", code, name),
    )
    assert problems(a_question(Kind.TABLE), rows({"why": text})) == (Problem("rows.0.why", code, name),)


@pytest.mark.parametrize(
    "date",
    [
        "2026-02-29", "2026-13-01", "1899-12-31", "2201-01-01", "20260312", "2026-3-12", "2026-W11-4",
        "2026-03-12T00:00", "+2026-03-12", "٢٠٢٦-٠٣-١٢", "2026-03-12\n", "gisteren",
    ],
)  # fmt: skip
def test_problems_with_what_is_no_calendar_date(date: str) -> None:
    assert problems(a_question(Kind.DATE), Answer(date=date)) == (Problem("date", ProblemCode.BAD_DATE),)


@pytest.mark.parametrize(
    "number",
    [
        "NaN", "inf", "1e5", "-0", "-0.00", "1,5", "1.", ".5", "--1", "+1", "1_000", "٣", "1\n", "9" * 21,
        "1." + "0" * 20,
    ],
)  # fmt: skip
def test_problems_with_what_is_no_plain_decimal_number(number: str) -> None:
    assert problems(a_question(Kind.NUMBER), Answer(number=number)) == (
        Problem("number", ProblemCode.BAD_NUMBER),
    )


def test_normalise_cleans_texts_and_keeps_what_stands_before_them() -> None:
    raw = Answer(text="  Cafe\u0301\r\nja\r nee \t\n", considerations=" \u200b\n")
    assert normalise(a_question(Kind.OPEN_TEXT), raw) == Answer(text="  Café\nja\n nee")


def test_normalise_orders_choices_and_leaves_doubles_out_but_not_the_unknown() -> None:
    raw = Answer(choices=("c", "b", "a", "b", "c"))
    assert normalise(a_question(Kind.MULTI_CHOICE), raw) == Answer(choices=("a", "b", "c"))


def test_normalise_drops_empty_rows_and_empty_cells() -> None:
    raw = rows({"who": " "}, {"who": "Noor ", "why": ""}, {})
    assert normalise(a_question(Kind.TABLE), raw) == rows({"who": "Noor"})


EVERYTHING: Final = Answer(
    text="x",
    choice=" a",
    choices=("a",),
    date="2026-03-12 ",
    number=" 1",
    rows=({"who": "x"},),
    considerations="x",
    dissent="y",
)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.OPEN_TEXT, Answer(text="x", considerations="x", dissent="y")),
        (Kind.SHORT_TEXT, Answer(text="x", considerations="x", dissent="y")),
        (Kind.YES_NO, Answer(text="x", choice="a", considerations="x", dissent="y")),
        (Kind.CHOICE, Answer(text="x", choice="a", considerations="x", dissent="y")),
        (Kind.MULTI_CHOICE, Answer(text="x", choices=("a",), considerations="x", dissent="y")),
        (Kind.DATE, Answer(text="x", date="2026-03-12", considerations="x", dissent="y")),
        (Kind.NUMBER, Answer(text="x", number="1", considerations="x", dissent="y")),
        (Kind.TABLE, Answer(rows=({"who": "x"},), considerations="x", dissent="y")),
    ],
)
def test_normalise_keeps_only_the_fields_of_the_kind(kind: Kind, expected: Answer) -> None:
    assert normalise(a_question(kind), EVERYTHING) == expected


def test_normalise_does_not_hide_a_text_of_forbidden_characters_only() -> None:
    answer = normalise(a_question(Kind.OPEN_TEXT), Answer(text="\x00"))
    assert problems(a_question(Kind.OPEN_TEXT), answer) == (
        Problem("text", ProblemCode.FORBIDDEN_CHARACTER, "U+0000"),
    )


TEXT = st.text(max_size=6)
ANY_ANSWER = st.builds(
    Answer,
    text=TEXT,
    choice=TEXT,
    choices=st.lists(st.sampled_from(["a", "b", "none", "c"]), max_size=5).map(tuple),
    date=TEXT,
    number=TEXT,
    rows=st.lists(st.dictionaries(st.sampled_from(["who", "day", "z"]), TEXT, max_size=2), max_size=3).map(
        tuple
    ),
    considerations=TEXT,
    dissent=TEXT,
)


@given(kind=st.sampled_from(Kind), answer=ANY_ANSWER)
def test_normalise_twice_is_normalise_once_and_does_not_make_an_answer_vanish(
    kind: Kind, answer: Answer
) -> None:
    question = a_question(kind)
    once = normalise(question, answer)
    assert normalise(question, once) == once
    assert is_answered(question, once) or not is_answered(question, answer)


def test_problems_name_a_text_or_cell_of_too_many_lines() -> None:
    question = Question("1", "Wat?", Kind.OPEN_TEXT)
    table = Question("2", "Wat?", Kind.TABLE, columns=(Column("what", "Wat", Kind.OPEN_TEXT),))

    assert problems(question, Answer(text="a\n" * 999 + "a")) == ()
    assert problems(question, Answer(text="a\n" * 1000 + "a", considerations="\u2028" * 1000)) == (
        Problem("text", ProblemCode.TOO_MANY_LINES, "1000", "1001"),
        Problem("considerations", ProblemCode.TOO_MANY_LINES, "1000", "1001"),
    )
    assert problems(table, Answer(rows=({"what": "a\n" * 100 + "a"},))) == (
        Problem("rows.0.what", ProblemCode.TOO_MANY_LINES, "100", "101"),
    )
