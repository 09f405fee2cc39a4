"""From the tree to HTML and to plain text. Everything that was typed is escaped here, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from ethiek.markup.tree import (
    Block,
    BulletList,
    Cell,
    Inline,
    LineBreak,
    Link,
    NumberedList,
    Paragraph,
    Strong,
    Table,
    Text,
    led_by_paragraph,
)

PARAGRAPH = Markup('<p class="{}">{}</p>')
BULLETS = Markup('<ul class="{}">{}</ul>')
NUMBERED = Markup('<ol class="{}"{}>{}</ol>')
START = Markup(' start="{}"')
ITEM = Markup("<li>{}</li>")
TABLE = Markup('<table class="{}"><thead>{}</thead><tbody>{}</tbody></table>')
ROW = Markup("<tr>{}</tr>")
HEAD = Markup('<th scope="col">{}</th>')
CELL = Markup("<td>{}</td>")
SCROLLING = Markup('<div class="{}" role="region" tabindex="0" aria-label="{}">{}</div>')
STRONG = Markup("<strong>{}</strong>")
EMPHASIS = Markup("<em>{}</em>")
LINK = Markup('<a class="{}" href="{}" rel="noopener noreferrer nofollow">{}</a>')
EMPTY = Markup("")
NEW_LINE = Markup("\n")


@dataclass(frozen=True, slots=True)
class Dress:
    """What one medium looks like: its class names, and what happens to every text in it.

    ``line_break``: a newline where the style sheet keeps those, or ``<br>``. ``scroller``: class of the box around a
    wide table; without it the table stands by itself. ``whole_address``: the address of a link is written out, because
    paper cannot be clicked on. ``shown``: gives every text its printed form.
    """

    paragraph: str
    bullets: str
    numbered: str
    table: str
    link: str
    line_break: Markup
    scroller: str = ""
    whole_address: bool = False
    shown: Callable[[str], str] = str


def to_html(blocks: tuple[Block, ...], dress: Dress) -> Markup:
    """Return the HTML of a text."""
    return NEW_LINE.join(_block(block, dress) for block in blocks)


def to_text(blocks: tuple[Block, ...]) -> str:
    r"""Return a text to be read without markup: bullets, numbers, cells with a bar between them, links in full.

    >>> from ethiek.markup.reading import read
    >>> to_text(read("**Let op**\n\n1. [wet](https://a.nl)\n2. meer"))
    'Let op\n\n1. wet (https://a.nl)\n2. meer'
    """
    return "\n\n".join("\n".join(_lines(block)) for block in blocks)


def _joined(parts: Iterator[Markup]) -> Markup:
    return EMPTY.join(parts)


def _block(block: Block, dress: Dress) -> Markup:
    if isinstance(block, Paragraph):
        return PARAGRAPH.format(dress.paragraph, _inline(block.content, dress))
    if isinstance(block, BulletList):
        return BULLETS.format(dress.bullets, _items(block.items, dress))
    if isinstance(block, NumberedList):
        start = EMPTY if block.start == 1 else START.format(block.start)
        return NUMBERED.format(dress.numbered, start, _items(block.items, dress))
    return _table(block, dress)


def _items(items: tuple[tuple[Block, ...], ...], dress: Dress) -> Markup:
    return _joined(ITEM.format(to_html(led_by_paragraph(item), dress)) for item in items)


def _table(table: Table, dress: Dress) -> Markup:
    heads = _joined((HEAD if cell else CELL).format(_inline(cell, dress)) for cell in table.header)
    rows = _joined(_row(row, dress) for row in table.rows)
    html = TABLE.format(dress.table, ROW.format(heads), rows)
    return SCROLLING.format(dress.scroller, table.name, html) if dress.scroller else html


def _row(cells: tuple[Cell, ...], dress: Dress) -> Markup:
    return ROW.format(_joined(CELL.format(_inline(cell, dress)) for cell in cells))


def _inline(content: tuple[Inline, ...], dress: Dress) -> Markup:
    return _joined(_part(part, dress) for part in content)


def _part(part: Inline, dress: Dress) -> Markup:
    if isinstance(part, Text):
        return escape(dress.shown(part.text))
    if isinstance(part, LineBreak):
        return dress.line_break
    inside = _inline(part.content, dress)
    if isinstance(part, Link):
        return _link(part, inside, dress)
    return (STRONG if isinstance(part, Strong) else EMPHASIS).format(inside)


def _link(link: Link, inside: Markup, dress: Dress) -> Markup:
    """Return a link, with where it leads behind it unless its text says so: nobody is misled by its text."""
    html = LINK.format(dress.link, link.address, inside)
    if link.says_where:
        return html
    target = link.address.removeprefix("mailto:") if dress.whole_address else link.target
    return html + escape(f" ({dress.shown(target)})")


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield _words(block.content)
    elif isinstance(block, Table):
        yield from (" | ".join(map(_words, row)) for row in (block.header, *block.rows))
    else:
        start = block.start if isinstance(block, NumberedList) else 0
        for index, item in enumerate(block.items):
            sign = f"{start + index}." if isinstance(block, NumberedList) else "-"
            yield from _indented(sign, item)


def _indented(sign: str, item: tuple[Block, ...]) -> Iterator[str]:
    lines = [line for block in item for text in _lines(block) for line in text.split("\n")] or [""]
    yield f"{sign} {lines[0]}".rstrip()
    yield from (" " * (len(sign) + 1) + line for line in lines[1:])


def _words(content: tuple[Inline, ...]) -> str:
    return "".join(_word(part) for part in content)


def _word(part: Inline) -> str:
    if isinstance(part, Text):
        return part.text
    if isinstance(part, LineBreak):
        return "\n"
    words = _words(part.content)
    shows_address = isinstance(part, Link) and not part.says_where
    return f"{words} ({part.address.removeprefix('mailto:')})" if shows_address else words  # type: ignore[union-attr]
