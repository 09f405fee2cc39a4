from __future__ import annotations

import pytest

from ethiek.errors import RenderError
from ethiek.reports.house import checked_colour, checked_logo

SHAPES = '<g fill="#0b5c4b"><path d="M0 0 L10,10 Z"/></g>'


def a_logo(inside: str = SHAPES, attributes: str = 'viewBox="0 0 10 10"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


def test_logo_of_plain_shapes_is_kept_without_its_own_title() -> None:
    assert checked_logo(a_logo(f"<title>Oud</title>{SHAPES}")) == (
        '<svg viewBox="0 0 10 10"><g fill="#0b5c4b"><path d="M0 0 L10,10 Z" /></g></svg>'
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the logo is not XML"),
        (b"\xff\xfe\x00", "the logo is not XML"),
        (b"<svg/>", "the logo is not SVG with a viewBox"),
        (a_logo(attributes=""), "the logo is not SVG with a viewBox"),
        (a_logo(""), "the logo shows nothing"),
        (a_logo(f"<!-- {'x' * 200_000} -->"), "the logo is too large"),
        (b"<!DOCTYPE svg>" + a_logo(), "the logo has a document type or entities"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + a_logo(), "the logo has a document type or entities"),
        (a_logo("<script>alert(1)</script>"), "the logo may not have <script>"),
        (a_logo("<style>*{}</style>"), "the logo may not have <style>"),
        (a_logo('<image href="file:///etc/passwd"/>'), "the logo may not have <image>"),
        (a_logo("<foreignObject/>"), "the logo may not have <foreignObject>"),
        (a_logo("<text>Provincie</text>"), "the logo may not have <text>"),
        (a_logo('<g onload="x"/>'), "the logo may not have onload with this value"),
        (a_logo('<g style="fill:red"/>'), "the logo may not have style with this value"),
        (a_logo('<rect fill="url(#a)"/>'), "the logo may not have fill with this value"),
        (a_logo('<rect fill="&#x22;&gt;"/>'), "the logo may not have fill with this value"),
        (a_logo("<g>" * 60 + "</g>" * 60), "the logo may not have <g>"),
    ],
)
def test_logo_with_anything_else_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(RenderError) as caught:
        checked_logo(data)
    assert caught.value.reason == reason


@pytest.mark.parametrize("colour", ["#12395b", "#0B5C4B", "#767676"])
def test_colour_that_is_readable_on_white_is_kept(colour: str) -> None:
    assert checked_colour(colour) == colour.lower()


@pytest.mark.parametrize(
    ("colour", "reason"),
    [
        ("red", "a colour has the form #rrggbb"),
        ("#12395b;}", "a colour has the form #rrggbb"),
        ("#777777", "the colour is too light to be read on white"),
        ("#ffffff", "the colour is too light to be read on white"),
    ],
)
def test_colour_that_is_none_or_too_light_is_refused(colour: str, reason: str) -> None:
    with pytest.raises(RenderError) as caught:
        checked_colour(colour)
    assert caught.value.reason == reason
