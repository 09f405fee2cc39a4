"""A dossier that came back from the committee moves to a newer version, goes back, moves again and is handed in."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from ethiek import db
from ethiek.config import Settings
from ethiek.headless import headless
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.services import questionnaires
from tests.browser.conftest import SignIn, Site
from tests.browser.filling import fill_question
from tests.browser.test_accessibility import faults
from tests.browser.test_story import (
    press,
    release_and_give_back,
    remark,
    submit,
    take_up_and_assign,
)
from tests.builders import AT
from tests.question_sets import a_later_iama

pytestmark = pytest.mark.browser

OLD = load_catalogue().get("iama/2.0")
NEW = replace(a_later_iama(OLD), version="2.2", short_title="IAMA 2.2")  # 2.1 is made in another story
FIRST = next(NEW.questions())


def publish_newer(site: Site) -> None:
    settings = Settings.from_env(site.instance, {**os.environ, "ETHIEK_DEMO": "1"})
    with headless(settings), db.transaction() as session:
        questionnaires.publish(session, [NEW], AT)


def move(page: Page, dossier: str) -> None:
    page.goto(dossier)
    expect(page.locator("main")).to_contain_text(NEW.title)
    page.locator("main a[href$='/versie']").click()
    expect(page.locator("main ins").first).to_be_visible()
    page.get_by_role("checkbox").check()
    press(page)
    assert page.url == f"{dossier}/versie/overgezet"


def go_back(page: Page, dossier: str) -> None:
    page.goto(f"{dossier}/versie/overgezet")
    press(page, "main form[action$='/terugzetten'] button")
    assert page.url == dossier


def confirm_everything(page: Page, dossier: str) -> int:
    """Follow every link of the page after the move, and press the button there; return how often."""
    page.goto(f"{dossier}/versie/overgezet")
    links = [str(link.get_attribute("href")) for link in page.locator("main ul a[href*='/vragen/']").all()]
    for link in links:
        page.goto(link)
        key = link.rpartition("#")[2]
        press(page, f"[id='{key}'] [data-confirm] button[name=confirm]")
        expect(page.locator(f"[id='{key}'] [data-confirm]")).to_have_count(0)
    return len(links)


def answer_what_is_open(page: Page, dossier: str) -> None:
    """Choose again where the earlier choice is not offered any more, and fill in what that opens, page by page."""
    for _page in range(20):
        page.goto(f"{dossier}/indienen")
        links = [str(link.get_attribute("href")) for link in page.locator("main ul a[href*='#q-']").all()]
        if not links:
            return
        first = links[0].partition("#")[0]
        page.goto(first)
        for address, _hash, key in (link.partition("#") for link in links):
            if address == first:
                fill_question(page.locator(f"[id='{key}']"))
        press(page, ".et-actions button[name=action][value=save]")
    raise AssertionError("something stays open")


def test_dossier_moves_goes_back_moves_again_and_the_committee_sees_what_changed(
    site: Site, sign_in: SignIn
) -> None:
    noor, sem, mila = (sign_in(name) for name in ("Noor", "Sem", "Mila"))
    dossier = f"{site.url}/dossiers/{site.dossiers['moving']}"
    submit(noor, dossier)
    take_up_and_assign(sem, dossier)
    remark(mila, dossier, 1, "Wat merkt een boer hiervan?")
    release_and_give_back(sem, dossier)
    noor.goto(dossier)
    expect(noor.locator("main")).not_to_contain_text(NEW.title)
    publish_newer(site)

    noor.goto(f"{dossier}/vragen/1.1")
    before = noor.locator("form.et-questions textarea").first.input_value()
    move(noor, dossier)
    noor.goto(f"{dossier}/vragen/1.1")
    expect(noor.locator("main")).to_contain_text(FIRST.text)
    go_back(noor, dossier)
    noor.goto(f"{dossier}/vragen/1.1")
    expect(noor.locator("main")).not_to_contain_text(FIRST.text)
    assert noor.locator("form.et-questions textarea").first.input_value() == before

    move(noor, dossier)
    assert confirm_everything(noor, dossier) > 0
    typed = "Opnieuw bekeken en anders opgeschreven."
    noor.goto(f"{dossier}/vragen/1.1")
    noor.locator("form.et-questions textarea[name$='-text']").first.fill(typed)
    press(noor, ".et-actions button[name=action][value=save]")
    answer_what_is_open(noor, dossier)
    noor.goto(f"{dossier}/opmerkingen")
    expect(noor.locator("main")).to_contain_text(FIRST.text)
    noor.locator("textarea").first.fill("Dat staat er nu.")
    press(noor, "main button[name=at]")
    submit(noor, dossier)
    assert noor.goto(f"{dossier}/versie") is not None
    expect(noor.locator("h1")).to_be_visible()
    assert noor.request.get(f"{dossier}/versie").status == 409

    sem.goto(f"{dossier}/rondes/2/verschillen")
    expect(sem.locator("main")).to_contain_text("IAMA 2.2")
    expect(sem.locator("main ins").filter(has_text="Opnieuw").first).to_be_visible()
    sem.goto(f"{dossier}/rondes/1")
    expect(sem.locator("main")).not_to_contain_text(FIRST.text)
    sem.goto(f"{dossier}/rondes/2")
    expect(sem.locator("[id='v-1.1.1']")).to_contain_text("Wat merkt een boer hiervan?")


def test_pages_of_a_move_are_accessible_and_a_page_that_was_open_loses_no_text(
    site: Site, sign_in: SignIn
) -> None:
    publish_newer(site)
    page, left_open = sign_in("Noor"), sign_in("Noor")
    dossier = f"{site.url}/dossiers/{site.dossiers['draft']}"
    left_open.goto(f"{dossier}/vragen/1.1")
    found = []
    for path in ("", "/versie"):
        page.goto(f"{dossier}{path}")
        found += [f"{path} at {fault}" for width in (1280, 320) for fault in faults(page, width)]
    move(page, dossier)
    for path in ("", "/versie/overgezet", "/vragen/1.1", "/eerdere-antwoorden", "/indienen"):
        page.goto(f"{dossier}{path}")
        found += [f"{path} at {fault}" for width in (1280, 320) for fault in faults(page, width)]

    left_open.locator("form.et-questions textarea[name$='-text']").first.fill("Net te laat getypt.")
    press(left_open, ".et-actions button[name=action][value=save]")
    expect(left_open.locator("main")).to_contain_text("Net te laat getypt.")
    found += [f"overtaken at {fault}" for width in (1280, 320) for fault in faults(left_open, width)]
    left_open.locator("main a[href*='versie=']").first.click()
    expect(left_open.locator("main")).to_contain_text("Net te laat getypt.")
    go_back(page, dossier)
    assert found == []
