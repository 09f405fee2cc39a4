"""The signed report: how far it is, trying again, and downloading it."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select, update

from ethiek.domain.workflow import Status
from ethiek.models.audit import AuditEvent
from ethiek.models.jobs import Job, JobStatus
from ethiek.reports.archive import Archive
from ethiek.reports.authority import NO_ANSWER
from ethiek.reports.issuers import REFUSALS
from ethiek.services import jobs
from ethiek.web.signing_labels import REASON
from tests.builders import AT
from tests.pages.conftest import MakeDossier, SignIn, Writing


def give_up(writing: Writing, reason: str = "no_key") -> None:
    """Let the job end as it does when trying again cannot help."""
    with writing() as session:
        lease = jobs.claim(session, "test")
        assert lease is not None
        jobs.fail(session, lease, reason, retry=False)


def readings(writing: Writing) -> int:
    with writing() as session:
        return len(session.scalars(select(AuditEvent.seq).where(AuditEvent.action == "read_report")).all())


@pytest.mark.parametrize(
    ("status", "state", "text"),
    [
        (Status.IN_REVIEW, "none", "There is no signed report yet"),
        (Status.ADVISED, "none", "There is no signed report yet"),
        (Status.AWAITING_SIGNATURE, "waiting", "Waiting for signature"),
        (Status.ARCHIVED, "done", "Download the report"),
    ],
)
def test_report_when_asked_tells_how_far_it_is(
    dossier_in: MakeDossier, sign_in: SignIn, status: Status, state: str, text: str
) -> None:
    dossier_id, noor = dossier_in(status), sign_in("Noor")
    assert text in noor.get(f"/dossiers/{dossier_id}/rapport").text
    answer = noor.get(f"/dossiers/{dossier_id}/rapport/status")
    assert answer.json == {
        "state": state, "progress": 0, "total": 100, "label": "", "done_url": f"/dossiers/{dossier_id}/rapport",
    }  # fmt: skip


def test_report_when_signing_gave_up_lets_the_secretary_try_again(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, sem = dossier_in(Status.AWAITING_SIGNATURE), sign_in("Sem")
    give_up(writing)
    page = sem.get(f"/dossiers/{dossier_id}/rapport").text
    assert ("Try to sign again" in page, "no_key" in page) == (True, True)
    assert sem.post(f"/dossiers/{dossier_id}/rapport/opnieuw").status_code == 303
    with writing() as session:
        assert session.scalars(select(Job.status)).one() is JobStatus.WAITING
    assert sem.post(f"/dossiers/{dossier_id}/rapport/opnieuw").status_code == 303  # twice does no harm


@pytest.mark.parametrize("name", ["Noor", "Mila", "Chris"])
def test_report_when_signing_gave_up_shows_others_no_reason(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, name: str
) -> None:
    dossier_id, browser = dossier_in(Status.AWAITING_SIGNATURE), sign_in(name)
    give_up(writing)
    page = browser.get(f"/dossiers/{dossier_id}/rapport").text
    assert ("could not be signed" in page, "no_key" in page, "Try to sign again" in page) == (
        True,
        False,
        False,
    )
    assert browser.post(f"/dossiers/{dossier_id}/rapport/opnieuw").status_code == 403


def test_report_when_a_try_failed_that_is_repeated_by_itself_says_why(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.AWAITING_SIGNATURE)
    with writing() as session:
        session.execute(update(Job).values(last_error="timestamp_unavailable"))
    assert "timestamp_unavailable" in sign_in("Sem").get(f"/dossiers/{dossier_id}/rapport").text
    assert "timestamp_unavailable" not in sign_in("Noor").get(f"/dossiers/{dossier_id}/rapport").text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("SigningError: late [tsa_timeout]", "The time stamp service does not answer. Try again later."),
        ("SigningError: no [revoked]", "The certificate of the seal was revoked."),
        ("RenderError: text [from somewhere]", "Reason: <code"),
    ],
)
def test_reason_of_a_failed_signing_is_told_in_words(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, error: str, words: str
) -> None:
    dossier_id = dossier_in(Status.AWAITING_SIGNATURE)
    with writing() as session:
        session.execute(update(Job).values(last_error=error))
    page = sign_in("Sem").get(f"/dossiers/{dossier_id}/rapport").text
    assert words in " ".join(page.split())


def test_every_reason_of_an_authority_and_of_a_certificate_has_words() -> None:
    certificates = {code for _, code, _ in REFUSALS}
    answers = {f"tsa_{code}" for code in NO_ANSWER}
    assert certificates | {f"tsa_{code}" for code in certificates} | answers <= set(REASON)


def test_report_while_it_is_signed_says_so_in_words(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, noor = dossier_in(Status.AWAITING_SIGNATURE), sign_in("Noor")
    with writing() as session:
        session.execute(update(Job).values(progress=75, progress_label="signing"))
    status = noor.get(f"/dossiers/{dossier_id}/rapport/status").json or {}
    assert (status["progress"], status["label"]) == (75, "The report is signed.")
    assert "The report is signed." in noor.get(f"/dossiers/{dossier_id}/rapport").text


def test_retry_when_nothing_waits_is_refused(dossier_in: MakeDossier, sign_in: SignIn) -> None:
    dossier_id = dossier_in(Status.ARCHIVED)
    assert sign_in("Sem").post(f"/dossiers/{dossier_id}/rapport/opnieuw").status_code == 409


@pytest.mark.parametrize("name", ["Noor", "Mila", "Sem"])
def test_download_when_archived_gives_the_file_and_records_the_reading(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, name: str
) -> None:
    dossier_id = dossier_in(Status.ARCHIVED)
    answer = sign_in(name).get(f"/dossiers/{dossier_id}/rapport.pdf")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"%PDF-1.7 sealed", "application/pdf")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="ETH-{AT.year}-0001-advies.pdf"'
    assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == (
        "no-store",
        "nosniff",
    )
    assert readings(writing) == 1


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_download_when_the_file_is_not_what_was_archived_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, archive: Archive, damage: str
) -> None:
    dossier_id, noor = dossier_in(Status.ARCHIVED), sign_in("Noor")
    (file,) = archive.folder.glob("*.pdf")
    file.unlink()
    if damage == "changed":
        file.write_bytes(b"%PDF-1.7 another")
    answer = noor.get(f"/dossiers/{dossier_id}/rapport.pdf")
    assert (answer.status_code, b"another" in answer.data, readings(writing)) == (500, False, 0)


@pytest.mark.parametrize("name", ["Daan", "Aisha"])
def test_download_when_not_of_this_dossier_does_not_exist(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, name: str
) -> None:
    dossier_id = dossier_in(Status.ARCHIVED)
    assert sign_in(name).get(f"/dossiers/{dossier_id}/rapport.pdf").status_code == 404
    assert readings(writing) == 0


def test_download_when_there_is_no_report_does_not_exist(dossier_in: MakeDossier, sign_in: SignIn) -> None:
    dossier_id = dossier_in(Status.AWAITING_SIGNATURE)
    noor = sign_in("Noor")
    assert noor.get(f"/dossiers/{dossier_id}/rapport.pdf").status_code == 404
    assert noor.get(f"/dossiers/{UUID(int=0)}/rapport.pdf").status_code == 404
