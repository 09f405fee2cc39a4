from __future__ import annotations

import io
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from ethiek.errors import SigningError
from ethiek.reports.inspection import inspect_anything
from ethiek.reports.pki import TestPki, ensure_test_pki, make_test_pki
from ethiek.reports.render import render
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.verify import verify
from tests.unit.reports.sources import a_source

NOW = datetime.now(UTC)
NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Zegel van de provincie")])


def a_certificate(key: rsa.RSAPrivateKey | dsa.DSAPrivateKey, *, may_sign: bool = True) -> x509.Certificate:
    usage = x509.KeyUsage(may_sign, may_sign, not may_sign, *(False,) * 6)
    builder = x509.CertificateBuilder(
        NAME, NAME, key.public_key(), 7, NOW - timedelta(days=1), NOW + timedelta(days=30)
    )
    return builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())


def a_bundle(key: rsa.RSAPrivateKey | dsa.DSAPrivateKey, certificate: x509.Certificate) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        b"seal", key, certificate, None, BestAvailableEncryption(b"geheim")
    )


def refusal(bundle: bytes, passphrase: str) -> str:
    with pytest.raises(SigningError) as caught:
        Pkcs12Signer(bundle, passphrase)
    return caught.value.reason


def test_seal_of_an_rsa_key_verifies_as_no_test_where_the_document_says_so() -> None:
    key = rsa.generate_private_key(65537, 2048)
    certificate = a_certificate(key)
    signer = Pkcs12Signer(a_bundle(key, certificate), "geheim")
    pdf = signer.seal(render(a_source(test_seal=False)), reason="Advies", at=NOW)
    result = verify(pdf, [certificate.public_bytes(Encoding.PEM)])

    assert (signer.name, signer.is_test) == ("Zegel van de provincie", False)
    assert [finding.code for finding in result.failures()] == []
    assert (result.ok, result.is_test, result.signed_by) == (True, False, "Zegel van de provincie")


def test_seal_keeps_the_rendered_bytes_and_the_given_time(unsigned: bytes, signer: Pkcs12Signer) -> None:
    at = NOW.replace(microsecond=0)
    pdf = signer.seal(unsigned, reason="Advies ETH-2026-0007", at=at)

    assert pdf.startswith(unsigned)
    assert [signature["at"] for signature in inspect_anything(pdf, [])["signatures"]] == [
        f"{at:%Y-%m-%dT%H:%M:%SZ}"
    ]
    assert (signer.name, signer.is_test) == ("Ethiek TESTZEGEL – geen rechtskracht", True)


def test_seal_leaves_the_pdf_version_that_pdf_a_3_asks_for(unsigned: bytes, signed: bytes) -> None:
    versions = []
    for data in (unsigned, signed):
        with pikepdf.open(io.BytesIO(data)) as document:
            versions.append((document.pdf_version, "/Version" in document.Root))
    assert versions == [("1.7", False), ("1.7", False)]


def test_expired_certificate_is_refused_with_its_date(unsigned: bytes, signer: Pkcs12Signer) -> None:
    with pytest.raises(SigningError) as caught:
        signer.seal(unsigned, reason="Advies", at=signer.valid_until + timedelta(seconds=1))

    assert caught.value.reason == f"the signing certificate expired on {signer.valid_until:%Y-%m-%d}"


def test_certificate_of_tomorrow_is_refused(unsigned: bytes, tmp_path: Path) -> None:
    pki = TestPki(tmp_path)
    make_test_pki(tmp_path, NOW + timedelta(days=10))

    with pytest.raises(SigningError) as caught:
        Pkcs12Signer.of_test_pki(pki).seal(unsigned, reason="Advies", at=NOW)

    assert (
        caught.value.reason
        == f"the signing certificate is not valid before {NOW + timedelta(days=9):%Y-%m-%d}"
    )


def test_wrong_passphrase_and_no_bundle_at_all_are_refused(pki: TestPki) -> None:
    said = "the PKCS#12 file cannot be opened: wrong passphrase, or not a PKCS#12 file"

    assert refusal(pki.pkcs12.read_bytes(), "fout") == said
    assert refusal(b"no bundle", "fout") == said


def test_missing_key_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SigningError) as caught:
        Pkcs12Signer.from_files(tmp_path / "away.p12", tmp_path / "away.txt")

    assert caught.value.reason == "the key file or its passphrase cannot be read (FileNotFoundError)"


def test_weak_strange_and_unsuitable_keys_are_refused() -> None:
    small, strange = rsa.generate_private_key(65537, 1024), dsa.generate_private_key(2048)
    fit = rsa.generate_private_key(65537, 2048)

    assert refusal(a_bundle(small, a_certificate(small)), "geheim") == (
        "the RSA key has 1024 bits; at least 2048 are needed"
    )
    assert refusal(a_bundle(strange, a_certificate(strange)), "geheim") == (
        "the key is neither RSA nor elliptic curve"
    )
    assert refusal(a_bundle(fit, a_certificate(fit, may_sign=False)), "geheim") == (
        "the certificate may not be used for signatures"
    )


def test_report_is_sealed_once_only(signed: bytes, signer: Pkcs12Signer) -> None:
    with pytest.raises(SigningError):
        signer.seal(signed, reason="Advies", at=NOW)


def test_something_else_than_a_report_is_not_sealed(signer: Pkcs12Signer) -> None:
    with pytest.raises(SigningError):
        signer.seal(b"%PDF-1.7\nnothing", reason="Advies", at=NOW)


def test_test_pki_is_made_once_by_two_at_the_same_time(tmp_path: Path) -> None:
    folder = tmp_path / "keys" / "test-pki"
    barrier = threading.Barrier(4)

    def make() -> None:
        barrier.wait()
        ensure_test_pki(folder)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    first = ensure_test_pki(folder).pkcs12.read_bytes()
    assert ensure_test_pki(folder).pkcs12.read_bytes() == first
    assert [path.name for path in folder.parent.iterdir()] == ["test-pki"]
    assert Pkcs12Signer.of_test_pki(TestPki(folder)).is_test


def test_test_pki_is_readable_by_its_owner_only(pki: TestPki) -> None:
    assert pki.folder.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in pki.folder.iterdir()} == {
        "root.pem": 0o600,
        "root.crl": 0o600,
        "intermediate.crl": 0o600,
        "chair.p12": 0o600,
        "seal.p12": 0o600,
        "secretary.p12": 0o600,
        "seal.passphrase": 0o600,
    }
