"""How the documents of an organisation look: its logo and its colour, checked before anything uses them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from ethiek.errors import RenderError

COLOUR: Final = "#12395b"
COLOUR_FORM: Final = re.compile(r"#[0-9a-f]{6}")
LEAST_CONTRAST: Final = 4.5
"""On white, for text of any size (WCAG 2.2, 1.4.3)."""
LARGEST_LOGO: Final = 200_000
"""Bytes; a logo that is larger is a drawing."""
DEEPEST: Final = 50
SVG: Final = "{http://www.w3.org/2000/svg}"
ELEMENTS: Final = frozenset(
    ("svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon")
)
ATTRIBUTES: Final = frozenset(
    (
        "viewBox", "width", "height", "preserveAspectRatio", "transform", "d", "points", "id", "version",
        "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry",
        "fill", "fill-rule", "fill-opacity", "clip-rule", "opacity",
        "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity",
    )
)  # fmt: skip
VALUE: Final = re.compile(r"[\w\s#.,;:%()+\-]*", re.ASCII)
"""Numbers, names, colours and paths: no quotes, no slashes, nothing that could be an address."""


@dataclass(frozen=True, slots=True)
class House:
    """``logo``: checked SVG, or empty. ``colour``: ``#rrggbb`` that is readable on white."""

    logo: str = ""
    colour: str = COLOUR


PLAIN: Final = House()
"""Of an organisation that chose nothing."""


def checked_colour(text: str) -> str:
    """A colour for headings and lines.

    Raises:
        RenderError: it is not ``#rrggbb``, or too light to be read on white.

    >>> checked_colour("#12395B")
    '#12395b'
    """
    colour = text.strip().lower()
    if not COLOUR_FORM.fullmatch(colour):
        raise RenderError("a colour has the form #rrggbb")
    if contrast(colour) < LEAST_CONTRAST:
        raise RenderError("the colour is too light to be read on white")
    return colour


def checked_logo(data: bytes) -> str:
    """A logo of plain shapes, as it goes into the page: without styles, scripts, texts, images and addresses.

    Raises:
        RenderError: names what the logo may not have.
    """
    if len(data) > LARGEST_LOGO:
        raise RenderError("the logo is too large")
    if b"<!" in data.replace(b"<!--", b""):
        raise RenderError("the logo has a document type or entities")
    try:
        root = ET.fromstring(data)  # noqa: S314  # no document type, so no entities
    except (ET.ParseError, ValueError, LookupError) as error:
        raise RenderError("the logo is not XML") from error
    if root.tag != f"{SVG}svg" or "viewBox" not in root.attrib:
        raise RenderError("the logo is not SVG with a viewBox")
    logo = _plain(root, DEEPEST)
    if not len(logo):
        raise RenderError("the logo shows nothing")
    return ET.tostring(logo, encoding="unicode")


def _plain(element: ET.Element, depth: int) -> ET.Element:
    """A copy with only what may be there; names without their namespace, as in HTML."""
    name = element.tag.removeprefix(SVG)
    if name not in ELEMENTS or depth == 0:
        raise RenderError(f"the logo may not have <{name[:40]}>")
    attributes = {key: value for key, value in element.attrib.items() if not key.startswith("{")}
    for key, value in attributes.items():
        if key not in ATTRIBUTES or not VALUE.fullmatch(value) or "url" in value.lower():
            raise RenderError(f"the logo may not have {key[:40]} with this value")
    copy = ET.Element(name, attributes)
    copy.extend([_plain(child, depth - 1) for child in element if not _is_spoken(child)])
    return copy


def _is_spoken(element: ET.Element) -> bool:
    """Titles and descriptions are left out: the page names the logo itself."""
    return element.tag in {f"{SVG}title", f"{SVG}desc"}


def contrast(colour: str) -> float:
    """The contrast ratio of a colour with white (WCAG 2.2, definition of relative luminance)."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)  # noqa: PLR2004
    luminance = sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (luminance + 0.05)
