from __future__ import annotations

import random
import sys
import time
from contextlib import suppress
from uuid import UUID

import psutil
import pytest
from sqlalchemy import select

from ethiek.domain.workflow import Status
from ethiek.models.archive import ArchiveRecord
from ethiek.models.dossiers import Dossier
from ethiek.models.jobs import Job, JobStatus
from ethiek.reports.archive import Archive
from ethiek.services.advice import SEAL_JOB
from ethiek.services.archive_files import verify_files
from tests import builders
from tests.faults.http.conftest import Tell
from tests.faults.http.site import Site

pytestmark = pytest.mark.faults

LEASE_SECONDS = 1.5
KILLS = 3


def a_worker(site: Site) -> psutil.Popen:
    return psutil.Popen(
        [sys.executable, "-m", "tests.faults.http.seal_process", str(site.instance), str(LEASE_SECONDS)],
        env=site.environment,
    )


def job_of(site: Site, dossier_id: UUID) -> Job:
    with site.reading() as session:
        advice_id = builders.present_advice(session, dossier_id).id
        return session.scalars(select(Job).where(Job.dedupe_key == f"{SEAL_JOB}:{advice_id}")).one()


def wait_for_attempt(site: Site, dossier_id: UUID, number: int) -> None:
    deadline = time.monotonic() + 30
    while (job := job_of(site, dossier_id)).status is not JobStatus.DONE and job.attempts < number:
        assert time.monotonic() < deadline, f"attempt {number} does not begin"
        time.sleep(0.05)


def test_sealing_whose_worker_is_killed_again_and_again_leaves_one_report(site: Site, tell: Tell) -> None:
    with site.writing() as session:
        dossier_id = builders.a_dossier(session, site.world, Status.AWAITING_SIGNATURE)
    chance, children = random.Random(3), set()
    for kill in range(KILLS):
        worker = a_worker(site)
        wait_for_attempt(site, dossier_id, kill + 1)
        time.sleep(chance.uniform(0, 3))
        with suppress(psutil.NoSuchProcess):
            children |= set(worker.children(recursive=True))
        worker.kill()
        worker.wait()
    worker = a_worker(site)
    deadline = time.monotonic() + 60
    while job_of(site, dossier_id).status is not JobStatus.DONE:
        assert time.monotonic() < deadline, job_of(site, dossier_id).last_error
        time.sleep(0.1)
    worker.terminate()
    worker.wait()
    tell(f"{site.engine.dialect.name}: sealed at attempt {job_of(site, dossier_id).attempts}")
    with site.reading() as session:
        records = session.scalars(select(ArchiveRecord).where(ArchiveRecord.dossier_id == dossier_id)).all()
        files = Archive(site.instance / "archive")
        report = verify_files(session, files)
        status = session.get_one(Dossier, dossier_id).status
    assert len(records) == 1
    assert status is Status.ARCHIVED
    assert report.ok
    assert (files.folder / f"{records[0].sha256}.pdf").stat().st_size == records[0].size
    assert len(report.unrecorded) <= KILLS  # put there just before a kill: harmless, and named by the check
    assert [child for child in children if child.is_running()] == []
