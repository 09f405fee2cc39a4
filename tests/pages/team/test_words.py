"""Words to choose from: offered at the field, listed at the question, and never the only ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import UUID

import html5lib
import pytest
from flask import Flask
from sqlalchemy import select

from ethiek.app import create_app
from ethiek.config import Settings
from ethiek.domain.workflow import Status
from ethiek.errors import QuestionnaireError
from ethiek.models.dossiers import StoredAnswer
from ethiek.questionnaires.words import load_words
from tests import builders
from tests.builders import World
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, MakeDossier, SignIn, Writing
from tests.question_sets import a_scan

pytestmark = only_sqlite
CODIO: Final = [word.text for word in load_words()["codio"].words]
OWN: Final = """\
id: "codio"
title: "Onze <waarden>"
language: "nl"
complete: true
note: "Vastgesteld door de raad."
source: "Gemeente"
words:
  - {text: "Nabijheid & rust"}
"""


@pytest.fixture
def own_words() -> str:
    """What the organisation puts in its own folder; nothing unless a test says so."""
    return ""


@pytest.fixture
def settings(settings: Settings, own_words: str, tmp_path: Path) -> Settings:
    if not own_words:
        return settings
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "eigen.yaml").write_text(own_words, encoding="utf-8")
    return dataclasses.replace(settings, words_folder=folder)


@pytest.fixture
def world(writing: Writing) -> World:
    with writing() as session:
        return builders.a_world(session, a_scan())


@pytest.fixture
def noor(sign_in: SignIn, world: World) -> Browser:  # noqa: ARG001  # who exists can sign in
    return sign_in("Noor")


def url(dossier_id: UUID) -> str:
    return f"/dossiers/{dossier_id}/vragen/1.2"


def lists_in(page: str) -> tuple[dict[str, str], dict[str, list[str]], list[str]]:
    """Fields with their list, lists with their words, and the summaries of what can be opened."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    fields = {e.get("name"): e.get("list") for e in tree.iter("input") if e.get("list")}
    lists = {e.get("id"): [option.get("value") for option in e] for e in tree.iter("datalist")}
    summaries = ["".join(e.itertext()) for e in tree.iter("summary") if "Words" in "".join(e.itertext())]
    return fields, lists, summaries


FIELDS: Final = {"q-moral-text": "words-codio", "q-values-rows-0-value": "words-codio"}


def test_words_are_offered_at_short_texts_only_and_listed_at_each_question(
    noor: Browser, dossier_in: MakeDossier
) -> None:
    summary = "Words to choose from: Publieke waarden uit de CODIO – this list is not complete"
    assert lists_in(noor.get(url(dossier_in(Status.DRAFT))).text) == (
        FIELDS,
        {"words-codio": CODIO},
        [summary, summary],
    )


@pytest.mark.parametrize("own_words", [OWN])
def test_words_of_the_organisation_come_instead(noor: Browser, dossier_in: MakeDossier) -> None:
    summary = "Words to choose from: Onze <waarden>"
    assert lists_in(noor.get(url(dossier_in(Status.DRAFT))).text) == (
        FIELDS,
        {"words-codio": ["Nabijheid & rust"]},
        [summary, summary],
    )


def test_word_of_ones_own_is_saved_and_a_refused_page_still_offers_the_list(
    noor: Browser, dossier_in: MakeDossier, writing: Writing
) -> None:
    address = url(dossier_in(Status.DRAFT))
    row = {"q-values-rows-0-value": "Gezelligheid", "q-values-revision": "0", "q-values-token": "token-0001"}
    refused = {"q-moral-text": "Hoe?", "q-moral-revision": "0", "q-moral-token": "token-0002"}
    page = noor.post(address, {**row, **refused})
    with writing() as session:
        stored = session.scalars(
            select(StoredAnswer.content).where(StoredAnswer.question_id == "values")
        ).one()
    assert stored == '{"rows":[{"value":"Gezelligheid"}]}'
    assert page.status_code == 422
    assert lists_in(page.text)[0] == {**FIELDS, "q-values-rows-1-value": "words-codio"}


@pytest.mark.parametrize("own_words", [OWN.replace('"codio"', '"eigen"')])
def test_list_that_nobody_asks_for_is_not_on_the_page(noor: Browser, dossier_in: MakeDossier) -> None:
    assert list(lists_in(noor.get(url(dossier_in(Status.DRAFT))).text)[1]) == ["words-codio"]


@pytest.mark.parametrize("own_words", [OWN.replace("complete: true", 'complete: "ja"')])
def test_application_with_a_wrong_list_does_not_start_and_names_file_and_line(settings: Settings) -> None:
    start: Callable[[Settings], Flask] = create_app
    with pytest.raises(QuestionnaireError, match=r"^eigen\.yaml, line 4: 'ja' is not of type 'boolean'$"):
        start(settings)
