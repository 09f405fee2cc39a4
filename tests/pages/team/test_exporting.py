"""Taking a dossier along as a file."""

from __future__ import annotations

import json

import pytest

from ethiek.domain.workflow import Status
from tests.pages.conftest import CountStatements, MakeDossier, SignIn

TYPES = {
    "odt": "application/vnd.oasis.opendocument.text",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}


def test_the_page_offers_four_kinds_and_the_dossier_links_to_it(
    dossier_in: MakeDossier, sign_in: SignIn
) -> None:
    dossier_id, noor = dossier_in(Status.DRAFT), sign_in("Noor")
    address = f"/dossiers/{dossier_id}/exporteren"
    assert f'href="{address}"' in noor.get(f"/dossiers/{dossier_id}").text
    page = noor.get(address).text
    assert [f'href="{address}/dossier.{kind}"' in page for kind in TYPES] == [True] * 4
    assert "work in progress" in page


@pytest.mark.parametrize("kind", TYPES)
def test_a_download_is_a_file_with_a_name_and_a_type(
    dossier_in: MakeDossier, sign_in: SignIn, kind: str
) -> None:
    answer = sign_in("Noor").get(f"/dossiers/{dossier_in(Status.DRAFT)}/exporteren/dossier.{kind}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, TYPES[kind])
    assert answer.headers["Content-Disposition"] == f'attachment; filename="ETH-2026-0001.{kind}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_committee_gets_what_was_submitted(dossier_in: MakeDossier, sign_in: SignIn) -> None:
    dossier_id, mila = dossier_in(Status.IN_REVIEW), sign_in("Mila")
    assert "submitted in round 1" in mila.get(f"/dossiers/{dossier_id}/exporteren").text
    answer = mila.get(f"/dossiers/{dossier_id}/exporteren/dossier.json")
    assert json.loads(answer.data)["state"] == "submitted"


def test_another_kind_does_not_exist(dossier_in: MakeDossier, sign_in: SignIn) -> None:
    address = f"/dossiers/{dossier_in(Status.DRAFT)}/exporteren/dossier.exe"
    assert sign_in("Noor").get(address).status_code == 404


def test_a_draft_is_exported_with_a_fixed_number_of_statements(
    dossier_in: MakeDossier, sign_in: SignIn, count_statements: CountStatements
) -> None:
    dossier_id, noor = dossier_in(Status.CHANGES_REQUESTED), sign_in("Noor")
    assert count_statements(lambda: noor.get(f"/dossiers/{dossier_id}/exporteren/dossier.json")) <= 20
