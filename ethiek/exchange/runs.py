"""A line of text as office documents have it: a row of pieces, each with its own looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from ethiek.exchange.characters import shown
from ethiek.markup import Emphasis, Inline, LineBreak, Link, Strong, Text


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that look the same. LF is the end of a line; ``address`` is where it leads, or empty."""

    text: str
    strong: bool = False
    emphasis: bool = False
    address: str = ""


PLAIN = Run("")


def runs(content: tuple[Inline, ...], looks: Run = PLAIN) -> Iterator[Run]:
    """Yield the pieces of a line. The address stands behind a link, unless its text says it: nobody is misled.

    >>> from ethiek.markup import read_inline
    >>> [run.text for run in runs(read_inline("[de *wet*](https://a.nl)")[0].content)]
    ['de ', 'wet', ' (https://a.nl)']
    """
    for part in content:
        match part:
            case Text():
                yield replace(looks, text=shown(part.text))
            case LineBreak():
                yield replace(looks, text="\n")
            case Strong():
                yield from runs(part.content, replace(looks, strong=True))
            case Emphasis():
                yield from runs(part.content, replace(looks, emphasis=True))
            case Link():
                yield from runs(part.content, replace(looks, address=part.address))
                if not part.says_where:
                    yield replace(looks, text=f" ({part.address.removeprefix('mailto:')})")


def by_address(content: tuple[Inline, ...], looks: Run = PLAIN) -> Iterator[tuple[str, list[Run]]]:
    """Yield the pieces of a line, those of one link together."""
    for address, pieces in groupby(runs(content, looks), key=lambda run: run.address):
        yield address, list(pieces)
