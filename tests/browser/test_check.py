"""The public check in a real browser: no account, no script needed, wide and narrow, keyboard only."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_accessibility import faults

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


@pytest.fixture
def stranger(site: Site, chromium: Browser) -> Iterator[Open]:
    """Opens a window of somebody who was never here; a violation of the policy fails the test."""
    contexts, complaints = [], []

    def open_window(*, script: bool = True) -> Page:
        context = chromium.new_context(locale="nl-NL", base_url=site.url, java_script_enabled=script)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def code(site: Site) -> str:
    with closing(sqlite3.connect(site.instance / "ethiek.db")) as database:
        ((sha256,),) = database.execute(
            "SELECT advice_sha256 FROM archive_record WHERE dossier_id = ?", (site.dossiers["archived"].hex,)
        ).fetchall()
    return str(sha256)[:20]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "advies.pdf"
    path.write_bytes(b"%PDF-1.7\ngeen rapport")
    return path


def test_pages_of_the_check_have_no_fault_that_axe_sees_and_fit_a_telephone(
    stranger: Open, code: str, file: Path
) -> None:
    page = stranger()
    found: list[str] = []

    def look(what: str) -> None:
        found.extend(f"{what} at {fault}" for width in (1280, 320) for fault in faults(page, width))

    for path, status in (("/controle", 200), (f"/controle/{code}", 200), ("/controle/onbekend", 404)):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == status
        look(path)
    page.goto("/controle")
    page.locator("main button[type=submit]").click()
    look("no file")
    page.locator("#file").set_input_files(file)
    page.locator("main button[type=submit]").click()
    expect(page.locator("main .et-alert--error, main .utrecht-alert--error")).to_have_count(1)
    look("checked")
    assert found == []


def test_check_works_without_script_and_in_another_language(stranger: Open, file: Path, code: str) -> None:
    page = stranger(script=False)
    page.goto("/controle")
    before = page.locator("html").get_attribute("lang")
    page.locator("header form[action='/taal'] button").click()
    assert {before, page.locator("html").get_attribute("lang")} == {"nl", "en"}
    page.locator("#file").set_input_files(file)
    page.locator("main button[type=submit]").click()
    expect(page.locator("main .utrecht-alert--error")).to_have_count(1)
    page.goto(f"/controle/{code}")
    expect(page.locator("main .utrecht-alert--ok")).to_have_count(1)


def test_check_needs_only_a_keyboard(stranger: Open, file: Path) -> None:
    page = stranger()
    page.goto("/controle")
    page.locator("#file").set_input_files(file)
    page.locator("body").press("Tab")
    for _press in range(20):
        if page.locator("main button[type=submit]").evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(page.locator("main button[type=submit]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main .utrecht-alert--error")).to_have_count(1)
