"""Adding a file in a real browser: from the question, past the scanner, to the download."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import files
from tests.browser.conftest import SignIn, Site
from tests.browser.test_accessibility import faults

pytestmark = pytest.mark.browser


def test_file_of_a_question_is_added_scanned_and_downloaded(site: Site, sign_in: SignIn) -> None:
    page = sign_in("Noor")
    page.goto(f"/dossiers/{site.dossiers['draft']}/vragen/1.1")
    page.get_by_role("link", name="Attachments of question 1.1.1").click()
    expect(page.get_by_label("Where does it belong?")).to_have_value("1.1.1")
    page.get_by_label("File").set_input_files(
        {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": files.PDF}
    )
    page.get_by_label("What is in it?").fill("Een plan met " + "een-heel-lang-woord" * 9)
    page.get_by_role("button", name="Add this file").click()
    expect(page.get_by_text("The file has been added.")).to_be_visible()
    for _ in range(60):
        if page.get_by_text("No viruses found").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    assert [faults(page, width) for width in (1280, 320)] == [[], []]
    with page.expect_download() as download:
        page.get_by_role("link", name="plan.pdf").click()
    assert download.value.suggested_filename == "plan.pdf"
    assert download.value.path().read_bytes() == files.PDF
