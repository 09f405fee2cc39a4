r"""A document as Markdown (CommonMark with tables). What people wrote is text, whatever signs are in it.

Every sign that could begin markup gets a backslash, so that no answer can make a heading, a link or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from ethiek.exchange.blocks import Block, Document, Grid, Heading, Items, Text
from ethiek.exchange.characters import shown
from ethiek.reports.plain_text import paragraphs

_ANYWHERE: Final = re.compile(r"[\\`*_\[\]<>|~&]")
_AT_START: Final = re.compile(r"^([#+=:-]|[0-9]{1,9}(?=[.)]))")
_NUMBER: Final = re.compile(r"^([0-9]{1,9})([.)])")
_DEEPEST: Final = 6


def to_markdown(document: Document) -> bytes:
    """The document in UTF-8, with LF as line end."""
    blocks = (_WRITERS[type(block)](block) for block in document.blocks)
    return ("\n\n".join(filter(None, blocks)) + "\n").encode()


def escaped(line: str) -> str:
    r"""One line of text that is read back as the same line.

    >>> escaped("1. *stap* <b>")
    '1\\. \\*stap\\* \\<b\\>'
    """
    bare = line.replace("\t", " ").rstrip()
    indent = len(bare) - len(bare.lstrip(" "))
    text = _ANYWHERE.sub(r"\\\g<0>", bare[indent:])
    text = _NUMBER.sub(r"\1\\\2", text) if _NUMBER.match(text) else _AT_START.sub(r"\\\1", text)
    return "\u00a0" * indent + text


def _one_line(text: str) -> str:
    return escaped(" ".join(shown(text).split()))


def _heading(block: Heading) -> str:
    return f"{'#' * min(block.level, _DEEPEST)} {_one_line(block.text)}"


def _text(block: Text) -> str:
    filled = ([line for line in lines if line.strip()] for lines in paragraphs(shown(block.text)))
    written = ["\\\n".join(map(escaped, lines)) for lines in filled if lines]
    label = f"**{_one_line(block.label)}:** " if block.label else ""
    if block.quiet and not block.label and len(written) == 1:
        return f"*{written[0]}*"
    return label + "\n\n".join(written) if written else ""


def _items(block: Items) -> str:
    return "\n".join(f"- {_one_line(item)}" for item in block.items)


def _grid(block: Grid) -> str:
    rows = (block.columns, *block.rows)
    head, *body = (f"| {' | '.join(map(_cell, row))} |" for row in rows)
    return "\n".join((head, "|" + " --- |" * len(block.columns), *body))


def _cell(text: str) -> str:
    return "<br>".join(escaped(line) for line in shown(text).strip("\n").split("\n"))


_WRITERS: Final[Mapping[type[Block], Callable[[Any], str]]] = {
    Heading: _heading,
    Text: _text,
    Items: _items,
    Grid: _grid,
}
