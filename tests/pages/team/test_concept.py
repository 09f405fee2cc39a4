"""A dossier as a printed concept."""

from __future__ import annotations

import io

import pypdf

from ethiek.domain.workflow import Status
from tests.pages.conftest import MakeDossier, SignIn


def first_page(pdf: bytes) -> str:
    return " ".join(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())


def test_the_team_prints_its_work_and_the_page_of_exports_offers_it(
    dossier_in: MakeDossier, sign_in: SignIn
) -> None:
    dossier_id, noor = dossier_in(Status.DRAFT), sign_in("Noor")
    address = f"/dossiers/{dossier_id}/concept.pdf"
    assert f'href="{address}"' in noor.get(f"/dossiers/{dossier_id}/exporteren").text

    answer = noor.get(address)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ETH-2026-0001-concept.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Concept van een dossier ETH-2026-0001" in first_page(answer.data)
    assert "niet ondertekend" in first_page(answer.data)


def test_the_committee_prints_what_was_handed_in_and_others_do_not(
    dossier_in: MakeDossier, sign_in: SignIn
) -> None:
    address = f"/dossiers/{dossier_in(Status.IN_REVIEW)}/concept.pdf"

    assert "Concept van een dossier" in first_page(sign_in("Mila").get(address).data)
    assert sign_in("Aisha").get(address).status_code == 404
