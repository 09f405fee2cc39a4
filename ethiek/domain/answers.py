"""What an answer is: a value per question and, in repeated sections, per item.

An answer is stored and hashed in its canonical form: a mapping that holds only what was filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class Slot(NamedTuple):
    """The place of an answer: a question and, in a repeated section, the option it is asked for (or "")."""

    question: str
    item: str = ""

    def __str__(self) -> str:
        return f"{self.question}@{self.item}" if self.item else self.question


class Outcome(StrEnum):
    """What became of a text that somebody sent."""

    SAVED = "saved"
    CONFLICT = "conflict"
    """Overtaken by somebody else's; kept, so that nothing typed is lost."""
    TOO_LATE = "too_late"
    """The dossier had been handed in; kept."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was filled in at one slot; every field is empty by default.

    ``choice``: option id (YES_NO: "yes" or "no"). ``choices``: option ids, in the order of the question.
    ``date``: ISO date. ``number``: decimal number as text, with a point. ``rows``: per row column id -> text.
    ``considerations``: the considerations and choices behind the answer. ``dissent``: how others in the team see it.
    """

    text: str = ""
    choice: str = ""
    choices: tuple[str, ...] = ()
    date: str = ""
    number: str = ""
    rows: tuple[Mapping[str, str], ...] = ()
    considerations: str = ""
    dissent: str = ""

    def to_json(self) -> dict[str, Any]:
        """The canonical form: only what is filled in.

        >>> Answer(choice="yes", text="Artikel 5.").to_json()
        {'text': 'Artikel 5.', 'choice': 'yes'}
        """
        filled: dict[str, Any] = {}
        for name in ("text", "choice", "choices", "date", "number", "rows", "considerations", "dissent"):
            value = getattr(self, name)
            if value:
                filled[name] = (
                    [dict(item) if isinstance(item, Mapping) else item for item in value]
                    if isinstance(value, tuple)
                    else value
                )
        return filled

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Answer:
        """Read the canonical form back.

        >>> Answer.from_json({"choices": ["privacy"]})
        Answer(text='', choice='', choices=('privacy',), date='', number='', rows=(), considerations='', dissent='')
        """
        values = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
        return cls(**values)  # type: ignore[arg-type]  # the stored form was made by to_json


Answers = Mapping[Slot, Answer]
"""All answers of a dossier."""
