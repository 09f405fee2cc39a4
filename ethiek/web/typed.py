"""What people typed, as a page shows it."""

from __future__ import annotations

from typing import Final

from flask import Flask
from markupsafe import Markup

from ethiek.markup import Dress, plain, read, read_inline, to_html

SCREEN: Final = Dress(
    paragraph="et-prose__paragraph",
    bullets="utrecht-unordered-list et-prose__list",
    numbered="utrecht-ordered-list et-prose__list",
    table="utrecht-table et-table__table et-prose__table",
    link="nl-link",
    line_break=Markup("\n"),
    scroller="et-table",
)


def init_app(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters.update(typed=typed, typed_cell=typed_cell, as_typed=as_typed)


def typed(text: str | None) -> Markup:
    """Return light Markdown as HTML."""
    return to_html(read(text or ""), SCREEN)


def typed_cell(text: str | None) -> Markup:
    """Return the cell of a table question as HTML: bold, italics and links."""
    return to_html(read_inline(text or ""), SCREEN)


def as_typed(text: str | None) -> Markup:
    """Return a text in which no sign means anything as HTML."""
    return to_html(plain(text or ""), SCREEN)
