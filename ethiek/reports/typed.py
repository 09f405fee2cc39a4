"""What people typed, as the report prints it: light Markdown, or plain text in a dossier from before that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from markupsafe import Markup

from ethiek.domain.answer_rules import MAX_CELL_LINES, MAX_LINES
from ethiek.domain.redactions import FIRST_MARK, NUMBER_OF_MARKS
from ethiek.markup import Dress, plain, read, read_inline, to_html
from ethiek.reports.fonts import printable
from ethiek.reports.plain_text import printed, within_lines


def printed_form(text: str) -> str:
    """A text in characters that the report's fonts have; a mark of something left out stays one."""
    return printed(text, shown())


@cache
def shown() -> frozenset[int]:
    """What the fonts can print, and the marks, which become boxes (or their numbers) in the finished page."""
    return printable() | frozenset(range(FIRST_MARK, FIRST_MARK + NUMBER_OF_MARKS))


PAPER: Final = Dress(
    paragraph="typed",
    bullets="typed-list",
    numbered="typed-list",
    table="grid typed-table",
    link="typed-link",
    line_break=Markup("<br>"),
    whole_address=True,
    shown=printed_form,
)


@dataclass(frozen=True, slots=True)
class Typed:
    """The filters of the report's templates."""

    light_markdown: bool

    def text(self, text: str) -> Markup:
        """A long text."""
        text = within_lines(text, MAX_LINES)
        return to_html(read(text) if self.light_markdown else plain(text), PAPER)

    def cell(self, text: str) -> Markup:
        """The cell of a table question."""
        text = within_lines(text, MAX_CELL_LINES)
        return to_html(read_inline(text) if self.light_markdown else plain(text), PAPER)

    def literally(self, text: str) -> Markup:
        """A text in which no sign means anything."""
        return to_html(plain(within_lines(text, MAX_LINES)), PAPER)
