"""What people typed, as the trees that documents are made of: light Markdown, or plain text in older rounds."""

from __future__ import annotations

from dataclasses import dataclass

from ethiek.exchange.blocks import Grid, Written
from ethiek.exchange.characters import shown
from ethiek.markup import LineBreak, Paragraph, Table, plain, read, read_inline
from ethiek.markup.tree import Cell
from ethiek.reports import values

_EMPTY_LINE = (LineBreak(), LineBreak())


@dataclass(frozen=True, slots=True)
class Typed:
    """How the texts of team and committee are read in one dossier."""

    light_markdown: bool

    def text(self, text: str, label: str = "") -> Written:
        """A long text."""
        return Written(read(text) if self.light_markdown else plain(shown(text)), label)

    def table(self, name: str, table: values.Table) -> Grid:
        """The answer to a table question."""
        rows = tuple(tuple(map(self._cell, row)) for row in table.rows)
        return Grid(name, Table(tuple(map(literal, table.columns)), rows))

    def _cell(self, text: str) -> Cell:
        return _joined(read_inline(text)) if self.light_markdown else literal(text)


def literal(text: str) -> Cell:
    """The cell of a table in which no sign means anything."""
    return _joined(plain(shown(text)))


def _joined(paragraphs: tuple[Paragraph, ...]) -> Cell:
    """Return one line of text with line ends in it; a cell has no paragraphs."""
    parts = (part for paragraph in paragraphs for part in (*_EMPTY_LINE, *paragraph.content))
    return tuple(parts)[len(_EMPTY_LINE) :]
