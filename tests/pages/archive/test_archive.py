"""The archive as the auditor sees it, and as nobody else does."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from uuid import UUID

import pytest
from sqlalchemy import func, select

from ethiek.domain.workflow import Status
from ethiek.models.archive import ArchiveRecord
from ethiek.models.audit import AuditEvent
from ethiek.reports.archive import Archive
from ethiek.services import report_status
from tests import builders
from tests.builders import World
from tests.pages.conftest import Browser, Writing

SignIn = Callable[[str], Browser]


@pytest.fixture
def reports(writing: Writing, world: World, archive: Archive) -> list[ArchiveRecord]:
    """Three signed reports, in the order in which they were signed."""
    with writing() as session:
        for title in ("Slimme camera", "Drukte in de duinen", "Fietsers 100% geteld"):
            dossier = builders.a_dossier(session, world, Status.AWAITING_SIGNATURE, title=title)
            builders.archive(session, dossier, archive, pdf=f"%PDF-1.7 {title}".encode())
        records = list(session.scalars(select(ArchiveRecord).order_by(ArchiveRecord.id)))
        session.expunge_all()
    return records


def events(writing: Writing, action: str) -> list[AuditEvent]:
    with writing() as session:
        found = list(session.scalars(select(AuditEvent).where(AuditEvent.action == action)))
        session.expunge_all()
    return found


def test_index_shows_every_report_with_verdict_and_hash(
    sign_in: SignIn, reports: list[ArchiveRecord]
) -> None:
    page = sign_in("Aisha").get("/archief")
    assert page.status_code == 200
    for record in reports:
        assert record.title in page.text
        assert record.sha256 in page.text


def test_index_finds_reports_by_the_decision_in_them_and_gives_both_editions(
    sign_in: SignIn, reports: list[ArchiveRecord], writing: Writing, world: World
) -> None:
    with writing() as session:
        dossier_id = reports[0].dossier_id
        builders.put_before(session, world, dossier_id)
        decision = builders.decide(session, world, dossier_id)
        builders.issue_decision(session, decision)
        later = decision.id.hex * 2
    aisha = sign_in("Aisha")
    page = aisha.get("/archief").text
    assert (page.count("Replaced by a later report"), page.count("Decision: The project goes ahead")) == (
        1,
        1,
    )
    found = aisha.get("/archief?besluit=with_conditions").text
    assert (later in found, reports[0].sha256 in found) == (True, False)
    assert later not in aisha.get("/archief?besluit=stop").text
    assert aisha.get("/archief?besluit=onzin").status_code == 422


def test_index_says_which_report_was_withdrawn(
    sign_in: SignIn, reports: list[ArchiveRecord], writing: Writing, world: World
) -> None:
    aisha = sign_in("Aisha")
    assert aisha.get("/archief").text.count("<strong>Withdrawn</strong>") == 0
    with writing() as session:
        stamp = world.stamp(session, "Chris", seen=0)
        report_status.change(session, reports[1].dossier_id, "Fout.", stamp)
    assert aisha.get("/archief").text.count("<strong>Withdrawn</strong>") == 1
    assert aisha.get("/archief?zoek=duinen").text.count("<strong>Withdrawn</strong>") == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zoek=duinen", ["Drukte in de duinen"]),
        ("zoek=100%25", ["Fietsers 100% geteld"]),
        ("zoek=ETH-2026-0001", ["Slimme camera"]),
        ("zoek=bestaat+niet", []),
        ("jaar=2026&oordeel=conditional", ["Slimme camera", "Drukte in de duinen", "Fietsers 100% geteld"]),
        ("oordeel=negative", []),
        ("onderdeel=Mobiliteit", ["Slimme camera", "Drukte in de duinen", "Fietsers 100% geteld"]),
    ],
)
def test_index_with_a_filter_shows_what_matches(
    sign_in: SignIn, reports: list[ArchiveRecord], query: str, found: list[str]
) -> None:
    page = sign_in("Aisha").get(f"/archief?{query}")
    assert [record.title for record in reports if f">{record.title}</a>" in page.text] == found


@pytest.mark.usefixtures("reports")
def test_index_with_an_unknown_choice_shows_the_form_again(sign_in: SignIn) -> None:
    assert sign_in("Aisha").get("/archief?oordeel=misschien").status_code == 422


@pytest.mark.parametrize("query", ["na=x", "na=01a202fd-e81d-75b0-a8d1-4ff51158f6f4", "na=x&sinds=gisteren"])
@pytest.mark.usefixtures("world")
def test_index_with_a_place_that_is_none_is_refused(sign_in: SignIn, query: str) -> None:
    assert sign_in("Aisha").get(f"/archief?{query}").status_code in {400, 404}


def test_report_is_given_as_it_was_archived_and_the_reading_is_an_event(
    sign_in: SignIn, reports: list[ArchiveRecord], writing: Writing
) -> None:
    record = reports[0]
    answer = sign_in("Aisha").get(f"/archief/{record.id}.pdf")
    assert hashlib.sha256(answer.data).hexdigest() == record.sha256
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ETH-2026-0001-advies.pdf"'
    assert [event.object_id for event in events(writing, "read_report")] == [str(record.id)]


def test_report_that_was_changed_on_disk_is_not_given_and_the_others_are(
    sign_in: SignIn, reports: list[ArchiveRecord], archive: Archive
) -> None:
    (archive.folder / f"{reports[0].sha256}.pdf").write_bytes(b"%PDF-1.7 forged")
    aisha = sign_in("Aisha")
    refused = aisha.get(f"/archief/{reports[0].id}.pdf")
    assert refused.status_code == 500
    assert b"forged" not in refused.data
    assert "This file is not what was archived" in refused.text
    assert aisha.get(f"/archief/{reports[1].id}.pdf").status_code == 200


@pytest.mark.usefixtures("world")
def test_report_that_does_not_exist_is_404(sign_in: SignIn) -> None:
    assert sign_in("Aisha").get(f"/archief/{UUID(int=1)}.pdf").status_code == 404


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def test_bundle_of_what_is_ticked_holds_those_and_a_correct_manifest(
    sign_in: SignIn, reports: list[ArchiveRecord], writing: Writing
) -> None:
    aisha = sign_in("Aisha")
    aisha.get("/archief")
    answer = aisha.post("/archief/zip", {"stuk": [str(reports[0].id), str(reports[2].id)]})
    files = unpacked(answer.data)
    names = ["ETH-2026-0001-advies.pdf", "ETH-2026-0003-advies.pdf"]
    assert sorted(files) == [*names, "manifest.json", "manifest.sha256"]
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in names]
    assert files["manifest.sha256"].decode() == "".join(lines)
    assert len(events(writing, "read_bundle")) == 1


@pytest.mark.usefixtures("reports")
def test_bundle_of_everything_found_follows_the_filter(sign_in: SignIn) -> None:
    aisha = sign_in("Aisha")
    aisha.get("/archief")
    answer = aisha.post("/archief/zip?zoek=duinen", {"wat": "alles"})
    assert sorted(unpacked(answer.data)) == ["ETH-2026-0002-advies.pdf", "manifest.json", "manifest.sha256"]


def test_bundle_leaves_out_a_damaged_file_and_says_so(
    sign_in: SignIn, reports: list[ArchiveRecord], archive: Archive
) -> None:
    (archive.folder / f"{reports[1].sha256}.pdf").unlink()
    aisha = sign_in("Aisha")
    aisha.get("/archief")
    files = unpacked(aisha.post("/archief/zip", {"wat": "alles"}).data)
    failed = {"name": "ETH-2026-0002-advies.pdf", "sha256": reports[1].sha256, "reason": "missing"}
    assert json.loads(files["manifest.json"])["failed"] == [failed]


@pytest.mark.usefixtures("reports")
def test_bundle_of_nothing_says_what_to_do(sign_in: SignIn) -> None:
    aisha = sign_in("Aisha")
    aisha.get("/archief")
    answer = aisha.post("/archief/zip?zoek=duinen")
    assert (answer.status_code, answer.location) == (303, "/archief?zoek=duinen")
    assert "Tick at least one report." in aisha.get(answer.location).text


def test_bundle_with_more_than_fits_says_so(
    sign_in: SignIn, reports: list[ArchiveRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ethiek.web.archive.LARGEST_BUNDLE", 2)
    aisha = sign_in("Aisha")
    aisha.get("/archief")
    assert aisha.post("/archief/zip", {"wat": "alles"}).status_code == 303
    assert "More than 2 reports were found." in aisha.get("/archief").text
    ticked = [str(record.id) for record in reports]
    assert aisha.post("/archief/zip", {"stuk": ticked}).status_code == 303


@pytest.mark.usefixtures("reports")
def test_bundle_with_an_unknown_report_is_404(sign_in: SignIn) -> None:
    aisha = sign_in("Aisha")
    aisha.get("/archief")
    assert aisha.post("/archief/zip", {"stuk": str(UUID(int=1))}).status_code == 404


@pytest.mark.parametrize("name", ["Noor", "Mila", "Sem", "Chris"])
def test_archive_is_for_the_auditor_alone(sign_in: SignIn, reports: list[ArchiveRecord], name: str) -> None:
    person = sign_in(name)
    assert person.get("/archief").status_code == 403
    assert person.get(f"/archief/{reports[0].id}.pdf").status_code == 403
    assert person.post("/archief/zip", {"stuk": str(reports[0].id)}).status_code == 403


def test_archive_pages_by_key_without_gaps(
    sign_in: SignIn,
    reports: list[ArchiveRecord],
    monkeypatch: pytest.MonkeyPatch,
    writing: Writing,
) -> None:
    monkeypatch.setattr("ethiek.services.archive.PAGE_SIZE", 2)
    aisha = sign_in("Aisha")
    with writing() as session:
        assert session.scalar(select(func.count()).select_from(ArchiveRecord)) == 3
    first = aisha.get("/archief")
    following = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    titles = [record.title for record in reversed(reports)]
    shown = [
        [title for title in titles if f">{title}</a>" in page.text] for page in (first, aisha.get(following))
    ]
    assert shown == [titles[:2], titles[2:]]
