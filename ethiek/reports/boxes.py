"""From the character that stands for something left out to a black box with its ground in it.

Boxes are put into the finished page, because only there it is known what stands around them: in a title or an
attribute there is only text, in a link no other link. Elsewhere a box is a link to the explanation, with words for who
does not see it.
"""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup

from ethiek.domain.grounds import BY_CODE
from ethiek.domain.redactions import MARKS, ground_of, named_marks
from ethiek.reports.words import Words

EXPLAINED_AT: Final = "weggelaten"
"""Address in the document of the chapter that explains the grounds."""
PIECES: Final = re.compile(f"(?s)<title>.*?</title>|<a[ >]|</a>|<[^>]*>|{MARKS.pattern}")

LINK: Final = Markup('<a class="box" href="#{}" title="{}">{}</a>')
SPAN: Final = Markup('<span class="box">{}</span>')


def with_boxes(html: str, words: Words, language: str) -> str:
    """Return a page in which every mark became a box, or words where there can be none."""
    inside_link = False

    def shown(found: re.Match[str]) -> str:
        nonlocal inside_link
        piece = found[0]
        if MARKS.fullmatch(piece):
            return _box(ground_of(piece), words, language, inside_link=inside_link)
        if piece.startswith(("<a ", "<a>", "</a>")):
            inside_link = piece != "</a>"
        return MARKS.sub(lambda mark: f"[{words.left_out} {ground_of(mark[0])}]", piece)

    return PIECES.sub(shown, html)


def without_boxes(html: str) -> str:
    """Return a page of a document in which nothing is left out: who typed such a character sees its number."""
    return named_marks(html)


def spoken(code: str, words: Words, language: str) -> str:
    """Return what a box is called for who does not see it.

    >>> from ethiek.reports.words_nl import NL
    >>> spoken("5.1.2.e", NL, "nl")
    'gelakt: artikel 5.1 lid 2 onder e Woo, persoonlijke levenssfeer'
    """
    told = BY_CODE[code].told(language)
    return words.left_out_because.format(article=told.article, name=told.name)


def _box(code: str, words: Words, language: str, *, inside_link: bool) -> str:
    if inside_link:
        return SPAN.format(code)
    return LINK.format(EXPLAINED_AT, spoken(code, words, language), code)
