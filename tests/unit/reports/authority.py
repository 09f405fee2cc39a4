"""A certificate authority for tests: seals and time stamps of any moment, with revocation lists to match."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

NOW = datetime.now(UTC).replace(microsecond=0)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Party:
    """A key with its certificate."""

    key: Key
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def asn1(self) -> Any:
        return asn1_x509.Certificate.load(self.certificate.public_bytes(Encoding.DER))

    @property
    def asn1_key(self) -> Any:
        return asn1_keys.PrivateKeyInfo.load(
            self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        )


@dataclass(frozen=True)
class Authority:
    """Root, seal and time stamp authority, valid from ``start``; the seal for one year, the others for ten."""

    start: datetime = NOW - timedelta(days=2)
    root: Party = field(init=False)
    seal: Party = field(init=False)
    stamper: Party = field(init=False)

    def __post_init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        root = Party(key, self._issue("Beproefde uitgever", key, key, ca=True, days=3650))
        object.__setattr__(self, "root", root)
        object.__setattr__(self, "seal", self.party("Zegel van de provincie", days=365))
        object.__setattr__(self, "stamper", self.party("Tijdstempeldienst", days=3650, stamps=True))

    def party(self, name: str, *, days: int, stamps: bool = False, start: datetime | None = None) -> Party:
        key: Key = (
            rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(ec.SECP256R1())
        )
        return Party(
            key, self._issue(name, key, self.root.key, days=days, stamps=stamps, start=start or self.start)
        )

    def crl(self, at: datetime, revoked: datetime | None = None) -> bytes:
        """The list of the authority (PEM); ``revoked``: when the seal was."""
        builder = (
            x509.CertificateRevocationListBuilder(self.root.certificate.subject)
            .last_update(at - timedelta(hours=1))
            .next_update(at + timedelta(days=30))
        )
        if revoked:
            row = x509.RevokedCertificateBuilder(self.seal.certificate.serial_number, revoked).build()
            builder = builder.add_revoked_certificate(row)
        return builder.sign(self.root.key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def signer(self) -> SimpleSigner:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        return SimpleSigner(self.seal.asn1, self.seal.asn1_key, store)

    def time_stamper(self, at: datetime, party: Party | None = None) -> DummyTimeStamper:
        stamper = party or self.stamper
        return DummyTimeStamper(stamper.asn1, stamper.asn1_key, fixed_dt=at)

    def context(self, at: datetime) -> ValidationContext:
        der = x509.load_pem_x509_crl(self.crl(at)).public_bytes(Encoding.DER)
        return ValidationContext(
            trust_roots=[self.root.asn1],
            crls=[asn1_crl.CertificateList.load(der)],
            moment=at,
            revocation_mode="require",
            allow_fetching=False,
        )

    def _issue(
        self,
        name: str,
        key: Key,
        issuer_key: Key,
        *,
        days: int,
        ca: bool = False,
        stamps: bool = False,
        start: datetime | None = None,
    ) -> x509.Certificate:
        begin = start or self.start
        issuer = _name(name) if ca else self.root.certificate.subject
        usage = x509.KeyUsage(not ca, not ca and not stamps, *(False,) * 3, ca, ca, *(False,) * 2)
        builder = (
            x509.CertificateBuilder(
                issuer,
                _name(name),
                key.public_key(),
                x509.random_serial_number(),
                begin,
                begin + timedelta(days),
            )
            .add_extension(x509.BasicConstraints(ca, 0 if ca else None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
            )
        )
        if stamps:
            builder = builder.add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
            )
        return builder.sign(issuer_key, hashes.SHA256())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
