"""A local test PKI (root, intermediate, seal, two persons), so that development and demo can sign a report.

Everything in it says that it is a test. The root is trusted by nobody who is not told to.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey

ORGANISATION: Final = "Ethiek TEST-PKI"
ROOT: Final = "Ethiek TEST-root – geen rechtskracht"
INTERMEDIATE: Final = "Ethiek TEST-uitgever – geen rechtskracht"
SEAL: Final = "Ethiek TESTZEGEL – geen rechtskracht"

PERSONS: Final = {
    "chair": "Ethiek TESTPERSOON voorzitter – geen rechtskracht",
    "secretary": "Ethiek TESTPERSOON secretaris – geen rechtskracht",
}

CA_YEARS: Final = 10
SEAL_YEARS: Final = 5


@dataclass(frozen=True, slots=True)
class TestPki:
    """Where the files of the test PKI are; all of them are in ``folder``."""

    __test__ = False  # the name starts with Test; pytest must not collect it

    folder: Path

    @property
    def root(self) -> Path:
        """Certificate of the root, in PEM: what a verifier must trust."""
        return self.folder / "root.pem"

    @property
    def pkcs12(self) -> Path:
        """Key and certificate of the seal, with its chain."""
        return self.folder / "seal.p12"

    def person(self, role: str) -> Path:
        """Key and certificate of who approves as "chair" or "secretary"; the passphrase is that of the seal."""
        return self.folder / f"{role}.p12"

    @property
    def passphrase_file(self) -> Path:
        """The random passphrase of ``pkcs12``; readable by its owner only."""
        return self.folder / "seal.passphrase"

    @property
    def crls(self) -> tuple[Path, Path]:
        """Revocation lists (DER) of the root and of the intermediate; both are empty."""
        return self.folder / "root.crl", self.folder / "intermediate.crl"

    def passphrase(self) -> str:
        """Read the passphrase."""
        return self.passphrase_file.read_text(encoding="ascii")


def ensure_test_pki(folder: Path) -> TestPki:
    """Return the test PKI in ``folder``, made first if there is none.

    Two processes may call this at once: each makes a complete folder, and one of the two gets the name.
    """
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))  # mode 0700
        try:
            make_test_pki(made, datetime.now(UTC))
            with contextlib.suppress(OSError):  # the other process was first
                made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return TestPki(folder)


def make_test_pki(folder: Path, now: datetime) -> None:
    """Write a new test PKI into an existing, empty folder.

    Args:
        now: certificates are valid from one day before it, the seal for five years.
    """
    pki = TestPki(folder)
    root_key, intermediate_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _certificate(ROOT, root_key, ROOT, root_key, now=now, ca_depth=1)
    intermediate = _certificate(INTERMEDIATE, intermediate_key, ROOT, root_key, now=now, ca_depth=0)
    passphrase = secrets.token_urlsafe(32)
    for path, name in (
        (pki.pkcs12, SEAL),
        *((pki.person(role), person) for role, person in PERSONS.items()),
    ):
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(name, key, INTERMEDIATE, intermediate_key, now=now)
        bundle = pkcs12.serialize_key_and_certificates(
            name.encode(),
            key,
            certificate,
            [intermediate, root],
            BestAvailableEncryption(passphrase.encode()),
        )
        _write(path, bundle)
    _write(pki.root, root.public_bytes(Encoding.PEM))
    _write(pki.crls[0], _revocation_list(ROOT, root_key, now).public_bytes(Encoding.DER))
    _write(pki.crls[1], _revocation_list(INTERMEDIATE, intermediate_key, now).public_bytes(Encoding.DER))
    _write(pki.passphrase_file, passphrase.encode())


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "NL"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _certificate(
    subject: str, key: Key, issuer: str, issuer_key: Key, *, now: datetime, ca_depth: int | None = None
) -> x509.Certificate:
    """Issue a certificate; ``ca_depth`` is None for the seal, otherwise how many CAs may follow."""
    is_ca = ca_depth is not None
    start = now.replace(microsecond=0) - timedelta(days=1)
    end = start + timedelta(days=365 * (CA_YEARS if is_ca else SEAL_YEARS))
    public, issuer_public = key.public_key(), issuer_key.public_key()
    builder = (
        x509.CertificateBuilder(
            _name(issuer), _name(subject), public, x509.random_serial_number(), start, end
        )
        .add_extension(x509.BasicConstraints(is_ca, ca_depth), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_public), critical=False)
        .add_extension(_usage(is_ca=is_ca), critical=True)
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(*, is_ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_ca,
        content_commitment=not is_ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )


def _revocation_list(issuer: str, key: Key, now: datetime) -> x509.CertificateRevocationList:
    start = now.replace(microsecond=0) - timedelta(days=1)
    builder = (
        x509.CertificateRevocationListBuilder(_name(issuer), start, start + timedelta(days=365 * SEAL_YEARS))
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    return builder.sign(key, hashes.SHA256())


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
