"""Opens a PKCS#12 file of a person in a process of its own: ``python -m ethiek.reports.opening``.

Such a file says itself how much work it is to open. Standard input is one JSON object with ``bundle`` (base64) and
``passphrase``; standard output another one, with ``key`` (PKCS#8), ``certificate`` and ``chain`` (DER, base64), or
with ``refused``. Both ways are pipes: neither file nor key touches a disk.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from ethiek.errors import SigningError
from ethiek.reports.child_process import ChildTimeoutError, run_secret_child
from ethiek.reports.confinement import confine
from ethiek.reports.sign import Key, Pkcs12Signer, opened

CHILD: Final = "ethiek.reports.opening"
LARGEST_BUNDLE: Final = 64 * 2**10
"""Bytes; one with a long chain has 10,000."""
MEMORY_BYTES: Final = 2**29
CPU_SECONDS: Final = 8
WALL_SECONDS: Final = 15.0


def signer_in(bundle: bytes, passphrase: str, wall_seconds: float = WALL_SECONDS) -> Pkcs12Signer:
    """Return a signer with the key in this file; the key is in memory only, for as long as the signer is.

    Raises:
        SigningError: it cannot be opened; ``code`` is ``passphrase`` (or no such file at all), ``too_much_work``,
            ``too_large``, ``weak`` or ``usage``.
    """
    if len(bundle) > LARGEST_BUNDLE:
        raise SigningError("the PKCS#12 file is too large", "too_large")
    job = json.dumps({"bundle": _encoded(bundle), "passphrase": passphrase}).encode()
    try:
        status, output = run_secret_child(CHILD, job, wall_seconds=wall_seconds)
    except ChildTimeoutError as error:
        raise _too_much() from error
    if status != 0:
        raise _too_much()
    return _signer(json.loads(output))


def _signer(found: Mapping[str, Any]) -> Pkcs12Signer:
    if "refused" in found:
        raise SigningError(found["refused"], found["code"] or "passphrase")
    key: Any = load_der_private_key(base64.b64decode(found["key"]), None)
    chain = (x509.load_der_x509_certificate(base64.b64decode(one)) for one in found["chain"])
    certificate = x509.load_der_x509_certificate(base64.b64decode(found["certificate"]))
    return Pkcs12Signer.of_key(key, certificate, tuple(chain))


def _too_much() -> SigningError:
    return SigningError("the PKCS#12 file takes too much work to open", "too_much_work")


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _answer(job: Mapping[str, Any]) -> dict[str, Any]:
    try:
        key, certificate, chain = opened(base64.b64decode(job["bundle"]), job["passphrase"])
    except SigningError as error:
        return {"refused": error.reason, "code": error.code}
    return {
        "key": _encoded(_plain(key)),
        "certificate": _encoded(certificate.public_bytes(Encoding.DER)),
        "chain": [_encoded(one.public_bytes(Encoding.DER)) for one in chain],
    }


def _plain(key: Key) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def main() -> int:
    """Open the file on standard input."""
    confine(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)
    sys.stdout.write(json.dumps(_answer(json.loads(sys.stdin.buffer.read()))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
