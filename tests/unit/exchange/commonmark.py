"""Markdown read by the CommonMark grammar, as other programs do, into the same tree as our own reader gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from ethiek.markup import (
    Block,
    BulletList,
    Emphasis,
    Inline,
    LineBreak,
    Link,
    NumberedList,
    Paragraph,
    Strong,
    Table,
    Text,
)


def read_commonmark(source: str) -> tuple[Block, ...]:
    """Read it; a KeyError names what has no place in our tree, such as a heading or HTML."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return blocks(SyntaxTreeNode(parser.parse(source)))


def blocks(node: SyntaxTreeNode) -> tuple[Block, ...]:
    return tuple(BLOCKS[child.type](child) for child in node.children)


def paragraph(node: SyntaxTreeNode) -> Paragraph:
    return Paragraph(line(node.children[0]))


def bullets(node: SyntaxTreeNode) -> BulletList:
    return BulletList(tuple(map(blocks, node.children)))


def numbered(node: SyntaxTreeNode) -> NumberedList:
    return NumberedList(tuple(map(blocks, node.children)), int(node.attrs.get("start", 1)))


def table(node: SyntaxTreeNode) -> Table:
    rows = [
        tuple(line(cell.children[0]) for cell in row.children)
        for part in node.children
        for row in part.children
    ]
    return Table(rows[0], tuple(rows[1:]))


BLOCKS: dict[str, Callable[[SyntaxTreeNode], Block]] = {
    "paragraph": paragraph,
    "bullet_list": bullets,
    "ordered_list": numbered,
    "table": table,
}


def line(node: SyntaxTreeNode) -> tuple[Inline, ...]:
    return tuple(part for child in node.children for part in inline(child))


def inline(node: SyntaxTreeNode) -> Iterator[Inline]:
    if node.type in {"text", "text_special"}:
        yield Text(node.content)
    elif node.type == "hardbreak":
        yield LineBreak()
    elif node.type == "link":
        yield Link(str(node.attrs["href"]), line(node))
    else:
        yield MARKS[node.type](line(node))


MARKS: dict[str, type[Strong | Emphasis]] = {"strong": Strong, "em": Emphasis}

Looks = tuple[str, bool, bool, str]
"""Characters, whether they are bold, whether in italics, and where they lead."""


def looks(tree: tuple[Block, ...], leave_out: str = "") -> list[Any]:
    """What a reader sees: blocks in blocks, and in them lines of characters, each with its looks.

    Without white space around lines, which Markdown cannot hold, and without the characters to be left out.
    """
    return [_seen(block, leave_out) for block in tree]


def _seen(block: Block, leave_out: str) -> Any:
    if isinstance(block, Paragraph):
        return _lines(block.content, leave_out)
    if isinstance(block, Table):
        return "table", [[_lines(cell, leave_out) for cell in row] for row in (block.header, *block.rows)]
    number = block.start if isinstance(block, NumberedList) else None
    return "list", number, [looks(item, leave_out) for item in block.items]


def _lines(content: tuple[Inline, ...], leave_out: str) -> list[list[Looks]]:
    found: list[list[Looks]] = [[]]
    for seen in _characters(content, ("", False, False, "")):
        if seen[0] == "\n":
            found.append([])
        elif seen[0] not in leave_out:
            found[-1].append(seen)
    return [_trimmed(line) for line in found]


def _characters(content: tuple[Inline, ...], around: Looks) -> Iterator[Looks]:
    _text, strong, emphasis, address = around
    for part in content:
        if isinstance(part, Text):
            kept = part.text.replace("\u00a0", " ").replace("\t", " ")
            yield from ((character, strong, emphasis, address) for character in kept)
        elif isinstance(part, LineBreak):
            yield ("\n", False, False, "")
        elif isinstance(part, Link):
            yield from _characters(part.content, ("", strong, emphasis, part.address))
        else:
            is_strong = isinstance(part, Strong)
            yield from _characters(
                part.content, ("", strong or is_strong, emphasis or not is_strong, address)
            )


def _trimmed(line: list[Looks]) -> list[Looks]:
    while line and line[0][0].isspace():
        line = line[1:]
    while line and line[-1][0].isspace():
        line = line[:-1]
    return line
