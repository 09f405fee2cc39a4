"""Searching the archive with signs that mean something to a database or a page."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from markupsafe import escape

from ethiek.domain.workflow import Status
from ethiek.reports.archive import Archive
from tests import builders
from tests.builders import World
from tests.pages.conftest import Browser, Writing

SignIn = Callable[[str], Browser]

TITLES = (
    "Gewoon",
    "100% geteld",
    "naam_met_streep",
    "d'Overkant",
    'De "slimme" brug',
    "pad\\naam",
    "{{7*7}}",
)
SIGNS = ("%", "_", "'", '"', "\\", "{{", "' OR '1'='1", "%%", "\\_")


@pytest.fixture
def _reports(writing: Writing, world: World, archive: Archive) -> None:
    with writing() as session:
        for number, title in enumerate(TITLES):
            dossier = builders.a_dossier(session, world, Status.AWAITING_SIGNATURE, title=title)
            builders.archive(session, dossier, archive, pdf=f"%PDF-1.7 {number}".encode())


@pytest.mark.usefixtures("_reports")
def test_search_takes_every_sign_literally(sign_in: SignIn) -> None:
    auditor = sign_in("Aisha")
    found = {sign: titles_on(auditor, sign) for sign in SIGNS}
    assert found == {sign: [title for title in TITLES if sign in title] for sign in SIGNS}


def titles_on(browser: Browser, sign: str) -> list[str]:
    page = browser.get(f"/archief?{urlencode({'zoek': sign})}")
    return [title for title in TITLES if f">{escape(title)}</a>" in page.text]
