"""A real token in software (SoftHSM), and a key behind an HTTP service."""

from __future__ import annotations

import io
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

from ethiek.errors import SigningError
from ethiek.reports.issuers import Trust
from ethiek.reports.sealing import CertificateSigner
from ethiek.reports.token import TokenSigner
from tests.authorities import Authorities, Issued, serving

NOW = datetime.now(UTC)
MODULES = [Path(folder) / "softhsm/libsofthsm2.so" for folder in ("/usr/lib", "/usr/lib64", "/usr/local/lib")]
MODULE = next((path for path in MODULES if path.exists()), None)
PIN = "1234"
needs_token = pytest.mark.skipif(
    MODULE is None or shutil.which("softhsm2-util") is None, reason="SoftHSM 2 is not on this machine"
)


@pytest.fixture(scope="module")
def authorities() -> Iterator[Authorities]:
    with serving(Authorities()) as served:
        yield served


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory, authorities: Authorities) -> Iterator[Path]:
    """A folder with the PIN of a token that holds an elliptic-curve key and an RSA key with their certificates."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "pin").write_text(f"{PIN}\n")
    (folder / "wrong").write_text("9999")
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))  # before the driver is loaded
        run("--init-token", "--free", "--label", "ethiek", "--pin", PIN, "--so-pin", "4321")
        put(folder, "zegel", authorities.a_seal())
        put(folder, "rsa", authorities.a_stamper())
        run_import(folder, "kaal", authorities.a_seal(), "a9")
        yield folder


def run(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


def run_import(folder: Path, label: str, issued: Issued, identity: str) -> None:
    file = folder / f"{label}.key"
    file.write_bytes(issued.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    run("--import", str(file), "--token", "ethiek", "--label", label, "--id", identity, "--pin", PIN)


def put(folder: Path, label: str, issued: Issued) -> None:
    import pkcs11  # noqa: PLC0415  # reads its settings when it is loaded
    from pkcs11.util.x509 import decode_x509_certificate  # noqa: PLC0415

    run_import(folder, label, issued, "a1" if label == "zegel" else "a2")
    found = pkcs11.lib(str(MODULE)).get_token(token_label="ethiek")
    with found.open(user_pin=PIN, rw=True) as session:
        attributes = decode_x509_certificate(issued.certificate.public_bytes(Encoding.DER))
        session.create_object({**attributes, pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: label})


def opened(token: Path, authorities: Authorities, label: str = "zegel", pin: str = "pin") -> TokenSigner:
    assert MODULE is not None
    roots = (authorities.issuer.pem, authorities.root.pem)
    return TokenSigner.open(MODULE, "ethiek", label, token / pin, roots)


def is_valid(pdf: bytes, authorities: Authorities) -> bool:
    (seal,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(seal, Trust((authorities.root.pem,)).context(proof=True)).bottom_line


@needs_token
@pytest.mark.parametrize("label", ["zegel", "rsa"])
def test_key_in_a_token_seals(token: Path, authorities: Authorities, unsigned: bytes, label: str) -> None:
    signer = opened(token, authorities, label)
    pdf = signer.seal(unsigned, reason="Advies", at=NOW)
    (seal,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    found = validate_pdf_signature(seal, Trust((authorities.root.pem,)).context(proof=True))
    assert (signer.is_test, found.intact, found.valid) == (False, True, True)


@needs_token
@pytest.mark.parametrize(
    ("label", "pin", "code"),
    [
        ("zegel", "wrong", "key_refused"),
        ("zegel", "absent", "key_unreachable"),
        ("kaal", "pin", "key_refused"),
        ("onbekend", "pin", "key_refused"),
    ],
)
def test_token_that_cannot_be_used_gives_no_seal(
    token: Path, authorities: Authorities, label: str, pin: str, code: str
) -> None:
    with pytest.raises(SigningError) as caught:
        opened(token, authorities, label, pin)
    assert caught.value.code == code


def test_driver_that_is_not_there_gives_no_seal(tmp_path: Path) -> None:
    (tmp_path / "pin").write_text(PIN)
    with pytest.raises(SigningError) as caught:
        TokenSigner.open(tmp_path / "driver.so", "ethiek", "zegel", tmp_path / "pin")
    assert caught.value.code == "key_unreachable"


class KeyElsewhere:
    """A key behind an HTTP service: a digest goes over the line, and nothing else."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.sent: list[int] = []

    def sign_digest(self, digest: bytes) -> bytes:
        self.sent.append(len(digest))
        try:
            with urllib.request.urlopen(self._url, digest, timeout=5) as answer:
                return bytes(answer.read())
        except OSError as error:
            raise SigningError("the key cannot be reached", "key_unreachable") from error


def a_remote_signer(authorities: Authorities, path: str) -> tuple[CertificateSigner, KeyElsewhere]:
    authorities.remote = authorities.a_seal()
    key = KeyElsewhere(f"{authorities.address}{path}")
    chain = (authorities.issuer.certificate, authorities.root.certificate)
    return CertificateSigner(key, authorities.remote.certificate, chain), key


def test_key_elsewhere_seals_and_sees_only_a_digest(authorities: Authorities, unsigned: bytes) -> None:
    signer, key = a_remote_signer(authorities, "/sign")
    pdf = signer.seal(unsigned, reason="Advies", at=NOW)
    assert is_valid(pdf, authorities)
    assert set(key.sent) == {32}


def test_key_elsewhere_that_is_away_gives_no_seal(authorities: Authorities, unsigned: bytes) -> None:
    signer, _ = a_remote_signer(authorities, "/away")
    with pytest.raises(SigningError) as caught:
        signer.seal(unsigned, reason="Advies", at=NOW)
    assert caught.value.code == "key_unreachable"
