"""From the text as typed to the tree. Beyond a limit a piece stays what it is: lines of text, with its signs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from markdown_it.token import Token

from ethiek.markup.grammar import grammar
from ethiek.markup.tree import (
    Block,
    BulletList,
    Cell,
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

MARKS: Final = frozenset({"strong_open", "em_open", "link_open", "list_item_open"})
MAX_MARKS: Final = 2000
"""In one text; each costs as much to print as a line. Beyond it the whole text is shown as typed."""
MAX_BRACKETS: Final = 2000
"""The parser looks for the other bracket from each one: 20,000 of them took 3.5 seconds."""
MAX_INLINE_DEPTH: Final = 3
"""Bold in italics in a link."""

SIGN: Final = re.compile(r"[*_\[|\\]|^[ \t]*(?:-|\d{1,9}[.)])[ \t]", re.MULTILINE)
"""Without any of these a text is plain; most are, and need no parser."""
LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x85\u2028]")
WHITE_LINE: Final = re.compile(r"^[^\S\n]+$", re.MULTILINE)


class _NotAsTypedError(Exception):
    """A piece cannot be shown as markup without losing or changing something."""


def read(text: str) -> tuple[Block, ...]:
    r"""Read light Markdown.

    >>> read("*Let op*:\nmeer")
    (Paragraph(content=(Emphasis(content=(Text(text='Let op'),)), Text(text=':'), LineBreak(), Text(text='meer'))),)
    """
    source = _unified(text)
    if not SIGN.search(source) or source.count("[") > MAX_BRACKETS:
        return plain(source)
    tokens = grammar().parse(source)
    if _marks(tokens) > MAX_MARKS:
        return plain(source)
    return tuple(_Reader(tokens, source.split("\n")).blocks())


def plain(text: str) -> tuple[Paragraph, ...]:
    r"""Read a text in which no sign means anything: paragraphs and line ends.

    >>> plain("*een*\n\n- twee")
    (Paragraph(content=(Text(text='*een*'),)), Paragraph(content=(Text(text='- twee'),)))
    """
    return tuple(Paragraph(tuple(_with_breaks("\n".join(lines)))) for lines in lines_of(text))


def read_inline(text: str) -> tuple[Paragraph, ...]:
    """Read bold, italics and links in the cell of a form's table; lists and tables have no room there."""
    return tuple(Paragraph(_inline("\n".join(lines))) for lines in lines_of(text))


def lines_of(text: str) -> tuple[tuple[str, ...], ...]:
    r"""Paragraphs of lines: blank lines separate, line ends are kept.

    >>> lines_of("een\ntwee\n\n\ndrie")
    (('een', 'twee'), ('drie',))
    """
    blocks = re.split(r"\n\n+", _unified(text))
    return tuple(tuple(block.split("\n")) for block in blocks if block)


def _unified(text: str) -> str:
    """One kind of line end, and nothing on blank lines."""
    lines = LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    return WHITE_LINE.sub("", lines).strip("\n")


def _marks(tokens: list[Token]) -> int:
    children = (child for token in tokens for child in token.children or ())
    return sum(token.type in MARKS for token in (*tokens, *children))


class _Reader:
    """Takes the parser's flat list of tokens, which is well nested, block by block."""

    def __init__(self, tokens: list[Token], lines: list[str]) -> None:
        self.tokens = tokens
        self.lines = lines
        self.at = 0

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks of the whole text; what cannot be shown faithfully as it was typed."""
        while self.at < len(self.tokens):
            start = self.at
            try:
                yield self.block()
            except _NotAsTypedError:
                yield from self.as_typed(start)

    def as_typed(self, start: int) -> Iterator[Block]:
        first, last = self.tokens[start].map or (0, 0)
        self.at = next(
            index + 1
            for index in range(start, len(self.tokens))
            if self.tokens[index].level == 0 and self.tokens[index].nesting == -1
        )
        yield from plain("\n".join(self.lines[first:last]))

    def block(self) -> Block:
        return READERS[self.tokens[self.at].type](self)

    def paragraph(self) -> Paragraph:
        content = self.tokens[self.at + 1]
        self.at += 3
        return Paragraph(_inline_of(content))

    def bullets(self) -> BulletList:
        return BulletList(tuple(content for _number, content in self.items()))

    def numbered(self) -> NumberedList:
        items = list(self.items())
        numbers = [int(number) for number, _content in items]
        start = numbers[0]
        counting = list(range(start, start + len(numbers)))
        if numbers not in (counting, [1] * len(numbers)):
            raise _NotAsTypedError  # "1., 3." would be shown as 1., 2.
        return NumberedList(tuple(content for _number, content in items), start)

    def items(self) -> Iterator[tuple[str, tuple[Block, ...]]]:
        self.at += 1
        while self.tokens[self.at].type == "list_item_open":
            number = self.tokens[self.at].info
            self.at += 1
            content = []
            while self.tokens[self.at].type != "list_item_close":
                content.append(self.block())
            self.at += 1
            yield number, tuple(content)
        self.at += 1

    def table(self) -> Table:
        rows: list[list[Cell]] = []
        while self.tokens[self.at].type != "table_close":
            token = self.tokens[self.at]
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(_inline_of(token))
            self.at += 1
        self.at += 1
        header, *body = (tuple(row) for row in rows)
        return Table(header, tuple(body))


READERS: Final[Mapping[str, Callable[[_Reader], Block]]] = {
    "paragraph_open": _Reader.paragraph,
    "bullet_list_open": _Reader.bullets,
    "ordered_list_open": _Reader.numbered,
    "table_open": _Reader.table,
}


def _inline(source: str) -> tuple[Inline, ...]:
    return _inline_of(grammar().parseInline(source)[0])


def _inline_of(token: Token) -> tuple[Inline, ...]:
    """Return the content of a line of text, or the line as typed where signs are nested too deep."""
    try:
        return _InlineReader(token.children or []).content()
    except _NotAsTypedError:
        return tuple(_with_breaks(token.content))


class _InlineReader:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = iter(tokens)

    def content(self, depth: int = 0) -> tuple[Inline, ...]:
        """Return what stands up to the closing sign of this depth."""
        if depth > MAX_INLINE_DEPTH:
            raise _NotAsTypedError
        found: list[Inline] = []
        for token in self.tokens:
            if token.nesting == -1:
                break
            found += self.part(token, depth)
        return tuple(found)

    def part(self, token: Token, depth: int) -> Iterator[Inline]:
        if token.nesting == 0:
            yield from _with_breaks(token.content)
        elif token.type == "link_open":
            yield from self.link(token, depth)
        else:
            yield (Strong if token.type == "strong_open" else Emphasis)(self.content(depth + 1))

    def link(self, token: Token, depth: int) -> Iterator[Inline]:
        """Yield a link. Its title, which is seen by a mouse only, stands behind it."""
        address = str(token.attrs["href"])
        yield Link(address, self.content(depth + 1) or (Text(address),))
        if title := token.attrs.get("title"):
            yield from _with_breaks(f" ({title})")


def _with_breaks(text: str) -> Iterator[Inline]:
    for index, line in enumerate(text.split("\n")):
        if index:
            yield LineBreak()
        if line:
            yield Text(line)
