"""Every page of the committee is valid HTML, in every state of a dossier."""

from __future__ import annotations

import html5lib
import pytest

from ethiek.domain.workflow import Status
from tests.pages.conftest import MakeDossier, SignIn

PAGES = {
    "Sem": ("behandeling", "rondes/1", "advies", "advies/goedkeuren", "rapport"),
    "Mila": ("oordeel",),
    "Chris": ("advies/vaststellen",),
    "Noor": ("opmerkingen", "rondes/1", "advies", "rapport"),
}


@pytest.mark.parametrize(
    "status",
    [Status.IN_REVIEW, Status.CHANGES_REQUESTED, Status.ADVISED, Status.AWAITING_SIGNATURE, Status.ARCHIVED],
)
def test_pages_when_parsed_strictly_are_valid_and_have_unique_ids(
    dossier_in: MakeDossier, sign_in: SignIn, status: Status
) -> None:
    dossier_id = dossier_in(status)
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    for name, urls in PAGES.items():
        browser = sign_in(name)
        for url in urls:
            tree = parser.parse(browser.get(f"/dossiers/{dossier_id}/{url}").text)
            ids = [element.get("id") for element in tree.iter() if element.get("id")]
            assert (url, sorted(ids)) == (url, sorted(set(ids)))
            assert [element.tag for element in tree.iter() if element.get("style")] == []
            referred = {
                element.get(name) for element in tree.iter() for name in ("for", "form") if element.get(name)
            }
            assert (url, referred - set(ids)) == (url, set())
