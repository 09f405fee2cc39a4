"""Texts of foreign files: plain ones without HTML, longer ones as light Markdown."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning
from bs4.element import Comment, NavigableString, PageElement, PreformattedString, Tag
from markdownify import MarkdownConverter

_BLOCKS: Final = frozenset({"p", "ul", "ol", "table"})
_KEPT: Final = _BLOCKS | {"li", "strong", "b", "em", "i", "a", "br", "tr", "td", "th", "thead", "tbody"}
_WITHOUT_TEXT: Final = frozenset(
    {"script", "style", "template", "iframe", "object", "embed", "svg", "math", "title", "noscript", "head"}
)
_AS_PARAGRAPH: Final = frozenset(
    {"div", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"}
)
_SCHEMES: Final = frozenset({"https", "http", "mailto"})
_DEEPEST: Final = 60
"""Elements in elements; the converter goes down by calling itself."""

_LONGEST: Final = 100_000
"""Characters of HTML that are read; more does not fit in any text of ours."""
_MOST_TAGS: Final = 500
"""Tags in one text; the longest known have some sixty."""
_TAG: Final = re.compile(r"<[^<>]*>")

_BLANK_LINES: Final = re.compile(r"\n[ \n]*\n")
_SPACES: Final = re.compile(r"\s+")
_TRAILING: Final = re.compile(r"[ \t]+$", re.MULTILINE)
_BULLET: Final = re.compile(r"^ *[•●▪] *", re.MULTILINE)


def plain(text: str) -> str:
    r"""Return a text on one line, without HTML.

    >>> plain("Mag <strong>dit</strong>\n wel &amp; hoe?")
    'Mag dit wel & hoe?'
    """
    return plain_and_dropped(text)[0]


def plain_and_dropped(text: str) -> tuple[str, frozenset[str]]:
    """Return a text on one line, and the names of the elements whose contents or meaning went."""
    dropped: frozenset[str] = frozenset()
    if "<" in text or "&" in text:
        text, unread = _readable(text)
        soup = _parsed(text)
        dropped = unread | _clean(soup)
        for tag in soup.find_all(_BLOCKS | {"li", "br", "td", "th"}):
            tag.insert_before(" ")
        text = soup.get_text()
    return _SPACES.sub(" ", text).strip(), dropped


def light_markdown(text: str) -> tuple[str, frozenset[str]]:
    """Return a text as light Markdown, and the names of the elements that were taken out of it.

    Kept: paragraphs, lists, bold and italic, links to https and mailto, tables, line breaks.

    >>> light_markdown("Lees <a href='https://example.org/' onclick='x()'>dit</a>.<script>x()</script>")
    ('Lees [dit](https://example.org/).', frozenset({'script'}))
    """
    dropped: frozenset[str] = frozenset()
    if "<" in text or "&" in text:
        text, unread = _readable(text)
        soup = _parsed(text)
        dropped = unread | _clean(soup)
        text = _converter().convert_soup(_in_paragraphs(soup))
    text = _BULLET.sub("- ", _TRAILING.sub("", text.replace("\xa0", " ")))
    return _BLANK_LINES.sub("\n\n", text).strip(), dropped


def shortened(text: str, limit: int) -> tuple[str, str]:
    """Return the beginning of a text, up to a limit and broken between words, and the rest."""
    if len(text) <= limit:
        return text, ""
    cut = max(text.rfind(" ", 0, limit), text.rfind("\n", 0, limit))
    cut = cut if cut > 0 else limit
    return text[:cut].strip() or text[:limit].strip(), text[cut:].strip()


def link(label: str, url: str) -> str:
    """Return a link in Markdown; the address alone if it has no label."""
    label = plain(label).replace("[", "(").replace("]", ")")
    return f"[{label or url}]({url})"


def is_safe_address(address: str) -> bool:
    """Tell whether an address leads to a page or a mailbox, and nowhere else.

    >>> [is_safe_address(one) for one in ("https://a.nl/b", "javascript:x", "#top", "https://a.nl/ b)")]
    [True, False, False, False]
    """
    if not address or re.search(r"[\s<>()\\\"]", address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and bool(parts.netloc or parts.scheme == "mailto")


def _readable(text: str) -> tuple[str, frozenset[str]]:
    """Return what of a text is worth reading as HTML: of one that is mostly tags, only the words.

    Reading takes longer than in proportion to the number of tags, so hostile texts stop here.
    """
    dropped = set()
    if len(text) > _LONGEST:
        text = text[:_LONGEST]
        dropped.add("…")
    if max(text.count("<"), text.count("&")) > _MOST_TAGS:
        text = _TAG.sub(" ", text).replace("<", " ").replace("&", " ")
        dropped.add("<…>")
    return text, frozenset(dropped)


def _parsed(text: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)  # a text may look like an address
        return BeautifulSoup(text, "html.parser")


def _converter() -> MarkdownConverter:
    return MarkdownConverter(
        bullets="-",
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
        autolinks=False,
        newline_style="spaces",
    )


def _clean(soup: BeautifulSoup) -> frozenset[str]:
    """Leave only what light Markdown can say; return the names of what went."""
    dropped: set[str] = set()
    for comment in soup.find_all(string=lambda string: isinstance(string, PreformattedString)):
        if isinstance(comment, Comment | PreformattedString):
            comment.extract()
    for tag in soup.find_all(_WITHOUT_TEXT):
        dropped.add(tag.name)
        tag.decompose()
    for tag in soup.find_all(lambda _: True):
        if not _stays(tag):
            dropped.add(tag.name)
            _replace(tag)
        tag.attrs = {"href": str(tag["href"]).strip()} if tag.name == "a" and tag.get("href") else {}
    return frozenset(dropped)


def _stays(tag: Tag) -> bool:
    if tag.name == "a":
        return is_safe_address(str(tag.get("href", "")).strip())
    depth = sum(1 for _ in islice(tag.parents, _DEEPEST))
    return tag.name in _KEPT and depth < _DEEPEST


def _replace(tag: Tag) -> None:
    """Take a tag away around its contents; what was a block of its own stays a paragraph."""
    if tag.name in _AS_PARAGRAPH:
        tag.insert_before("\n\n")
        tag.insert_after("\n\n")
    elif tag.name == "img" and tag.get("alt"):
        tag.insert_before(str(tag["alt"]))
    tag.unwrap()


def _in_paragraphs(soup: BeautifulSoup) -> BeautifulSoup:
    """Put loose text in paragraphs: blank lines part them, as they do on the pages where such texts are shown."""
    whole = BeautifulSoup("", "html.parser")
    paragraph = whole.new_tag("p")
    for piece in list(_pieces(list(soup.contents))):
        if piece is None or (isinstance(piece, Tag) and piece.name in _BLOCKS):
            whole.append(paragraph)
            paragraph = whole.new_tag("p")
        if isinstance(piece, Tag) and piece.name in _BLOCKS:
            whole.append(piece.extract())
        elif piece is not None:
            paragraph.append(piece)
    whole.append(paragraph)
    return whole


def _pieces(contents: list[PageElement]) -> Iterator[PageElement | None]:
    """Yield what is in a text, with None where a new paragraph begins."""
    for element in contents:
        if not isinstance(element, NavigableString):
            yield element
            continue
        for number, run in enumerate(_BLANK_LINES.split(str(element))):
            if number:
                yield None
            yield NavigableString(run)
