"""The page for administrators: the start of everything that matters, cut to what fits on one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ethiek.markup import Block, BulletList, NumberedList, plain, read, read_inline, to_text
from ethiek.reports.values import Table

MOST_REASONS: Final = 3
MOST_CONDITIONS: Final = 4
MOST_RISKS: Final = 3
REASON: Final = 240
CONDITION: Final = 110
OWNER: Final = 36
RISK: Final = 120
"""Characters. A page full of the widest letters still fits; a test sees to it."""


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


def shortened(text: str, most: int) -> str:
    """The start of a text on one line, cut between words where that is possible.

    >>> shortened("Een  goed idee", 14), shortened("Een goed idee", 10), shortened("Onbeschrijfelijk", 6)
    ('Een goed idee', 'Een goed…', 'Onbes…')
    """
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    start = line[: most - 1]
    whole = start.rpartition(" ")[0] if line[most - 1] != " " else start
    return f"{(whole if len(whole) > most // 2 else start).rstrip()}…"


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
    return replace(
        condition, text=shortened(text, CONDITION), owner=shortened(condition.owner, OWNER)
    )
