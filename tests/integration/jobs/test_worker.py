from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ethiek import db
from ethiek.errors import RenderError, ServiceUnavailableError, SigningError
from ethiek.models.jobs import Job, JobStatus
from ethiek.services import jobs
from ethiek.services.jobs import JobState
from ethiek.worker import Handler, JobContext, run_worker, stop_on_signals, work_once
from tests.conftest import AT


@pytest.fixture
def app(storage_app: Flask) -> Flask:
    with storage_app.app_context(), db.transaction() as session:
        session.execute(text("CREATE TABLE effect (job TEXT)"))
    return storage_app


def promise(app: Flask, key: str = "one") -> UUID:
    with app.app_context(), db.transaction() as session:
        return jobs.enqueue(session, "seal", {"advice": "1"}, key, AT).id


def state(app: Flask, job_id: UUID) -> JobState:
    with app.app_context(), db.reading() as session:
        return jobs.status(session, job_id)


def effects(app: Flask) -> list[str]:
    with app.app_context(), db.reading() as session:
        return list(session.scalars(text("SELECT job FROM effect")))


def seal(context: JobContext) -> None:
    with db.transaction() as session:
        session.execute(text("INSERT INTO effect VALUES (:job)"), {"job": str(context.lease.job_id)})
        jobs.finish(session, context.lease)


def failing(error: BaseException) -> Handler:
    def handler(_context: JobContext) -> None:
        raise error

    return handler


def work(app: Flask, handler: Handler, *, stop: Event | None = None, lease_seconds: float = 30) -> bool:
    return work_once(app, {"seal": handler}, stop or Event(), lease_seconds=lease_seconds)


def test_effect_and_done_come_together(app: Flask) -> None:
    job_id = promise(app)
    assert work(app, seal) is True
    assert work(app, seal) is False
    assert effects(app) == [str(job_id)]
    assert state(app, job_id).status is JobStatus.DONE


def test_job_of_a_request_that_is_rolled_back_never_was(app: Flask) -> None:
    with app.app_context(), pytest.raises(ZeroDivisionError), db.transaction() as session:
        jobs.enqueue(session, "seal", {}, "one", AT)
        1 / 0  # noqa: B018
    assert work(app, seal) is False


class FatalError(BaseException):
    """As some libraries raise them: past every ``except Exception``."""


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (SigningError("certificate_expired"), JobStatus.WAITING, "SigningError: certificate_expired"),
        (RenderError("image_missing"), JobStatus.DEAD, "RenderError: image_missing"),
        (ValueError("Noor wrote this"), JobStatus.WAITING, "ValueError"),
        (FatalError("file:///etc/passwd"), JobStatus.WAITING, "FatalError"),
        (SystemExit(3), JobStatus.WAITING, "SystemExit"),
    ],
)
def test_job_that_fails_keeps_a_reason_and_the_worker_goes_on(
    app: Flask, caplog: pytest.LogCaptureFixture, error: BaseException, status: JobStatus, reason: str
) -> None:
    job_id, other = promise(app), promise(app, "two")
    with caplog.at_level(logging.INFO):
        assert work(app, failing(error)) is True
    assert (state(app, job_id).status, state(app, job_id).reason) == (status, reason)
    assert str(job_id) in caplog.text
    assert "Noor" not in caplog.text

    assert work(app, seal) is True
    assert effects(app) == [str(other)]


def test_job_without_handler_is_dead(app: Flask) -> None:
    job_id = promise(app)
    assert work_once(app, {}, Event()) is True
    assert (state(app, job_id).status, state(app, job_id).reason) == (
        JobStatus.DEAD,
        "NotFoundError: no handler for seal",
    )


def test_handler_that_forgets_to_finish_has_failed(app: Flask) -> None:
    job_id = promise(app)
    work(app, lambda _: None)
    assert (state(app, job_id).status, state(app, job_id).reason) == (JobStatus.WAITING, "RuntimeError")


def test_tick_shows_progress(app: Flask) -> None:
    job_id = promise(app)
    seen: list[tuple[int, str]] = []

    def handler(context: JobContext) -> None:
        assert context.payload == {"advice": "1"}
        context.tick(40, "Rendering")
        with db.reading() as session:
            seen.append((jobs.status(session, job_id).progress, jobs.status(session, job_id).label))
        seal(context)

    work(app, handler)
    assert seen == [(40, "Rendering")]
    assert state(app, job_id).progress == 100


