"""The job that ends the story, on both databases: one signed report, whatever happens on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from ethiek import db
from ethiek.config import Settings
from ethiek.domain.workflow import Status
from ethiek.errors import RuleError, SigningError
from ethiek.models.archive import ArchiveRecord
from ethiek.models.audit import AuditEvent
from ethiek.models.base import database_now
from ethiek.models.dossiers import Dossier
from ethiek.models.jobs import Job, JobStatus
from ethiek.reports.archive import Archive
from ethiek.reports.pki import TestPki, make_test_pki
from ethiek.reports.verify import verify
from ethiek.seal_job import Sealing, handlers, signer_of
from ethiek.services import audit, jobs, reporting
from ethiek.worker import JobContext, work_once
from tests import builders
from tests.conftest import Database

NOW = datetime.now(UTC)
YEARS_AGO = NOW - timedelta(days=365 * 8)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """An installation that is for real: with a seal file of its own."""
    pki = a_seal(tmp_path / "seal", NOW)
    return Settings(
        instance=tmp_path / "instance",
        database_url=database.url,
        secret_key="0123456789abcdef0123456789abcdef",
        trusted_hosts=("localhost",),
        organisation="Provincie Voorbeeld",
        archive_folder=tmp_path / "archive",
        seal_file=pki.pkcs12,
        seal_passphrase_file=pki.passphrase_file,
        trust_roots=None,
        proxy_count=0,
        threads=2,
        demo=False,
        secure_cookie=True,
        default_locale="nl",
    )


def a_seal(folder: Path, at: datetime) -> TestPki:
    """Put a seal and its chain in a folder, over what was there."""
    folder.mkdir(exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    make_test_pki(folder, at)
    return TestPki(folder)


@pytest.fixture
def app(storage_app: Flask, settings: Settings) -> Flask:
    storage_app.extensions["settings"] = settings
    return storage_app


@pytest.fixture
def dossier_id(app: Flask) -> UUID:
    """A dossier that waits for its signature."""
    with app.app_context(), db.transaction() as session:
        world = builders.a_world(session)
        return builders.a_dossier(session, world, Status.AWAITING_SIGNATURE)


def work(app: Flask) -> None:
    assert work_once(app, handlers(app), Event()) is True


def the_job(app: Flask) -> Job:
    with app.app_context(), db.own_reading() as session:
        return session.scalars(select(Job)).one()


def status_of(app: Flask, dossier_id: UUID) -> Status:
    with app.app_context(), db.own_reading() as session:
        return session.get_one(Dossier, dossier_id).status


def records(app: Flask) -> list[ArchiveRecord]:
    with app.app_context(), db.own_reading() as session:
        return list(session.scalars(select(ArchiveRecord)))


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
    assert job.last_error == f"SigningError: the signing certificate expired on {ended:%Y-%m-%d}"
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
    monkeypatch.setattr("ethiek.reports.findings.FILES", {"another.json"})
    work(app)
    assert records(app) == []
    assert the_job(app).last_error.startswith("SigningError: the signed report does not pass its own check: ")
    assert status_of(app, dossier_id) is Status.AWAITING_SIGNATURE


def test_production_without_a_seal_waits_and_says_so(
    app: Flask, settings: Settings, dossier_id: UUID
) -> None:
    app.extensions["settings"] = replace(settings, seal_file=None, seal_passphrase_file=None)
    work(app)
    assert the_job(app).last_error == (
        "SigningError: no seal is configured: set ETHIEK_SEAL_FILE and ETHIEK_SEAL_PASSPHRASE_FILE"
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
