r"""A document as Markdown (CommonMark with tables), which is read back as the same headings, lists and tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ethiek import markup
from ethiek.exchange.blocks import Block, Document, Grid, Heading, Text, Written, one_line
from ethiek.exchange.markdown_lines import escaped, in_cell, lines_of

_DEEPEST: Final = 6
_BETWEEN: Final = "\n\n"
_LINE_END: Final = "\\\n"
_OTHER_BULLET: Final = {"-": "*", "*": "-"}
_OTHER_NUMBER: Final = {".": ")", ")": "."}


def to_markdown(document: Document) -> bytes:
    """The document in UTF-8, with LF as line end."""
    writer = _Writer()
    blocks = (text for block in document.blocks for text in writer.blocks(block))
    return (_BETWEEN.join(filter(None, blocks)) + "\n").encode()


class _Writer:
    """Writes block after block. Of two lists in a row the second gets another sign, or they would be one."""

    def __init__(self) -> None:
        self._last_sign = ""

    def blocks(self, block: Block) -> Iterator[str]:
        if isinstance(block, Heading):
            yield self._other(f"{'#' * min(block.level, _DEEPEST)} {_in_heading(block.line)}")
        elif isinstance(block, Grid):
            yield self._other(_table(block.table))
        elif isinstance(block, Text) and block.quiet and not block.label and len(block.content) == 1:
            yield self._other(f"*{_paragraph(block.content[0])}*")
        else:
            yield from self._written(block)

    def _written(self, block: Text | Written) -> Iterator[str]:
        content = block.content
        if block.label and content:
            label = f"**{escaped(one_line(block.label))}:**"
            if isinstance(content[0], markup.Paragraph):
                label, content = f"{label} {_paragraph(content[0])}", content[1:]
            yield self._other(label)
        for one in content:
            yield self.block(one)

    def block(self, block: markup.Block) -> str:
        """One block of what people wrote."""
        if isinstance(block, markup.Paragraph):
            return self._other(_paragraph(block))
        if isinstance(block, markup.Table):
            return self._other(_table(block))
        return self._list(block)

    def _other(self, written: str) -> str:
        if written:
            self._last_sign = ""
        return written

    def _list(self, block: markup.BulletList | markup.NumberedList) -> str:
        if isinstance(block, markup.BulletList):
            sign = _OTHER_BULLET.get(self._last_sign, "-")
            signs = [sign] * len(block.items)
        else:
            sign = _OTHER_NUMBER.get(self._last_sign, ".")
            signs = [f"{block.start + index}{sign}" for index in range(len(block.items))]
        items = "\n".join(map(_item, signs, block.items))
        self._last_sign = sign
        return items


def _item(sign: str, content: tuple[markup.Block, ...]) -> str:
    writer = _Writer()
    written = ""
    for block in content:
        text = writer.block(block)
        written += _room(block) + text if written else text
    room = "\n" + " " * (len(sign) + 1)
    return f"{sign} {written}".rstrip().replace("\n", room).replace(f"{room}\n", "\n\n")


def _room(block: markup.Block) -> str:
    """What stands before a block that is not the first of its item."""
    follows_on = isinstance(block, markup.BulletList) or (
        isinstance(block, markup.NumberedList) and block.start == 1
    )
    return "\n" if follows_on else _BETWEEN


def _paragraph(block: markup.Block) -> str:
    return _LINE_END.join(lines_of(block.content)) if isinstance(block, markup.Paragraph) else ""


def _table(table: markup.Table) -> str:
    head, *body = (f"| {' | '.join(map(in_cell, row))} |" for row in (table.header, *table.rows))
    return "\n".join((head, "|" + " --- |" * len(table.header), *body))


def _in_heading(line: str) -> str:
    """A line of text; signs at its end would be the end of the heading."""
    text = escaped(line)
    return f"{text[:-1]}\\#" if text.endswith("#") else text
