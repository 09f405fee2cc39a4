"""Text for office documents: what their XML cannot hold is named, and nothing can hide behind reading order."""

from __future__ import annotations

import re
from typing import Final

from ethiek.markup.reading import LINE_ENDS
from ethiek.reports.plain_text import DIRECTION

_NOT_XML: Final = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DIRECTION: Final = re.compile("[" + "".join(map(chr, sorted(DIRECTION))) + "]")


def shown(text: str) -> str:
    r"""The text with line ends as LF, and with a name for every character that would be refused or would hide.

    >>> shown("een\r\ntwee\x07 \u202edrie")
    'een\ntwee⟨U+0007⟩ ⟨U+202E⟩drie'
    """
    lines = LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    return _DIRECTION.sub(_named, _NOT_XML.sub(_named, lines))


def _named(found: re.Match[str]) -> str:
    return f"⟨U+{ord(found[0]):04X}⟩"
