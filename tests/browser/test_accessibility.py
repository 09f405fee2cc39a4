"""The real pages, wide and narrow: no fault that axe can see, nothing wider than a telephone, keyboard first."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, SignIn, Site

pytestmark = pytest.mark.browser

AXE: Final = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES: Final = {
    "Noor": (
        "/dossiers",
        "/dossiers/nieuw",
        "/instrumenten",
        "/account",
        "{draft}",
        "{draft}/gegevens",
        "{draft}/team",
        "{draft}/bijeenkomsten",
        "{draft}/bijlagen",
        "{draft}/exporteren",
        "{draft}/voorinvullen",
        "{draft}/voorinvullen/{changes_requested_id}",
        "{draft}/indienen",
        "{draft}/intrekken",
        "{draft}/vragen/1.1",
        "{draft}/vragen/4.1",
        "{draft}/vragen/4.3",
        "{changes_requested}",
        "{changes_requested}/opmerkingen",
    ),
    "Sem": (
        "/commissie",
        "/commissie/vergaderstukken",
        "{submitted}/behandeling",
        "{in_review}/behandeling",
        "{in_review}/rondes/1",
        "{in_review}/terugtredingen",
        "{advised}/advies/goedkeuren",
        "{advised}/rapport",
        "{archived}/openbare-versie",
        "{archived}/openbare-versie/lakken?plek=snapshot-dossier",
    ),
    "Mila": ("{in_review}/oordeel", "{in_review}/rondes/1", "{in_review}/terugtreden"),
    "Chris": (
        "{in_review}/advies/vaststellen",
        "{advised}/advies",
        "{advised}/advies/goedkeuren",
        "{archived}/rapport",
        "{archived}/rapport/geldigheid",
        "{archived}/openbare-versie",
    ),
    "Aisha": ("/archief",),
}
"""Who looks at which page; a status stands for the dossier that has it."""


@pytest.mark.parametrize("name", PAGES)
def test_pages_have_no_fault_that_axe_sees_and_fit_a_telephone(
    site: Site, sign_in: SignIn, name: str
) -> None:
    page = sign_in(name)
    places = {status: f"/dossiers/{dossier_id}" for status, dossier_id in site.dossiers.items()}
    places |= {f"{status}_id": str(dossier_id) for status, dossier_id in site.dossiers.items()}
    found = []
    for path in PAGES[name]:
        page.goto(path.format(**places))
        assert "/inloggen" not in page.url
        found += [f"{path} at {fault}" for width in (1280, 320) for fault in faults(page, width)]
    assert found == []


def faults(page: Page, width: int) -> list[str]:
    """What axe sees at a width, with everything that folds open, and how far the page sticks out."""
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.evaluate(AXE)
    report = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)
    seen = [f"{width}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in report["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return seen if wide <= width else [*seen, f"{width}: page is {wide} wide"]


def test_login_and_first_answer_need_only_a_keyboard(site: Site, sign_in: SignIn) -> None:
    page = sign_in("Noor")
    page.goto(f"/dossiers/{site.dossiers['draft']}/vragen/1.1")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#main")
    page.keyboard.press("Enter")
    field = page.locator("[id='q-1.1.1'] textarea[name$='-text']")
    for _press in range(60):
        page.keyboard.press("Tab")
        if field.evaluate("element => element === document.activeElement"):
            break
    expect(field).to_be_focused()
    page.keyboard.type("Met het toetsenbord. ")
    expect(page.locator("[id='q-1.1.1'] [data-save-status]")).to_have_attribute(
        "data-state", "saved", timeout=15_000
    )
