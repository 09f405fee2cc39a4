"""One answer as named texts, and back: how an answer with more than one part stands in a field of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ethiek.domain.answer_rules import MAX_ROWS
from ethiek.domain.answer_text import DISSENT, YES_NO
from ethiek.domain.answers import Answer
from ethiek.exchange.written import MAIN, Texts
from ethiek.questionnaires.model import Column, Kind, Question

CHOICE: Final = "Keuze"
EXPLANATION: Final = "Toelichting"
CONSIDERATIONS: Final = "Overwegingen"

_CELL: Final = re.compile(r"([1-9][0-9]{0,3})\. (.*)")
_UNNUMBERED: Final = 10_000
"""Rows that do not say their number come after those that do."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A text that could not become a part of the answer, with its name."""

    name: str
    text: str


def texts_of(question: Question, answer: Answer, default: tuple[str, str] | None = None) -> Texts:
    """Everything in an answer as named texts.

    Args:
        default: column and option that need not be said, because the field says so.
    """
    main = {Kind.DATE: answer.date, Kind.NUMBER: answer.number}.get(question.kind, answer.text)
    beside = answer.text if question.kind in {Kind.DATE, Kind.NUMBER} else ""
    labels = labels_of(question)
    chosen = [choice for choice in (answer.choice, *answer.choices) if choice]
    named = [
        (MAIN, main),
        (CHOICE, "\n".join(labels.get(choice, choice) for choice in chosen)),
        (EXPLANATION, beside),
        *_cells(question, answer.rows, default),
        (CONSIDERATIONS, answer.considerations),
        (DISSENT, answer.dissent),
    ]
    return [(name, text) for name, text in named if text or _CELL.fullmatch(name)]


def labels_of(question: Question) -> dict[str, str]:
    """Option id -> label."""
    return {option.id: option.label for option in question.options} or dict(YES_NO)


def _cells(
    question: Question, rows: Iterable[Mapping[str, str]], default: tuple[str, str] | None
) -> Iterator[tuple[str, str]]:
    for number, row in enumerate(rows, 1):
        if row:
            for column, text in _written_cells(question.columns, row, default):
                yield f"{number}. {column.label}", text


def _written_cells(
    columns: Sequence[Column], row: Mapping[str, str], default: tuple[str, str] | None
) -> Iterator[tuple[Column, str]]:
    """The cells that must be said; an empty text says that the default does not hold."""
    said_elsewhere = default is not None and row.get(default[0]) == default[1]
    only_default = said_elsewhere and len(row) == 1
    for column in columns:
        is_default = default is not None and column.id == default[0]
        if is_default and (not said_elsewhere or only_default):
            yield column, _shown(column, row.get(column.id, ""))
        elif not is_default and row.get(column.id):
            yield column, _shown(column, row[column.id])


def _shown(column: Column, cell: str) -> str:
    return {option.id: option.label for option in column.options}.get(cell, cell)


def names_of(question: Question) -> Iterator[str]:
    """Every name that a text of an answer to this question can have."""
    yield CONSIDERATIONS
    yield DISSENT
    if question.kind in {Kind.YES_NO, Kind.CHOICE, Kind.MULTI_CHOICE}:
        yield CHOICE
    if question.kind in {Kind.DATE, Kind.NUMBER}:
        yield EXPLANATION
    for number in range(1, MAX_ROWS + 1):
        for column in question.columns:
            yield f"{number}. {column.label}"


class Reader:
    """Collects the parts of one answer from every field that holds some; the inverse of :func:`texts_of`."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._answer = Answer()
        self._rows: dict[int, dict[str, str]] = {}
        self.unread: list[Unread] = []

    def read(
        self, texts: Texts, column: str = "", default: tuple[str, str] | None = None, row: int | None = None
    ) -> None:
        """Take in what one field holds.

        Args:
            column: id of the column for a text without a name.
            default: as in :func:`texts_of`.
            row: number of the row that this field is, if it is one.
        """
        for name, text in texts:
            if cell := _CELL.fullmatch(name):
                self._cell(int(cell[1]), cell[2], text, default)
            elif name == MAIN and self._question.kind is Kind.TABLE:
                self.put(row or self._next(), column, text, default)
            else:
                self._part(name, text)

    def choose(self, choices: Iterable[str]) -> None:
        """Take in option ids."""
        for choice in choices:
            if self._question.kind is Kind.MULTI_CHOICE:
                self._answer = replace(self._answer, choices=(*self._answer.choices, choice))
            else:
                self._answer = replace(self._answer, choice=choice)

    def put(self, number: int, column: str, text: str, default: tuple[str, str] | None = None) -> None:
        """Take in one cell; an empty one says that the row has no such cell."""
        row = self._rows.setdefault(number, dict([default] if default else []))
        row[column] = _both(row.get(column, ""), text) if default is None or column != default[0] else text

    def add(self, more: Answer) -> None:
        """Take in parts that came by another way."""
        self.choose((*filter(None, [more.choice]), *more.choices))
        for row in more.rows:
            self._rows[self._next()] = dict(row)
        told = {name: getattr(more, name) for name in ("text", "date", "number", "considerations", "dissent")}
        self._answer = replace(self._answer, **{name: text for name, text in told.items() if text})

    def answer(self) -> Answer:
        """What was taken in so far."""
        rows = (
            {id_: text for id_, text in self._rows[number].items() if text} for number in sorted(self._rows)
        )
        return replace(self._answer, rows=tuple(row for row in rows if row))

    def _part(self, name: str, text: str) -> None:
        if name == CHOICE:
            ids = {label: id_ for id_, label in labels_of(self._question).items()}
            self.unread += [Unread(CHOICE, label) for label in text.split("\n") if label not in ids]
            self.choose(ids[label] for label in text.split("\n") if label in ids)
            return
        value = {Kind.DATE: "date", Kind.NUMBER: "number"}.get(self._question.kind, "text")
        field = {MAIN: value, CONSIDERATIONS: "considerations", DISSENT: "dissent"}.get(name, "text")
        text = _both(getattr(self._answer, field), text)
        self._answer = replace(self._answer, **{field: text})  # type: ignore[arg-type]  # all are texts

    def _next(self) -> int:
        return max(_UNNUMBERED, *self._rows) + 1 if self._rows else _UNNUMBERED

    def _cell(self, number: int, label: str, text: str, default: tuple[str, str] | None) -> None:
        column = next(one for one in self._question.columns if one.label == label)
        ids = {option.label: option.id for option in column.options}
        self.put(number, column.id, ids.get(text, text), default)


def _both(first: str, second: str) -> str:
    return f"{first}\n\n{second}" if first and second else first or second
