from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ethiek import db
from ethiek.models.jobs import Job, JobStatus
from ethiek.services import jobs
from tests.conftest import AT, Database

pytestmark = pytest.mark.faults

LEASE_SECONDS = 1.0


@pytest.fixture
def database(database: Database) -> Database:
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE effect (job TEXT)"))
    return database


def promise(database: Database, number: int, kind: str = "effect", seconds: float = 0.05) -> None:
    with Session(database.engine) as session, db.writing(session, database.engine):
        for index in range(number):
            jobs.enqueue(session, kind, {"seconds": seconds}, f"{kind}-{index}", AT, max_attempts=20)


def start(database: Database) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.faults.worker_process", database.url, str(LEASE_SECONDS)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@contextmanager
def workers(database: Database, number: int) -> Iterator[list[subprocess.Popen[str]]]:
    running = [start(database) for _ in range(number)]
    try:
        yield running
    finally:
        for worker in running:
            worker.kill()
            worker.communicate()


def started(worker: subprocess.Popen[str]) -> str:
    """The job this worker has just begun."""
    assert worker.stdout is not None
    word, job = worker.stdout.readline().split()
    assert word == "started"
    return job


def statuses(database: Database) -> dict[JobStatus, int]:
    with Session(database.engine) as session:
        counted = session.execute(select(Job.status, func.count().label("number")).group_by(Job.status))
        return {row.status: row.number for row in counted}


def effects(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        return list(connection.scalars(text("SELECT job FROM effect")))


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.1)


def test_workers_that_are_killed_do_every_job_once(database: Database) -> None:
    promise(database, 40, seconds=0.15)
    chance = random.Random(7)
    with workers(database, 3) as running:
        started(running[0])
        for _ in range(8):
            time.sleep(chance.uniform(0.3, 0.7))
            place = chance.randrange(3)
            running[place].kill()
            running[place].communicate()
            running[place] = start(database)
        wait_until(lambda: statuses(database) == {JobStatus.DONE: 40}, seconds=40)
    assert (len(effects(database)), len(set(effects(database)))) == (40, 40)
    with Session(database.engine) as session:
        assert session.scalars(select(func.sum(Job.attempts))).one() > 40  # some were begun more than once


def test_frozen_worker_comes_back_too_late(database: Database) -> None:
    promise(database, 1, seconds=0.1)
    with workers(database, 1) as (frozen,):
        job = started(frozen)
        frozen.send_signal(signal.SIGSTOP)
        with workers(database, 1) as (other,):
            assert started(other) == job
            wait_until(lambda: effects(database) == [job], seconds=10)
            frozen.send_signal(signal.SIGCONT)
            time.sleep(0.5)
            assert frozen.poll() is None
    assert effects(database) == [job]
    assert statuses(database) == {JobStatus.DONE: 1}


def test_job_that_kills_its_worker_every_time_ends_dead(database: Database) -> None:
    with Session(database.engine) as session, db.writing(session, database.engine):
        deadly = jobs.enqueue(session, "deadly", {}, "deadly", AT, max_attempts=2).id
    for _ in range(2):
        with workers(database, 1) as (worker,):
            assert worker.wait(timeout=20) == -signal.SIGKILL
    promise(database, 1)
    with workers(database, 1) as (worker,):
        wait_until(lambda: len(effects(database)) == 1, seconds=20)
        wait_until(lambda: statuses(database) == {JobStatus.DEAD: 1, JobStatus.DONE: 1}, seconds=20)
    with Session(database.engine) as session:
        assert jobs.status(session, deadly).reason == jobs.KILLED


def test_worker_that_has_to_stop_gives_its_job_back(database: Database) -> None:
    promise(database, 1, kind="ticking")
    with workers(database, 1) as (worker,):
        started(worker)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=10) == 0
    with Session(database.engine) as session:
        (state,) = jobs.unfinished(session)
        assert (state.status, state.attempts, state.label) == (JobStatus.WAITING, 0, "Half")
        assert jobs.is_due(session) is True


def test_worker_that_has_to_stop_finishes_what_does_not_tick(database: Database) -> None:
    promise(database, 1, seconds=0.5)
    with workers(database, 1) as (worker,):
        started(worker)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=10) == 0
    assert statuses(database) == {JobStatus.DONE: 1}
