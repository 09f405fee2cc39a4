"""``ethiek sign-approval``: with a file and with a token, and what comes out is what the page takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ethiek.cli import cli
from ethiek.reports.continuation import continued
from ethiek.reports.levels import Level
from tests.authorities import PASSPHRASE, Authorities
from tests.softhsm import MODULE, needs_token, the_authorities, the_token
from tests.unit.reports.signed_by_persons import CHAIR, Signing


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return the_authorities()


@pytest.fixture(scope="module")
def token() -> Path:
    return the_token()


@pytest.fixture(scope="module")
def sealed(authorities: Authorities, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "rapport.pdf"
    path.write_bytes(Signing(authorities, Level.B_B).sealed)
    return path


def signer_of(signed: Path, sealed: Path, authorities: Authorities) -> str:
    roots = [authorities.root.pem, authorities.issuer.pem]
    fields = ["Seal", CHAIR]
    return continued(sealed.read_bytes(), signed.read_bytes(), fields, roots, Level.B_B).name


def test_report_is_signed_with_a_file(sealed: Path, authorities: Authorities, tmp_path: Path) -> None:
    (tmp_path / "chris.p12").write_bytes(authorities.bundle(authorities.a_seal("Chris")))
    (tmp_path / "wachtzin").write_text(f"{PASSPHRASE}\n")
    options = ("--field", CHAIR, "--p12", tmp_path / "chris.p12", "--passphrase-file", tmp_path / "wachtzin")
    out = tmp_path / "uit.pdf"
    found = run("sign-approval", sealed, *options, "--out", out)
    assert (found.exit_code, found.output) == (0, f"Signed as Chris: {out}\n")
    assert signer_of(out, sealed, authorities) == "Chris"
    again = run("sign-approval", sealed, *options, "--out", out)
    assert (again.exit_code, again.output) == (2, f"Error: {out} is there already.\n")
    twice = run("sign-approval", out, *options, "--out", tmp_path / "twee.pdf")
    assert (twice.exit_code, (tmp_path / "twee.pdf").exists()) == (2, False)


@needs_token
def test_report_is_signed_with_a_token(
    sealed: Path,
    authorities: Authorities,
    token: Path,
    tmp_path: Path,
) -> None:
    out, issuers = tmp_path / "uit.pdf", tmp_path / "uitgever.pem"
    issuers.write_bytes(authorities.issuer.pem)
    assert MODULE is not None
    found = run(
        *("sign-approval", sealed, "--field", CHAIR, "--pkcs11-module", MODULE, "--token", "ethiek"),
        *("--key", "zegel", "--pin-file", token / "pin", "--issuers", issuers, "--out", out),
    )
    assert (found.exit_code, found.output) == (0, f"Signed as Zegel van de provincie: {out}\n")
    assert signer_of(out, sealed, authorities) == "Zegel van de provincie"


def test_command_asks_for_one_kind_of_key(sealed: Path) -> None:
    found = run("sign-approval", sealed, "--field", CHAIR)
    assert (found.exit_code, "Give --p12, or all of --pkcs11-module" in found.output) == (2, True)
