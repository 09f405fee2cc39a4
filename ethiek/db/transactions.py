"""One session per request, and the transactions it can be in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from ethiek.db.engine import BEGIN, check, checkpoints_in_gate, configure, database_file, engine_options
from ethiek.db.gate import gate_of
from ethiek.errors import ServiceUnavailableError

db = SQLAlchemy(disable_autonaming=True)
"""Engine and session of the application. The tables are those of ``ethiek.models``, not of this object."""

CHECKPOINT_BYTES: Final = 4 * 1024 * 1024
_OPEN: Final = "open"  # what the session of this request is in now, kept in its ``info``

_UNAVAILABLE_SQLITE: Final = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}
_READ_ONLY: Final = "25006"  # PostgreSQL in a view; in a transaction, while another server takes over


def init_app(app: Flask, url: str | URL, *, threads: int = 8) -> None:
    """Join application and database, and use it once.

    Raises:
        ConfigurationError: the database is not set up as an acknowledged save needs.
        ServiceUnavailableError: it does not answer.
    """
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url, threads=threads)
    db.init_app(app)
    with app.app_context(), translated(), turn(db.engine):
        configure(db.engine)
        check(db.engine)
        db.engine.dispose()  # nothing is open when the server makes its workers by forking


@contextmanager
def transaction(*, write: bool = True) -> Iterator[Session]:
    """One use case: everything in it is kept, or nothing.

    Args:
        write: False for a step that turns out only to read; it is rolled back at the end, as in ``reading``.

    Raises:
        ServiceUnavailableError: the database could not take it. If the connection broke during the commit
            itself it may have been kept all the same: saves carry a token, so that trying again is safe.
        RuntimeError: a transaction of this request is already open.
    """
    if not write:
        with reading() as session:
            yield session
        return
    session = db.session()
    if session.info.get(_OPEN) == "transaction":
        raise RuntimeError("a transaction inside a transaction")
    with _marked(session, "transaction"), writing(session, db.engine):
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """One consistent view of the database, keeping no change. Inside a transaction it is that one.

    Raises:
        ServiceUnavailableError: the database could not be asked.
        RuntimeError: something was changed all the same (PostgreSQL; elsewhere the change is dropped).
    """
    session = db.session()
    if session.info.get(_OPEN) is not None:
        yield session
        return
    with _marked(session, "reading"), translated():
        try:
            with _looking(session):
                yield session
        finally:
            session.rollback()


@contextmanager
def _looking(session: Session) -> Iterator[None]:
    """Read, and keep no change; the caller rolls back or closes.

    PostgreSQL is told to refuse changes. That is why the end can be a COMMIT, after which the driver still has
    the statements it prepared; a ROLLBACK makes it forget them, and planning them anew costs more than running.
    """
    refuses_changes = session.get_bind().dialect.name == "postgresql"
    session.rollback()  # what was read after the view before this one is no part of it
    try:
        if refuses_changes:
            session.connection(execution_options={"postgresql_readonly": True})
        yield
        if refuses_changes:
            session.commit()
    except DBAPIError as error:
        if _sqlstate(error) == _READ_ONLY:
            raise RuntimeError("a change while reading") from error
        raise


@contextmanager
def own_transaction() -> Iterator[Session]:
    """A short writing transaction apart from the request's own: what it keeps stays, whatever that one does.

    Raises:
        ServiceUnavailableError: the database could not take it.
        RuntimeError: this thread is already writing (embedded database only).
    """
    with Session(db.engine) as session, writing(session, db.engine):
        yield session


@contextmanager
def own_reading() -> Iterator[Session]:
    """A short view of the database apart from the request's own; changes nothing."""
    with translated(), Session(db.engine, expire_on_commit=False) as session, _looking(session):
        yield session


@contextmanager
def writing(session: Session, engine: Engine) -> Iterator[Session]:
    """Write with any session: take the turn, begin before the first statement, commit or roll back."""
    with translated(), turn(engine):
        session.rollback()  # a view that is still open would be too old to write from
        try:
            options = {BEGIN: "IMMEDIATE"} if engine.dialect.name == "sqlite" else {}
            session.connection(execution_options=options)
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            _checkpoint(engine)


def turn(engine: Engine) -> AbstractContextManager[None]:
    """The write gate of an embedded database; nothing for PostgreSQL, where writers work side by side."""
    file = database_file(engine)
    return gate_of(file).held() if file else nullcontext()


@contextmanager
def translated() -> Iterator[None]:
    """Tell "the database cannot take this now" from our own mistakes."""
    try:
        yield
    except PoolTimeoutError as error:
        raise ServiceUnavailableError("no free connection") from error
    except DBAPIError as error:
        if not is_unavailable(error):
            raise
        raise ServiceUnavailableError(str(error.orig).splitlines()[0]) from error


def is_unavailable(error: DBAPIError) -> bool:
    """Whether an error lies with the state of the database (full, locked, gone), not with what was asked."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _UNAVAILABLE_SQLITE
    if _sqlstate(error) == _READ_ONLY:
        return True
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


@contextmanager
def _marked(session: Session, what: str) -> Iterator[None]:
    before = session.info.get(_OPEN)
    session.info[_OPEN] = what
    try:
        yield
    finally:
        session.info[_OPEN] = before


def _checkpoint(engine: Engine) -> None:
    """Keep the write-ahead log small where SQLite may not do it by itself; only called inside the gate."""
    file = database_file(engine)
    if not file or not checkpoints_in_gate(engine):
        return
    log = file.with_name(file.name + "-wal")
    if log.exists() and log.stat().st_size > CHECKPOINT_BYTES:
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
        finally:
            connection.close()
