from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from ethiek.config import Settings
from tests import builders
from tests.authorities import PASSPHRASE, Authorities, serving
from tests.pages.conftest import Browser, Writing

INFO = "Arrange a new certificate in time: without one no report can be signed."
LATE = "No report can be signed until there is a new certificate. Tell the administrator."


@pytest.fixture(scope="module")
def authorities() -> Iterator[Authorities]:
    with serving(Authorities()) as served:
        yield served


@pytest.fixture
def end(
    app: Flask, settings: Settings, tmp_path: Path, authorities: Authorities, writing: Writing
) -> datetime:
    """When the seal of this installation ends; its people are there."""
    seal = authorities.a_seal(days=(-500, 500))
    (tmp_path / "seal.p12").write_bytes(authorities.bundle(seal))
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    app.extensions["settings"] = replace(
        settings, seal_file=tmp_path / "seal.p12", seal_passphrase_file=tmp_path / "passphrase"
    )
    with writing() as session:
        builders.a_world(session)
    return seal.certificate.not_valid_after_utc


@pytest.mark.parametrize(
    ("days", "look", "text"),
    [(91, "", ""), (89, "info", INFO), (29, "warning", INFO), (6, "error", INFO), (-1, "error", LATE)],
)
def test_end_of_the_seal_is_announced_ever_more_urgently(
    app: Flask, end: datetime, sign_in: Callable[[str], Browser], days: int, look: str, text: str
) -> None:
    app.extensions["clock"] = lambda: end - timedelta(days=days)
    page = sign_in("sem").get("/commissie").text
    assert (text in page, f"utrecht-alert--{look}" in page) == (True, bool(look))
    assert ("The certificate of the seal end" in page) == bool(look)


def test_end_of_the_seal_is_not_announced_to_others(
    app: Flask, end: datetime, sign_in: Callable[[str], Browser]
) -> None:
    app.extensions["clock"] = lambda: end - timedelta(days=6)
    assert INFO in sign_in("sem").get("/account").text
    assert INFO not in sign_in("mila").get("/account").text
