"""A whole dossier on paper: every round, what was said about it, and the advice once it is signed."""

from __future__ import annotations

import io

import pikepdf
import pypdf

from ethiek.domain.workflow import Status
from ethiek.reports.gate import breaches
from tests.pages.conftest import MakeDossier, SignIn


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def test_team_and_committee_print_every_round_and_no_advice_before_it_is_signed(
    dossier_in: MakeDossier, sign_in: SignIn
) -> None:
    dossier_id, noor = dossier_in(Status.ADVISED), sign_in("Noor")
    address = f"/dossiers/{dossier_id}/volledig.pdf"
    assert f'href="{address}"' in noor.get(f"/dossiers/{dossier_id}/exporteren").text

    answer = noor.get(address)
    text = text_of(answer.data)

    assert answer.headers["Content-Disposition"] == 'attachment; filename="ETH-2026-0001-volledig.pdf"'
    assert "Volledig dossier ETH-2026-0001" in text
    assert "Er is nog geen ondertekend advies." in text
    assert "Ronde 1 Ingediend op" in text
    assert sign_in("Mila").get(address).data == answer.data
    assert breaches(answer.data) == ()


def test_nothing_is_there_to_print_before_the_first_hand_in(dossier_in: MakeDossier, sign_in: SignIn) -> None:
    dossier_id, noor = dossier_in(Status.DRAFT), sign_in("Noor")

    assert "volledig.pdf" not in noor.get(f"/dossiers/{dossier_id}/exporteren").text
    assert noor.get(f"/dossiers/{dossier_id}/volledig.pdf").status_code == 404


def test_the_auditor_prints_the_same_with_the_signed_advice(dossier_in: MakeDossier, sign_in: SignIn) -> None:
    dossier_id, aisha = dossier_in(Status.ARCHIVED), sign_in("Aisha")
    page = aisha.get("/archief").text
    address = next(part.split('"')[0] for part in page.split('href="') if "volledig.pdf" in part)

    answer = aisha.get(address)

    assert "Advies en motivering" in text_of(answer.data)
    assert "Goedkeuring" in text_of(answer.data)
    assert sign_in("Noor").get(f"/dossiers/{dossier_id}/volledig.pdf").data == answer.data
    with pikepdf.open(io.BytesIO(answer.data)) as document:
        assert "/AcroForm" not in document.Root
