"""Every text of the interface is there in Dutch, and nothing else is."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import Babel
from jinja2 import Environment
from werkzeug.datastructures import MultiDict

from ethiek.reports.words_nl import NL
from ethiek.seal_job import PROGRESS
from ethiek.services.archive import Choices
from ethiek.web import labels
from ethiek.web.forms.advice import AdviceForm
from ethiek.web.forms.archive import FilterForm
from ethiek.web.forms.committee import PlanForm

ROOT: Final = Path(__file__).parents[2]
CATALOGUE: Final = ROOT / "ethiek" / "translations" / "nl" / "LC_MESSAGES" / "messages.po"
TEMPLATES: Final = ROOT / "ethiek" / "templates"
PAGES: Final = sorted(
    path
    for path in TEMPLATES.rglob("*.html")
    if path.parent.name != "reports" and path.name != "plain.html"  # Dutch; in both languages, on purpose
)

PLACEHOLDER: Final = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")
ENGLISH: Final = re.compile(r"\b(the|and|you|your|this|that|with|has|are|be|please)\b", re.IGNORECASE)
FORMAL: Final = re.compile(r"\b(u|uw)\b", re.IGNORECASE)
SAME_IN_DUTCH: Final = {
    "Auditor",
    "Dossier",
    "Dossiers",
    "Ethiek",
    "Invulhulpen",
    "Pilot",
    "Privacy",
    "Sensor",
    "Status",
    "Task registry",
    "Team",
}
SPOKEN_ATTRIBUTES: Final = {"alt", "aria-label", "aria-description", "content", "placeholder", "title"}
VALUE: Final = "x0x"
"""Stands for what a template fills in; may also be the name of a tag."""

UNTRANSLATED: Final = {"Ethiek", "JSON", "YAML", "width=device-width, initial-scale=1"}

Texts = tuple[str, ...]


def texts_in_use() -> set[Texts]:
    """What the command in ``tools`` finds: singular, and plural where there is one."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]
    command = (ROOT / "tools" / "messages.sh").read_text()
    found = extract_from_dir(
        ROOT,
        [(row["pattern"], row["method"]) for row in settings["mappings"]],
        keywords=DEFAULT_KEYWORDS | parse_keywords(re.findall(r"--keywords=(\w+)", command)),
        directory_filter=lambda path: Path(path).name != "node_modules" and Path(path).name[0] not in "._",
    )
    return {forms(texts) for _, _, texts, _, _ in found}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="nl")


def forms(text: object) -> Texts:
    """One text, or the forms of a plural."""
    return (text,) if isinstance(text, str) else tuple(text) if isinstance(text, tuple | list) else ()


def pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """English and Dutch; a plural gives one pair for each form."""
    for message in catalogue:
        if message.id:
            yield from zip(forms(message.id), forms(message.string), strict=True)


def test_the_catalogue_has_every_text_in_use_and_no_other(catalogue: Catalog) -> None:
    assert {forms(message.id) for message in catalogue if message.id} == texts_in_use()
    assert list(catalogue.obsolete) == []


def test_every_text_is_translated_for_certain(catalogue: Catalog) -> None:
    assert [english for english, dutch in pairs(catalogue) if not dutch.strip()] == []
    assert [message.id for message in catalogue if message.fuzzy] == []


def test_dutch_has_the_placeholders_of_the_english(catalogue: Catalog) -> None:
    assert [
        (english, dutch)
        for english, dutch in pairs(catalogue)
        if Counter(PLACEHOLDER.findall(english)) != Counter(PLACEHOLDER.findall(dutch))
    ] == []


def test_dutch_begins_and_ends_as_the_english(catalogue: Catalog) -> None:
    def edges(text: str) -> tuple[bool, bool, str]:
        return text[:1].isspace(), text[-1:].isspace(), text[-1] if text[-1] in ".:?…" else ""

    assert [(english, dutch) for english, dutch in pairs(catalogue) if edges(english) != edges(dutch)] == []


def test_no_english_is_left(catalogue: Catalog) -> None:
    assert {english for english, dutch in pairs(catalogue) if english == dutch} == SAME_IN_DUTCH
    assert [dutch for _, dutch in pairs(catalogue) if ENGLISH.search(dutch)] == []


def test_the_reader_is_je(catalogue: Catalog) -> None:
    assert [dutch for _, dutch in pairs(catalogue) if FORMAL.search(dutch)] == []


class Spoken(HTMLParser):
    """Collects what a reader sees or hears of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # its signature
        self.texts |= {
            value or "" for name, value in attrs if name in SPOKEN_ATTRIBUTES or name[:7] == "data-t-"
        }

    def handle_data(self, data: str) -> None:
        self.texts |= set(data.split(VALUE))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_a_page_has_no_words_outside_the_catalogue(path: Path) -> None:
    spoken = Spoken()
    tokens = Environment(autoescape=True).lex(path.read_text(encoding="utf-8"))
    spoken.feed("".join(text if kind == "data" else VALUE for _, kind, text in tokens))
    spoken.close()
    words = {text.replace(VALUE, "").strip(" \n–:.,;()") for text in spoken.texts}

    assert {text for text in words if re.search("[A-Za-z]{2}", text)} - UNTRANSLATED == set()


@pytest.fixture
def dutch(catalogue: Catalog, tmp_path: Path) -> Flask:
    """An application in Dutch, with the catalogue as it stands."""
    folder = tmp_path / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    app = Flask("ethiek")
    app.config.update(SECRET_KEY="not secret", WTF_CSRF_ENABLED=False)
    Babel(app, default_locale="nl", default_translation_directories=str(tmp_path))
    return app


def test_a_verdict_is_called_what_the_report_calls_it(dutch: Flask) -> None:
    with dutch.test_request_context():
        assert {str(verdict): str(label) for verdict, label in labels.VERDICT.items()} == NL.verdicts


def test_every_stage_of_sealing_has_words() -> None:
    assert labels.STAGE.keys() == PROGRESS.keys()


def test_what_the_form_library_says_itself_is_dutch(dutch: Flask) -> None:
    with dutch.test_request_context(method="POST"):
        plan = PlanForm(MultiDict({"due_on": "morgen", "revision": "1"}))
        advice = AdviceForm(MultiDict({"conditions-0-due_on": "morgen", "revision": "1"}))
        search = FilterForm(MultiDict({"oordeel": "misschien"}))
        search.offer(Choices((), (), ()))
        for form in (plan, advice, search):
            form.validate()

        assert plan.errors == {"due_on": ["Ongeldige datum."]}
        assert advice.conditions.entries[0].form.due_on.errors == ["Ongeldige datum."]
        assert search.oordeel.errors == ["Ongeldige keuze."]
