"""Migrations without a configuration file: the folder is part of the package, the address is an argument."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData
from sqlalchemy.engine import URL

from ethiek.db.engine import BEGIN, maintenance_engine
from ethiek.db.transactions import translated, turn
from ethiek.errors import ConfigurationError

MIGRATIONS: Final = Path(__file__).parent.parent / "migrations"


def upgrade(url: str | URL, revision: str = "head") -> None:
    """Bring the tables up to a revision: all steps, or none."""
    with _migrating(url) as connection:
        command.upgrade(_configuration(connection), revision)


def downgrade(url: str | URL, revision: str) -> None:
    """Take steps back, for tests and for a way back that loses nothing."""
    with _migrating(url) as connection:
        command.downgrade(_configuration(connection), revision)


def current_revision(url: str | URL) -> str | None:
    """The revision the tables are at; None before the first."""
    with _connected(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def draft_revision(url: str | URL, number: str, message: str) -> None:
    """Write a new migration file with the differences between tables and models, for a person to finish."""
    with _connected(url) as connection:
        command.revision(_configuration(connection), message, autogenerate=True, rev_id=number)


def differences(url: str | URL, metadata: MetaData) -> list[object]:
    """What alembic sees as different between the tables and the models; empty when they are equal."""
    with _connected(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def _configuration(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connected(url: str | URL) -> Iterator[Connection]:
    engine = maintenance_engine(url)
    with translated(), engine.connect() as connection:
        yield connection


@contextmanager
def _migrating(url: str | URL) -> Iterator[Connection]:
    """One transaction around all steps; a rebuilt table is away for a moment, so references come last."""
    engine = maintenance_engine(url)
    with translated(), turn(engine), engine.connect() as connection:
        embedded = engine.dialect.name == "sqlite"
        if embedded:
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
            connection = connection.execution_options(**{BEGIN: "IMMEDIATE"})  # noqa: PLW2901
        with connection.begin():
            yield connection
            if embedded and (dangling := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise ConfigurationError("foreign_keys", f"{len(dangling)} rows refer to nothing")
