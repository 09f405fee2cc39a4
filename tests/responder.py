"""A server for OCSP that is not ours: ``openssl ocsp``, a process of its own on the loopback interface."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.authorities import Authorities

SECONDS = 10.0


class Responder:
    """Knows what its index says; ``good`` and ``revoked`` write in it, and a certificate in neither is unknown."""

    def __init__(self, authorities: Authorities, folder: Path) -> None:
        if shutil.which("openssl") is None:
            pytest.skip("openssl is not installed")
        self.folder = folder
        self.port = _free_port()
        self._authorities = authorities
        authorities.responder = f"http://127.0.0.1:{self.port}/"
        (folder / "issuer.pem").write_bytes(authorities.issuer.pem)
        _write_identity(authorities, folder)
        (folder / "index.txt").touch()

    def knows(self, certificate: x509.Certificate, *, revoked: datetime | None = None) -> None:
        """Write a certificate in the index, as the database of an issuer has it (``openssl ca``)."""
        end = f"{certificate.not_valid_after_utc:%y%m%d%H%M%SZ}"
        since = f"{revoked:%y%m%d%H%M%SZ}" if revoked else ""
        serial = f"{certificate.serial_number:X}"
        serial = serial if len(serial) % 2 == 0 else f"0{serial}"
        row = ["R" if revoked else "V", end, since, serial, "unknown", f"/CN={serial}"]
        with (self.folder / "index.txt").open("a") as index:
            index.write("\t".join(row) + "\n")

    @contextmanager
    def running(self) -> Iterator[None]:
        """Answer until the end of the block."""
        command = ["openssl", "ocsp", "-index", "index.txt", "-CA", "issuer.pem", "-port", str(self.port)]
        command += ["-rsigner", "responder.pem", "-rkey", "responder.key", "-nmin", "60", "-ignore_err"]
        with (self.folder / "log.txt").open("w") as log:
            process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
            try:
                self._await(process)
                yield
            finally:
                process.terminate()
                process.wait()

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + SECONDS
        log = self.folder / "log.txt"
        while "ACCEPT" not in log.read_text():  # it serves one at a time, and hangs on a mere probe
            assert time.monotonic() < until, log.read_text()
            assert process.poll() is None, log.read_text()
            time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write_identity(authorities: Authorities, folder: Path) -> None:
    """A certificate for answers, issued by the issuer itself and not to be looked up again (RFC 6960, 4.2.2.2)."""
    key, issuer = ec.generate_private_key(ec.SECP256R1()), authorities.issuer
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Proefantwoorder")])
    now = authorities.now
    only = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
    certificate = (
        x509.CertificateBuilder(issuer.certificate.subject, subject, key.public_key(), 4711)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3000))
        .add_extension(only, critical=True)
        .add_extension(x509.OCSPNoCheck(), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )
    (folder / "responder.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "responder.key").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
