"""The report with the decision in it, on both databases: one later edition, whatever happens on the way."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select, update

from ethiek import db
from ethiek.config import Settings
from ethiek.domain.permissions import Permission
from ethiek.domain.report_status import ReportStatus
from ethiek.domain.workflow import Status
from ethiek.models.archive import ArchiveRecord
from ethiek.models.base import database_now
from ethiek.models.decisions import Decision
from ethiek.models.jobs import Job, JobStatus
from ethiek.reports.archive import Archive
from ethiek.reports.verify import verify
from ethiek.seal_job import Sealing
from ethiek.services import audit, decisions, jobs, report_status
from ethiek.worker import JobContext
from tests import builders
from tests.builders import World
from tests.integration.sealing.installations import NOW, a_seal, records, status_of, work

YEARS_AGO = NOW - timedelta(days=365 * 8)
KIND = "seal_decision"


class KilledError(BaseException):
    """The power is cut here."""


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context(), db.transaction() as session:
        return builders.a_world(session)


@pytest.fixture
def dossier_id(app: Flask, world: World) -> UUID:
    """A dossier on which Otto has decided; nothing else waits for a worker."""
    with app.app_context(), db.transaction() as session:
        dossier_id = builders.a_dossier(session, world, Status.ARCHIVED)
        builders.put_before(session, world, dossier_id)
        builders.decide(session, world, dossier_id)
    work(app)  # ends the job of the first report, which is there
    assert the_job(app).status is JobStatus.WAITING
    return dossier_id


def the_job(app: Flask) -> Job:
    with app.app_context(), db.own_reading() as session:
        return session.scalars(select(Job).where(Job.kind == KIND)).one()


def edition(app: Flask) -> list[ArchiveRecord]:
    return [record for record in records(app) if record.decision_id is not None]


def the_decision(app: Flask) -> Decision:
    with app.app_context(), db.own_reading() as session:
        return session.scalars(select(Decision)).one()


def test_job_leaves_a_later_report_with_the_decision_that_verifies(
    app: Flask, settings: Settings, dossier_id: UUID
) -> None:
    work(app)

    (record,) = edition(app)
    decision = the_decision(app)
    pdf = Archive(settings.archive_folder).read(record.sha256)
    root = (settings.seal_file or Path()).with_name("root.pem").read_bytes()
    found = verify(pdf, [root], known_sha256=record.sha256, language="en")
    assert found.failures() == ()
    assert found.findings[-1].sentence == (
        "The decision inside the file has the checksum printed on page 1, and is about this advice."
    )
    reader = PdfReader(BytesIO(pdf))
    assert reader.attachments["decision.json"] == [decision.content.encode()]
    assert json.loads(reader.attachments["advice.json"][0])["dossier"]["id"] == str(dossier_id)
    assert "Het project gaat door onder voorwaarden" in " ".join(reader.pages[0].extract_text().split())
    with app.app_context(), db.own_reading() as session:
        both = report_status.states(session, records(app))
        assert audit.verify_chain(session).ok
    assert sorted(both.values()) == [ReportStatus.SUPERSEDED, ReportStatus.VALID]
    assert both[record.id] is ReportStatus.VALID
    assert status_of(app, dossier_id) is Status.ARCHIVED
    assert (the_job(app).status, the_job(app).attempts) == (JobStatus.DONE, 1)


def test_job_with_expired_certificate_waits_and_then_gives_one_document(
    app: Flask, settings: Settings, dossier_id: UUID, world: World
) -> None:
    folder = (settings.seal_file or Path()).parent
    a_seal(folder, YEARS_AGO)
    work(app)
    assert (the_job(app).status, edition(app)) == (JobStatus.WAITING, [])
    assert the_job(app).last_error.endswith("[expired]")
    with app.app_context(), db.own_reading() as session:
        sheet = decisions.of(session, dossier_id, world.stamp(session, "Otto"), Permission.REPORT_READ)
        assert (sheet.issued, sheet.state) == (False, ReportStatus.VALID)

    a_seal(folder, NOW)
    with app.app_context(), db.transaction() as session:
        decisions.retry(session, dossier_id, world.stamp(session, "Sem"))
    work(app)
    assert len(edition(app)) == 1
    assert len(list(settings.archive_folder.glob("*.pdf"))) == 1


@pytest.mark.parametrize("point", ["ethiek.seal_job.Archive.put", "ethiek.seal_job.decision_editions.store"])
def test_job_that_is_killed_leaves_one_edition_after_the_next_run(
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
            Sealing(settings).do_decision(JobContext(lease, Event()))
    assert edition(app) == []

    with app.app_context(), db.transaction() as session:
        session.execute(update(Job).where(Job.kind == KIND).values(lease_until=database_now(-1)))
    work(app)
    (record,) = edition(app)
    assert record.dossier_id == dossier_id
    assert Archive(settings.archive_folder).read(record.sha256).startswith(b"%PDF-")
    assert the_job(app).status is JobStatus.DONE


def test_job_that_was_done_already_only_ends(app: Flask, settings: Settings, dossier_id: UUID) -> None:
    work(app)
    before, files = [one.id for one in records(app)], sorted(settings.archive_folder.iterdir())
    payload = {"decision": str(the_decision(app).id)}
    with app.app_context(), db.transaction() as session:
        jobs.enqueue(session, KIND, payload, "the same once more", NOW - timedelta(days=1))
    work(app)
    assert [one.id for one in records(app)] == before
    assert sorted(settings.archive_folder.iterdir()) == files
    assert status_of(app, dossier_id) is Status.ARCHIVED
