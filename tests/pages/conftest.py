"""The whole application on a real database, with people who sign in as people do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from ethiek import db
from ethiek.app import create_app
from ethiek.config import Settings
from ethiek.domain.workflow import Status
from ethiek.reports.archive import Archive
from tests import builders
from tests.builders import World
from tests.conftest import Database

TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')
Writing = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return Settings(
        instance=tmp_path,
        database_url=database.url,
        secret_key="0123456789abcdef0123456789abcdef",
        trusted_hosts=("localhost",),
        organisation="Provincie Voorbeeld",
        archive_folder=tmp_path / "archive",
        seal_file=None,
        seal_passphrase_file=None,
        trust_roots=None,
        proxy_count=0,
        threads=2,
        demo=False,
        secure_cookie=False,
        default_locale="en",
    )


@pytest.fixture
def app(settings: Settings, at: datetime) -> Iterator[Flask]:
    app = create_app(settings)
    app.extensions["clock"] = lambda: at
    yield app
    with app.app_context():
        db.db.engine.dispose()


class Browser:
    """Somebody who is signed in. ``post`` sends the token of the page that was read last."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, url: str, **kwargs: Any) -> TestResponse:
        return self._seen(self.client.get(url, **kwargs))

    def post(self, url: str, data: Mapping[str, object] | None = None) -> TestResponse:
        return self._seen(self.client.post(url, data={"csrf_token": self.token, **(data or {})}))

    def _seen(self, response: TestResponse) -> TestResponse:
        found = TOKEN.search(response.text) if response.mimetype == "text/html" else None
        if found:
            self.token = found[1]
        return response


@pytest.fixture
def sign_in(app: Flask) -> Callable[[str], Browser]:
    """Sign in as somebody, in a browser of their own."""

    def enter(name: str) -> Browser:
        browser = Browser(app.test_client())
        browser.get("/inloggen")
        answer = browser.post("/inloggen", {"email": builders.email_of(name), "password": builders.PASSWORD})
        assert answer.status_code == 303
        browser.get("/account")
        return browser

    return enter


@pytest.fixture
def writing(app: Flask) -> Writing:
    """Open a transaction outside requests, to prepare or to look."""

    def open_() -> AbstractContextManager[Session]:
        return db.writing(Session(database_engine(app)), database_engine(app))

    return open_


def database_engine(app: Flask) -> Engine:
    with app.app_context():
        return db.db.engine


@pytest.fixture
def world(writing: Writing) -> World:
    with writing() as session:
        return builders.a_world(session)


@pytest.fixture
def archive(settings: Settings) -> Archive:
    return Archive(settings.archive_folder)


@pytest.fixture
def dossier_in(writing: Writing, world: World, archive: Archive) -> Callable[..., UUID]:
    """Make a dossier of Noor's with a status; ARCHIVED too."""

    def make(status: Status, **facts: Any) -> UUID:
        with writing() as session:
            if status is not Status.ARCHIVED:
                return builders.a_dossier(session, world, status, **facts)
            dossier_id = builders.a_dossier(session, world, Status.AWAITING_SIGNATURE, **facts)
            builders.archive(session, dossier_id, archive)
            return dossier_id

    return make


@pytest.fixture
def count_statements(app: Flask) -> Iterator[Callable[[Callable[[], object]], int]]:
    """Count the statements that something sends to the database."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    engine = database_engine(app)
    event.listen(engine, "before_cursor_execute", note)

    def count(action: Callable[[], object]) -> int:
        seen.clear()
        action()
        return len(seen)

    yield count
    event.remove(engine, "before_cursor_execute", note)


MakeDossier = Callable[..., UUID]
SignIn = Callable[[str], Browser]
CountStatements = Callable[[Callable[[], object]], int]
