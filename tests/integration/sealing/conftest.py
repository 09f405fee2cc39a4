from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from ethiek import db
from ethiek.config import Settings
from ethiek.domain.workflow import Status
from tests import builders
from tests.authorities import Authorities, serving
from tests.conftest import Database
from tests.integration.sealing.installations import NOW, a_seal


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """An installation that is for real: with a seal file of its own."""
    pki = a_seal(tmp_path / "seal", NOW)
    return Settings(
        instance=tmp_path / "instance",
        database_url=database.url,
        secret_key="0123456789abcdef0123456789abcdef",
        trusted_hosts=("localhost",),
        organisation="Provincie Voorbeeld",
        archive_folder=tmp_path / "archive",
        seal_file=pki.pkcs12,
        seal_passphrase_file=pki.passphrase_file,
        trust_roots=None,
        proxy_count=0,
        threads=2,
        demo=False,
        secure_cookie=True,
        default_locale="nl",
    )


@pytest.fixture
def app(storage_app: Flask, settings: Settings) -> Flask:
    storage_app.extensions["settings"] = settings
    return storage_app


@pytest.fixture
def dossier_id(app: Flask) -> UUID:
    """A dossier that waits for its signature."""
    with app.app_context(), db.transaction() as session:
        world = builders.a_world(session)
        return builders.a_dossier(session, world, Status.AWAITING_SIGNATURE)


@pytest.fixture
def authorities() -> Iterator[Authorities]:
    with serving(Authorities()) as served:
        yield served
