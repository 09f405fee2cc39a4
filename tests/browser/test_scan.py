"""A scan in a real browser: the limits of a text, a pause that ends, and the way to the next dossier."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_accessibility import faults

pytestmark = pytest.mark.browser


def start_scan(page: Page) -> None:
    page.goto("/dossiers/nieuw")
    page.locator("#title").fill("Camera op het plein")
    page.locator("#purpose").fill("Weten hoe druk het is.")
    page.locator("#unit_id").select_option(index=1)
    for name, value in (("kind", "sensor"), ("phase", "idea"), ("questionnaire", "scan/1.0")):
        page.locator(f"input[name={name}][value='{value}']").check()
    page.locator("main button[type=submit]").click()
    page.wait_for_url(re.compile(r"/dossiers/[0-9a-f-]{36}$"))


def choose(page: Page, question: str, value: str) -> None:
    page.locator(f"input[name='q-{question}-choice'][value='{value}']").check()


def test_scan_pauses_concludes_and_leads_to_the_next_dossier(sign_in: SignIn) -> None:
    page = sign_in("Noor")
    start_scan(page)
    page.goto(f"{page.url}/vragen/1.1")
    stops, outcome = page.locator("[data-stop-list]"), page.locator("[data-outcome]")
    expect(outcome).to_contain_text("3 questions left")

    choose(page, "banned", "no")
    choose(page, "data", "yes")
    expect(stops).to_contain_text("First find this out")
    expect(stops.locator(".utrecht-alert--warning")).to_have_count(1)
    expect(outcome).to_contain_text("The questions ended early.")
    choose(page, "data", "no")
    expect(stops.locator(".utrecht-alert")).to_have_count(0)
    expect(outcome).to_contain_text("1 question left")

    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/vragen/1.2")
    moral = page.locator("#q-moral-text")
    moral.fill("Hoe kan dit?")
    expect(page.locator("#q-moral-text-error")).to_have_text("Leave out the word ‘hoe’.")
    expect(moral).to_have_value("Hoe kan dit?")
    moral.fill("Mag dit?")
    expect(page.locator("#q-moral-text-error")).to_be_hidden()

    page.get_by_role("button", name="Add a row").click()
    assert page.locator("#q-values-rows-1-value").get_attribute("list") == "words-codio"
    choose(page, "people", "yes")
    choose(page, "profile", "no")
    expect(outcome.locator("li")).to_have_count(2)
    expect(outcome.locator("li").first).to_contain_text("Recommended")
    choose(page, "profile", "yes")
    expect(outcome.locator("li")).to_have_count(3)
    expect(outcome.locator("a")).to_have_count(0)  # no version of what it points to is offered here


def test_conclusion_that_points_to_an_instrument_fills_in_the_next_dossier(sign_in: SignIn) -> None:
    page = sign_in("Noor")
    start_scan(page)
    page.goto(f"{page.url.replace('/dossiers/', '/dossiers/nieuw?van=')}&instrument=deda")
    expect(page.locator("#title")).to_have_value("Camera op het plein")
    expect(page.locator("input[name=questionnaire][value='deda/nl-2025']")).to_be_checked()
    page.locator("main button[type=submit]").click()
    page.wait_for_url(re.compile(r"/dossiers/[0-9a-f-]{36}$"))
    expect(page.locator("h1")).to_have_text("Camera op het plein")


def test_outcome_and_words_have_no_fault_that_axe_sees_and_fit_a_telephone(sign_in: SignIn) -> None:
    page = sign_in("Noor")
    start_scan(page)
    dossier = page.url
    page.goto(f"{dossier}/vragen/1.1")
    choose(page, "banned", "no")
    choose(page, "data", "yes")
    expect(page.locator("[data-stop-list]")).to_contain_text("First find this out")
    found = []
    for place in ("", "/indienen"):
        page.goto(f"{dossier}{place}")
        found += faults(page, 320)
    page.goto(f"{dossier}/vragen/1.1")
    choose(page, "data", "no")
    expect(page.locator("[data-stop-list] > *")).to_have_count(0)
    page.goto(f"{dossier}/vragen/1.2")
    choose(page, "people", "yes")
    choose(page, "profile", "yes")
    expect(page.locator("[data-outcome] li")).to_have_count(3)
    found += [*faults(page, 1280), *faults(page, 320)]
    assert found == []
