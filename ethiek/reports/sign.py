"""Sealing a report: PAdES B-B, as a certification signature that allows no change afterwards."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError as PyHankoSigningError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ethiek.errors import SigningError
from ethiek.reports.expected import TEST_MARK
from ethiek.reports.fields import SEAL
from ethiek.reports.pki import TestPki

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

DIGEST: Final = "sha256"
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
    def issuers(self) -> tuple[bytes, ...]:
        """Certificates (PEM) with which the seal can be checked."""

    def seal(self, pdf: bytes, *, reason: str, at: datetime) -> bytes:
        """Return the same file with a seal behind it.

        Args:
            pdf: a rendered report with an empty field for the seal.
            at: now, in any time zone; it becomes the time of signing.

        Raises:
            SigningError: no seal could be set; nothing may be issued.
        """


class Pkcs12Signer:
    """Seals with the key in a PKCS#12 file (RSA or elliptic curve)."""

    def __init__(self, bundle: bytes, passphrase: str) -> None:
        self._key, self._certificate, self._chain = _opened(bundle, passphrase)

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

    @property
    def name(self) -> str:
        """The common name in the certificate, or the whole subject without one."""
        names = self._certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value) if names else self._certificate.subject.rfc4514_string()

    @property
    def is_test(self) -> bool:
        """Whether the certificate says that it is a test seal."""
        return TEST_MARK in self.name

    @property
    def valid_until(self) -> datetime:
        """When the certificate ends."""
        return self._certificate.not_valid_after_utc

    @property
    def issuers(self) -> tuple[bytes, ...]:
        """The certificates (PEM) that came with the key and vouch for it; its own if it came alone."""
        chain = self._chain or (self._certificate,)
        return tuple(certificate.public_bytes(Encoding.PEM) for certificate in chain)

    def seal(self, pdf: bytes, *, reason: str, at: datetime) -> bytes:
        """See :class:`PdfSigner`."""
        self._check_dates(at)
        metadata = signers.PdfSignatureMetadata(
            field_name=SEAL.name,
            name=self.name,
            reason=reason,
            subfilter=SigSeedSubFilter.PADES,
            md_algorithm=DIGEST,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        signer = _DatedSigner(metadata, _signer(self._key, self._certificate, self._chain), at=at)
        try:
            output = signer.sign_pdf(_UntouchedMetadata(io.BytesIO(pdf)), existing_fields_only=True)
        except (PdfError, PyHankoSigningError) as error:
            raise SigningError(f"the report cannot be sealed: {error}") from error
        return bytes(output.getvalue())

    def _check_dates(self, at: datetime) -> None:
        start, end = self._certificate.not_valid_before_utc, self._certificate.not_valid_after_utc
        if at < start:
            raise SigningError(f"the signing certificate is not valid before {_day(start)}")
        if at > end:
            raise SigningError(f"the signing certificate expired on {_day(end)}")


class _UntouchedMetadata(IncrementalPdfFileWriter):
    """Leaves the XMP packet and the PDF version alone: pyHanko would rewrite them, and PDF/A-3 is PDF 1.7.

    This overrides a private method; tests prove that packet and version survive.
    """

    def _update_meta(self) -> None:
        pass

    def ensure_output_version(self, version: object) -> None:
        """Stay at the version of the rendered file; PAdES needs no later one."""


class _DatedSigner(signers.PdfSigner):
    """Signs at a given moment instead of the machine's own now."""

    def __init__(self, metadata: Any, signer: Any, *, at: datetime) -> None:
        super().__init__(metadata, signer)
        self._at = at.astimezone(UTC).replace(microsecond=0)

    def init_signing_session(self, *args: Any, **options: Any) -> Any:
        session = super().init_signing_session(*args, **options)
        session.system_time = self._at
        return session


class _KeySigner(signers.Signer):
    """Signs with a key that is already loaded; pyHanko's own signer loads and checks it again every time."""

    def __init__(self, key: Key, certificate: Any, chain: Any) -> None:
        super().__init__(signing_cert=certificate, cert_registry=chain, embed_roots=False)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002
        del dry_run
        if digest_algorithm != DIGEST:
            raise SigningError(f"digest {digest_algorithm} is not supported")
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


def _signer(key: Key, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> _KeySigner:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    for link in chain:
        store.register(_for_pyhanko(link))
    return _KeySigner(key, _for_pyhanko(certificate), store)


def _for_pyhanko(certificate: x509.Certificate) -> Any:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _opened(bundle: bytes, passphrase: str) -> tuple[Key, x509.Certificate, tuple[x509.Certificate, ...]]:
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(bundle, passphrase.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningError(
            "the PKCS#12 file cannot be opened: wrong passphrase, or not a PKCS#12 file"
        ) from error
    if key is None or certificate is None:
        raise SigningError("the PKCS#12 file holds no key with its certificate")
    _check_usage(certificate)
    return _checked_key(key), certificate, tuple(chain)


def _checked_key(key: object) -> Key:
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < SMALLEST_RSA:
            raise SigningError(f"the RSA key has {key.key_size} bits; at least {SMALLEST_RSA} are needed")
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key
    raise SigningError("the key is neither RSA nor elliptic curve")


def _check_usage(certificate: x509.Certificate) -> None:
    """A certificate that limits its use must allow signatures (RFC 5280, 4.2.1.3)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise SigningError("the certificate may not be used for signatures")


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