def test_worker_that_has_to_stop_gives_the_job_back_at_its_next_tick(app: Flask) -> None:
    job_id, stop = promise(app), Event()

    def handler(context: JobContext) -> None:
        stop.set()
        context.tick(10)

    work(app, handler, stop=stop)
    assert (state(app, job_id).status, state(app, job_id).attempts) == (JobStatus.WAITING, 0)
    assert effects(app) == []


def taken_over(then: Handler) -> Handler:
    """Another worker gets the job while this one works."""

    def handler(context: JobContext) -> None:
        with db.transaction() as session:
            session.execute(update(Job).values(lease_token=uuid4()))
        then(context)

    return handler


@pytest.mark.parametrize("then", [seal, lambda context: context.tick(50), failing(ValueError())])
def test_worker_that_lost_its_turn_changes_nothing(app: Flask, then: Handler) -> None:
    job_id = promise(app)
    work(app, taken_over(then))
    assert effects(app) == []
    assert (state(app, job_id).status, state(app, job_id).progress) == (JobStatus.RUNNING, 0)


def test_heartbeat_keeps_the_turn_for_as_long_as_the_work_takes(app: Flask) -> None:
    promise(app)
    due: list[bool] = []

    def handler(context: JobContext) -> None:
        time.sleep(1.5)
        with db.own_reading() as session:
            due.append(jobs.is_due(session))
        seal(context)

    work(app, handler, lease_seconds=0.8)
    assert due == [False]


def test_heartbeat_stops_when_the_turn_is_lost(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    promise(app)

    def sleep(_context: JobContext) -> None:
        time.sleep(0.5)

    work(app, taken_over(sleep), lease_seconds=0.4)
    assert "heartbeat failed" not in caplog.text


def test_heartbeat_that_fails_is_tried_again(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    job_id = promise(app)

    def handler(context: JobContext) -> None:
        with app.app_context():  # the connections that heartbeats would use are taken
            engine = db.db.engine
            taken = []
            with pytest.raises(ServiceUnavailableError), db.own_reading() as session:
                engine.pool._timeout = 0  # type: ignore[attr-defined]
                while True:
                    taken.append(engine.connect())
                    assert session is not None
            deadline = time.monotonic() + 20
            while "heartbeat failed" not in caplog.text and time.monotonic() < deadline:
                with suppress(
                    PoolTimeoutError
                ):  # also the one that a heartbeat had while the others were taken
                    taken.append(engine.connect())
                time.sleep(0.05)
            for connection in taken:
                connection.close()
        seal(context)

    work(app, handler, lease_seconds=0.4)
    assert "heartbeat failed: no free connection" in caplog.text
    assert state(app, job_id).status is JobStatus.DONE


def test_signals_stop_the_worker() -> None:
    stop = Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        stop_on_signals(stop)
        signal.raise_signal(signal.SIGTERM)
        assert stop.is_set()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_worker_waits_while_the_database_is_away(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    promise(app)
    with app.app_context():
        url = db.db.engine.url
        db.db.engine.dispose()
        away = url.set(database=f"{url.database}/away")
    elsewhere = Flask("ethiek")
    db.init_app(elsewhere, url)
    with elsewhere.app_context():
        broken = db.make_engine(away)
        db.db.engine.dispose()
        db.db.engine.pool, pool = broken.pool, db.db.engine.pool
    assert work(elsewhere, seal) is False
    assert "waits" in caplog.text
    with elsewhere.app_context():
        db.db.engine.pool = pool
    assert work(elsewhere, seal) is True
    with elsewhere.app_context():
        db.db.engine.dispose()


def test_run_worker_works_until_it_has_to_stop(app: Flask) -> None:
    ids = [promise(app, str(number)) for number in range(3)]
    stop = Event()
    thread = Thread(target=run_worker, args=(app, {"seal": seal}, stop, 0.05))
    thread.start()
    wait_for(lambda: len(effects(app)) == 3)
    stop.set()
    thread.join(timeout=5)
    assert not thread.is_alive()
    assert sorted(effects(app)) == sorted(map(str, ids))


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + timedelta(seconds=10).total_seconds()
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)
