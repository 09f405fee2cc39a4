"""What a text is made of. Whatever writes a text (page, report, text document) walks this tree and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Text:
    """Characters, without line ends."""

    text: str


@dataclass(frozen=True, slots=True)
class LineBreak:
    """The end of a line inside a paragraph."""


@dataclass(frozen=True, slots=True)
class Strong:
    """Bold text."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Text in italics."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link. ``address``: http, https or mailto, in ASCII; ``content`` is never empty and holds no link."""

    address: str
    content: tuple[Inline, ...]

    @property
    def target(self) -> str:
        """Where it leads, in short: the host, or the mail address.

        >>> Link("https://xn--bc-lka.nl:80/a?b", ()).target, Link("mailto:noor@example.org", ()).target
        ('xn--bc-lka.nl', 'noor@example.org')
        """
        parts = urlsplit(self.address)
        return parts.hostname or unquote(parts.path)

    @property
    def says_where(self) -> bool:
        """Whether the text of the link is its address, so that nobody can be misled by it."""
        words = text_of(self.content).strip().rstrip("/")
        address = self.address.rstrip("/")
        return words in {address, address.partition("://")[2], address.removeprefix("mailto:")}


Inline = Text | LineBreak | Strong | Emphasis | Link


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class BulletList:
    """A list with bullets. An item holds paragraphs and lists, or nothing."""

    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class NumberedList:
    """A numbered list, counting on from ``start``."""

    items: tuple[tuple[Block, ...], ...]
    start: int = 1


Cell = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Every row has as many cells as the header."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def name(self) -> str:
        """The words of the first row that has any."""
        names = (", ".join(filter(None, map(text_of, row))) for row in (self.header, *self.rows))
        return next(filter(None, names), "–")


Block = Paragraph | BulletList | NumberedList | Table


def led_by_paragraph(item: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return what an item of a list holds, begun by a paragraph, if need be an empty one: a place for its sign."""
    return item if item and isinstance(item[0], Paragraph) else (Paragraph(()), *item)


def text_of(content: tuple[Inline, ...]) -> str:
    r"""The characters of a line of text, without markup.

    >>> text_of((Text("een "), Strong((Text("twee"),)), LineBreak(), Text("drie")))
    'een twee\ndrie'
    """
    return "".join(_characters(part) for part in content)


def _characters(part: Inline) -> str:
    if isinstance(part, Text):
        return part.text
    return "\n" if isinstance(part, LineBreak) else text_of(part.content)
