"""Engines: how each database is opened, and that it does what it was told.

Every setting that keeps an acknowledged save on disk is read back; a database that answers otherwise is
not used.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from ethiek.db.liveness import keep_alive
from ethiek.errors import ConfigurationError

try:
    import pysqlite3.dbapi2 as sqlite
except ImportError:  # pragma: no cover  # no wheel for this platform
    import sqlite3 as sqlite

BEGIN: Final = "sqlite_begin"
"""Execution option: how an SQLite transaction starts, ``DEFERRED`` (read) or ``IMMEDIATE`` (write)."""

SQLITE_SETTINGS: Final = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: a power cut takes no acknowledged save
    "foreign_keys": 1,
    "busy_timeout": 10_000,  # milliseconds
    "secure_delete": 1,
    "trusted_schema": 0,
    "recursive_triggers": 1,  # or INSERT OR REPLACE walks past the triggers of append-only tables
}
POSTGRESQL_SETTINGS: Final = {
    "synchronous_commit": "on",
    "fsync": "on",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "1min",
    "default_transaction_isolation": "read committed",
    "TimeZone": "UTC",
}
_SERVER_SETTINGS: Final = {"fsync"}  # of the server, not of a session

_REPAIRED: Final = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""First version of each SQLite branch in which a WAL reset cannot corrupt the file."""


def engine_options(url: str | URL, *, threads: int = 8, module: ModuleType = sqlite) -> dict[str, Any]:
    """What ``create_engine`` needs besides the address, for a process with this many threads."""
    pool = {"pool_size": threads, "max_overflow": threads, "pool_timeout": 10, "pool_use_lifo": True}
    address = make_url(url)
    match address.get_backend_name():
        case "sqlite" if address.database in {None, "", ":memory:"}:
            raise ConfigurationError("database", "must be a file: what is in memory is lost")
        case "sqlite":
            arguments: dict[str, object] = {"timeout": 10, "check_same_thread": False}
            return {"module": module, "connect_args": arguments, **pool}
        case "postgresql":
            arguments = {"options": _postgresql_options(), "connect_timeout": 10}
            return {"connect_args": arguments, **pool}
        case other:
            raise ConfigurationError("database", f"{other} is not supported")


def make_engine(url: str | URL, *, threads: int = 8) -> Engine:
    """A configured engine outside the application: for commands, migrations and tests."""
    engine = create_engine(url, **engine_options(url, threads=threads))
    configure(engine)
    return engine


def maintenance_engine(url: str | URL) -> Engine:
    """A configured engine that keeps no connection open."""
    options = engine_options(url)
    for pooling in ("pool_size", "max_overflow", "pool_timeout", "pool_use_lifo"):
        del options[pooling]
    engine = create_engine(url, poolclass=NullPool, **options)
    configure(engine)
    return engine


def configure(engine: Engine) -> None:
    """Attach our settings and our BEGIN to an engine that has no connections yet."""
    if engine.dialect.name == "sqlite":
        safe = is_repaired(_library_version(engine))
        event.listen(engine, "connect", lambda connection, _record: _set_up_sqlite(connection, repaired=safe))
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "connect", lambda connection, _record: _read_back_postgresql(connection))
        keep_alive(engine)


def check(engine: Engine) -> None:
    """Open the database once and use it.

    Raises:
        ConfigurationError: a setting differs from what keeps saves safe; names it.
    """
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))


def database_file(engine: Engine) -> Path | None:
    """The file of an embedded database; None for PostgreSQL."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name else None


def checkpoints_in_gate(engine: Engine) -> bool:
    """Whether the write gate has to make the checkpoints, because this SQLite may corrupt files."""
    return engine.dialect.name == "sqlite" and not is_repaired(_library_version(engine))


def is_repaired(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the repair of the WAL-reset bug.

    Source: sqlite.org, "WAL-reset bug": 3.51.3, with backports to 3.50.7 and 3.44.6.

    >>> [is_repaired(v) for v in ((3, 40, 1), (3, 44, 6), (3, 46, 1), (3, 50, 7), (3, 51, 2), (3, 53, 4))]
    [False, True, False, True, False, True]
    """
    newest, *branches = _REPAIRED
    return version >= newest or any(version[:2] == branch[:2] and version >= branch for branch in branches)


def _library_version(engine: Engine) -> tuple[int, ...]:
    return tuple(engine.dialect.dbapi.sqlite_version_info)  # type: ignore[union-attr]  # a DB-API without a type


def _set_up_sqlite(connection: Any, *, repaired: bool) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    wanted: dict[str, object] = dict(SQLITE_SETTINGS)
    if not repaired:
        wanted["wal_autocheckpoint"] = 0
    for setting, value in wanted.items():
        connection.execute(f"PRAGMA {setting} = {value}")
    found = {setting: connection.execute(f"PRAGMA {setting}").fetchone()[0] for setting in wanted}
    _require(connection, found, wanted)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get(BEGIN, 'DEFERRED')}")


def _postgresql_options() -> str:
    ours = ((name, value) for name, value in POSTGRESQL_SETTINGS.items() if name not in _SERVER_SETTINGS)
    return " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in ours)


def _read_back_postgresql(connection: Any) -> None:
    found = {}
    for setting in POSTGRESQL_SETTINGS:
        found[setting] = connection.execute("SELECT current_setting(%s)", (setting,)).fetchone()[0]
    connection.rollback()
    _require(connection, found, POSTGRESQL_SETTINGS)


def _require(connection: Any, found: Mapping[str, object], wanted: Mapping[str, object]) -> None:
    """Close a connection that does otherwise than told, and say what the first difference is."""
    for setting, value in wanted.items():
        if found[setting] != value:
            connection.close()
            raise ConfigurationError(setting, f"is {found[setting]}, must be {value}")
