"""A time stamp authority in this process, with a root of its own."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper


class _Quiet(IncrementalPdfFileWriter):
    """Leaves the metadata alone."""

    def _update_meta(self) -> None:
        pass

    def ensure_output_version(self, version: object) -> None:
        pass


@dataclass
class Stamper:
    """``root``: its certificate in PEM, which is also the one that stamps are signed with."""

    root: bytes
    stamps: Any

    @classmethod
    def new(cls) -> Stamper:
        ca_key, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        root = _certificate("Proefwortel tijd", "Proefwortel tijd", ca_key, ca_key, ca=True)
        certificate = _certificate("Proefstempel", "Proefwortel tijd", key, ca_key, ca=False)
        private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        stamps = DummyTimeStamper(
            asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
            asn1_keys.PrivateKeyInfo.load(private),
        )
        return cls(root.public_bytes(Encoding.PEM), stamps)

    def stamp(self, pdf: bytes, field: str) -> bytes:
        """Set a document time stamp in an empty field."""
        writer = _Quiet(io.BytesIO(pdf))
        output = PdfTimeStamper(self.stamps, field_name=field).timestamp_pdf(writer, "sha256")
        return bytes(output.getvalue())


def _certificate(
    name: str, issuer: str, key: rsa.RSAPrivateKey, issuer_key: rsa.RSAPrivateKey, *, ca: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3000))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(_usage(ca=ca), critical=True)
    )
    if not ca:
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(stamping, critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca, key_cert_sign=ca, crl_sign=ca, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
