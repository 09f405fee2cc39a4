"""Texts of a question set on a page in another language: marked as such, so that they are read aloud well.

What people typed is not marked: nobody knows in which language they wrote.

Source: WCAG 2.2, success criterion 3.1.2, Language of Parts.
"""

from __future__ import annotations

from flask import Flask
from flask_babel import LazyString, get_locale
from markupsafe import Markup, escape


def init_app(app: Flask) -> None:
    """Give templates ``in_language(language)`` for an element and the filter ``spoken`` for a piece of a line."""
    app.jinja_env.globals.update(in_language=in_language)
    app.jinja_env.filters.update(spoken=spoken)


def is_foreign(language: str | None) -> bool:
    """Tell whether a language is another than that of the page; no language is not."""
    return bool(language) and language != str(get_locale())


def in_language(language: str | None) -> Markup:
    """Return the attribute of an element that holds only texts in this language; nothing where it is the page's."""
    return Markup(' lang="{}"').format(language) if is_foreign(language) else Markup()


def spoken(text: str | LazyString, language: str | None) -> Markup:
    """Return a text marked with its language; a text of the interface (a lazy one) stays as it is."""
    if isinstance(text, LazyString) or not text or not is_foreign(language):
        return escape(text)
    return Markup('<span lang="{}">{}</span>').format(language, text)
