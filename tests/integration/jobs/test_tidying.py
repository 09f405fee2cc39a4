from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from ethiek import db
from ethiek.models.sessions import LoginAttempt, WebSession
from ethiek.services import sessions, throttle
from ethiek.worker import run_worker

LIMITS = throttle.code_limits("noor")


@pytest.fixture
def app(storage_app: Flask) -> Flask:
    now = datetime.now(UTC)
    with storage_app.app_context(), db.transaction() as session:
        for at in (now - timedelta(days=3), now):
            sessions.create(session, None, str(at), at)
            throttle.attempt(session, LIMITS, at)
    return storage_app


def left(app: Flask) -> tuple[int, int]:
    with app.app_context(), db.own_reading() as session:
        return len(session.scalars(select(WebSession)).all()), len(
            session.scalars(select(LoginAttempt)).all()
        )


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)


def test_worker_removes_sessions_and_counts_that_nobody_can_use(app: Flask) -> None:
    assert left(app) == (2, 6)
    stop = Event()
    worker = Thread(target=run_worker, args=(app, {}, stop), kwargs={"poll": 0.02, "tidy_seconds": 0.05})
    worker.start()
    try:
        wait_until(lambda: left(app) == (1, 3))
        with app.app_context(), db.own_transaction() as session:
            old = datetime.now(UTC) - timedelta(days=3)
            sessions.create(session, None, "later", old)
        wait_until(lambda: left(app) == (1, 3))  # and again, after a while
    finally:
        stop.set()
        worker.join()
