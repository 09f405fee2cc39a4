"""Taking a dossier along, and filling in another one with it, at a desk and on a telephone."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, Site
from tests.browser.test_story import press, start_dossier

pytestmark = pytest.mark.browser


def download(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as started:
        page.get_by_role("link", name=name).click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


@pytest.mark.parametrize("width", [1280, 320])
def test_answers_travel_from_one_dossier_to_another(
    site: Site, sign_in: SignIn, tmp_path: Path, width: int
) -> None:
    page = sign_in("Noor")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/dossiers/{site.dossiers['taken along']}/exporteren")
    with zipfile.ZipFile(download(page, "ODT", tmp_path)) as document:
        assert document.namelist()[0] == "mimetype"
    assert json.loads(download(page, "Data (JSON)", tmp_path).read_bytes())["format"] == "ethiek-dossier/1"
    answers = download(page, "Invulhulpen (JSON)", tmp_path)
    dossier = start_dossier(page)
    page.goto(f"{dossier}/voorinvullen")
    page.locator("#file").set_input_files(answers)
    press(page, "main form.et-form button[type=submit]")
    expect(page.locator("article.et-card").first).to_contain_text("Antwoord op 1.1.1.")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    press(page)
    page.goto(f"{dossier}/vragen/1.1")
    expect(page.locator("textarea[name='q-1.1.1-text']")).to_have_value("Antwoord op 1.1.1.")


def test_answers_come_from_another_dossier_of_the_team(site: Site, sign_in: SignIn) -> None:
    page = sign_in("Noor")
    dossier = start_dossier(page)
    page.goto(f"{dossier}/voorinvullen")
    source = site.dossiers["taken along"]
    with page.expect_navigation():
        page.locator(f"main a[href$='/voorinvullen/{source}']").click()
    press(page)
    page.goto(f"{dossier}/vragen/1.1")
    expect(page.locator("textarea[name='q-1.1.1-text']")).to_have_value("Antwoord op 1.1.1.")
