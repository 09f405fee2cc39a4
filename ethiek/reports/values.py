"""Answers and dates as they are printed: labels instead of ids, tables as tables, dates in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from ethiek.errors import RenderError
from ethiek.questionnaires.model import Kind
from ethiek.reports.source import Json
from ethiek.reports.words import Words
from ethiek.reports.words_nl import NL

LETTER: Final = 1.25
"""How much of the page's width a letter of a heading takes, in percent."""
GAP: Final = 2
"""Between two columns."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table question's answer: column labels, and as many cells in each row.

    ``widths``: percentages of the page's width, one per column.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """An answer in printable parts; all empty when nothing was answered.

    ``choices`` are the labels of what was chosen, or one date or number in words. ``in_dutch``: they are words of ours,
    and not of the question set.
    """

    choices: tuple[str, ...] = ()
    text: str = ""
    table: Table | None = None
    in_dutch: bool = False

    @property
    def empty(self) -> bool:
        """Nothing was answered."""
        return not (self.choices or self.text or self.table)


def instant(text: str) -> datetime:
    """Read a UTC moment in ISO 8601.

    Raises:
        RenderError: the text is no moment, or has no time zone.
    """
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise RenderError(f"{text!r} is not a moment") from error
    if moment.tzinfo is None:
        raise RenderError(f"{text!r} has no time zone")
    return moment.astimezone(UTC)


def moment_words(text: str, words: Words = NL) -> str:
    """A moment in words, in UTC: the reader's time zone is not known, and the same bytes must come out.

    >>> moment_words("2026-11-22T10:05:00Z")
    '22 november 2026, 10:05 uur UTC'
    """
    at = instant(text)
    return words.moment.format(day=_day(at.date(), words), time=f"{at:%H:%M}")


def day_words(text: str, words: Words = NL) -> str:
    """The day of a moment in words, in UTC.

    >>> day_words("2026-11-22T10:05:00Z")
    '22 november 2026'
    """
    return _day(instant(text).date(), words)


def date_words(text: str, words: Words = NL) -> str:
    """A date in words; a text that is no date is shown as it was typed.

    >>> date_words("2027-01-31"), date_words("volgende week")
    ('31 januari 2027', 'volgende week')
    """
    try:
        return _day(date.fromisoformat(text), words)
    except ValueError:
        return text


def number_words(text: str, words: Words = NL) -> str:
    """A decimal number with the sign of the language.

    >>> number_words("12.5")
    '12,5'
    """
    return text.replace(".", words.decimal_sign)


def value_of(question: Json, answer: Json, words: Words = NL) -> Value:
    """The printable form of one answer.

    Args:
        question: a question of the question set, as in ``questionnaire.json``.
        answer: the canonical form of the answer; an empty object when nothing was filled in.
    """
    labels = _labels(question["options"], words.yes_no if question["kind"] == Kind.YES_NO else {})
    chosen = [answer["choice"]] if answer.get("choice") else list(answer.get("choices", ()))
    printed = [labels.get(option, option) for option in chosen]
    if answer.get("date"):
        printed.append(date_words(answer["date"], words))
    if answer.get("number"):
        printed.append(number_words(answer["number"], words))
    table = table_of(question, answer["rows"], words) if answer.get("rows") else None
    return Value(tuple(printed), answer.get("text", ""), table, in_dutch=not question["options"])


def table_of(question: Json, rows: list[Mapping[str, str]], words: Words = NL) -> Table:
    """The rows of a table question under its column labels; empty cells are empty texts."""
    columns = question["columns"]
    cells = tuple(
        tuple(_cell(column, row.get(column["id"], ""), words) for column in columns) for row in rows
    )
    return Table(tuple(column["label"] for column in columns), cells, widths(columns))


def widths(columns: list[Json]) -> tuple[int, ...]:
    """Share out the page: a column of open text gets twice the room of another, and no less than its heading needs.

    >>> wide, narrow = {"kind": "open_text", "label": "Risico"}, {"kind": "date", "label": "Uiterlijk"}
    >>> widths([wide, narrow, narrow])
    (50, 25, 25)
    >>> widths([wide, wide, {"kind": "choice", "label": "Besluit van de verantwoordelijke"}])
    (38, 38, 24)
    """
    weights = [2 if column["kind"] == Kind.OPEN_TEXT else 1 for column in columns]
    shares = [100 * weight // sum(weights) for weight in weights]
    needed = [_longest_word(column["label"]) for column in columns]
    short = [max(0, need - share) for need, share in zip(needed, shares, strict=True)]
    spare = [max(0, share - need) for need, share in zip(needed, shares, strict=True)]
    if not any(short) or sum(short) > sum(spare):
        return tuple(shares)
    given = [-(-sum(short) * room // sum(spare)) for room in spare]
    return tuple(share + lack - gift for share, lack, gift in zip(shares, short, given, strict=True))


def _longest_word(label: str) -> int:
    """How much of the page's width a heading needs to keep its words whole, in percent."""
    return max((math.ceil(len(word) * LETTER) + GAP for word in label.split()), default=0)


def _cell(column: Json, text: str, words: Words) -> str:
    if column["kind"] == Kind.DATE:
        return date_words(text, words)
    if column["kind"] == Kind.CHOICE:
        return _labels(column["options"], {}).get(text, text)
    return text


def _labels(options: list[Json], defaults: Mapping[str, str]) -> dict[str, str]:
    return {**defaults, **{option["id"]: option["label"] for option in options}}


def _day(day: date, words: Words) -> str:
    return words.day.format(day=day.day, month=words.months[day.month - 1], year=day.year)
