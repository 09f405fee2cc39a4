"""Many reports after each other: what a worker's memory does, and how many jobs two workers do in a minute."""

from __future__ import annotations

import tempfile
import time
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psutil
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks import organisation
from benchmarks.databases import KINDS
from benchmarks.reports.document import a_report_of
from benchmarks.server import environment, running
from benchmarks.story import Stage
from ethiek import db
from ethiek.models.jobs import Job, JobStatus
from ethiek.reports.archive import Archive
from ethiek.reports.child_process import prepared
from ethiek.reports.gate import breaches
from ethiek.reports.isolated import CHILDREN, render_isolated
from ethiek.reports.pki import ensure_test_pki
from ethiek.reports.render import render
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.source import ReportSource
from ethiek.reports.verify import verify

WORKERS: Final = 2
SAMPLES: Final = 10
JOB_SECONDS: Final = 600.0


def memory_over(count: int, pages: int) -> list[float]:
    """Do the worker's own part of so many reports; return its memory in MB, ten times on the way.

    Rendering is left out: it is done in a child process, which ends with all its memory after each report.
    """
    process, samples = psutil.Process(), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pki = ensure_test_pki(folder / "pki")
        signer, archive = Pkcs12Signer.of_test_pki(pki), Archive(folder / "archive")
        pdf, every = render(a_report_of(pages)), max(1, count // SAMPLES)
        for number in range(1, count + 1):
            sealed = signer.seal(pdf, reason=f"Advies {number}", at=datetime.now(UTC))
            if breaches(sealed, passed=pdf) or (
                number == 1 and not verify(sealed, [pki.root.read_bytes()]).ok
            ):
                raise RuntimeError("this report is not right")
            archive.put(sealed)
            if number % every == 0:
                samples.append(process.memory_info().rss / 2**20)
    return samples


def in_children(pages: int, times: int) -> dict[str, tuple[float, float]]:
    """Seconds of processor time and on the clock per report, in processes started anew and in split off ones."""
    source = a_report_of(pages)
    return {
        "started anew": _in_children(source, times, nullcontext()),
        "split off": _in_children(source, times, prepared(CHILDREN)),
    }


def _in_children(
    source: ReportSource, times: int, at_hand: AbstractContextManager[None]
) -> tuple[float, float]:
    """The prepared process itself is not counted: it is there before the first report."""
    with at_hand:
        render_isolated(source)
        before, start = _busy(), time.monotonic()
        for _ in range(times):
            render_isolated(source)
        clock, busy = (time.monotonic() - start) / times, (_busy() - before) / times
    return busy, clock


def _busy() -> float:
    """Processor time of all processes that came from this one."""
    family = [psutil.Process(), *psutil.Process().children(recursive=True)]
    times = [process.cpu_times() for process in family]
    return sum(each.children_user + each.children_system for each in times) + sum(
        each.user + each.system for each in times[1:]
    )


def jobs_per_minute(count: int) -> float:
    """Let two workers make so many reports of IAMA, from approval to archive, on SQLite."""
    with tempfile.TemporaryDirectory() as name, KINDS["sqlite"](Path(name)) as url:
        db.upgrade(url)
        engine = db.make_engine(url)
        with Session(engine) as session, db.writing(session, engine):
            stage = Stage(session, organisation.found(session))
            for _ in range(count):
                stage.approved()
        with ExitStack() as workers:
            settings = environment(Path(name), url)
            for _ in range(WORKERS):
                workers.enter_context(running(("benchmarks.work",), settings))
            seconds = _until_done(Session(engine), count)
        engine.dispose()
    return 60 * (count - 1) / seconds


def _until_done(session: Session, count: int) -> float:
    """Return seconds from the first report to the last: the workers' own start is not counted."""
    first, deadline = 0.0, time.monotonic() + JOB_SECONDS
    with session:
        while time.monotonic() < deadline:
            done = session.scalar(select(func.count()).where(Job.status == JobStatus.DONE)) or 0
            session.rollback()
            if done and not first:
                first = time.monotonic()
            if done == count:
                return time.monotonic() - first
            time.sleep(0.05)
    raise TimeoutError("the reports were not made")
