"""``ethiek seal`` and ``ethiek archive renew``: what they print, and how they end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ethiek.cli import cli
from ethiek.config import Settings
from ethiek.seals import announced, status_of
from tests.authorities import PASSPHRASE, Authorities, Issued, serving
from tests.conftest import Database

Run = Callable[..., Result]


@pytest.fixture
def authorities() -> Iterator[Authorities]:
    with serving(Authorities()) as served:
        yield served


@pytest.fixture
def run(tmp_path: Path, authorities: Authorities) -> Callable[[Issued], Run]:
    """Give commands to an installation with this seal."""

    def with_seal(seal: Issued, **more: str) -> Run:
        (tmp_path / "seal.p12").write_bytes(authorities.bundle(seal))
        (tmp_path / "passphrase").write_text(PASSPHRASE)
        environment = {
            "ETHIEK_INSTANCE": str(tmp_path),
            "ETHIEK_TRUSTED_HOSTS": "localhost",
            "ETHIEK_SECRET_KEY": "0123456789abcdef0123456789abcdef",
            "ETHIEK_SEAL_FILE": str(tmp_path / "seal.p12"),
            "ETHIEK_SEAL_PASSPHRASE_FILE": str(tmp_path / "passphrase"),
            **more,
        }
        return lambda *arguments: CliRunner().invoke(cli, arguments, env=environment)

    return with_seal


def test_seal_status_says_whose_it_is_and_until_when(
    run: Callable[[Issued], Run], authorities: Authorities
) -> None:
    found = run(authorities.a_seal(days=(-1, 30)))("seal", "status")
    end = authorities.now + timedelta(days=30)
    assert (found.exit_code, found.output) == (
        0,
        f"Zegel van de provincie: valid until {end:%Y-%m-%d} (29 days), level b-b.\n",
    )


def test_seal_status_of_a_revoked_or_expired_seal_fails(
    run: Callable[[Issued], Run], authorities: Authorities
) -> None:
    seal = authorities.a_seal()
    authorities.revoked.append(seal.certificate)
    revoked = run(seal)("seal", "status", "--json")
    said = json.loads(revoked.stdout)
    assert (revoked.exit_code, said["ok"], said["code"]) == (1, False, "revoked")
    expired = run(authorities.a_seal(days=(-30, -1)))("seal", "status", "--json")
    said = json.loads(expired.stdout)
    assert (expired.exit_code, said["code"], said["announced"]) == (1, "expired", 7)


def test_seal_status_names_the_highest_level_that_is_configured(
    run: Callable[..., Run], authorities: Authorities, tmp_path: Path
) -> None:
    (tmp_path / "root.pem").write_bytes(authorities.root.pem)
    roots = {"ETHIEK_TSA_ROOTS": str(tmp_path / "root.pem")}
    url = {"ETHIEK_TSA_URL": authorities.tsa_url}
    levels = [
        json.loads(run(authorities.a_seal(), **chosen)("seal", "status", "--json").stdout)["level"]
        for chosen in ({}, url, url | roots, url | roots | {"ETHIEK_SEAL_LEVEL": "b-lt"})
    ]
    assert levels == ["b-b", "b-t", "b-lta", "b-lt"]


def test_archive_renew_of_an_empty_archive_has_nothing_to_do(
    run: Callable[..., Run], authorities: Authorities, database: Database
) -> None:
    ethiek = run(authorities.a_seal(), ETHIEK_DATABASE_URL=database.url)
    looked = ethiek("archive", "renew", "--dry-run", "--json")
    assert (looked.exit_code, json.loads(looked.stdout)) == (
        0,
        {"ok": True, "dry_run": True, "reports": []},
    )
    due, told = ethiek("archive", "due"), ethiek("archive", "due", "--json")
    assert (due.exit_code, due.output) == (0, "Nothing is due within 90 days.\n")
    assert (told.exit_code, json.loads(told.stdout)) == (0, {"reports": []})
    refused = ethiek("archive", "renew")
    assert (refused.exit_code, "set ETHIEK_TSA_URL" in refused.output) == (2, True)


def test_seal_of_a_demonstration_stands(tmp_path: Path) -> None:
    settings = Settings.from_env(tmp_path, {"ETHIEK_DEMO": "1"})
    found = status_of(settings, datetime.now(UTC))
    assert (found.usable, found.is_test, found.announced, found.code) == (True, True, 0, "")
    assert announced(found.days_left) == 0
