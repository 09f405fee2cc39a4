"""Answers about one certificate (OCSP), of a server that is not ours: asked at sealing, kept, and verified offline."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore, validate_pdf_signature

from ethiek.errors import SigningError
from ethiek.reports.authority import TimeStampAuthority
from ethiek.reports.inspection import inspect_anything
from ethiek.reports.issuers import Trust
from ethiek.reports.levels import Level
from ethiek.reports.render import render
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.source import digest
from ethiek.reports.stamping import Stamping
from ethiek.reports.verification import Verification
from ethiek.reports.verify import judge
from tests.authorities import PASSPHRASE, Authorities, Issued, for_pyhanko, serving
from tests.responder import Responder
from tests.unit.reports.sources import a_source
from tests.unit.reports.stamped import without_stamp

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authorities() -> Iterator[Authorities]:
    with serving(Authorities()) as authorities:
        yield authorities


@pytest.fixture(scope="module")
def responder(authorities: Authorities, tmp_path_factory: pytest.TempPathFactory) -> Responder:
    """Knows the time stamp authority; what it says of a seal depends on the test."""
    responder = Responder(authorities, tmp_path_factory.mktemp("responder"))
    authorities.stamper = authorities.a_stamper()
    responder.knows(authorities.stamper.certificate)
    return responder


def a_seal(responder: Responder, authorities: Authorities, known: str) -> Issued:
    seal = authorities.a_seal()
    if known != "unknown":
        responder.knows(seal.certificate, revoked=NOW - timedelta(hours=1) if known == "revoked" else None)
    return seal


def sealed(authorities: Authorities, seal: Issued, level: Level) -> bytes:
    trust = Trust((authorities.root.pem,))
    authority = TimeStampAuthority(authorities.tsa_url, trust, proof=level.keeps_proof, seconds=5)
    approvals: dict[str, object] = {"signatures": list(level.signatures), "level": level.value}
    blank = render(a_source(approvals=approvals, test_seal=False, time_stamps=True))
    signer = Pkcs12Signer(authorities.bundle(seal), PASSPHRASE)
    return signer.seal(blank, reason="Advies", at=NOW, stamping=Stamping(level, authority, trust))


def checked(pdf: bytes, authorities: Authorities) -> Verification:
    return judge(digest(pdf), inspect_anything(pdf, [authorities.root.pem]), language="en")


def answers_in(pdf: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [bytes(answer.read_bytes()) for answer in document.Root.DSS.OCSPs]


def openssl_says(answer: bytes, certificate: bytes, authorities: Authorities, folder: Path) -> str:
    """What OpenSSL makes of an answer in the file, about one certificate."""
    parts = {"answer": answer, "certificate": certificate, "issuer": authorities.issuer.pem}
    for name, data in {**parts, "root": authorities.root.pem}.items():
        (folder / name).write_bytes(data)
    command = ["openssl", "ocsp", "-respin", "answer", "-issuer", "issuer", "-cert", "certificate"]
    done = subprocess.run(
        [*command, "-CAfile", "root", "-verify_other", "issuer", "-no_nonce"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines()[0] if "Response verify OK" in done.stderr else "not verified"


@pytest.mark.parametrize("level", [Level.B_LT, Level.B_LTA])
def test_answers_are_kept_in_the_report_and_verified_offline_by_three(
    responder: Responder, authorities: Authorities, level: Level, tmp_path: Path
) -> None:
    seal = a_seal(responder, authorities, "good")
    with responder.running():
        pdf = sealed(authorities, seal, level)

    result = checked(pdf, authorities)
    assert (result.failures(), result.level) == ((), level.value.upper())
    answers = answers_in(pdf)
    said = [
        [openssl_says(answer, one.pem, authorities, tmp_path) for answer in answers]
        for one in (seal, authorities.stamper)
    ]
    assert [sorted(one).count("certificate: good") for one in said] == [1, 1]
    reader = PdfFileReader(io.BytesIO(pdf))
    context = DocumentSecurityStore.read_dss(reader).as_validation_context(
        {
            "trust_roots": [for_pyhanko(authorities.root.certificate)],
            "revocation_mode": "require",
            "retroactive_revinfo": True,
            "allow_fetching": False,
        }
    )
    status = validate_pdf_signature(reader.embedded_signatures[0], context)
    assert (status.trusted, status.valid, status.intact) == (True, True, True)


def test_time_stamp_that_is_taken_out_of_a_seal_that_keeps_its_proof_is_seen(
    responder: Responder, authorities: Authorities
) -> None:
    seal = a_seal(responder, authorities, "good")  # what is written later in the same second is not read
    with responder.running():
        pdf = sealed(authorities, seal, Level.B_LT)

    (failed,) = checked(without_stamp(pdf), authorities).failures()
    assert failed.sentence == (
        "The time stamp was taken out of the seal: the document should have level B-LT, and has B-B."
    )


@pytest.mark.parametrize(
    ("known", "level", "code"),
    [
        ("revoked", Level.B_T, "revoked"),
        ("revoked", Level.B_LTA, "revoked"),
        ("unknown", Level.B_T, "revocation_unknown"),
        ("unknown", Level.B_LTA, "revocation_unknown"),
    ],
)
def test_certificate_of_which_the_server_says_no_good_does_not_seal(
    responder: Responder, authorities: Authorities, known: str, level: Level, code: str
) -> None:
    seal = a_seal(responder, authorities, known)
    with responder.running(), pytest.raises(SigningError) as caught:
        sealed(authorities, seal, level)
    assert caught.value.code == code


def test_server_that_is_down_stops_only_levels_that_promise_proof(
    responder: Responder, authorities: Authorities
) -> None:
    seal = a_seal(responder, authorities, "good")
    with pytest.raises(SigningError) as caught:
        sealed(authorities, seal, Level.B_LTA)
    assert caught.value.code == "revocation_unknown"

    result = checked(sealed(authorities, seal, Level.B_T), authorities)
    assert (result.failures(), result.level) == ((), "B-T")
