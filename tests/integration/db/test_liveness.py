"""Connections that go away while they wait in the pool."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import Engine, text

from ethiek.db import liveness
from tests.conftest import only_postgresql

pytestmark = only_postgresql
PID = text("SELECT pg_backend_pid()")


def pid(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(PID).scalar_one())


def end(engine: Engine, process: int) -> None:
    """End a connection as an administrator does, and wait until it is gone."""
    with engine.connect() as waiting, engine.connect() as other:
        assert waiting.execute(PID).scalar_one() == process
        waiting.rollback()
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": process})


def test_connection_is_used_again(engine: Engine) -> None:
    assert pid(engine) == pid(engine)


def test_connection_that_the_server_closed_is_replaced(engine: Engine) -> None:
    first = pid(engine)
    end(engine, first)
    assert pid(engine) != first


def test_connection_that_was_closed_here_is_replaced(engine: Engine) -> None:
    first = pid(engine)
    raw = engine.raw_connection()
    raw.driver_connection.close()  # type: ignore[union-attr]  # of psycopg
    raw.close()
    assert pid(engine) != first


@pytest.mark.parametrize(("seconds", "same"), [(0.0, False), (60.0, True)])
def test_silent_connection_is_asked_only_after_a_while(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, seconds: float, same: bool
) -> None:
    """Whether it is asked shows by what a connection does that hears nothing any more."""
    monkeypatch.setattr(liveness, "TRUSTED_SECONDS", seconds)
    asked = []
    monkeypatch.setattr(engine.dialect, "do_ping", lambda _connection: asked.append(1))
    first = pid(engine)
    time.sleep(0.01)
    assert (pid(engine) == first) is same
    assert asked == ([] if same else [1])
