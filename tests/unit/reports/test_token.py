"""A real token in software (SoftHSM), and a key behind an HTTP service."""

from __future__ import annotations

import io
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

from ethiek.errors import SigningError
from ethiek.reports.issuers import Trust
from ethiek.reports.sealing import CertificateSigner
from ethiek.reports.token import TokenSigner
from tests.authorities import Authorities
from tests.softhsm import MODULE, PIN, needs_token, the_authorities, the_token

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return the_authorities()


@pytest.fixture(scope="module")
def token() -> Path:
    return the_token()


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
