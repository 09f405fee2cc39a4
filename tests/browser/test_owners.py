"""Two content owners make version 2.1 of IAMA, while a dossier on 2.0 stays what it was."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from ethiek import db
from ethiek.config import Settings
from ethiek.domain.workflow import ENDED
from ethiek.headless import headless
from ethiek.models.dossiers import Dossier
from tests.browser.conftest import SignIn, Site
from tests.browser.test_accessibility import faults

pytestmark = pytest.mark.browser


QUESTION = "1.1.1"
NEW = "Is dit al eens geprobeerd?"
FURTHER = "Wat leerden jullie daarvan?"


def open_on(site: Site, key: str) -> int:
    """Count the open dossiers of a version; other stories start some as well."""
    settings = Settings.from_env(site.instance, {**os.environ, "ETHIEK_DEMO": "1"})
    with headless(settings), db.reading() as session:
        query = select(func.count()).where(Dossier.questionnaire_key == key, Dossier.status.not_in(ENDED))
        return session.scalar(query) or 0


def test_two_people_publish_a_new_version_and_the_open_dossier_keeps_its_own(
    site: Site, sign_in: SignIn
) -> None:
    noor = sign_in("Noor")
    section = f"/dossiers/{site.dossiers['draft']}/vragen/1.1"
    noor.goto(section)
    before = noor.locator(".et-question__title").all_inner_texts()

    vera = sign_in("Vera")
    expect(vera).to_have_url(f"{site.url}/vragenlijsten")
    expect(vera.get_by_role("row", name="iama/2.0")).to_contain_text(str(open_on(site, "iama/2.0")))
    vera.get_by_role("link", name="iama/2.0").click()
    vera.get_by_label("Version of the new draft").fill("2.1")
    vera.get_by_role("button", name="Begin a draft").click()
    draft = vera.url
    look(vera, "/vragenlijsten", "/vragenlijsten/versies/iama/2.0", draft)

    change_a_wording(vera, draft)
    add_two_questions(vera, draft)
    see_a_problem_and_mend_it(vera, draft)
    try_it(vera, draft)
    say_why_and_propose(vera, draft)

    wout = sign_in("Wout")
    wout.goto(draft)
    look(wout, draft)
    wout.get_by_role("button", name="Publish this version").click()
    expect(wout.get_by_role("heading", level=1)).to_contain_text("iama/2.1")
    wout.get_by_label("Compare with", exact=True).select_option("iama/2.0")
    wout.get_by_role("button", name="Compare", exact=True).click()
    expect(wout.locator(".et-diff__added").first).to_be_visible()
    look(wout, wout.url)

    noor.goto("/dossiers/nieuw")
    expect(noor.locator("input[value='iama/2.1']")).to_be_attached()
    expect(noor.locator(".et-choices__group input[value='iama/2.0']")).to_be_attached()
    noor.goto(section)
    assert noor.locator(".et-question__title").all_inner_texts() == before


def look(page: Page, *addresses: str) -> None:
    """Look at pages with axe, wide and narrow."""
    for address in addresses:
        page.goto(address)
        assert [fault for width in (1280, 320) for fault in faults(page, width)] == [], address
    page.set_viewport_size({"width": 1280, "height": 800})


def change_a_wording(vera: Page, draft: str) -> None:
    vera.goto(f"{draft}/vragen/{QUESTION}")
    look(vera, vera.url)
    text = vera.locator("#text")
    text.fill(f"{text.input_value()} Noem een voorbeeld.")
    vera.get_by_role("button", name="Save", exact=True).last.click()
    expect(vera.get_by_text("The draft has been saved.")).to_be_visible()


def add_two_questions(vera: Page, draft: str) -> None:
    for text, kind in ((NEW, "yes_no"), (FURTHER, "open_text")):
        vera.goto(f"{draft}/toevoegen/vragen?bij=1.1")
        vera.get_by_label("Question", exact=True).fill(text)
        vera.get_by_label("Kind of answer").select_option(kind)
        look_at_form = vera.get_by_role("button", name="Add", exact=True)
        look_at_form.click()
    asked = vera.locator("select[name='looks-0-question']")
    new = asked.locator("option", has_text=NEW).get_attribute("value")
    asked.select_option(new)
    vera.get_by_role("button", name="Show the answers of the chosen questions").click()
    vera.get_by_label("Yes", exact=True).check()
    vera.get_by_role("button", name="Save", exact=True).last.click()
    expect(vera.get_by_label("Yes", exact=True)).to_be_checked()
    look(vera, vera.url)


def see_a_problem_and_mend_it(vera: Page, draft: str) -> None:
    here = vera.url
    vera.locator("#text").fill("")
    vera.get_by_role("button", name="Save", exact=True).last.click()
    vera.goto(draft)
    look(vera, draft)
    vera.locator("section[aria-labelledby='problems-heading'] a").click()
    assert vera.url == here
    expect(vera.get_by_text("This is not filled in.")).to_be_visible()
    vera.locator("#text").fill(FURTHER)
    vera.get_by_role("button", name="Save", exact=True).last.click()
    vera.goto(draft)
    expect(vera.locator("#problems-heading")).to_have_count(0)


def try_it(vera: Page, draft: str) -> None:
    look(vera, f"{draft}/proef")
    vera.goto(f"{draft}/proef?sectie=1.1")
    question = vera.locator(".et-question", has_text=NEW)
    expect(vera.locator("label", has_text=FURTHER)).to_be_hidden()
    question.get_by_label("Yes", exact=True).check()
    vera.get_by_role("button", name="Look what these answers do").last.click()
    expect(vera.locator("label", has_text=FURTHER)).to_be_visible()


def say_why_and_propose(vera: Page, draft: str) -> None:
    vera.goto(f"{draft}/indelen")
    reasons = vera.get_by_label("Why was this changed?")
    expect(reasons).to_have_count(3)
    for index in range(3):
        reasons.nth(index).fill("Teams vroegen hierom.")
    look_at = vera.url
    vera.get_by_role("button", name="Save the reasons").click()
    look(vera, look_at)
    vera.goto(draft)
    vera.get_by_role("button", name="Propose this draft").click()
    expect(vera.get_by_text("Somebody else has to publish this")).to_be_visible()
