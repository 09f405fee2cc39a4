r"""A line of text as Markdown: what was typed as bold, italics or a link is that, and every other sign is text.

Every sign that could begin markup gets a backslash, so that no answer can make a heading, HTML or a picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ethiek.exchange.characters import shown
from ethiek.markup import Emphasis, Inline, LineBreak, Link, Strong, Text

_ANYWHERE: Final = re.compile(r"[\\`*_\[\]<>|~&]")
_AT_START: Final = re.compile(r"^([#+=:-]|[0-9]{1,9}(?=[.)]))")
_NUMBER: Final = re.compile(r"^([0-9]{1,9})([.)])")
_IN_ADDRESS: Final = re.compile(r"[\\()<>&]")
_OTHER: Final = {"*": "_", "_": "*"}


def lines_of(content: tuple[Inline, ...]) -> list[str]:
    """The lines of a paragraph; those without anything to see would end it."""
    lines = map(_line, _marked(content).split("\n"))
    return [line for line in lines if line.strip()]


def in_cell(content: tuple[Inline, ...]) -> str:
    """A text on one line, in a cell of a table."""
    return "<br>".join(_line(line) for line in _marked(content).split("\n"))


def escaped(line: str) -> str:
    r"""One line of text that is read back as the same line.

    >>> escaped("1. *stap* <b>")
    '1\\. \\*stap\\* \\<b\\>'
    """
    return _line(_signs(line))


def _line(marked: str) -> str:
    """A line that begins nothing; the white space before it stays."""
    bare = marked.replace("\t", " ").rstrip()
    text = bare.lstrip(" ")
    indent = len(bare) - len(text)
    text = _NUMBER.sub(r"\1\\\2", text) if _NUMBER.match(text) else _AT_START.sub(r"\\\1", text)
    return "\u00a0" * indent + text


def _signs(text: str) -> str:
    return _ANYWHERE.sub(r"\\\g<0>", text)


def _marked(content: Iterable[Inline], inside: str = "") -> str:
    """The text with its marks. ``inside``: the marks that it stands in; a mark in the same mark changes nothing.

    Marks that touch get different signs, because ``*a***b**`` is something else than ``_a_**b**``.
    """
    written = ""
    for part in content:
        match part:
            case Text():
                written += _signs(shown(part.text))
            case LineBreak():
                written += "\n"
            case Link():
                if written.endswith("!"):  # a picture, otherwise
                    written = f"{written[:-1]}\\!"
                written += _link(part, inside)
            case Strong() | Emphasis():
                written += _mark(part, written, inside)
    return written


def _link(link: Link, inside: str) -> str:
    address = _IN_ADDRESS.sub(r"\\\g<0>", link.address)
    return f"[{_marked(link.content, inside)}]({address})"


def _mark(part: Strong | Emphasis, before: str, inside: str) -> str:
    sign = _sign(before, inside[-1:])
    length = 2 if isinstance(part, Strong) else 1
    if length * "*" in inside.replace("_", "*").split():
        return _marked(part.content, inside)
    mark = length * sign
    return f"{mark}{_marked(part.content, f'{inside} {mark}')}{mark}"


def _sign(before: str, around: str) -> str:
    """Another sign than that of the mark just before, and if possible than that of the mark around."""
    is_text = before.endswith(("\\*", "\\_"))
    touched = "" if is_text else before[-1:]
    return _OTHER.get(touched) or _OTHER.get(around, "*")
