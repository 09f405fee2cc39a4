"""Lists in DOCX: each list counts for itself, three deep."""

from __future__ import annotations

from typing import Any, Final

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from ethiek.markup import BulletList, NumberedList
from ethiek.markup.grammar import MAX_DEPTH

_BULLETS: Final = 100
_NUMBERS: Final = 101
"""Beyond the ids of the library's own lists, which its styles use."""
_INDENT: Final = 360
"""A quarter of an inch, in twentieths of a point."""
_KIND: Final = """
<w:abstractNum {names} w:abstractNumId="{id}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>
"""
_LEVEL: Final = """
<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{sign}"/>
<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr></w:lvl>
"""
_LIST: Final = """
<w:num {names} w:numId="{id}"><w:abstractNumId w:val="{kind}"/>
<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride></w:num>
"""


class Lists:
    """The definitions of the lists of one file."""

    def __init__(self, file: Any) -> None:
        self._definitions = file.part.numbering_part.element
        first = self._definitions.find(qn("w:num"))
        first.addprevious(_kind(_BULLETS, "bullet", "•"))
        first.addprevious(_kind(_NUMBERS, "decimal", "%{number}."))
        self._last = _NUMBERS

    def define(self, block: BulletList | NumberedList, level: int) -> int:
        """Add a list, and return its id."""
        numbered = isinstance(block, NumberedList)
        self._last += 1
        definition = _LIST.format(
            names=nsdecls("w"),
            id=self._last,
            kind=_NUMBERS if numbered else _BULLETS,
            level=level,
            start=block.start if isinstance(block, NumberedList) else 1,
        )
        self._definitions.append(parse_xml(definition))
        return self._last


def style_of(block: BulletList | NumberedList, level: int) -> str:
    """Return the style of an item's first paragraph."""
    return _at_level("List Number" if isinstance(block, NumberedList) else "List Bullet", level)


def continued(level: int) -> str:
    """Return the style of an item's other paragraphs."""
    return _at_level("List Continue", level)


def mark(paragraph: Any, list_id: int, level: int) -> None:
    """Give a paragraph the sign of an item."""
    place = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001  # the library has no name for it
    place.get_or_add_ilvl().val = level
    place.get_or_add_numId().val = list_id


def _at_level(style: str, level: int) -> str:
    return f"{style} {level + 1}" if level else style


def _kind(id_: int, format_: str, sign: str) -> Any:
    levels = "".join(
        _LEVEL.format(
            level=level,
            format=format_,
            sign=sign.format(number=level + 1),
            left=_INDENT * (level + 1),
            hanging=_INDENT,
        )
        for level in range(MAX_DEPTH)
    )
    return parse_xml(_KIND.format(names=nsdecls("w"), id=id_, levels=levels))
