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
MAX_COMBINING: Final = 3
"""More marks on one letter grow into the line above, over what others wrote, and take seconds to shape."""

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
    >>> printed("\u4e2d\u6587", set())
    '⟨U+4E2D U+6587⟩'
    """
    text = LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n").replace("\t", " ")
    text = INVISIBLE.sub("", text)
    text = _named("".join(each for each in set(text) if not _is_shown(each, printable)), text)
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


def _is_shown(character: str, printable: AbstractSet[int]) -> bool:
    code = ord(character)
    return character in "\n " or (
        code in printable and code not in DIRECTION and unicodedata.category(character) not in {"Cc", "Cs"}
    )


def _named(unshown: str, text: str) -> str:
    """Name these characters; those that follow each other together, so that a word stays one thing."""
    if not unshown:
        return text
    return re.sub(f"[{re.escape(unshown)}]+", _names, text)


def _names(run: re.Match[str]) -> str:
    return f"⟨{' '.join(f'U+{ord(character):04X}' for character in run.group())}⟩"


def _cut_combining(text: str) -> str:
    """Keep the first marks on a letter, and say how many there were besides."""
    kept: list[str] = []
    run = 0
    for character in f"{text}\n":
        if unicodedata.category(character) in {"Mn", "Me", "Mc"}:
            run += 1
        else:
            if run > MAX_COMBINING:
                kept.append(f"⟨+{run - MAX_COMBINING}⟩")
            run = 0
        if run <= MAX_COMBINING:
            kept.append(character)
    return "".join(kept).removesuffix("\n")


def _with_soft_breaks(word: re.Match[str]) -> str:
    letters = word.group()
    pieces = (letters[start : start + SOFT_BREAK_EVERY] for start in range(0, len(letters), SOFT_BREAK_EVERY))
    return "\u200b".join(pieces)
