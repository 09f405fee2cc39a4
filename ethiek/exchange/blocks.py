"""The building blocks of a document, the same for every kind of file."""

from __future__ import annotations

from dataclasses import dataclass

from ethiek import markup
from ethiek.exchange.characters import shown


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 1 is the title of the document."""

    level: int
    text: str

    @property
    def line(self) -> str:
        """The text on one line."""
        return one_line(self.text)


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs of plain text. ``label`` stands before it, in bold; ``quiet`` is for what is not an answer."""

    text: str
    label: str = ""
    quiet: bool = False

    @property
    def content(self) -> tuple[markup.Block, ...]:
        """The paragraphs."""
        return markup.plain(shown(self.text))


@dataclass(frozen=True, slots=True)
class Written:
    """What people wrote, with its lists and tables. ``label`` and ``quiet`` as of :class:`Text`."""

    content: tuple[markup.Block, ...]
    label: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of the document itself. ``name`` says what is in it."""

    name: str
    table: markup.Table


Block = Heading | Text | Written | Grid


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. ``made_at`` is a moment in ISO 8601, in UTC; ``language`` a code such as ``nl``."""

    title: str
    reference: str
    language: str
    made_at: str
    blocks: tuple[Block, ...]


def one_line(text: str) -> str:
    """A text that has room for one line only, in characters that can be shown."""
    return " ".join(shown(text).split())
