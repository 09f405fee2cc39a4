"""A document as ODT: real headings, real tables, its language, and nothing that runs."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import odfdo

from ethiek.exchange.blocks import Block, Document, Grid, Heading, Items, Text
from ethiek.exchange.characters import shown
from ethiek.exchange.packing import repacked
from ethiek.markup.reading import lines_of

_COUNTRIES: Final = {"nl": "nl-NL", "en": "en-GB"}
_BOLD: Final = "EthiekBold"
_QUIET: Final = "EthiekQuiet"
_BORDERED: Final = "EthiekCell"
_EXAMPLE: Final = frozenset({"Thumbnails/thumbnail.png"})
"""What the library's own empty document brings along."""


def to_odt(document: Document) -> bytes:
    """The document as OpenDocument text; the same document gives the same bytes."""
    file = odfdo.Document("text")
    file.body.clear()
    _describe(file, document)
    for number, block in enumerate(document.blocks):
        for element in _WRITERS[type(block)](block, number):
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
    file.insert_style(odfdo.Style("text", name=_BOLD, bold=True), automatic=True)
    file.insert_style(odfdo.Style("text", name=_QUIET, italic=True), automatic=True)
    cell = odfdo.Style("table-cell", name=_BORDERED, border="0.5pt solid #000000", padding="0.1cm")
    file.insert_style(cell, automatic=True)


def _heading(block: Heading, _number: int) -> Iterator[Any]:
    text = " ".join(shown(block.text).split())
    yield odfdo.Header(block.level, text, style=f"Heading_20_{block.level}")


def _text(block: Text, _number: int) -> Iterator[Any]:
    for number, lines in enumerate(lines_of(shown(block.text))):
        paragraph = odfdo.Paragraph(style="Text_20_body")
        if block.label and not number:
            paragraph.append(odfdo.Span(f"{shown(block.label)}:", style=_BOLD))
            paragraph.append(" ")
        text = "\n".join(lines)
        paragraph.append(odfdo.Span(text, style=_QUIET) if block.quiet else text)
        yield paragraph


def _items(block: Items, _number: int) -> Iterator[Any]:
    yield odfdo.List([odfdo.Paragraph(shown(item)) for item in block.items])


def _grid(block: Grid, number: int) -> Iterator[Any]:
    """The library's own table has no rows of headings."""
    table = _element("table:table", {"table:name": f"Tabel {number}"})
    table.append(_element("table:table-column", {"table:number-columns-repeated": str(len(block.columns))}))
    head = _element("table:table-header-rows")
    head.append(_row(block.columns, _BOLD))
    table.append(head)
    for row in block.rows:
        table.append(_row(row))
    description = _element("svg:desc")
    description.text = " ".join(shown(block.name).split())
    table.insert(description, position=0)
    yield table
    yield odfdo.Paragraph(style="Text_20_body")  # room below it


def _row(texts: tuple[str, ...], style: str = "") -> Any:
    row = _element("table:table-row")
    for text in texts:
        attributes = {"office:value-type": "string", "table:style-name": _BORDERED}
        cell = _element("table:table-cell", attributes)
        for line in shown(text).strip("\n").split("\n"):
            cell.append(_line(line, style))
        row.append(cell)
    return row


def _line(text: str, style: str) -> Any:
    paragraph = odfdo.Paragraph()
    paragraph.append(odfdo.Span(text, style=style) if style else text)
    return paragraph


def _element(tag: str, attributes: Mapping[str, str] | None = None) -> Any:
    element = odfdo.Element.from_tag(tag)
    for name, value in (attributes or {}).items():
        element.set_attribute(name, value)
    return element


_WRITERS: Final[Mapping[type[Block], Callable[[Any, int], Iterator[Any]]]] = {
    Heading: _heading,
    Text: _text,
    Items: _items,
    Grid: _grid,
}
