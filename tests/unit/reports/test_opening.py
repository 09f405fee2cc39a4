"""Opening the file that holds the key of a person: in a process of its own, with an end, and through pipes only."""

from __future__ import annotations

import time

import pytest
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12

from ethiek.errors import SigningError
from ethiek.reports.child_process import ChildTimeoutError, run_secret_child
from ethiek.reports.opening import LARGEST_BUNDLE, signer_in
from tests.authorities import PASSPHRASE, Authorities

AUTHORITIES = Authorities()
AUTHORITIES.open("http://127.0.0.1:9")
CHRIS = AUTHORITIES.a_seal("Chris")


def refusal(bundle: bytes, passphrase: str = PASSPHRASE, seconds: float = 20) -> str:
    with pytest.raises(SigningError) as caught:
        signer_in(bundle, passphrase, seconds)
    return caught.value.code


def with_iterations(bundle: bytes, number: int) -> bytes:
    """The same file, which says that opening it takes so many rounds of work."""
    opened = asn1_pkcs12.Pfx.load(bundle)
    opened["mac_data"]["iterations"] = number
    return bytes(opened.dump(force=True))


def test_file_of_a_person_gives_a_signer_with_its_chain() -> None:
    signer = signer_in(AUTHORITIES.bundle(CHRIS), PASSPHRASE)
    assert (signer.name, signer.is_test, len(signer.issuers)) == ("Chris", False, 2)
    assert signer.certificate == CHRIS.certificate


def test_file_without_a_passphrase_gives_a_signer() -> None:
    bare = pkcs12.serialize_key_and_certificates(b"x", CHRIS.key, CHRIS.certificate, None, NoEncryption())
    assert signer_in(bare, "").name == "Chris"


@pytest.mark.parametrize(
    ("bundle", "passphrase", "code"),
    [
        (AUTHORITIES.bundle(CHRIS), "verkeerd", "passphrase"),
        (b"geen sleutel", PASSPHRASE, "passphrase"),
        (b"", "", "passphrase"),
        (CHRIS.certificate.public_bytes(Encoding.DER), PASSPHRASE, "passphrase"),
        (AUTHORITIES.bundle(AUTHORITIES.root), PASSPHRASE, "usage"),
        (bytes(LARGEST_BUNDLE + 1), PASSPHRASE, "too_large"),
    ],
    ids=["passphrase", "text", "nothing", "certificate alone", "not for signatures", "too large"],
)
def test_file_that_cannot_be_used_is_refused_with_a_code(bundle: bytes, passphrase: str, code: str) -> None:
    assert refusal(bundle, passphrase) == code


def test_file_that_asks_for_a_billion_rounds_holds_nobody_up() -> None:
    hostile = with_iterations(AUTHORITIES.bundle(CHRIS), 10**9)
    begin = time.monotonic()
    assert refusal(hostile, seconds=3) == "too_much_work"
    assert time.monotonic() - begin < 10


def test_secret_job_that_does_not_end_is_ended() -> None:
    with pytest.raises(ChildTimeoutError):
        run_secret_child("http.server", b"x" * 2**17, wall_seconds=1)
