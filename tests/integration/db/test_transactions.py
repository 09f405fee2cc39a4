from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from ethiek import db
from ethiek.db.transactions import is_unavailable, translated
from ethiek.errors import ServiceUnavailableError
from ethiek.models.locks import audit_lock
from tests.conftest import Database, only_postgresql, only_sqlite


def insert(session: Session, number: int) -> None:
    session.execute(text("INSERT INTO probe VALUES (:n)"), {"n": number})


def numbers() -> list[int]:
    with db.reading() as session:
        return list(session.scalars(text("SELECT n FROM probe ORDER BY n")))


def refused_by_postgresql(dialect: str) -> AbstractContextManager[object]:
    """SQLite drops a change made while reading, PostgreSQL does not let it be made."""
    refused = pytest.raises(RuntimeError, match="while reading")
    return refused if dialect == "postgresql" else nullcontext()


def in_thread(app: Flask, do: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        with app.app_context():
            do()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def write(number: int) -> Callable[[], None]:
    def do() -> None:
        with db.transaction() as session:
            insert(session, number)

    return do


@pytest.mark.usefixtures("in_app")
class TestOneRequest:
    def test_transaction_when_it_succeeds_is_kept(self) -> None:
        with db.transaction() as session:
            insert(session, 1)
        assert numbers() == [1]

    def test_transaction_when_it_fails_is_undone(self) -> None:
        with pytest.raises(ZeroDivisionError), db.transaction() as session:
            insert(session, 1)
            1 / 0  # noqa: B018
        assert numbers() == []

    def test_transaction_when_the_database_refuses_is_undone(self) -> None:
        with pytest.raises(IntegrityError), db.transaction() as session:
            insert(session, 1)
            insert(session, -1)
        assert numbers() == []

    def test_transaction_that_only_reads_keeps_nothing(self, dialect: str) -> None:
        with refused_by_postgresql(dialect), db.transaction(write=False) as session:
            insert(session, 1)
        assert numbers() == []

    def test_reading_keeps_nothing(self, dialect: str) -> None:
        with refused_by_postgresql(dialect), db.reading() as session:
            insert(session, 1)
        assert numbers() == []

    def test_own_reading_keeps_nothing(self, dialect: str) -> None:
        with refused_by_postgresql(dialect), db.own_reading() as session:
            insert(session, 1)
        assert numbers() == []

    def test_transaction_inside_a_transaction_is_a_mistake(self) -> None:
        with pytest.raises(RuntimeError, match="inside"), db.transaction() as session:
            insert(session, 1)
            with db.transaction():
                pass
        assert numbers() == []

    def test_reading_inside_a_transaction_sees_and_leaves_what_it_does(self) -> None:
        with db.transaction() as session:
            insert(session, 1)
            with db.reading() as same:
                assert same is session
            assert numbers() == [1]
        assert numbers() == [1]

    def test_transaction_after_a_view_left_open_writes_on_the_newest_state(self, database: Database) -> None:
        assert db.db.session.scalars(text("SELECT n FROM probe")).all() == []
        with database.engine.begin() as elsewhere:
            elsewhere.execute(text("INSERT INTO probe VALUES (1)"))
        with db.transaction() as session:
            session.execute(text("UPDATE probe SET n = n + 1"))
        assert numbers() == [2]

    def test_released_savepoint_is_undone_with_its_transaction(self) -> None:
        with pytest.raises(ZeroDivisionError), db.transaction() as session:
            with session.begin_nested():
                insert(session, 1)
            session.execute(text("CREATE TABLE another (n INTEGER)"))
            1 / 0  # noqa: B018
        assert numbers() == []
        with pytest.raises(DBAPIError), db.reading() as session:
            session.execute(text("SELECT * FROM another"))

    def test_own_transaction_stays_when_the_request_fails(self) -> None:
        with pytest.raises(ZeroDivisionError), db.reading():
            with db.own_transaction() as session:
                insert(session, 1)
            1 / 0  # noqa: B018
        assert numbers() == [1]
        with db.own_reading() as session:
            assert session.scalar(text("SELECT count(*) FROM probe")) == 1

    def test_mistake_of_ours_is_not_an_unavailable_database(self, dialect: str) -> None:
        with pytest.raises(DBAPIError) as caught, db.transaction() as session:
            session.execute(text("SELECT * FROM no_such_table"))
        assert isinstance(caught.value, ProgrammingError) or dialect == "sqlite"
        assert is_unavailable(caught.value) is False


@only_postgresql
def test_statement_that_was_prepared_stays_so_after_reading(probe_app: Flask) -> None:
    with probe_app.app_context():
        for _ in range(10):
            numbers()
        with db.reading() as session:
            prepared = session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert prepared == ["SELECT n FROM probe ORDER BY n"]


@only_sqlite
def test_view_stays_the_same_while_others_write(probe_app: Flask) -> None:
    with probe_app.app_context(), db.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM probe")) == 0
        in_thread(probe_app, write(1)).join()
        assert session.scalar(text("SELECT count(*) FROM probe")) == 0


@only_sqlite
def test_sqlite_writers_take_turns_before_their_first_statement(probe_app: Flask) -> None:
    with probe_app.app_context():
        with db.transaction() as session:
            session.scalar(text("SELECT count(*) FROM probe"))
            other = in_thread(probe_app, write(2))
            other.join(timeout=0.3)
            assert other.is_alive()
            insert(session, 1)
        other.join()
        assert numbers() == [1, 2]


@only_sqlite
def test_sqlite_writer_that_waits_too_long_is_told_so(
    probe_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ethiek.db.gate.WAIT_SECONDS", 0.1)
    reasons: list[str] = []

    def try_to_write() -> None:
        with pytest.raises(ServiceUnavailableError) as caught:
            write(2)()
        reasons.append(caught.value.reason)

    with probe_app.app_context(), db.transaction():
        in_thread(probe_app, try_to_write).join()
    assert reasons == ["write gate: busy"]


@only_sqlite
def test_sqlite_own_transaction_inside_a_transaction_is_a_mistake_at_once(
    probe_app: Flask,
) -> None:
    start = time.monotonic()
    with (
        probe_app.app_context(),
        pytest.raises(RuntimeError, match="inside"),
        db.transaction(),
        db.own_transaction(),
    ):
        pass
    assert time.monotonic() - start < 1


@only_sqlite
def test_full_database_is_unavailable_and_recovers(probe_app: Flask) -> None:
    with probe_app.app_context():
        with pytest.raises(ServiceUnavailableError), db.transaction() as session:
            session.execute(text("PRAGMA max_page_count = 1"))
            session.execute(text("CREATE TABLE big AS SELECT zeroblob(1000000) AS body"))
        with db.transaction() as session:
            session.execute(text("PRAGMA max_page_count = 4294967294"))
            insert(session, 1)
        assert numbers() == [1]


@only_postgresql
def test_postgresql_that_stops_our_connection_is_unavailable_once(
    probe_app: Flask, database: Database
) -> None:
    with probe_app.app_context():
        with pytest.raises(ServiceUnavailableError), db.transaction() as session:
            insert(session, 1)
            with database.engine.connect() as other:
                kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                other.execute(text(kill + " AND datname = current_database()"))
            insert(session, 2)
        write(3)()
        assert numbers() == [3]


@only_postgresql
def test_postgresql_that_is_read_only_for_a_while_is_unavailable(probe_app: Flask) -> None:
    with probe_app.app_context(), pytest.raises(ServiceUnavailableError), db.transaction() as session:
        session.execute(text("SET TRANSACTION READ ONLY"))
        insert(session, 1)


@only_postgresql
def test_postgresql_row_that_stays_locked_is_unavailable(probe_app: Flask, database: Database) -> None:
    with database.engine.begin() as other, probe_app.app_context():
        other.execute(text("LOCK TABLE probe"))
        with pytest.raises(ServiceUnavailableError), db.transaction() as session:
            session.execute(text("SET lock_timeout = '100ms'"))
            insert(session, 1)


def test_start_leaves_no_connection_open(storage_app: Flask) -> None:
    with storage_app.app_context():
        pool = db.db.engine.pool
        assert isinstance(pool, QueuePool)
        assert (pool.checkedin(), pool.checkedout()) == (0, 0)


def test_no_free_connection_is_unavailable() -> None:
    with pytest.raises(ServiceUnavailableError), translated():
        raise PoolTimeoutError


def test_audit_lock_lets_one_transaction_at_a_time_through(probe_app: Flask) -> None:
    order: list[str] = []

    def append(name: str) -> Callable[[], None]:
        def do() -> None:
            with db.transaction() as session:
                audit_lock(session)
                order.append(f"{name} in")
                time.sleep(0.1)
                order.append(f"{name} out")

        return do

    threads = [in_thread(probe_app, append(name)) for name in "ab"]
    for thread in threads:
        thread.join()
    assert order in (["a in", "a out", "b in", "b out"], ["b in", "b out", "a in", "a out"])
