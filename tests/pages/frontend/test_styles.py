"""Colours can be read, tokens exist, and nothing comes from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[3] / "ethiek" / "static"
OWN_CSS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
TEXT, CONTROL = 4.5, 3.0  # WCAG 2.2, success criteria 1.4.3 and 1.4.11


def theme() -> dict[str, str]:
    css = (STATIC / "css" / "theme.css").read_text()
    return dict(re.findall(r"--et-([\w-]+):\s*(#[0-9a-f]{6});", css))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("ink", "paper", TEXT),
        ("ink", "amber-soft", TEXT),
        ("ink-soft", "paper", TEXT),
        ("ink-soft", "paper-soft", TEXT),
        ("ink-soft", "brand-50", TEXT),
        ("brand-500", "paper", TEXT),
        ("brand-500", "brand-50", TEXT),
        ("brand-600", "brand-100", TEXT),
        ("paper", "brand-500", TEXT),
        ("paper", "brand-700", TEXT),
        ("green", "green-soft", TEXT),
        ("amber", "amber-soft", TEXT),
        ("red", "red-soft", TEXT),
        ("red", "paper", TEXT),
        ("violet", "violet-soft", TEXT),
        ("line-strong", "paper", CONTROL),
        ("line-strong", "paper-soft", CONTROL),
        ("brand-500", "brand-200", CONTROL),
    ],
)
def test_colours_have_enough_contrast(front: str, back: str, least: float) -> None:
    colours = theme()
    assert contrast(colours[front], colours[back]) >= least


def test_every_variable_in_our_css_is_defined() -> None:
    own = "".join(file.read_text() for file in OWN_CSS)
    vendor = (STATIC / "vendor" / "nlds.css").read_text()
    used = set(re.findall(r"var\((--[\w-]+)", own))
    defined = set(re.findall(r"(--[\w-]+)\s*:", own + vendor))
    assert used - defined == set()


def test_every_file_that_css_names_is_there() -> None:
    named = {
        (file.parent / url).resolve()
        for file in OWN_CSS
        for url in re.findall(r'url\("([^"]+)"\)', file.read_text())
    }
    assert {path for path in named if not path.is_file()} == set()
    assert len(named) == 7


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "forbidden",
    [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "localStorage",
        "sessionStorage",
        ".style",
    ],
)
def test_scripts_make_no_html_and_store_nothing(script: Path, forbidden: str) -> None:
    assert forbidden not in script.read_text()


def test_every_state_of_the_autosave_script_has_a_text() -> None:
    script = (STATIC / "js" / "autosave.js").read_text()
    macro = (STATIC.parent / "templates" / "macros" / "questions.html").read_text()
    states = set(re.findall(r'set(?:State|UnlessTrying)\((?:status \? )?"(\w+)"(?: : "(\w+)")?', script))
    named = {name for pair in states for name in pair if name}
    assert named == {
        "unsaved",
        "saving",
        "saved",
        "conflict",
        "invalid",
        "signin",
        "reload",
        "refused",
        "failed",
        "offline",
    }
    assert {name for name in named if f'data-t-{name}="' not in macro} == set()
