"""The pages of the report at its approval: exactly what would be printed now, and only for who may approve."""

from __future__ import annotations

import io
import json
import re
from uuid import UUID

import pypdf
import pytest
from PIL import Image
from sqlalchemy import select

from ethiek.domain.workflow import Status
from ethiek.models.audit import AuditEvent
from ethiek.services import advice as advice_service
from tests import builders
from tests.builders import World
from tests.pages.conftest import CountStatements, MakeDossier, SignIn, Writing

PICTURE = re.compile(r'<img class="et-pages__picture"[^>]*>')


def address(dossier_id: UUID, name: str = "goedkeuren") -> str:
    return f"/dossiers/{dossier_id}/advies/{name}"


def sha256_of(writing: Writing, dossier_id: UUID) -> str:
    with writing() as session:
        return builders.present_advice(session, dossier_id).sha256


def words_of(pdf: bytes) -> str:
    pages = (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(" ".join(pages).split())


def test_approval_page_opens_at_once_and_then_shows_every_page_with_its_size(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, chris = dossier_in(Status.ADVISED), sign_in("Chris")
    sha256 = sha256_of(writing, dossier_id)
    before = PICTURE.findall(chris.get(address(dossier_id)).text)
    source = f"{address(dossier_id, 'voorbeeld')}/{{}}.png?advies={sha256}"
    assert before == [
        f'<img class="et-pages__picture" loading="lazy" src="{source.format(number)}" '
        f'width="800" height="1132" alt="Page {number}">'
        for number in (1, 2)
    ]

    answer = chris.get(source.format(1))
    picture = Image.open(io.BytesIO(answer.data))
    assert (answer.status_code, answer.content_type, picture.size) == (200, "image/png", (800, 1132))
    assert answer.headers["Cache-Control"] == "no-store"

    after = PICTURE.findall(chris.get(address(dossier_id)).text)
    alts = [re.findall(r'alt="([^"]*)"', tag)[0] for tag in after]
    assert alts == [f"Page {number} of {len(after)}" for number in range(1, len(after) + 1)]
    assert len(after) > 2
    assert chris.get(source.format(len(after))).status_code == 200
    assert chris.get(source.format(len(after) + 1)).status_code == 404


def test_preview_prints_the_hashes_and_which_approvals_are_still_to_come(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.ADVISED)
    with writing() as session:
        advice = builders.present_advice(session, dossier_id)
        sha256s = (advice.sha256, json.loads(advice.content)["snapshot_sha256"])
        advice_service.approve(session, dossier_id, sha256s[0], world.stamp(session, "Chris"))
    sem = sign_in("Sem")
    answer = sem.get(address(dossier_id, "voorbeeld.pdf"))
    assert (answer.status_code, answer.headers["Content-Disposition"]) == (
        200,
        'inline; filename="voorbeeld.pdf"',
    )
    words, document = words_of(answer.data), pypdf.PdfReader(io.BytesIO(answer.data))
    shown = ("Slimme camera", "Positief onder voorwaarden", *sha256s, "door Chris (voorzitter)")
    assert [text in words for text in shown] == [True] * len(shown)
    assert "Goedgekeurd nog niet, door de secretaris" in words
    assert "Secretaris – Nog niet goedgekeurd" in words
    assert "Dit is een voorbeeld van het rapport: het is niet ondertekend en telt niet." in words
    assert "elektronisch verzegeld" not in words
    assert words.count("Voorbeeld") >= len(document.pages)
    assert (document.attachments, document.get_fields()) == ({}, None)
    with writing() as session:
        details = session.scalars(select(AuditEvent.body).where(AuditEvent.action == "export_dossier")).all()
    assert [json.loads(body)["details"] for body in details] == [{"kind": "preview", "sha256": sha256s[0]}]


def test_preview_of_another_advice_than_the_one_on_the_screen_does_not_exist(
    dossier_in: MakeDossier, sign_in: SignIn
) -> None:
    dossier_id, chris = dossier_in(Status.ADVISED), sign_in("Chris")
    other = f"?advies={'0' * 64}"
    assert [chris.get(address(dossier_id, name) + other).status_code for name in PREVIEWS] == [404, 404]


PREVIEWS = ("voorbeeld.pdf", "voorbeeld/1.png")


@pytest.mark.parametrize("status", [Status.IN_REVIEW, Status.AWAITING_SIGNATURE])
def test_preview_when_nothing_waits_for_approval_does_not_exist(
    dossier_in: MakeDossier, sign_in: SignIn, status: Status
) -> None:
    dossier_id, chris = dossier_in(status), sign_in("Chris")
    assert [chris.get(address(dossier_id, name)).status_code for name in PREVIEWS] == [404, 404]
    page = chris.get(address(dossier_id) + "?paginas=alle")
    assert (page.status_code, "et-pages" in page.text) == (200, False)


@pytest.mark.parametrize(("name", "status"), [("Mila", 403), ("Noor", 403), ("Daan", 404), ("Aisha", 404)])
def test_preview_is_for_chair_and_secretary_only(
    dossier_in: MakeDossier, sign_in: SignIn, name: str, status: int
) -> None:
    dossier_id, browser = dossier_in(Status.ADVISED), sign_in(name)
    assert [browser.get(address(dossier_id, one)).status_code for one in PREVIEWS] == [status, status]


def test_all_pages_on_request_are_made_before_the_page_is_shown(
    dossier_in: MakeDossier, sign_in: SignIn
) -> None:
    dossier_id, sem = dossier_in(Status.ADVISED, title="Nooit eerder gezien"), sign_in("Sem")
    assert "Show all pages" in sem.get(address(dossier_id)).text
    page = sem.get(address(dossier_id) + "?paginas=alle").text
    assert ("Show all pages" in page, len(PICTURE.findall(page)) > 2) == (False, True)


def test_page_when_the_report_cannot_be_made_says_so_and_keeps_the_text(
    dossier_in: MakeDossier, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier_id, sem = dossier_in(Status.ADVISED, title="Te traag"), sign_in("Sem")
    monkeypatch.setattr("ethiek.services.previewing.SECONDS", 0.01)
    answer = sem.get(address(dossier_id) + "?paginas=alle")
    assert (answer.status_code, PICTURE.findall(answer.text)) == (200, [])
    assert "The pages could not be made now" in answer.text
    assert 'type="password"' in answer.text
    assert f'href="{address(dossier_id, "voorbeeld.pdf")}' in answer.text


def test_approval_page_costs_as_many_statements_however_long_the_report(
    dossier_in: MakeDossier, sign_in: SignIn, count_statements: CountStatements
) -> None:
    dossier_id, chris = dossier_in(Status.ADVISED), sign_in("Chris")
    first = count_statements(lambda: chris.get(address(dossier_id)))
    chris.get(address(dossier_id) + "?paginas=alle")
    assert count_statements(lambda: chris.get(address(dossier_id))) == first
    assert first <= 20
