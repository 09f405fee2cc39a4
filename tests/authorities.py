"""A certificate authority and a time stamp authority for tests, both on the loopback interface and for real."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PASSPHRASE = "geheim"
REJECTION = bytes.fromhex("30053003020102")
"""An answer of RFC 3161 without a time stamp: status 2."""
CANNED = {
    "huge": (200, b"\x30" * (10 * 2**20)),
    "garbage": (200, b"<html>Welkom op het wifi-netwerk</html>"),
    "status": (503, b"busy"),
    "redirect": (302, b""),
    "refused": (200, REJECTION),
}


@dataclass
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


@dataclass
class Authorities:
    """Root, issuer, and a server that serves ``/root.crl``, ``/issuer.crl`` and time stamps at ``/tsa``.

    ``behaviour``: how the time stamp authority answers; see ``_stamp``.
    """

    behaviour: str = "good"
    asked: int = 0
    lists_are_served: bool = True
    address: str = ""
    revoked: list[x509.Certificate] = field(default_factory=list)
    responder: str = ""
    """Address of a server for OCSP; certificates that are issued while it is set name it, and no list."""
    remote: Issued | None = None
    """What ``/sign`` signs a digest with."""

    def __post_init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.root = self._issue("Proefwortel", None, ca=True)
        self.other = self._issue("Vreemde wortel", None, ca=True)

    def open(self, address: str) -> None:
        self.address = address
        self.issuer = self._issue("Proefuitgever", self.root, ca=True)
        self.stamper = self._issue("Proefstempel", self.issuer, stamps=True)

    @property
    def tsa_url(self) -> str:
        return f"{self.address}/tsa"

    def a_seal(self, name: str = "Zegel van de provincie", *, days: tuple[int, int] = (-1, 400)) -> Issued:
        return self._issue(name, self.issuer, days=days)

    def a_stamper(self, *, days: tuple[int, int] = (-1, 2000)) -> Issued:
        return self._issue("Proefstempel", self.issuer, stamps=True, days=days)

    def bundle(self, seal: Issued) -> bytes:
        """PKCS#12 with the whole chain, behind ``PASSPHRASE``."""
        return pkcs12.serialize_key_and_certificates(
            b"seal",
            seal.key,
            seal.certificate,
            [self.issuer.certificate, self.root.certificate],
            BestAvailableEncryption(PASSPHRASE.encode()),
        )

    def revocation_list(self, issuer: Issued) -> bytes:
        builder = x509.CertificateRevocationListBuilder(
            issuer.certificate.subject, self.now - timedelta(hours=1), self.now + timedelta(days=30)
        ).add_extension(x509.CRLNumber(1), critical=False)
        for certificate in self.revoked:
            row = x509.RevokedCertificateBuilder(certificate.serial_number, self.now - timedelta(minutes=30))
            builder = builder.add_revoked_certificate(row.build())
        identity = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        return (
            builder.add_extension(identity, critical=False)
            .sign(issuer.key, hashes.SHA256())
            .public_bytes(Encoding.DER)
        )

    def lists_in(self, folder: Path) -> Path:
        """Write both lists into a folder."""
        folder.mkdir(exist_ok=True)
        (folder / "root.crl").write_bytes(self.revocation_list(self.root))
        (folder / "issuer.crl").write_bytes(self.revocation_list(self.issuer))
        return folder

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of one request."""
        served = {"/root.crl": self.root, "/issuer.crl": self.issuer} if self.lists_are_served else {}
        if path in served:
            return 200, self.revocation_list(served[path])
        if path == "/tsa":
            self.asked += 1
            return self._stamp(body)
        if path == "/sign" and self.remote and isinstance(self.remote.key, ec.EllipticCurvePrivateKey):
            return 200, self.remote.key.sign(body, ec.ECDSA(Prehashed(hashes.SHA256())))
        return 404, b""

    def _stamp(self, body: bytes) -> tuple[int, bytes]:
        if self.behaviour in CANNED:
            return CANNED[self.behaviour]
        request = tsp.TimeStampReq.load(body)
        if self.behaviour == "slow":
            time.sleep(1.5)
        elif self.behaviour == "nonce":
            request["nonce"] = 1
        elif self.behaviour == "imprint":
            request["message_imprint"]["hashed_message"] = bytes(32)
        token = bytearray(self._token(request))
        if self.behaviour == "damaged":
            token[-1] ^= 1  # the last byte of the signature
        return 200, bytes(token)

    def _token(self, request: Any) -> bytes:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register(for_pyhanko(self.issuer.certificate))
        key = self.stamper.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        stamper = DummyTimeStamper(
            tsa_cert=for_pyhanko(self.stamper.certificate),
            tsa_key=asn1_keys.PrivateKeyInfo.load(key),
            certs_to_embed=store,
            fixed_dt=datetime(2001, 1, 1, tzinfo=UTC) if self.behaviour == "time" else None,
        )
        return bytes(stamper.request_tsa_response(request).dump())

    def _issue(
        self,
        name: str,
        issuer: Issued | None,
        *,
        ca: bool = False,
        stamps: bool = False,
        days: tuple[int, int] = (-2, 3000),
    ) -> Issued:
        key: Key = (
            rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(ec.SECP256R1())
        )
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        by = issuer.certificate.subject if issuer else subject
        signing_key = issuer.key if issuer else key
        usage = x509.KeyUsage(not ca, not (ca or stamps), *(False,) * 3, ca, ca, *(False,) * 2)
        builder = (
            x509.CertificateBuilder(by, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(self.now + timedelta(days=days[0]))
            .not_valid_after(self.now + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False
            )
            .add_extension(usage, critical=True)
        )
        if stamps:
            only = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(only, critical=True)
        if issuer and self.responder:
            place = x509.UniformResourceIdentifier(self.responder)
            access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)
            builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        elif issuer:
            name_of_list = "root" if issuer is self.root else "issuer"
            place = x509.UniformResourceIdentifier(f"{self.address}/{name_of_list}.crl")
            points = x509.CRLDistributionPoints([x509.DistributionPoint([place], None, None, None)])
            builder = builder.add_extension(points, critical=False)
        return Issued(builder.sign(signing_key, hashes.SHA256()), key)


def for_pyhanko(certificate: x509.Certificate) -> Any:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


@contextmanager
def serving(authorities: Authorities) -> Iterator[Authorities]:
    """Serve until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, body: bytes) -> None:
            status, data = authorities.answer(self.path, body)
            try:
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", f"{authorities.address}/elsewhere")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except ConnectionError:
                pass  # who asked did not wait

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    authorities.open(f"http://127.0.0.1:{server.server_port}")
    try:
        yield authorities
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
