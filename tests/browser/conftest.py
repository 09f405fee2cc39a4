"""A real server with its worker, and a real Chromium. Every page runs under the strict policy: a violation fails."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.error import URLError
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from ethiek import db
from ethiek.config import Settings
from ethiek.domain.workflow import Status
from ethiek.headless import headless
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.services import questionnaires
from tests.builders import AT, PASSWORD, a_dossier, a_world, email_of
from tests.question_sets import a_scan

START_SECONDS: Final = 60.0
STATUSES: Final = (
    Status.DRAFT,
    Status.CHANGES_REQUESTED,
    Status.SUBMITTED,
    Status.IN_REVIEW,
    Status.ADVISED,
    Status.ARCHIVED,
)
ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True)
class Site:
    """A running installation."""

    url: str
    instance: Path
    dossiers: dict[str, UUID]
    """Status -> a dossier that is there; "moving": a complete draft that one test takes further."""

    @property
    def root_certificate(self) -> Path:
        return self.instance / "pki" / "root.pem"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two server processes and a worker, on a fresh database with people, both instruments and a small scan."""
    instance = tmp_path_factory.mktemp("instance")
    port = _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ETHIEK_")},
        "ETHIEK_INSTANCE": str(instance),
        "ETHIEK_DEMO": "1",
        "ETHIEK_ORGANISATION": "Provincie Voorbeeld",
        "PYTHONPATH": str(ROOT),
    }
    dossiers = _prepare(instance, environment)
    command = [sys.executable, "-m", "ethiek.cli", "serve", "--port", str(port), "--with-worker"]
    with (instance / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, cwd=instance, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, server)
        yield Site(url, instance, dossiers)
    finally:
        server.terminate()
        server.wait(30)


def _prepare(instance: Path, environment: dict[str, str]) -> dict[str, UUID]:
    """Make tables, people, both instruments and some dossiers; return the dossiers by status."""
    settings = Settings.from_env(instance, environment)
    db.upgrade(settings.database_url)
    iama, deda = (load_catalogue().get(key) for key in ("iama/2.0", "deda/nl-2025"))
    with headless(settings), db.transaction() as session:
        world = a_world(session, iama)
        questionnaires.publish(session, [deda, a_scan()], AT)
        made = {status.value: a_dossier(session, world, status, title=status.value) for status in STATUSES}
        own = {name: a_dossier(session, world, title=name) for name in ("moving", "taken along")}
        return {**made, **own}


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/gezond") as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise RuntimeError("the server did not start; see server.log")


SignIn = Callable[[str], Page]


@pytest.fixture
def sign_in(site: Site, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[SignIn]:
    """Opens a window of somebody who signs in through the page; violations of the policy fail the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def open_window(name: str) -> Page:
        context = chromium.new_context(locale="nl-NL", base_url=site.url, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/inloggen")
        page.locator("#email").fill(email_of(name))
        page.locator("#password").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        page.wait_for_url(lambda url: "/inloggen" not in url)
        return page

    failed_before = request.session.testsfailed
    yield open_window
    for context in contexts:
        if request.session.testsfailed > failed_before:
            _keep_picture(context.pages[0], request.node.name)
        context.close()
    assert complaints == []


def _keep_picture(page: Page, test: str) -> None:
    """Keep what was on screen when a test failed, in ``test-output``."""
    folder = ROOT / "test-output"
    folder.mkdir(exist_ok=True)
    name = page.url.rsplit("/", 1)[-1] or "home"
    page.screenshot(path=folder / f"{test}-{name}-{id(page)}.png", full_page=True)
