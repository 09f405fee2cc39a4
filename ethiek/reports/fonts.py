"""The fonts that a report is printed with, and what they can show. No system font is ever used."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont, TTLibError

from ethiek.errors import RenderError

FOLDER: Final = Path(__file__).parent.parent / "static" / "vendor" / "fonts-print"
SANS: Final = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSans-Italic.ttf")
MONO: Final = "NotoSansMono-Regular.ttf"


def font_bytes(name: str) -> bytes:
    """One font file.

    Raises:
        RenderError: the file is not there; the front-end build has not been run.
    """
    try:
        return (FOLDER / name).read_bytes()
    except OSError as error:
        raise RenderError(f"font {name} is missing; build the front end first") from error


@cache
def printable() -> frozenset[int]:
    """Every code point that can be printed in each style; the mono font is the last resort of the others."""
    regular, bold, italic = (_code_points(name) for name in SANS)
    return frozenset((regular & bold & italic) | _code_points(MONO))


@cache
def advances() -> Mapping[int, float]:
    """How wide each character of the regular style is, in em, by code point."""
    font_bytes(SANS[0])
    with TTFont(FOLDER / SANS[0], lazy=True) as font:
        widths, em = font["hmtx"], font["head"].unitsPerEm
        return {code: widths[name][0] / em for code, name in font.getBestCmap().items()}


def _code_points(name: str) -> frozenset[int]:
    font_bytes(name)
    try:
        with TTFont(FOLDER / name, lazy=True) as font:
            return frozenset(font.getBestCmap())
    except TTLibError as error:
        raise RenderError(f"font {name} cannot be read") from error
