"""An answer as plain text: for showing it again elsewhere, and for comparing two versions of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ethiek.domain.answers import Answer
from ethiek.questionnaires.model import Column, Kind, Question

YES_NO: Final = {"yes": "Ja", "no": "Nee"}
DISSENT: Final = "Afwijkend standpunt"


def plain_text(question: Question, answer: Answer) -> str:
    r"""Return what was answered, without the considerations: labels instead of ids, table rows as lines.

    >>> plain_text(Question("1", "Mag het?", Kind.YES_NO), Answer(choice="yes", text="Artikel 5."))
    'Ja\n\nArtikel 5.'
    """
    return "\n\n".join(filter(None, _pieces(question, answer)))


def whole_text(question: Question, answer: Answer) -> str:
    """Return answer, considerations and dissent as one text."""
    dissent = f"{DISSENT}: {answer.dissent}" if answer.dissent else ""
    return "\n\n".join(filter(None, (plain_text(question, answer), answer.considerations, dissent)))


def _pieces(question: Question, answer: Answer) -> Iterator[str]:
    labels = {option.id: option.label for option in question.options} or YES_NO
    if answer.choice:
        yield labels.get(answer.choice, answer.choice)
    if answer.choices:
        yield "\n".join(f"• {labels.get(choice, choice)}" for choice in answer.choices)
    yield answer.date
    yield answer.number.replace(".", ",")
    yield "\n".join(_row(question.columns, row) for row in answer.rows)
    yield answer.text


def _row(columns: tuple[Column, ...], row: Mapping[str, str]) -> str:
    return " | ".join(_cell(column, row.get(column.id, "")) for column in columns)


def _cell(column: Column, text: str) -> str:
    if column.kind is Kind.CHOICE:
        return next((option.label for option in column.options if option.id == text), text)
    return text
