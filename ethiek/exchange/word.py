"""A document as DOCX: real headings, lists, tables and links, its language, and nothing that runs."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any, Final

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor

from ethiek import markup
from ethiek.exchange import word_lists
from ethiek.exchange.blocks import Block, Document, Grid, Heading, Text, Written, one_line
from ethiek.exchange.characters import shown
from ethiek.exchange.packing import repacked
from ethiek.exchange.runs import PLAIN, Run, by_address
from ethiek.markup.tree import Inline, led_by_paragraph

TITLE: Final = 1
_LINK: Final = RGBColor(0x05, 0x63, 0xC1)


def to_docx(document: Document) -> bytes:
    """The document as Office Open XML; the same document gives the same bytes."""
    file = docx.Document()
    _describe(file, document)
    writer = _Writer(file)
    for block in document.blocks:
        writer.write(block)
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


class _Writer:
    """Writes block after block at the end of a file."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._lists = word_lists.Lists(file)
        self._links: dict[str, str] = {}

    def write(self, block: Block) -> None:
        if isinstance(block, Heading):
            self._file.add_heading(block.line, block.level - TITLE)
        elif isinstance(block, Grid):
            self._table(block.name, block.table, PLAIN)
        else:
            self._written(block)

    def _written(self, block: Text | Written) -> None:
        content, looks = block.content, Run("", emphasis=block.quiet)
        if block.label and content:
            paragraph = self._file.add_paragraph()
            paragraph.add_run(f"{shown(block.label)}: ").bold = True
            if isinstance(content[0], markup.Paragraph):
                self._line(paragraph, content[0].content, looks)
                content = content[1:]
        for one in content:
            self._block(one, looks)

    def _block(self, block: markup.Block, looks: Run) -> None:
        if isinstance(block, markup.Paragraph):
            self._line(self._file.add_paragraph(), block.content, looks)
        elif isinstance(block, markup.Table):
            self._table(block.name, block, looks)
        else:
            self._list(block, looks)

    def _list(self, block: markup.BulletList | markup.NumberedList, looks: Run, level: int = 0) -> None:
        list_id = self._lists.define(block, level)
        for item in block.items:
            first, *others = led_by_paragraph(item)
            paragraph = self._file.add_paragraph(style=word_lists.style_of(block, level))
            word_lists.mark(paragraph, list_id, level)
            self._in_item(paragraph, first, looks)
            for one in others:
                if isinstance(one, markup.BulletList | markup.NumberedList):
                    self._list(one, looks, level + 1)
                else:
                    self._in_item(self._file.add_paragraph(style=word_lists.continued(level)), one, looks)

    def _in_item(self, paragraph: Any, block: markup.Block, looks: Run) -> None:
        if isinstance(block, markup.Paragraph):  # an item holds nothing else but lists
            self._line(paragraph, block.content, looks)

    def _table(self, name: str, block: markup.Table, looks: Run) -> None:
        rows = (block.header, *block.rows)
        table = self._file.add_table(rows=len(rows), cols=len(block.header), style="Table Grid")
        for row, contents in zip(table.rows, rows, strict=True):
            for cell, content in zip(row.cells, contents, strict=True):
                of_cell = Run("", strong=True) if contents is block.header else looks
                self._line(cell.paragraphs[0], content, of_cell)
        _mark_as_heading(table.rows[0])
        _name(table, name)
        self._file.add_paragraph()  # two tables in a row would become one

    def _line(self, paragraph: Any, content: tuple[Inline, ...], looks: Run) -> None:
        for address, pieces in by_address(content, looks):
            added = [_run(paragraph, piece) for piece in pieces]
            if address:
                paragraph._p.append(self._link(address, added))  # noqa: SLF001  # the library has no name for it

    def _link(self, address: str, inside: list[Any]) -> Any:
        """Return a link around runs that were added already."""
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), self._relation(address))
        for run in inside:
            run.font.underline, run.font.color.rgb = True, _LINK
            link.append(run._r)  # noqa: SLF001  # as above
        return link

    def _relation(self, address: str) -> str:
        """Return the id under which the file knows an address; the library looks through all of them each time."""
        if address not in self._links:
            self._links[address] = f"link{len(self._links) + 1}"
            relations = self._file.part.rels
            relations.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, address, self._links[address], True)  # noqa: FBT003
        return self._links[address]


def _run(paragraph: Any, piece: Run) -> Any:
    run = paragraph.add_run(piece.text)
    run.bold, run.italic = piece.strong or None, piece.emphasis or None
    return run


def _mark_as_heading(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  # the library has no name for it


def _name(table: Any, name: str) -> None:
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), one_line(name))
    table._tbl.tblPr.append(caption)  # noqa: SLF001  # as above
