"""The page for administrators: the start of everything that matters, cut to what fits on one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ethiek.domain.redactions import MARKS
from ethiek.markup import Block, BulletList, NumberedList, plain, read, read_inline, to_text
from ethiek.reports.fonts import advances
from ethiek.reports.typed import printed_form
from ethiek.reports.values import Table

MOST_REASONS: Final = 3
MOST_CONDITIONS: Final = 4
MOST_RISKS: Final = 3
REASON: Final = 115
CONDITION: Final = 56
OWNER: Final = 19
RISK: Final = 60
BOX: Final = 4.5
"""In em; a letter takes about half of one. A page full of the widest letters still fits; a test sees to it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the advice; ``due`` is a date in words."""

    text: str
    owner: str
    due: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The first reasons, conditions and risks, shortened, and how many more there are of the last two."""

    reasons: tuple[str, ...]
    conditions: tuple[Condition, ...]
    more_conditions: int
    risks: tuple[str, ...]
    more_risks: int


def summarise(
    motivation: str, conditions: Sequence[Condition], risks: Sequence[Table], *, light_markdown: bool
) -> Summary:
    """Take the start of each; what the committee wrote first is what it finds most important."""
    pieces = list(_pieces(read(motivation) if light_markdown else plain(motivation)))
    rows = [_row(row, light_markdown=light_markdown) for table in risks for row in table.rows]
    return Summary(
        tuple(shortened(piece, REASON) for piece in pieces[:MOST_REASONS]),
        tuple(_condition(one, light_markdown=light_markdown) for one in conditions[:MOST_CONDITIONS]),
        max(0, len(conditions) - MOST_CONDITIONS),
        tuple(shortened(row, RISK) for row in rows[:MOST_RISKS]),
        max(0, len(rows) - MOST_RISKS),
    )


def shortened(text: str, most: float) -> str:
    """The start of a text as printed, on one line, cut between words where that is possible.

    Args:
        most: in em, with the letters of the report.

    >>> shortened("Een  goed idee", 8), shortened("Een goed idee", 6), shortened("Onbeschrijfelijk", 4)
    ('Een goed idee', 'Een goed…', 'Onbesc…')
    """
    line = " ".join(printed_form(text).split())
    width = 0.0
    for end, letter in enumerate(line):
        width += BOX if MARKS.match(letter) else advances().get(ord(letter), 1.0)
        if width > most:
            start = line[:end]
            whole, _, rest = start.rpartition(" ")
            return f"{whole if whole and len(rest) < len(whole) else start}…"
    return line


def _pieces(blocks: Sequence[Block]) -> Iterator[str]:
    """Paragraphs and the items of lists: what people write their reasons in."""
    for block in blocks:
        if isinstance(block, BulletList | NumberedList):
            yield from (to_text(item) for item in block.items)
        else:
            yield to_text((block,))


def _row(cells: Sequence[str], *, light_markdown: bool) -> str:
    texts = (to_text(read_inline(cell)) if light_markdown else cell for cell in cells)
    return " – ".join(text for text in texts if text.strip())


def _condition(condition: Condition, *, light_markdown: bool) -> Condition:
    text = to_text(read(condition.text)) if light_markdown else condition.text
    return replace(condition, text=shortened(text, CONDITION), owner=shortened(condition.owner, OWNER))
