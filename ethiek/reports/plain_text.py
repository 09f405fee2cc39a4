"""From what people typed to what can be printed: every character is shown, or named, never an empty box.

The embedded JSON keeps the text exactly as it was typed; only the printed form is adapted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AbstractSet
from typing import Final

from ethiek.domain.text_limits import LINE_END
from ethiek.markup.reading import LINE_ENDS

LONG_WORD: Final = 70
"""Longer words get soft breaks. A SHA-256 (64 characters) stays whole."""
LONG: Final = re.compile(rf"\S{{{LONG_WORD + 1},}}")
SOFT_BREAK_EVERY: Final = 30
MAX_COMBINING: Final = 8
"""A longer run of combining marks grows out of its line and takes seconds to shape."""

JOINED: Final = " ¶ "

INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]")
"""Soft hyphens, joiners and variation selectors: nothing to see, so nothing is lost."""
DIRECTION: Final = frozenset([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Controls that change the order in which text is read; they are named, so that nothing hides behind them."""


def printed(text: str, printable: AbstractSet[int]) -> str:
    r"""The printed form of a text: newlines normalised, characters that cannot be shown named.

    Args:
        printable: code points that the fonts of the report have.

    >>> printed("Goed\u2028idee \U0001f600", {*map(ord, "Goedi ")})
    'Goed\nidee ⟨U+1F600⟩'
    """
    text = LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n").replace("\t", " ")
    text = INVISIBLE.sub("", text)
    text = text.translate({ord(each): _shown(each, printable) for each in set(text)})
    return LONG.sub(_with_soft_breaks, text if text.isascii() else _cut_combining(text))


def within_lines(text: str, limit: int) -> str:
    r"""The same text in at most so many lines: what was stored before there was a limit must print in time too.

    The lines that are left over become one, with a sign where each began.

    >>> within_lines("een\ntwee\ndrie\nvier", 2)
    'een\ntwee ¶ drie ¶ vier'
    """
    ends = list(LINE_END.finditer(text))
    if len(ends) < limit:
        return text
    kept = ends[limit - 2].end() if limit > 1 else 0
    return text[:kept] + JOINED.join(line for line in LINE_END.split(text[kept:]) if line.strip())


def _shown(character: str, printable: AbstractSet[int]) -> str:
    code = ord(character)
    if character in "\n ":
        return character
    if code in DIRECTION or code not in printable or unicodedata.category(character) in {"Cc", "Cs"}:
        return f"⟨U+{code:04X}⟩"
    return character


def _cut_combining(text: str) -> str:
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me", "Mc"} else 0
        if run <= MAX_COMBINING:
            kept.append(character)
    return "".join(kept)


def _with_soft_breaks(word: re.Match[str]) -> str:
    letters = word.group()
    pieces = (letters[start : start + SOFT_BREAK_EVERY] for start in range(0, len(letters), SOFT_BREAK_EVERY))
    return "\u200b".join(pieces)
