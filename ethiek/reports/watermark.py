"""The word behind every page of what is not final: drawn as outlines, so that nobody's reading aid reads it aloud."""

from __future__ import annotations

from functools import cache
from typing import Final

from fontTools.misc.transform import Transform
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from ethiek.reports.fonts import FOLDER, SANS, font_bytes

BOLD: Final = SANS[1]
COLOUR: Final = "#edf0f2"
"""On it the palest text of a report still has a contrast of 4.5."""
LINE_HEIGHT: Final = 1.2
SLOPE: Final = 40
"""Degrees."""


@cache
def watermark(word: str) -> bytes:
    """One word as an SVG image, rising from the lower left; without text in it.

    Raises:
        RenderError: the font is not there.
    """
    font_bytes(BOLD)
    with TTFont(FOLDER / BOLD, lazy=True) as font:
        glyphs, names, em = font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm
        pen, across = SVGPathPen(glyphs), 0
        for letter in word:
            glyph = glyphs[names[ord(letter)]]
            glyph.draw(TransformPen(pen, Transform(1, 0, 0, -1, across, em)))
            across += glyph.width
    half, height = across / 2, em * LINE_HEIGHT
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {-half:.0f} {across} {2 * half + height:.0f}">'
        f'<path transform="rotate(-{SLOPE} {half:.0f} {height / 2:.0f})" fill="{COLOUR}" d="{pen.getCommands()}"/>'
        "</svg>"
    )
    return svg.encode()
