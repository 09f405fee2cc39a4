"""A real token in software (SoftHSM). Its driver reads its settings once per process, so that has one token."""

from __future__ import annotations

import atexit
import functools
import shutil
import subprocess
import tempfile
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TypeVar

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.authorities import Authorities, Issued, serving

T = TypeVar("T")
MODULES = [Path(folder) / "softhsm/libsofthsm2.so" for folder in ("/usr/lib", "/usr/lib64", "/usr/local/lib")]
MODULE = next((path for path in MODULES if path.exists()), None)
PIN = "1234"
needs_token = pytest.mark.skipif(
    MODULE is None or shutil.which("softhsm2-util") is None, reason="SoftHSM 2 is not on this machine"
)


@functools.cache
def the_authorities() -> Authorities:
    """Those that issued what is in the token, served until the process ends."""
    return _until_the_end(serving(Authorities()))


@functools.cache
def the_token() -> Path:
    """A folder with the PIN of a token that holds an elliptic-curve key and an RSA key with their certificates."""
    authorities = the_authorities()
    folder = Path(_until_the_end(tempfile.TemporaryDirectory()))
    (folder / "tokens").mkdir()
    (folder / "pin").write_text(f"{PIN}\n")
    (folder / "wrong").write_text("9999")
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))  # before the driver is loaded
        _run("--init-token", "--free", "--label", "ethiek", "--pin", PIN, "--so-pin", "4321")
        _put(folder, "zegel", authorities.a_seal())
        _put(folder, "rsa", authorities.a_stamper())
        _import_key(folder, "kaal", authorities.a_seal(), "a9")
    return folder


def _until_the_end(context: AbstractContextManager[T]) -> T:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(context)


def _run(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


def _import_key(folder: Path, label: str, issued: Issued, identity: str) -> None:
    file = folder / f"{label}.key"
    file.write_bytes(issued.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _run("--import", str(file), "--token", "ethiek", "--label", label, "--id", identity, "--pin", PIN)


def _put(folder: Path, label: str, issued: Issued) -> None:
    import pkcs11  # noqa: PLC0415  # reads its settings when it is loaded
    from pkcs11.util.x509 import decode_x509_certificate  # noqa: PLC0415

    _import_key(folder, label, issued, "a1" if label == "zegel" else "a2")
    found = pkcs11.lib(str(MODULE)).get_token(token_label="ethiek")
    with found.open(user_pin=PIN, rw=True) as session:
        attributes = decode_x509_certificate(issued.certificate.public_bytes(Encoding.DER))
        session.create_object({**attributes, pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: label})
