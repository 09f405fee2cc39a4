"""A document as ODT: real headings, lists, tables and links, its language, and nothing that runs."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import odfdo

from ethiek import markup
from ethiek.exchange.blocks import Block, Document, Grid, Heading, Text, Written, one_line
from ethiek.exchange.characters import shown
from ethiek.exchange.opendocument_styles import BOLD, BULLETS, CELL, NUMBERS, style_of, styles
from ethiek.exchange.packing import repacked
from ethiek.exchange.runs import PLAIN, Run, by_address
from ethiek.markup.tree import Cell, Inline, led_by_paragraph

_COUNTRIES: Final = {"nl": "nl-NL", "en": "en-GB"}
_EXAMPLE: Final = frozenset({"Thumbnails/thumbnail.png"})
"""What the library's own empty document brings along."""


def to_odt(document: Document) -> bytes:
    """The document as OpenDocument text; the same document gives the same bytes."""
    file = odfdo.Document("text")
    file.body.clear()
    _describe(file, document)
    writer = _Writer()
    for block in document.blocks:
        for element in writer.elements(block):
            file.body.append(element)
    for name in _EXAMPLE:
        file.manifest.del_full_path(name)
    target = io.BytesIO()
    file.save(target)
    return repacked(target.getvalue(), leave_out=_EXAMPLE)


def _describe(file: Any, document: Document) -> None:
    language = _COUNTRIES.get(document.language, document.language)
    made_at = datetime.fromisoformat(document.made_at)
    about = file.meta
    about.set_title(shown(document.title))
    about.set_subject(shown(document.reference))
    about.set_language(language)
    about.set_creation_date(made_at)
    about.set_modification_date(made_at)
    about.set_generator("Ethiek")
    file.set_language(language)
    for style in styles():
        file.insert_style(style, automatic=True)


class _Writer:
    """Makes the elements of block after block; tables are counted, because each has a name of its own."""

    def __init__(self) -> None:
        self._tables = 0

    def elements(self, block: Block) -> Iterator[Any]:
        if isinstance(block, Heading):
            yield odfdo.Header(block.level, block.line, style=f"Heading_20_{block.level}")
        elif isinstance(block, Grid):
            yield from self._table(block.name, block.table, PLAIN)
        else:
            yield from self._written(block)

    def _written(self, block: Text | Written) -> Iterator[Any]:
        content, looks = block.content, Run("", emphasis=block.quiet)
        if block.label and content:
            paragraph = odfdo.Paragraph(style="Text_20_body")
            paragraph.append(odfdo.Span(f"{shown(block.label)}: ", style=BOLD))
            if isinstance(content[0], markup.Paragraph):
                _fill(paragraph, content[0].content, looks)
                content = content[1:]
            yield paragraph
        for one in content:
            yield from self._block(one, looks)

    def _block(self, block: markup.Block, looks: Run) -> Iterator[Any]:
        if isinstance(block, markup.Paragraph):
            yield _paragraph(block.content, looks)
        elif isinstance(block, markup.Table):
            yield from self._table(block.name, block, looks)
        else:
            yield self._list(block, looks)

    def _list(self, block: markup.BulletList | markup.NumberedList, looks: Run) -> Any:
        numbered = isinstance(block, markup.NumberedList)
        found = _element("text:list", {"text:style-name": NUMBERS if numbered else BULLETS})
        for item in block.items:
            inside = _element("text:list-item")
            for one in led_by_paragraph(item):
                for element in self._block(one, looks):
                    inside.append(element)
            found.append(inside)
        if isinstance(block, markup.NumberedList):
            found.children[0].set_attribute("text:start-value", str(block.start))
        return found

    def _table(self, name: str, block: markup.Table, looks: Run) -> Iterator[Any]:
        """The library's own table has no rows of headings."""
        self._tables += 1
        table = _element("table:table", {"table:name": f"Tabel {self._tables}"})
        description = _element("svg:desc")
        description.text = one_line(name)
        columns = {"table:number-columns-repeated": str(len(block.header))}
        table.append(_element("table:table-column", columns))
        head = _element("table:table-header-rows")
        head.append(_row(block.header, Run("", strong=True)))
        table.append(head)
        for row in block.rows:
            table.append(_row(row, looks))
        table.insert(description, position=0)
        yield table
        yield odfdo.Paragraph(style="Text_20_body")  # room below it


def _row(cells: tuple[Cell, ...], looks: Run) -> Any:
    row = _element("table:table-row")
    for content in cells:
        cell = _element("table:table-cell", {"office:value-type": "string", "table:style-name": CELL})
        cell.append(_paragraph(content, looks, style=None))
        row.append(cell)
    return row


def _paragraph(content: tuple[Inline, ...], looks: Run, style: str | None = "Text_20_body") -> Any:
    paragraph = odfdo.Paragraph(style=style)
    _fill(paragraph, content, looks)
    return paragraph


def _fill(paragraph: Any, content: tuple[Inline, ...], looks: Run) -> None:
    for address, pieces in by_address(content, looks):
        place = _element("text:a", {"xlink:type": "simple", "xlink:href": address}) if address else paragraph
        for piece in pieces:
            place.append(odfdo.Span(piece.text, style=style_of(piece)))
        if address:
            paragraph.append(place)


def _element(tag: str, attributes: Mapping[str, str] | None = None) -> Any:
    element = odfdo.Element.from_tag(tag)
    for name, value in (attributes or {}).items():
        element.set_attribute(name, value)
    return element
