"""What may be stored as an answer, and the one form it is stored in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from ethiek.domain.answers import Answer
from ethiek.domain.completeness import is_filled
from ethiek.domain.text_limits import count_lines, count_words, is_one_sentence, is_word, occurs
from ethiek.questionnaires.model import Column, Kind, Question, TextLimits

MAX_TEXT: Final = 20_000
MAX_CELL: Final = 2_000
MAX_SHORT: Final = 200
MAX_LINES: Final = 1_000
MAX_CELL_LINES: Final = 100
"""Lines take time to print, however short they are: 10,000 of one letter took two minutes."""
MAX_ROWS: Final = 200
MAX_DIGITS: Final = 20
YEARS: Final = range(1900, 2201)

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_NEGATIVE_ZERO: Final = re.compile(r"-0+(\.0+)?")
FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters but newline and tab, lone surrogates, and what XML cannot hold."""

FIELDS: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.OPEN_TEXT: frozenset({"text"}),
    Kind.SHORT_TEXT: frozenset({"text"}),
    Kind.YES_NO: frozenset({"choice", "text"}),
    Kind.CHOICE: frozenset({"choice", "text"}),
    Kind.MULTI_CHOICE: frozenset({"choices", "text"}),
    Kind.DATE: frozenset({"date", "text"}),
    Kind.NUMBER: frozenset({"number", "text"}),
    Kind.TABLE: frozenset({"rows"}),
}
"""The fields of an answer that belong to a kind of question; ``considerations`` and ``dissent`` belong to all."""


class ProblemCode(StrEnum):
    """Why a field cannot be stored."""

    TOO_LONG = "too_long"
    TOO_MANY_LINES = "too_many_lines"
    FORBIDDEN_CHARACTER = "forbidden_character"
    UNKNOWN_OPTION = "unknown_option"
    UNKNOWN_COLUMN = "unknown_column"
    EXCLUSIVE_COMBINED = "exclusive_combined"
    TOO_MANY = "too_many"
    BAD_DATE = "bad_date"
    BAD_NUMBER = "bad_number"
    TOO_MANY_WORDS = "too_many_words"
    MORE_SENTENCES = "more_sentences"
    BANNED_WORD = "banned_word"
    BANNED_SIGN = "banned_sign"


@dataclass(frozen=True, slots=True)
class Problem:
    """``field``: a field of the answer or ``rows.<index>.<column>``; ``detail``: the limit or the culprit."""

    field: str
    code: ProblemCode
    detail: str = ""
    found: str = ""
    """How many there are, where that helps to get under the limit."""


def problems(question: Question, answer: Answer) -> tuple[Problem, ...]:
    """Everything that keeps a (normalised) answer from being stored; an incomplete answer is no problem."""
    short = question.kind is Kind.SHORT_TEXT
    return (
        *_text("text", answer.text, MAX_SHORT if short else MAX_TEXT),
        *(_limited(question.limits, answer.text) if question.limits else ()),
        *_text("considerations", answer.considerations, MAX_TEXT),
        *_text("dissent", answer.dissent, MAX_TEXT),
        *_choice(question, answer),
        *_choices(question, answer),
        *_date("date", answer.date),
        *_number(answer.number),
        *_rows(question, answer),
    )


def normalise(question: Question, answer: Answer) -> Answer:
    """The form in which an answer is stored and compared.

    Newlines become LF, Unicode becomes NFC, trailing white space and empty rows go, choices stand in the
    order of the question, and fields that do not belong to the kind of question are dropped.
    """
    known = [choice for choice in question.option_ids if choice in answer.choices]
    unknown = [choice for choice in dict.fromkeys(answer.choices) if choice not in known]
    clean = {
        "text": _clean(answer.text),
        "choice": answer.choice.strip(),
        "choices": (*known, *unknown),
        "date": answer.date.strip(),
        "number": answer.number.strip(),
        "rows": tuple(row for row in map(_clean_row, answer.rows) if row),
    }
    own = {name: value for name, value in clean.items() if name in FIELDS[question.kind]}
    beside = {"considerations": _clean(answer.considerations), "dissent": _clean(answer.dissent)}
    return Answer(**own, **beside)  # type: ignore[arg-type]


