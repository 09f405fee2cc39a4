"""The public check: by file, by code, and for a program."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from ethiek.config import ProofSettings, Settings
from ethiek.domain.workflow import Status
from ethiek.models import Base
from ethiek.models.archive import ArchiveRecord, ArchiveRenewal
from ethiek.reports.archive import Archive
from ethiek.reports.source import digest
from ethiek.services import report_check, report_status
from tests import builders
from tests.builders import AT, World
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, Writing
from tests.pages.verification.conftest import TITLE, Upload
from tests.unit.reports.authority import NOW, Authority
from tests.unit.reports.stamped import sealed as sealed_at_a_level
from tests.unit.reports.stamped import stamped_again

ALERT = re.compile(r'class="et-alert__title">(?:<span class="et-hidden">[^<]*</span>)?([^<]+)<')
AUTHORITY = Authority()
REASON = "Er stond een verkeerde voorwaarde in."


def alerts(page: str) -> list[str]:
    return ALERT.findall(page)


def change(writing: Writing, world: World, dossier_id: UUID, seen: int = 0) -> None:
    with writing() as session:
        report_status.change(session, dossier_id, REASON, world.stamp(session, "Chris", seen=seen))


def record_of(writing: Writing) -> ArchiveRecord:
    with writing() as session:
        session.expire_on_commit = False
        return session.scalars(select(ArchiveRecord)).one()


def rows(writing: Writing) -> dict[str, int]:
    """How much is kept, but for what counts tries and holds sessions."""
    with writing() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
            if name not in {"login_attempt", "web_session"}
        }


def test_file_that_was_issued_is_genuine_and_nothing_is_kept(
    issued: UUID, upload: Upload, writing: Writing, sealed: bytes
) -> None:
    before = rows(writing)
    page = upload(sealed)
    assert (page.status_code, alerts(page.text)) == (
        200,
        ["This report is genuine and valid", "Signed with a test seal"],
    )
    assert (digest(sealed) in page.text, "Ethische commissie" in page.text) == (True, True)
    assert ("Not right:" in page.text, page.text.count("Right:") > 10) == (False, True)
    assert rows(writing) == before
    assert issued


@only_sqlite
def test_file_that_was_withdrawn_says_so_and_not_why(
    issued: UUID, upload: Upload, writing: Writing, world: World, sealed: bytes
) -> None:
    change(writing, world, issued)
    page = upload(sealed).text
    assert alerts(page)[0] == "This report is genuine, but it was withdrawn"
    assert ("2 March 2026" in page, REASON in page, "Chris" in page.split("What was checked")[0]) == (
        True,
        False,
        False,
    )
    change(writing, world, issued, seen=1)
    assert alerts(upload(sealed).text)[0] == "This report is genuine and valid"


@only_sqlite
def test_file_in_order_that_was_not_issued_here_is_told_apart(upload: Upload, sealed: bytes) -> None:
    assert alerts(upload(sealed).text) == ["This report was not issued here"]


@only_sqlite
def test_file_that_was_changed_is_no_report_and_what_it_says_is_not_repeated(
    issued: UUID, upload: Upload, sealed: bytes
) -> None:
    assert issued
    page = upload(sealed + b"\n% more\n").text
    assert alerts(page) == ["This is not a report that was issued here"]
    assert ("What the file says" in page, "Not right:" in page) == (False, True)


@only_sqlite
def test_check_without_a_file_asks_for_one(stranger: Browser) -> None:
    answer = stranger.post("/controle")
    assert (answer.status_code, "Choose a file." in answer.text) == (422, True)


@only_sqlite
def test_check_while_another_goes_on_asks_to_wait(upload: Upload, sealed: bytes) -> None:
    with report_check._TURN:
        answer = upload(sealed)
    assert (answer.status_code, answer.headers["Retry-After"], alerts(answer.text)) == (
        503,
        "20",
        ["One moment please"],
    )
    assert not report_check._TURN.locked()
    assert threading.active_count() < 20


def test_code_tells_status_issuer_and_checksums_and_nothing_of_the_contents(
    issued: UUID, stranger: Browser, writing: Writing, world: World
) -> None:
    record = record_of(writing)
    url = f"/controle/{record.advice_sha256[:20]}"
    for seen, title in enumerate(
        ["The report with this code is valid", "The report with this code was withdrawn"]
    ):
        answer = stranger.get(url)
        assert (answer.status_code, alerts(answer.text)[0]) == (200, title)
        for shown in ("Provincie Voorbeeld", "Ethische commissie", record.sha256, record.advice_sha256):
            assert shown in answer.text
        for secret in (TITLE, record.reference, str(issued), "onditional", "Positi", "Noor", "Chris", REASON):
            assert secret not in answer.text
        if not seen:
            change(writing, world, issued)


@only_sqlite
def test_code_that_is_unknown_or_nonsense_is_answered_the_same(
    issued: UUID, stranger: Browser, writing: Writing
) -> None:
    assert issued
    code = record_of(writing).advice_sha256[:20]
    wrong = ["0" * 20, code[:-1], f"{code}0", "zzz", "%25", "%2e%2e", "' or 1=1", "é" * 20, "a" * 500]
    found = {
        (answer.status_code, tuple(alerts(answer.text)))
        for answer in map(stranger.get, (f"/controle/{one}" for one in wrong))
    }
    assert found == {(404, ("No report with this code",))}


def test_program_is_told_the_status_by_the_checksum(
    issued: UUID, stranger: Browser, writing: Writing, world: World, sealed: bytes
) -> None:
    url = f"/controle/status.json?sha256={digest(sealed)}"
    expected = {
        "sha256": digest(sealed),
        "status": "valid",
        "organisation": "Provincie Voorbeeld",
        "committee": "Ethische commissie",
        "signed_at": AT.isoformat(),
        "changed_at": None,
        "test_seal": True,
        "advice_sha256": record_of(writing).advice_sha256,
        "has_decision": False,
        "decided_later": False,
    }
    assert stranger.get(url).json == expected
    change(writing, world, issued)
    assert stranger.get(url).json == {**expected, "status": "withdrawn", "changed_at": AT.isoformat()}
    unknown = stranger.get(f"/controle/status.json?sha256={'0' * 64}")
    assert (unknown.status_code, unknown.json) == (200, {"sha256": "0" * 64, "status": "unknown"})


def test_everybody_is_told_that_a_later_edition_holds_the_decision(
    issued: UUID, stranger: Browser, upload: Upload, writing: Writing, world: World, sealed: bytes
) -> None:
    with writing() as session:
        builders.put_before(session, world, issued)
        decision = builders.decide(session, world, issued)
        builders.issue_decision(session, decision)
        later = decision.id.hex * 2
    page = upload(sealed)
    assert alerts(page.text) == [
        "This report is genuine, but there is a later one",
        "Signed with a test seal",
        "There is a later edition, with the decision",
    ]
    first, second = (
        stranger.get(f"/controle/status.json?sha256={one}").json for one in (digest(sealed), later)
    )
    assert first is not None
    assert second is not None
    names = ("status", "has_decision", "decided_later")
    assert [first[name] for name in names] == ["superseded", False, True]
    assert [second[name] for name in names] == ["valid", True, False]
    assert "Directeur" not in page.text
    code = stranger.get(f"/controle/{first['advice_sha256'][:20]}")
    assert (code.status_code, "This is the edition with the decision" in code.text, later in code.text) == (
        200,
        True,
        True,
    )


@only_sqlite
@pytest.mark.parametrize("sha256", ["", "0" * 63, "g" * 64, "0" * 64 + "%0A", "0" * 5000])
def test_program_that_asks_after_nonsense_is_told_so(stranger: Browser, sha256: str) -> None:
    answer = stranger.get(f"/controle/status.json?sha256={sha256}")
    assert (answer.status_code, answer.json) == (400, {"error": "not_a_sha256"})


@only_sqlite
def test_language_can_be_chosen_without_an_account(
    issued: UUID, stranger: Browser, upload: Upload, sealed: bytes
) -> None:
    assert issued
    answer = stranger.post("/taal", {"locale": "nl", "next": "/controle"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/controle")
    page = upload(sealed).text
    assert ('lang="nl"' in page, "De verzegelde inhoud is niet gewijzigd." in page) == (True, True)


@pytest.fixture
def proven(app: Flask, settings: Settings, tmp_path: Path) -> Settings:
    """The installation trusts another issuer, and looks in a folder for its revocation lists."""
    (tmp_path / "root.pem").write_bytes(AUTHORITY.root.pem)
    (tmp_path / "lists").mkdir()
    proof = ProofSettings(crl_folder=tmp_path / "lists")
    chosen = replace(settings, trust_roots=tmp_path / "root.pem", proof=proof)
    app.extensions["settings"] = chosen
    return chosen


@only_sqlite
def test_check_looks_in_the_revocation_lists_of_the_installation(upload: Upload, proven: Settings) -> None:
    pdf, revoked = sealed_at_a_level(AUTHORITY, "B-B", NOW), "Not right:</strong> The seal cannot be trusted"
    assert revoked not in upload(pdf).text

    assert proven.proof.crl_folder is not None
    (proven.proof.crl_folder / "issuer.crl").write_bytes(AUTHORITY.crl(NOW, NOW - timedelta(hours=5)))
    page = upload(pdf).text
    assert (alerts(page), f"{revoked}: the certificate was revoked." in page) == (
        ["This is not a report that was issued here"],
        True,
    )


@only_sqlite
@pytest.mark.usefixtures("proven")
def test_renewed_file_is_known_by_its_own_checksum(
    upload: Upload, stranger: Browser, writing: Writing, world: World, archive: Archive
) -> None:
    first = sealed_at_a_level(AUTHORITY, "B-LTA", NOW)
    newer = stamped_again(first, AUTHORITY, NOW, AUTHORITY.stamper)
    with writing() as session:
        dossier_id = builders.a_dossier(session, world, Status.AWAITING_SIGNATURE, title=TITLE)
        builders.archive(session, dossier_id, archive, first)
        record_id = session.scalars(select(ArchiveRecord.id)).one()
        session.add(ArchiveRenewal(record_id=record_id, sha256=digest(newer), size=len(newer), at=AT))

    for pdf in (first, newer):
        page = upload(pdf).text
        assert (alerts(page)[0], "Not right:" in page) == ("This report is genuine and valid", False)
        assert [digest(one) in page for one in (first, newer)] == [one is pdf for one in (first, newer)]
        told = stranger.get(f"/controle/status.json?sha256={digest(pdf)}").json
        assert told is not None
        assert (told["sha256"], told["status"]) == (digest(pdf), "valid")
