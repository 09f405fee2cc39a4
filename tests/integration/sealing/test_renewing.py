"""The proof of the archive does not end: reports get a new time stamp in time, and nothing is overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from ethiek import db
from ethiek.config import ProofSettings, Settings
from ethiek.domain.actors import SYSTEM_ACTOR, Stamp
from ethiek.domain.report_status import ReportStatus
from ethiek.errors import NotFoundError, SigningError
from ethiek.models.archive import ArchiveRenewal
from ethiek.models.audit import AuditEvent
from ethiek.renewals import Outcome, Renewing
from ethiek.reports.archive import Archive, ArchivedFile
from ethiek.reports.verify import verify
from ethiek.services import archive_files, renewing, report_status
from tests.authorities import Authorities
from tests.integration.sealing.installations import records, with_proof, work


def a_renewing(settings: Settings, months: int = 12) -> Renewing:
    return Renewing(settings, Stamp(SYSTEM_ACTOR, datetime.now(UTC), origin="cli"), months=months)


@pytest.fixture
def proven(app: Flask, settings: Settings, dossier_id: UUID, authorities: Authorities) -> Settings:
    """An installation with one report, whose time stamp rests on a certificate of 60 days."""
    del dossier_id
    chosen = with_proof(settings, authorities, authorities.a_seal())
    app.extensions["settings"] = chosen
    authorities.stamper = authorities.a_stamper(days=(-1, 60))
    work(app)
    return chosen


def test_renewing_adds_a_time_stamp_and_keeps_what_was_issued(
    app: Flask, proven: Settings, authorities: Authorities
) -> None:
    (record,) = records(app)
    files = Archive(proven.archive_folder)
    issued = files.read(record.sha256)
    ends = authorities.stamper.certificate.not_valid_after_utc
    authorities.stamper = authorities.a_stamper()
    with app.app_context():
        assert [one for _, one, _ in a_renewing(proven, months=1).due()] == []
        looked = [one for _, one, _ in a_renewing(proven).due()]
        (done,) = a_renewing(proven).renew()
        assert looked == [Outcome(record.reference, "ends", ends, record.sha256)]
        assert done == Outcome(record.reference, "ends", ends, done.sha256)
        assert list(a_renewing(proven).renew()) == []

    pdf = files.read(done.sha256)
    assert (pdf.startswith(issued), files.read(record.sha256)) == (True, issued)
    found = verify(pdf, [authorities.root.pem], known_sha256=done.sha256)
    assert (found.failures(), found.level) == ((), "B-LTA")
    assert found.signatures == ("Seal", "ArchiveTimestamp1", "ArchiveTimestamp2")
    with app.app_context(), db.own_reading() as session:
        assert [row[1:] for row in renewing.newest_files(session)] == [(record.reference, done.sha256)]
        report = archive_files.verify_files(session, files)
        assert (report.ok, report.unrecorded) == (True, ())
        known = [report_status.status_of(session, one) for one in (record.sha256, done.sha256, "0" * 64)]
        assert [one and (one.state, one.sha256) for one in known] == [
            (ReportStatus.VALID, record.sha256),
            (ReportStatus.VALID, done.sha256),
            None,
        ]
        action = select(AuditEvent.action).order_by(AuditEvent.seq.desc())
        assert session.scalars(action).first() == "renew_report"


def test_renewing_without_an_authority_changes_nothing(
    app: Flask, proven: Settings, authorities: Authorities
) -> None:
    authorities.behaviour = "status"
    before = sorted(proven.archive_folder.iterdir())
    with app.app_context():
        (failed,) = a_renewing(proven).renew()
        assert failed.failed == "the time stamp authority did not accept the request [tsa_status]"
        with pytest.raises(SigningError, match="ETHIEK_TSA_URL"):
            list(a_renewing(replace(proven, proof=ProofSettings())).renew())
    assert sorted(proven.archive_folder.iterdir()) == before


@pytest.mark.usefixtures("proven")
def test_renewing_by_two_at_once_records_one(app: Flask) -> None:
    (record,) = records(app)
    stamp = Stamp(SYSTEM_ACTOR, datetime.now(UTC), origin="cli")
    with app.app_context():
        with db.transaction() as session:
            renewing.store(session, record.id, record.sha256, ArchivedFile("", "a" * 64, 1), stamp)
        with pytest.raises(NotFoundError), db.transaction() as session:
            renewing.store(session, record.id, record.sha256, ArchivedFile("", "b" * 64, 1), stamp)


@pytest.mark.usefixtures("proven")
def test_renewal_on_record_cannot_be_changed(app: Flask) -> None:
    (record,) = records(app)
    stamp = Stamp(SYSTEM_ACTOR, datetime.now(UTC), origin="cli")
    with app.app_context():
        with db.transaction() as session:
            renewing.store(session, record.id, record.sha256, ArchivedFile("", "a" * 64, 1), stamp)
        with pytest.raises(IntegrityError), db.transaction() as session:
            session.execute(update(ArchiveRenewal).values(size=2))


def test_report_without_time_stamps_is_never_due(app: Flask, settings: Settings, dossier_id: UUID) -> None:
    del dossier_id
    work(app)
    with app.app_context():
        assert list(a_renewing(settings, months=120).due()) == []
    assert len(records(app)) == 1
