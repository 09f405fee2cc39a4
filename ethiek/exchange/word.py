"""A document as DOCX: real headings, real tables, its language, and nothing that runs."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from ethiek.exchange.blocks import Block, Document, Grid, Heading, Items, Text
from ethiek.exchange.characters import shown
from ethiek.exchange.packing import repacked
from ethiek.markup.reading import lines_of

TITLE: Final = 1


def to_docx(document: Document) -> bytes:
    """The document as Office Open XML; the same document gives the same bytes."""
    file = docx.Document()
    _describe(file, document)
    for block in document.blocks:
        _WRITERS[type(block)](file, block)
    target = io.BytesIO()
    file.save(target)
    return repacked(target.getvalue())


def _describe(file: Any, document: Document) -> None:
    made_at = datetime.fromisoformat(document.made_at)
    about = file.core_properties
    about.title, about.subject = shown(document.title)[:255], shown(document.reference)[:255]
    about.language, about.author, about.comments = document.language, "Ethiek", ""
    about.created = about.modified = made_at
    for language in file.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), {"nl": "nl-NL", "en": "en-GB"}.get(document.language, document.language))
    package = file.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:  # of the library's own example
            del package.rels[key]


def _heading(file: Any, block: Heading) -> None:
    file.add_heading(" ".join(shown(block.text).split()), block.level - TITLE)


def _text(file: Any, block: Text) -> None:
    for number, lines in enumerate(lines_of(shown(block.text))):
        paragraph = file.add_paragraph()
        if block.label and not number:
            paragraph.add_run(f"{shown(block.label)}: ").bold = True
        paragraph.add_run("\n".join(lines)).italic = block.quiet or None


def _items(file: Any, block: Items) -> None:
    for item in block.items:
        file.add_paragraph(shown(item), style="List Bullet")


def _grid(file: Any, block: Grid) -> None:
    table = file.add_table(rows=0, cols=len(block.columns), style="Table Grid")
    for row in (block.columns, *block.rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.paragraphs[0].add_run(shown(text)).bold = row is block.columns or None
    _mark_as_heading(table.rows[0])
    _name(table, block.name)
    file.add_paragraph()  # two tables in a row would become one


def _mark_as_heading(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  # the library has no name for it


def _name(table: Any, name: str) -> None:
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), " ".join(shown(name).split()))
    table._tbl.tblPr.append(caption)  # noqa: SLF001  # as above


_WRITERS: Final[Mapping[type[Block], Callable[[Any, Any], None]]] = {
    Heading: _heading,
    Text: _text,
    Items: _items,
    Grid: _grid,
}
