from __future__ import annotations

import importlib
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.orm import Session

from ethiek import db
from ethiek.db.engine import POSTGRESQL_SETTINGS, SQLITE_SETTINGS
from ethiek.errors import ConfigurationError, ServiceUnavailableError
from tests.conftest import Database, only_postgresql

sqlite: Any = importlib.import_module("pysqlite3.dbapi2")

ASK = {"sqlite": "PRAGMA {}", "postgresql": "SHOW {}"}


def settings_of(engine: Engine, names: dict[str, Any]) -> dict[str, Any]:
    ask = ASK[engine.dialect.name]
    with engine.connect() as connection:
        return {name: connection.exec_driver_sql(ask.format(name)).scalar_one() for name in names}


def test_every_connection_has_the_settings_that_keep_saves_safe(database: Database) -> None:
    wanted: dict[str, Any] = SQLITE_SETTINGS if database.dialect == "sqlite" else POSTGRESQL_SETTINGS
    with database.engine.connect():  # a second connection is another one
        assert settings_of(database.engine, wanted) == wanted
    db.check(database.engine)


UNSAFE: dict[str, int | str] = {
    "journal_mode": "delete",
    "synchronous": 1,
    "foreign_keys": 0,
    "busy_timeout": 0,
    "secure_delete": 0,
    "trusted_schema": 1,
    "recursive_triggers": 0,
}


@pytest.mark.parametrize(("setting", "value"), UNSAFE.items())
def test_sqlite_that_does_otherwise_than_told_is_refused(
    tmp_path: Path, setting: str, value: int | str
) -> None:
    class Stubborn(sqlite.Connection):  # type: ignore[misc]  # the library has no types
        def execute(self, statement: str, *arguments: Any) -> Any:
            if statement.startswith(f"PRAGMA {setting} ="):
                statement = f"PRAGMA {setting} = {value}"
            return super().execute(statement, *arguments)

    url = f"sqlite:///{tmp_path}/ethiek.db"
    options = db.engine_options(url)
    options["connect_args"]["factory"] = Stubborn
    engine = create_engine(url, **options)
    db.configure(engine)
    with pytest.raises(ConfigurationError) as caught:
        db.check(engine)
    assert caught.value.setting == setting


def test_database_in_memory_is_refused() -> None:
    app = Flask("ethiek")
    with pytest.raises(ConfigurationError) as caught:
        db.init_app(app, "sqlite://")
    assert caught.value.setting == "database"


@only_postgresql
def test_postgresql_that_answers_before_the_disk_does_is_refused(database: Database) -> None:
    engine = create_engine(database.url, **db.engine_options(database.url))

    def loosen(connection: Any, _record: object) -> None:
        connection.execute("SET synchronous_commit = off")

    event.listen(engine, "connect", loosen)
    db.configure(engine)
    with pytest.raises(ConfigurationError) as caught:
        db.check(engine)
    assert (caught.value.setting, caught.value.reason) == ("synchronous_commit", "is off, must be on")


def test_other_databases_are_refused() -> None:
    with pytest.raises(ConfigurationError) as caught:
        db.make_engine("mysql://localhost/ethiek")
    assert caught.value.setting == "database"


def test_database_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/no/such/folder/x.db", f"postgresql://nobody@/x?host={tmp_path}"):
        with pytest.raises(ServiceUnavailableError):
            db.init_app(Flask("ethiek"), url)


def an_old_sqlite() -> ModuleType:
    """The library as it is, under the version number of one with the WAL-reset bug."""
    old = ModuleType("old_sqlite")
    vars(old).update({name: value for name, value in vars(sqlite).items() if not name.startswith("__")})
    old.__dict__["sqlite_version_info"] = (3, 46, 1)
    return old


def test_sqlite_with_the_reset_bug_leaves_checkpoints_to_the_gate(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ethiek.db"
    engine = create_engine(url, **db.engine_options(url, module=an_old_sqlite()))
    db.configure(engine)
    assert settings_of(engine, {"wal_autocheckpoint": 0}) == {"wal_autocheckpoint": 0}

    log = tmp_path / "ethiek.db-wal"
    with Session(engine) as session, db.writing(session, engine):
        session.execute(text("CREATE TABLE probe (body BLOB)"))
    for _ in range(12):
        with Session(engine) as session, db.writing(session, engine):
            session.execute(text("INSERT INTO probe VALUES (zeroblob(1000000))"))
    assert 1_000_000 < log.stat().st_size < 8_000_000
    engine.dispose()


def test_sqlite_of_the_standard_library_can_stand_in(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ethiek.db"
    engine = create_engine(url, **db.engine_options(url, module=sqlite3))
    db.configure(engine)
    assert settings_of(engine, SQLITE_SETTINGS) == SQLITE_SETTINGS
    engine.dispose()
