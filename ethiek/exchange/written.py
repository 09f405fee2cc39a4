r"""Several texts in one field of text, so that they come apart again exactly.

The first text stands as it is. Every other one has its name above it, on a line of its own: ``== Overwegingen ==``.
A line of somebody's own text that looks like that gets a backslash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from typing import Final

MAIN: Final = ""
"""The name of the text without a name."""

_LIKE_A_NAME: Final = re.compile(r"\\*== .* ==")
_NAME: Final = re.compile(r"== (.*) ==")

Texts = list[tuple[str, str]]
"""Name and text, in order."""


def join(texts: Iterable[tuple[str, str]]) -> str:
    r"""Put texts in one; the one called MAIN comes first.

    >>> join([("", "Ja."), ("Overwegingen", "Lang over gepraat.")])
    'Ja.\n\n== Overwegingen ==\nLang over gepraat.'
    """
    return "\n\n".join(_named(name, _guarded(text)) for name, text in texts)


def split(text: str, known: Set[str]) -> Texts:
    r"""Take texts apart again; a name that is not known is part of the text above it.

    >>> split("Ja.\n\n== Overwegingen ==\nLang over gepraat.", {"Overwegingen"})
    [('', 'Ja.'), ('Overwegingen', 'Lang over gepraat.')]
    """
    found: list[tuple[str, list[str]]] = [(MAIN, [])]
    for line in text.split("\n"):
        name = _NAME.fullmatch(line)
        if name and name[1] in known:
            found.append((name[1], []))
        else:
            found[-1][1].append(line[1:] if line.startswith("\\") and _LIKE_A_NAME.fullmatch(line) else line)
    texts = [(name, "\n".join(lines).rstrip()) for name, lines in found]
    return texts if texts[0][1] else texts[1:]


def _named(name: str, text: str) -> str:
    return f"== {name} ==\n{text}" if name else text


def _guarded(text: str) -> str:
    return "\n".join(f"\\{line}" if _LIKE_A_NAME.fullmatch(line) else line for line in text.split("\n"))
