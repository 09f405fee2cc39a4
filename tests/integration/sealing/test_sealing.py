"""The job that ends the story, on both databases: one signed report, whatever happens on the way."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from flask import Flask
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pypdf import PdfReader
from sqlalchemy import select, update

from ethiek import db
from ethiek.config import Settings
from ethiek.domain.workflow import Status
from ethiek.errors import RuleError, SigningError
from ethiek.models.audit import AuditEvent
from ethiek.models.base import database_now
from ethiek.models.jobs import Job, JobStatus
from ethiek.reports.archive import Archive
from ethiek.reports.fields import SEAL
from ethiek.reports.pki import TestPki
from ethiek.reports.sealing import PLAIN
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.stamping import Stamping
from ethiek.reports.verify import verify
from ethiek.seal_job import Sealing
from ethiek.seals import signer_of
from ethiek.services import audit, jobs, reporting
from ethiek.worker import JobContext
from tests import builders
from tests.authorities import Authorities
from tests.integration.sealing.installations import (
    NOW,
    a_seal,
    records,
    status_of,
    the_job,
    with_proof,
    work,
)
from tests.question_sets import a_questionnaire

YEARS_AGO = NOW - timedelta(days=365 * 8)


def test_seal_job_prints_where_the_report_can_be_checked(
    app: Flask, settings: Settings, dossier_id: UUID
) -> None:
    app.extensions["settings"] = replace(settings, public_url="https://ethiek.example.nl")
    work(app)

    (record,) = records(app)
    assert record.dossier_id == dossier_id
    pdf = Archive(settings.archive_folder).read(record.sha256)
    first_page = PdfReader(BytesIO(pdf)).pages[0].extract_text()
    assert f"https://ethiek.example.nl/controle/{record.advice_sha256[:20]}" in "".join(first_page.split())


@pytest.mark.parametrize(
    ("language", "reason"),
    [("nl", "Advies van de ethische commissie"), ("en", "Advice of the ethics committee")],
)
def test_reason_in_the_seal_is_in_the_language_of_the_report(
    app: Flask, settings: Settings, language: str, reason: str
) -> None:
    with app.app_context(), db.transaction() as session:
        world = builders.a_world(session, replace(a_questionnaire(), language=language))
        builders.a_dossier(session, world, Status.AWAITING_SIGNATURE)
    work(app)

    (record,) = records(app)
    seal = (PdfReader(BytesIO(Archive(settings.archive_folder).read(record.sha256))).get_fields() or {})[
        SEAL.name
    ]
    assert seal["/V"]["/Reason"] == reason


def test_seal_job_leaves_one_signed_report_that_verifies(
    app: Flask, settings: Settings, dossier_id: UUID
) -> None:
    work(app)

    (record,) = records(app)
    pdf = Archive(settings.archive_folder).read(record.sha256)
    root = (settings.seal_file or Path()).with_name("root.pem").read_bytes()
    found = verify(pdf, [root], known_sha256=record.sha256)
    assert found.failures() == ()
    assert (found.reference, found.is_test) == (record.reference, True)
    assert (record.size, record.test_seal, record.dossier_id) == (len(pdf), True, dossier_id)
    assert status_of(app, dossier_id) is Status.ARCHIVED
    job = the_job(app)
    assert (job.status, job.progress, job.attempts) == (JobStatus.DONE, 100, 1)
    with app.app_context(), pytest.raises(RuleError), db.transaction() as session:
        jobs.try_now(session, job.id)
    with app.app_context(), db.own_reading() as session:
        assert session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq.desc())).first() == "archive"
        assert audit.verify_chain(session).ok


def test_seal_job_with_expired_certificate_waits_and_succeeds_with_another(
    app: Flask, settings: Settings, dossier_id: UUID
) -> None:
    folder = (settings.seal_file or Path()).parent
    a_seal(folder, YEARS_AGO)
    work(app)

    job = the_job(app)
    ended = YEARS_AGO.replace(microsecond=0) - timedelta(days=1) + timedelta(days=365 * 5)
    assert job.status is JobStatus.WAITING
    assert job.last_error == f"SigningError: the signing certificate expired on {ended:%Y-%m-%d} [expired]"
    assert status_of(app, dossier_id) is Status.AWAITING_SIGNATURE
    assert records(app) == []
    assert not settings.archive_folder.exists()

    a_seal(folder, NOW)
    with app.app_context(), db.transaction() as session:
        jobs.try_now(session, job.id)  # what the secretary's button does
    work(app)
    assert len(records(app)) == 1
    assert status_of(app, dossier_id) is Status.ARCHIVED


class KilledError(BaseException):
    """The power is cut here."""


@pytest.mark.parametrize("point", ["ethiek.seal_job.Archive.put", "ethiek.seal_job.reporting.store"])
def test_seal_job_that_is_killed_leaves_one_record_after_the_next_run(
    app: Flask, settings: Settings, dossier_id: UUID, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    def cut(*_: object, **__: object) -> None:
        raise KilledError

    with app.app_context(), db.transaction() as session:
        lease = jobs.claim(session, "killed", lease_seconds=60)
    assert lease is not None
    with monkeypatch.context() as fault, app.app_context():
        fault.setattr(point, cut)
        with pytest.raises(KilledError):
            Sealing(settings).do(JobContext(lease, Event()))
    assert records(app) == []
    assert status_of(app, dossier_id) is Status.AWAITING_SIGNATURE

    with app.app_context(), db.transaction() as session:
        session.execute(update(Job).values(lease_until=database_now(-1)))
    work(app)
    (record,) = records(app)
    assert Archive(settings.archive_folder).read(record.sha256).startswith(b"%PDF-")
    assert the_job(app).status is JobStatus.DONE


def test_seal_job_that_was_done_already_only_ends(app: Flask, settings: Settings, dossier_id: UUID) -> None:
    work(app)
    (record,) = records(app)
    files = sorted(settings.archive_folder.iterdir())
    with app.app_context(), db.transaction() as session:
        payload = session.scalars(select(Job.payload)).one()
        jobs.enqueue(session, "seal_report", payload, "the same once more", NOW - timedelta(days=1))
    work(app)
    assert [one.id for one in records(app)] == [record.id]
    assert sorted(settings.archive_folder.iterdir()) == files
    assert status_of(app, dossier_id) is Status.ARCHIVED


def test_seal_job_whose_turn_went_to_another_records_nothing(
    app: Flask, dossier_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = Archive.put

    def slow(archive: Archive, data: bytes) -> object:
        with db.own_transaction() as session:
            session.execute(update(Job).values(lease_until=database_now(-1)))
            assert jobs.claim(session, "another") is not None
        return put(archive, data)

    monkeypatch.setattr("ethiek.seal_job.Archive.put", slow)
    work(app)
    assert records(app) == []
    assert the_job(app).worker == "another"
    assert status_of(app, dossier_id) is Status.AWAITING_SIGNATURE


def test_seal_job_that_cannot_render_is_dead_with_a_reason(
    app: Flask, dossier_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ethiek.reports.isolated.CHILD", "ethiek.no_such_module")
    work(app)
    job = the_job(app)
    assert job.status is JobStatus.DEAD
    assert job.last_error.startswith("RenderError: the process that made the report ended unexpectedly")
    assert status_of(app, dossier_id) is Status.AWAITING_SIGNATURE

    monkeypatch.undo()
    with app.app_context(), db.transaction() as session:
        jobs.try_now(session, job.id)
    work(app)
    assert status_of(app, dossier_id) is Status.ARCHIVED


def test_seal_that_does_not_pass_our_own_check_is_never_stored(
    app: Flask, dossier_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ethiek.seal_job.trusted_by", lambda *_: ())
    work(app)
    assert records(app) == []
    assert the_job(app).last_error.startswith("SigningError: the signed report does not pass its own check: ")
    assert status_of(app, dossier_id) is Status.AWAITING_SIGNATURE


class CarelessSigner(Pkcs12Signer):
    """Seals in a field that it makes itself: valid for every verifier, but nobody hears what the field is."""

    def seal(self, pdf: bytes, *, reason: str, at: datetime, stamping: Stamping = PLAIN) -> bytes:
        with_field = io.BytesIO()
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        append_signature_field(writer, SigFieldSpec("Another"))
        writer.write(with_field)  # type: ignore[no-untyped-call]
        return super().seal(with_field.getvalue(), reason=reason, at=at, stamping=stamping)


def test_seal_that_spoils_the_archive_file_is_never_stored(
    app: Flask, settings: Settings, dossier_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.seal_file is not None
    careless = CarelessSigner.of_test_pki(TestPki(settings.seal_file.parent))
    monkeypatch.setattr("ethiek.seal_job.signer_of", lambda _: careless)
    work(app)
    assert records(app) == []
    assert the_job(app).last_error.startswith(
        "SigningError: sealing made a file that does not conform any more: "
    )
    assert status_of(app, dossier_id) is Status.AWAITING_SIGNATURE


def test_production_without_a_seal_waits_and_says_so(
    app: Flask, settings: Settings, dossier_id: UUID
) -> None:
    app.extensions["settings"] = replace(settings, seal_file=None, seal_passphrase_file=None)
    work(app)
    assert the_job(app).last_error == (
        "SigningError: no seal is configured: set ETHIEK_SEAL_FILE and ETHIEK_SEAL_PASSPHRASE_FILE [settings]"
    )
    assert status_of(app, dossier_id) is Status.AWAITING_SIGNATURE
    assert not (settings.instance / "pki").exists()


def test_signer_of_a_seal_without_passphrase_says_which_setting_is_missing(settings: Settings) -> None:
    with pytest.raises(SigningError, match="ETHIEK_SEAL_PASSPHRASE_FILE"):
        signer_of(replace(settings, seal_passphrase_file=None))


def test_signer_of_a_demonstration_is_the_test_seal_made_on_the_spot(settings: Settings) -> None:
    signer = signer_of(replace(settings, seal_file=None, seal_passphrase_file=None, demo=True))
    assert signer.is_test
    assert (settings.instance / "pki" / "root.pem").is_file()


def test_progress_of_the_report_is_shown_while_it_is_made(
    app: Flask, dossier_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, str]] = []
    heartbeat = jobs.heartbeat

    def noting(session: object, lease: object, progress: int | None = None, label: str = "") -> None:
        if progress is not None and (not seen or seen[-1][1] != label):
            seen.append((progress, label))
        heartbeat(session, lease, progress, label)  # type: ignore[arg-type]

    monkeypatch.setattr("ethiek.worker.jobs.heartbeat", noting)
    work(app)
    assert seen == [(10, "reading"), (20, "rendering"), (75, "signing"), (85, "checking"), (95, "storing")]
    assert status_of(app, dossier_id) is Status.ARCHIVED
    with app.app_context(), db.own_reading() as session:
        assert reporting.archived(session, UUID(the_job(app).payload["advice"])) is not None


def test_seal_job_with_an_authority_leaves_a_report_at_the_highest_level(
    app: Flask, settings: Settings, dossier_id: UUID, authorities: Authorities
) -> None:
    app.extensions["settings"] = with_proof(settings, authorities, authorities.a_seal())
    work(app)
    assert (the_job(app).last_error, status_of(app, dossier_id)) == ("", Status.ARCHIVED)
    (record,) = records(app)
    pdf = Archive(settings.archive_folder).read(record.sha256)
    found = verify(pdf, [authorities.root.pem], known_sha256=record.sha256)
    assert (found.failures(), found.level) == ((), "B-LTA")
    approvals = json.loads(PdfReader(BytesIO(pdf)).attachments["approvals.json"][0])
    assert (approvals["format"], approvals["level"], approvals["signatures"]) == (
        "ethiek-approvals/3",
        "b-lta",
        ["Seal", "ArchiveTimestamp1"],
    )


def test_seal_job_without_its_authority_waits_and_then_gives_one_document(
    app: Flask, settings: Settings, dossier_id: UUID, authorities: Authorities
) -> None:
    app.extensions["settings"] = with_proof(settings, authorities, authorities.a_seal())
    authorities.behaviour = "status"
    work(app)
    assert the_job(app).status is JobStatus.WAITING
    assert the_job(app).last_error == (
        "SigningError: the time stamp authority did not accept the request [tsa_status]"
    )
    assert (records(app), status_of(app, dossier_id)) == ([], Status.AWAITING_SIGNATURE)

    authorities.behaviour = "good"
    with app.app_context(), db.transaction() as session:
        jobs.try_now(session, the_job(app).id)
    work(app)
    assert len(records(app)) == len(list(settings.archive_folder.glob("*.pdf"))) == 1
    assert status_of(app, dossier_id) is Status.ARCHIVED


def test_seal_job_with_a_revoked_certificate_renders_nothing(
    app: Flask, settings: Settings, dossier_id: UUID, authorities: Authorities
) -> None:
    seal = authorities.a_seal()
    authorities.revoked.append(seal.certificate)
    app.extensions["settings"] = with_proof(settings, authorities, seal)
    work(app)
    job = the_job(app)
    assert (job.status, job.progress_label) == (JobStatus.WAITING, "reading")
    assert job.last_error == (
        "SigningError: the certificate of Zegel van de provincie was revoked by its issuer [revoked]"
    )
    assert status_of(app, dossier_id) is Status.AWAITING_SIGNATURE
