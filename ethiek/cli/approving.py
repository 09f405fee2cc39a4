"""``ethiek sign-approval``: the signature of a person, on the machine where the key is. Needs no database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from ethiek.cli.sentences import Refused
from ethiek.errors import SigningError
from ethiek.persons import REASONS
from ethiek.reports.authority import TimeStampAuthority
from ethiek.reports.fields import APPROVALS
from ethiek.reports.issuers import files_in
from ethiek.reports.levels import Level
from ethiek.reports.sealing import CertificateSigner
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.stamping import Stamping
from ethiek.reports.token import TokenSigner
from ethiek.seals import CERTIFICATES

ROLES: Final = {field.name: role for role, field in APPROVALS.items()}
FILE: Final = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("sign-approval")
@click.argument("report", type=FILE)
@click.option("--field", required=True, type=click.Choice(list(ROLES)), help="The field that the page names.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where it goes; default: beside it, with -signed."
)
@click.option("--p12", type=FILE, help="PKCS#12 file with your key and certificate.")
@click.option("--passphrase-file", type=FILE, help="Holds its passphrase; without it you are asked.")
@click.option("--pkcs11-module", type=FILE, help="Driver of your smart card or token.")
@click.option("--token", help="Label of the token.")
@click.option("--key", help="Label of key and certificate in it.")
@click.option("--pin-file", type=FILE, help="Holds its PIN.")
@click.option("--issuers", type=click.Path(path_type=Path, exists=True), help="Certificates of your issuers.")
@click.option("--tsa-url", default="", help="Time stamp authority, where the organisation uses one.")
def sign_approval(
    report: Path,
    field: str,
    out: Path | None,
    p12: Path | None,
    passphrase_file: Path | None,
    pkcs11_module: Path | None,
    token: str | None,
    key: str | None,
    pin_file: Path | None,
    issuers: Path | None,
    tsa_url: str,
) -> None:
    """Sign a sealed REPORT in its empty field for chair or secretary; the file itself stays as it is.

    Give either --p12, or --pkcs11-module with --token, --key and --pin-file. Bring the result to the page from which
    the report came.
    """
    if p12 is not None and pkcs11_module is None:
        signer: CertificateSigner = _of_file(p12, passphrase_file)
    elif p12 is None and pkcs11_module and token and key and pin_file:
        signer = TokenSigner.open(pkcs11_module, token, key, pin_file, files_in(issuers, *CERTIFICATES))
    else:
        raise click.UsageError("Give --p12, or all of --pkcs11-module, --token, --key and --pin-file.")
    target = out or report.with_name(f"{report.stem}-signed{report.suffix}")
    if target.exists():
        raise Refused(f"{target} is there already.")
    target.write_bytes(_signed(signer, report.read_bytes(), field, tsa_url))
    click.echo(f"Signed as {signer.name}: {target}")


def _of_file(bundle: Path, passphrase_file: Path | None) -> Pkcs12Signer:
    if passphrase_file is not None:
        return Pkcs12Signer.from_files(bundle, passphrase_file)
    passphrase = str(click.prompt("Passphrase", hide_input=True, default="", show_default=False))
    return Pkcs12Signer(bundle.read_bytes(), passphrase)


def _signed(signer: CertificateSigner, pdf: bytes, field: str, tsa_url: str) -> bytes:
    stamping = _stamping(tsa_url)
    try:
        return signer.approve(
            pdf, field, reason=REASONS[ROLES[field]], at=datetime.now(UTC), stamping=stamping
        )
    except SigningError as error:
        raise Refused(f"Nothing was signed: {error.reason}.") from error


def _stamping(tsa_url: str) -> Stamping:
    """Whether the certificates count is for the organisation to say; here nobody is asked but for the time."""
    if not tsa_url:
        return Stamping(persons=True)
    return Stamping(Level.B_T, TimeStampAuthority(tsa_url, None), persons=True)


COMMANDS: Final = (sign_approval,)
