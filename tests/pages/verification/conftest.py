"""An installation that trusts the issuer of a real sealed report, and has one in its archive."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from ethiek.config import Settings
from ethiek.domain.workflow import Status
from ethiek.reports.archive import Archive
from ethiek.reports.pki import TestPki, ensure_test_pki
from ethiek.reports.render import render
from ethiek.reports.sign import Pkcs12Signer
from tests import builders
from tests.builders import World
from tests.conftest import Database
from tests.pages.conftest import Browser, Writing
from tests.unit.reports.sources import a_source

TITLE = "Bezoekersaantallen in natuurgebieden"
Upload = Callable[..., TestResponse]


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> TestPki:
    return ensure_test_pki(tmp_path_factory.mktemp("pki") / "test-pki")


@pytest.fixture(scope="session")
def sealed(pki: TestPki) -> bytes:
    signer = Pkcs12Signer.of_test_pki(pki)
    return signer.seal(render(a_source()), reason="Advies", at=datetime.now(UTC))


@pytest.fixture
def settings(database: Database, tmp_path: Path, pki: TestPki) -> Settings:
    demo = Settings.from_env(tmp_path, {"ETHIEK_DEMO": "1", "ETHIEK_DATABASE_URL": database.url})
    return replace(
        demo,
        demo=False,
        trusted_hosts=("localhost",),
        organisation="Provincie Voorbeeld",
        trust_roots=pki.root,
        default_locale="en",
    )


@pytest.fixture
def issued(writing: Writing, world: World, archive: Archive, sealed: bytes) -> UUID:
    """A dossier of which this sealed file is the report; its id."""
    with writing() as session:
        dossier_id = builders.a_dossier(session, world, Status.AWAITING_SIGNATURE, title=TITLE)
        builders.archive(session, dossier_id, archive, sealed)
        return dossier_id


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """Somebody without an account, with the page of the check before him."""
    browser = Browser(app.test_client())
    browser.get("/controle")
    return browser


@pytest.fixture
def upload(stranger: Browser) -> Upload:
    def send(pdf: bytes, name: str = "advies.pdf") -> TestResponse:
        return stranger.post("/controle", {"file": (io.BytesIO(pdf), name)})

    return send
