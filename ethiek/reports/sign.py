"""Who can seal a report, and the seal in a PKCS#12 file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import pkcs12

from ethiek.errors import SigningError
from ethiek.reports.pki import TestPki
from ethiek.reports.sealing import PLAIN, CertificateSigner
from ethiek.reports.stamping import Stamping

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

SMALLEST_RSA: Final = 2048


class PdfSigner(Protocol):
    """Something that can seal a report: a PKCS#12 file here, a token or a service elsewhere."""

    @property
    def name(self) -> str:
        """Who signs, as the certificate says."""

    @property
    def is_test(self) -> bool:
        """Whether the seal has no legal value."""

    @property
    def valid_until(self) -> datetime:
        """When the certificate ends."""

    @property
    def issuers(self) -> tuple[bytes, ...]:
        """Certificates (PEM) with which the seal can be checked."""

    def check(self, at: datetime, stamping: Stamping = PLAIN) -> None:
        """Pass if the certificate may seal at this time.

        Raises:
            SigningError: it may not; ``code`` says why.
        """

    def seal(self, pdf: bytes, *, reason: str, at: datetime, stamping: Stamping = PLAIN) -> bytes:
        """Return the same file with a seal behind it.

        Args:
            pdf: a rendered report with an empty field for the seal, and for a time stamp if there will be one.
            at: now, in any time zone; it becomes the time of signing.
            stamping: the level, and what it needs.

        Raises:
            SigningError: no seal could be set; nothing may be issued.
        """


class Pkcs12Signer(CertificateSigner):
    """Seals with the key in a PKCS#12 file (RSA or elliptic curve)."""

    def __init__(self, bundle: bytes, passphrase: str) -> None:
        key, certificate, chain = opened(bundle, passphrase)
        super().__init__(_OpenedKey(key), certificate, chain)

    @classmethod
    def of_key(
        cls, key: Key, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]
    ) -> Pkcs12Signer:
        """The same, of a file that was opened elsewhere."""
        signer = cls.__new__(cls)
        CertificateSigner.__init__(signer, _OpenedKey(_checked_key(key)), certificate, chain)
        return signer

    @classmethod
    def from_files(cls, bundle: Path, passphrase_file: Path) -> Pkcs12Signer:
        """Read both files; white space around the passphrase is not part of it.

        Raises:
            SigningError: a file cannot be read, or the bundle cannot be used.
        """
        try:
            return cls(bundle.read_bytes(), passphrase_file.read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError) as error:
            raise SigningError(
                f"the key file or its passphrase cannot be read ({type(error).__name__})"
            ) from error

    @classmethod
    def of_test_pki(cls, pki: TestPki) -> Pkcs12Signer:
        """The test seal."""
        return cls.from_files(pki.pkcs12, pki.passphrase_file)


class _OpenedKey:
    def __init__(self, key: Key) -> None:
        self._key = key

    def sign_digest(self, digest: bytes) -> bytes:
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
        return self._key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))


def opened(bundle: bytes, passphrase: str) -> tuple[Key, x509.Certificate, tuple[x509.Certificate, ...]]:
    """What is in a PKCS#12 file: the key, its certificate, and the other certificates.

    Raises:
        SigningError: it cannot be opened, or holds no key that can sign.
    """
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(bundle, passphrase.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningError(
            "the PKCS#12 file cannot be opened: wrong passphrase, or not a PKCS#12 file"
        ) from error
    if key is None or certificate is None:
        raise SigningError("the PKCS#12 file holds no key with its certificate")
    return _checked_key(key), certificate, tuple(chain)


def _checked_key(key: object) -> Key:
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < SMALLEST_RSA:
            raise SigningError(
                f"the RSA key has {key.key_size} bits; at least {SMALLEST_RSA} are needed", "weak"
            )
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key
    raise SigningError("the key is neither RSA nor elliptic curve", "weak")
