"""The whole story, as five people do it in their browsers: from a new dossier to a report that checks out."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, SignIn, Site
from tests.browser.filling import fill_page
from tests.builders import PASSWORD, email_of

pytestmark = pytest.mark.browser

FIRST_QUESTION = "q-1.1.1"


def press(page: Page, selector: str = "main form button[type=submit]") -> None:
    """Press a button and wait for the page after it."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def start_dossier(page: Page) -> str:
    page.goto("/dossiers/nieuw")
    page.locator("#title").fill("Satellieten en maaien")
    page.locator("#purpose").fill("Weten of weidevogels rust krijgen, zonder elk perceel te bezoeken.")
    page.locator("#unit_id").select_option(label="Mobiliteit")
    page.locator("input[name=kind][value=algorithm]").check()
    page.locator("input[name=phase][value=design]").check()
    page.locator("input[name=questionnaire][value='iama/2.0']").check()
    press(page, "main form.et-form button[type=submit]")
    return page.url


def add_to_team(page: Page, dossier: str, name: str) -> None:
    page.goto(f"{dossier}/team")
    page.locator("#email").fill(email_of(name))
    page.locator("#function").select_option(index=2)
    press(page, "main form.et-form button[type=submit]")
    expect(page.locator("#team")).to_contain_text(name)


def fill_everything(page: Page, dossier: str) -> None:
    page.goto(f"{dossier}/vragen")
    for _page in range(40):
        fill_page(page)
        press(page, ".et-actions button[name=action][value=next]")
        if page.url.endswith("/indienen"):
            return
    raise AssertionError("the questions do not end")


def submit(page: Page, dossier: str) -> None:
    page.goto(f"{dossier}/indienen")
    press(page, "main form button[type=submit]")
    assert page.url == dossier


def take_up_and_assign(page: Page, dossier: str) -> None:
    page.goto(f"{dossier}/behandeling")
    press(page, "main form[action$='/oppakken'] button[type=submit]")
    page.goto(f"{dossier}/behandeling")
    page.get_by_label("Mila").check()
    page.locator("#due_on").fill("2030-01-31")
    press(page, "main form[action$='/behandeling'] button[type=submit]")


def remark(page: Page, dossier: str, round_number: int, text: str) -> None:
    page.goto(f"{dossier}/rondes/{round_number}")
    block = page.locator("[id='v-1.1.1']")
    block.locator("details summary").last.click()
    block.locator("textarea").fill(text)
    with page.expect_navigation():
        block.locator("button").last.click()
    expect(page.locator("main")).to_contain_text(text)


def release_and_give_back(page: Page, dossier: str) -> None:
    page.goto(f"{dossier}/behandeling")
    page.locator("input[name=remarks]").first.check()
    press(page, "main form[action$='/vrijgeven'] button[type=submit]")
    page.goto(f"{dossier}/behandeling")
    page.locator("details.et-danger summary").click()
    press(page, "main form[action$='/aanvulling'] button[type=submit]")


def reply_and_resubmit(page: Page, dossier: str, internal: str) -> None:
    page.goto(f"{dossier}/opmerkingen")
    assert internal not in page.content()
    page.locator("textarea").first.fill("Dat hebben we nu uitgelegd.")
    press(page, "main button[name=at]")
    page.goto(f"{dossier}/vragen/1.1")
    page.locator(f"[id='{FIRST_QUESTION}'] textarea[name$='-text']").fill(
        "Dit is ons betere antwoord op q-1.1.1."
    )
    press(page, ".et-actions button[name=action][value=next]")
    submit(page, dossier)


def record_verdict(page: Page, dossier: str) -> None:
    page.goto(f"{dossier}/oordeel")
    page.locator("input[name=verdict][value=conditional]").check()
    page.locator("#motivation").fill("Goed doordacht; let op de uitleg aan boeren.")
    press(page, "main form[data-guard] button[type=submit], main form.et-form button[type=submit]")


def adopt(page: Page, dossier: str) -> None:
    page.goto(f"{dossier}/advies/vaststellen")
    page.locator("input[name=verdict][value=conditional]").check()
    page.locator("#motivation").fill("De commissie adviseert positief, onder één voorwaarde.")
    page.locator("[name$='-text']").first.fill("Leg aan elke boer uit hoe het werkt.")
    page.locator("[name$='-owner']").first.fill("Noor")
    page.locator("[name$='-due_on']").first.fill("2030-06-30")
    press(page, "main form[data-guard] > .et-actions button[type=submit]")


def approve(page: Page, dossier: str) -> None:
    page.goto(f"{dossier}/advies/goedkeuren")
    page.locator("#password").fill(PASSWORD)
    press(page, "main form button[type=submit]")