def _clean(text: str) -> str:
    newlines = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = unicodedata.normalize("NFC", newlines).rstrip()
    return clean if is_filled(clean) or FORBIDDEN.search(clean) else ""


def _clean_row(row: Mapping[str, str]) -> Mapping[str, str]:
    clean = {column: _clean(cell) for column, cell in row.items()}
    return {column: cell for column, cell in clean.items() if cell}


def _text(field: str, text: str, limit: int, line_limit: int = MAX_LINES) -> Iterator[Problem]:
    if len(text) > limit:
        yield Problem(field, ProblemCode.TOO_LONG, str(limit))
    if (lines := count_lines(text)) > line_limit:
        yield Problem(field, ProblemCode.TOO_MANY_LINES, str(line_limit), str(lines))
    if found := FORBIDDEN.search(text):
        yield Problem(field, ProblemCode.FORBIDDEN_CHARACTER, f"U+{ord(found[0]):04X}")


def _limited(limits: TextLimits, text: str) -> Iterator[Problem]:
    if limits.max_words is not None and (words := count_words(text)) > limits.max_words:
        yield Problem("text", ProblemCode.TOO_MANY_WORDS, str(limits.max_words), str(words))
    if limits.one_sentence and not is_one_sentence(text):
        yield Problem("text", ProblemCode.MORE_SENTENCES)
    for banned in limits.without:
        if occurs(banned, text):
            code = ProblemCode.BANNED_WORD if is_word(banned) else ProblemCode.BANNED_SIGN
            yield Problem("text", code, banned)


def _choice(question: Question, answer: Answer) -> Iterator[Problem]:
    if answer.choice and answer.choice not in question.option_ids:
        yield Problem("choice", ProblemCode.UNKNOWN_OPTION, answer.choice)


def _choices(question: Question, answer: Answer) -> Iterator[Problem]:
    for choice in answer.choices:
        if choice not in question.option_ids:
            yield Problem("choices", ProblemCode.UNKNOWN_OPTION, choice)
    exclusive = [option.id for option in question.options if option.exclusive and option.id in answer.choices]
    if exclusive and len(answer.choices) > 1:
        yield Problem("choices", ProblemCode.EXCLUSIVE_COMBINED, exclusive[0])
    yield from _count("choices", len(answer.choices), question.max_items)


def _rows(question: Question, answer: Answer) -> Iterator[Problem]:
    yield from _count("rows", len(answer.rows), min(question.max_items or MAX_ROWS, MAX_ROWS))
    columns = {column.id: column for column in question.columns}
    for index, row in enumerate(answer.rows[:MAX_ROWS]):
        for id_, cell in row.items():
            field = f"rows.{index}.{id_}"
            if id_ in columns:
                yield from _cell(field, columns[id_], cell)
            else:
                yield Problem(field, ProblemCode.UNKNOWN_COLUMN, id_)


def _cell(field: str, column: Column, cell: str) -> Iterator[Problem]:
    if column.kind is Kind.DATE:
        yield from _date(field, cell)
    elif column.kind is not Kind.CHOICE:
        yield from _text(field, cell, MAX_CELL, MAX_CELL_LINES)
    elif cell and cell not in {option.id for option in column.options}:
        yield Problem(field, ProblemCode.UNKNOWN_OPTION, cell)


def _count(field: str, count: int, limit: int | None) -> Iterator[Problem]:
    if limit is not None and count > limit:
        yield Problem(field, ProblemCode.TOO_MANY, str(limit))


def _date(field: str, text: str) -> Iterator[Problem]:
    if text and not _is_date(text):
        yield Problem(field, ProblemCode.BAD_DATE)


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        return date.fromisoformat(text).year in YEARS
    except ValueError:
        return False


def _number(text: str) -> Iterator[Problem]:
    digits = sum(character.isdigit() for character in text)
    well_formed = _NUMBER.fullmatch(text) and not _NEGATIVE_ZERO.fullmatch(text)
    if text and not (well_formed and digits <= MAX_DIGITS):
        yield Problem("number", ProblemCode.BAD_NUMBER)
