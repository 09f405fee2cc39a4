"""Everything that a signed report says, as its secretary goes through it to mark what is left out.

It walks over the documents as they are, and not over a list of what they hold: whatever another part of the application
puts into a document stands here too, and can be marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.answer_text import YES_NO
from ethiek.domain.leftovers import Leftover, leftovers
from ethiek.domain.members import SHARED, goes_along, is_code
from ethiek.domain.permissions import Permission
from ethiek.domain.redactions import leaves, pointer_of, redact
from ethiek.reports.publishing import printed_forms
from ethiek.reports.source import has_light_markdown
from ethiek.services.publishing import Publication, documents_of, publication

Path = tuple[str | int, ...]

NAMES: Final = frozenset({"name", "by", "owner"})
"""Members that hold the name of somebody."""
UNPRINTED: Final = frozenset({("advice", "dossier"), ("snapshot", "questionnaire")})
"""Repeats of what stands elsewhere; they are searched along, and not shown twice."""
MOST_CELLS: Final = 60
"""Of a table of which single cells are offered; of a larger one rows and columns."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One text: where it stands, the names of the members around it (inside its entry), and the text without boxes."""

    pointer: str
    names: Path
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """The answer of a table question: labels of columns, ids of columns, and rows of leaves."""

    pointer: str
    labels: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Leaf, ...], ...]

    @property
    def offers_cells(self) -> bool:
        """There are few enough cells to choose one from a list."""
        return len(self.rows) * len(self.columns) <= MOST_CELLS


@dataclass(frozen=True, slots=True)
class Entry:
    """Texts that belong together: an answer, a condition, a verdict.

    ``title``: number and text of a question; empty where the names of the members say what it is.
    """

    document: str
    pointer: str
    names: Path
    title: str
    leaves: tuple[Leaf, ...]
    table: Table | None

    @property
    def key(self) -> str:
        """Names the entry on a page: "snapshot-answers-3-answer"."""
        return re.sub(r"[^A-Za-z0-9]+", "-", f"{self.document}{self.pointer}")


@dataclass(frozen=True, slots=True)
class Chapter:
    """Entries under one heading; ``title`` is that of a part of the question set, or empty for ``name``."""

    name: str
    title: str
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page shows. ``hits``: places per redaction. ``names``: of people, as far as they still stand there."""

    publication: Publication
    chapters: tuple[Chapter, ...]
    hits: tuple[int, ...]
    names: tuple[str, ...]
    leftovers: tuple[Leftover, ...]
    light_markdown: bool
    language: str


def sheet(session: Session, dossier_id: UUID, stamp: Stamp, permission: Permission) -> Sheet:
    """Return the whole text of the last report, with what is marked already taken out."""
    found = publication(session, dossier_id, stamp, permission)
    documents = documents_of(session, found.record)
    left = redact(documents, found.redactions, printed_forms)
    return Sheet(
        found,
        tuple(_chapters(left.documents)),
        left.hits,
        tuple(_names(documents, left.documents)),
        leftovers(left.documents, found.redactions, printed_forms),
        has_light_markdown(documents["snapshot"]),
        str(documents["questionnaire"]["language"]),
    )


def _names(documents: Mapping[str, Any], left: Mapping[str, Any]) -> Iterator[str]:
    """Names of people in the order of the documents, each once, as long as one of them stands there."""
    still = {text for _, text in _named(left)}
    yield from dict.fromkeys(text for _, text in _named(documents) if text in still)


def _named(documents: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in documents.items():
        if name not in SHARED:
            for path, text in leaves(value):
                if path[-1] in NAMES and not (name == "snapshot" and path[0] == "attachments"):
                    yield name, text


def _chapters(documents: Mapping[str, Any]) -> Iterator[Chapter]:
    snapshot = documents["snapshot"]
    yield Chapter("dossier", "", list(_entries("snapshot", snapshot, without={"answers"})))
    yield from _parts(documents["questionnaire"], snapshot["answers"])
    for name, value in documents.items():
        if name != "snapshot" and name not in SHARED:
            yield Chapter(name, "", list(_entries(name, value)))


def _parts(questionnaire: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]) -> Iterator[Chapter]:
    by_question: dict[str, list[int]] = {}
    for index, row in enumerate(answers):
        by_question.setdefault(row["question"], []).append(index)
    for part in questionnaire["parts"]:
        chapter = Chapter("part", f"{part['number']} {part['title']}".strip())
        for section in part["sections"]:
            for question in section["questions"]:
                for index in by_question.get(question["id"], ()):
                    chapter.entries.append(_answer(question, index, answers[index]["answer"]))
        if chapter.entries:
            yield chapter


def _answer(question: Mapping[str, Any], index: int, answer: Mapping[str, Any]) -> Entry:
    path: Path = ("answers", index, "answer")
    labels = {option["id"]: option["label"] for option in question["options"]} or YES_NO
    texts = tuple(
        Leaf(pointer_of((*path, *inner)), inner, labels.get(text, text))
        for inner, text in leaves(answer)
        if inner[0] != "rows"
    )
    title = f"{question['number']} {question['text']}".strip()
    table = _table(question, (*path, "rows"), answer["rows"]) if answer.get("rows") else None
    return Entry("snapshot", pointer_of(path), (), title, texts, table)


def _table(question: Mapping[str, Any], path: Path, rows: Sequence[Mapping[str, str]]) -> Table:
    columns = tuple(column["id"] for column in question["columns"])
    labels = tuple(column["label"] for column in question["columns"])
    options = {
        (column["id"], option["id"]): option["label"]
        for column in question["columns"]
        for option in column["options"]
    }
    cells = tuple(
        tuple(
            Leaf(
                pointer_of((*path, index, column)),
                (index, column),
                options.get((column, row.get(column, "")), row.get(column, "")),
            )
            for column in columns
        )
        for index, row in enumerate(rows)
    )
    return Table(pointer_of(path), labels, columns, cells)


def _entries(
    document: str, value: Mapping[str, Any], *, without: frozenset[str] | set[str] = frozenset()
) -> Iterator[Entry]:
    """One entry per item of a list of objects, one per object, and one per text that stands alone."""
    for member, inner in value.items():
        if member in without or (document, member) in UNPRINTED:
            continue
        paths: list[Path] = [(member,)]
        if isinstance(inner, Sequence) and not isinstance(inner, str):
            paths = [(member, index) for index in range(len(inner))]
        for path in paths:
            thing = inner if len(path) == 1 else inner[path[1]]
            texts = tuple(
                Leaf(pointer_of(found), found[len(path) :], text)
                for found, text in leaves(thing, path)
                if text and (not is_code(document, found) or goes_along(document, found))
            )
            if texts:
                yield Entry(document, pointer_of(path), path, "", texts, None)
