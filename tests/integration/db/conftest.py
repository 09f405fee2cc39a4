from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from tests.conftest import Database


@pytest.fixture
def probe_app(storage_app: Flask, database: Database) -> Flask:
    """An application whose database has a table ``probe`` with one number a row."""
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE probe (n INTEGER CHECK (n >= 0))"))
    return storage_app


@pytest.fixture
def in_app(probe_app: Flask) -> Iterator[None]:
    with probe_app.app_context():
        yield
