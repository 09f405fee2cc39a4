"""The files that were handed in, as they are printed: at their question in short, and in a list with their SHA-256."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ethiek.domain.attachments import label_of_type, size_words
from ethiek.reports.source import Json
from ethiek.reports.words import Words
from ethiek.reports.words_nl import NL


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file. ``number``: its place in the list, from 1; ``question``: its number or text, or empty."""

    number: int
    place: tuple[str, str]
    question: str
    name: str
    description: str
    type: str
    size: str
    sha256: str

    @property
    def short_sha256(self) -> str:
        """Enough of it to tell files apart; the list has all of it."""
        return f"{self.sha256[:12]}…"


def attachments_in(snapshot: Json, questionnaire: Json, words: Words = NL) -> tuple[Attachment, ...]:
    """The files in a snapshot, in its order; mostly none."""
    rows = snapshot.get("attachments", ())
    names = _names(questionnaire) if rows else {}
    return tuple(
        Attachment(
            number=number,
            place=(row["question"], row["item"]),
            question=names.get(row["question"], row["question"]),
            name=row["name"],
            description=row["description"],
            type=label_of_type(row["type"]),
            size=size_words(row["size"], words.decimal_sign),
            sha256=row["sha256"],
        )
        for number, row in enumerate(rows, start=1)
    )


def files_by_place(files: Iterable[Attachment]) -> dict[tuple[str, str], tuple[Attachment, ...]]:
    """The files by the question at which they stand."""
    found: dict[tuple[str, str], tuple[Attachment, ...]] = {}
    for file in files:
        found[file.place] = (*found.get(file.place, ()), file)
    return found


def _names(questionnaire: Json) -> Mapping[str, str]:
    """Question id -> what it is called on paper."""
    return {
        question["id"]: question["number"] or question["text"]
        for part in questionnaire["parts"]
        for section in part["sections"]
        for question in section["questions"]
    }
