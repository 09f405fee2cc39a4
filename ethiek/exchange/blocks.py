"""The building blocks of a document, the same for every kind of file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 1 is the title of the document."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs of plain text. ``label`` stands before it, in bold; ``quiet`` is for what is not an answer."""

    text: str
    label: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list of short texts."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with one row of headings. ``name`` says what is in it."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Text | Items | Grid


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. ``made_at`` is a moment in ISO 8601, in UTC; ``language`` a code such as ``nl``."""

    title: str
    reference: str
    language: str
    made_at: str
    blocks: tuple[Block, ...]
