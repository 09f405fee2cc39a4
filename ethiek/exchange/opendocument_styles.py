"""The looks that an ODT needs beside the library's own: bold, italics, cells with a border, and lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import odfdo

from ethiek.exchange.runs import Run
from ethiek.markup.grammar import MAX_DEPTH

BOLD: Final = "EthiekBold"
CELL: Final = "EthiekCell"
BULLETS: Final = "EthiekBullets"
NUMBERS: Final = "EthiekNumbers"
_ITALIC: Final = "EthiekItalic"
_BOLD_ITALIC: Final = "EthiekBoldItalic"
_BULLET: Final = (
    '<text:list-level-style-bullet text:level="{level}" text:bullet-char="•">{place}'
    "</text:list-level-style-bullet>"
)
_NUMBER: Final = (
    '<text:list-level-style-number text:level="{level}" style:num-format="1" style:num-suffix=".">{place}'
    "</text:list-level-style-number>"
)
_PLACE: Final = (
    '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
    '<style:list-level-label-alignment text:label-followed-by="listtab" fo:text-indent="-0.6cm" '
    'fo:margin-left="{left}cm"/></style:list-level-properties>'
)


def styles() -> Iterator[Any]:
    """Yield all of them."""
    yield odfdo.Style("text", name=BOLD, bold=True)
    yield odfdo.Style("text", name=_ITALIC, italic=True)
    yield odfdo.Style("text", name=_BOLD_ITALIC, bold=True, italic=True)
    yield odfdo.Style("table-cell", name=CELL, border="0.5pt solid #000000", padding="0.1cm")
    yield _list_style(BULLETS, _BULLET)
    yield _list_style(NUMBERS, _NUMBER)


def style_of(run: Run) -> str | None:
    """Return the name of the style of characters, if they need one."""
    if run.strong:
        return _BOLD_ITALIC if run.emphasis else BOLD
    return _ITALIC if run.emphasis else None


def _list_style(name: str, template: str) -> Any:
    levels = (
        template.format(level=level, place=_PLACE.format(left=round(0.6 * level, 1)))
        for level in range(1, MAX_DEPTH + 1)
    )
    return odfdo.Element.from_tag(f'<text:list-style style:name="{name}">{"".join(levels)}</text:list-style>')