def test_story_from_new_dossier_to_a_report_that_checks_out(
    site: Site, sign_in: SignIn, tmp_path: Path, trusts: Callable[[Path], str]
) -> None:
    noor, sem, mila, chris, aisha = (sign_in(name) for name in ("Noor", "Sem", "Mila", "Chris", "Aisha"))
    internal = "Dit moet onder ons blijven."

    dossier = start_dossier(noor)
    add_to_team(noor, dossier, "Daan")
    fill_everything(noor, dossier)
    submit(noor, dossier)
    take_up_and_assign(sem, dossier)
    remark(mila, dossier, 1, "Wat merkt een boer hiervan?")
    remark(mila, dossier, 1, internal)
    release_and_give_back(sem, dossier)
    reply_and_resubmit(noor, dossier, internal)
    sem.goto(f"{dossier}/rondes/2/verschillen")
    expect(sem.locator("ins")).to_contain_text("betere")
    sem.goto(f"{dossier}/rondes/1")
    expect(sem.locator("main")).to_contain_text("Dit is ons antwoord op q-1.1.1.")
    sem.goto(f"{dossier}/behandeling")
    press(sem, "main form[action$='/oppakken'] button[type=submit]")
    record_verdict(mila, dossier)
    adopt(chris, dossier)
    approve(chris, dossier)
    approve(sem, dossier)
    sem.goto(f"{dossier}/rapport")
    expect(sem.locator("a[href$='/rapport.pdf']")).to_be_visible(timeout=120_000)

    report, bundle = download_from_archive(aisha, tmp_path)
    assert pdfsig_says(report, trusts(site.root_certificate)) == [
        "Signature is Valid.",
        "Certificate is Trusted.",
    ]
    assert subprocess.run(["qpdf", "--check", report], capture_output=True, check=False).returncode == 0
    assert manifest_problems(bundle) == []
    verdict = verify(site, report)
    assert verdict["ok"] is True
    assert internal.encode() not in text_of(report)
    assert aisha.request.get(f"{dossier}").status == 404


def download_from_archive(page: Page, folder: Path) -> tuple[Path, Path]:
    page.goto("/archief?q=maaien")
    report, bundle = folder / "report.pdf", folder / "archive.zip"
    with page.expect_download() as found:
        page.locator("main a[href$='.pdf']").first.click()
    found.value.save_as(report)
    page.locator("main tbody input[type=checkbox]").first.check()
    with page.expect_download() as found:
        page.locator(
            "main form[action$='/zip'] button[type=submit], main button[formaction$='/zip']"
        ).first.click()
    found.value.save_as(bundle)
    return report, bundle


def pdfsig_says(report: Path, nss: str) -> list[str]:
    """What poppler, which shares no code with us, makes of signature and certificate."""
    output = subprocess.run(
        ["pdfsig", "-nssdir", nss, report], capture_output=True, text=True, check=False
    ).stdout
    return re.findall(r"(?:Signature|Certificate) Validation: (.*)", output)


@pytest.fixture
def trusts(tmp_path: Path) -> Callable[[Path], str]:
    """Makes a certificate store that trusts one root, and returns its address."""

    def make(root: Path) -> str:
        folder = tmp_path / "nss"
        folder.mkdir()
        store = f"sql:{folder}"
        certutil = shutil.which("certutil")
        assert certutil, "libnss3-tools is missing"
        subprocess.run([certutil, "-N", "-d", store, "--empty-password"], check=True)
        subprocess.run([certutil, "-A", "-d", store, "-n", "root", "-t", "CT,C,C", "-i", root], check=True)
        return store

    return make


def manifest_problems(bundle: Path) -> list[str]:
    """The files whose SHA-256 is not the one in the manifest, and those that are in only one of the two."""
    with zipfile.ZipFile(bundle) as files:
        lines = [line.split("  ", 1) for line in files.read("manifest.sha256").decode().splitlines()]
        listed = {name: sha256 for sha256, name in lines}
        present = {name for name in files.namelist() if not name.startswith("manifest.")}
        wrong = [name for name in present if hashlib.sha256(files.read(name)).hexdigest() != listed.get(name)]
    return sorted({*wrong, *(present ^ listed.keys())}) if present else ["empty"]


def verify(site: Site, report: Path) -> dict[str, object]:
    """What ``ethiek verify --json`` says, without the instance."""
    command = [
        sys.executable,
        "-m",
        "ethiek.cli",
        "verify",
        "--json",
        "--trust",
        str(site.root_certificate),
        str(report),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout
    (one,) = json.loads(done.stdout)
    return dict(one)


def text_of(report: Path) -> bytes:
    return subprocess.run(["pdftotext", report, "-"], capture_output=True, check=True).stdout
