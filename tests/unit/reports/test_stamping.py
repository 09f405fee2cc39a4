from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp

from ethiek.errors import SigningError
from ethiek.reports.authority import TimeStampAuthority
from ethiek.reports.gate import breaches
from ethiek.reports.inspection import inspect_anything
from ethiek.reports.issuers import Trust, files_in
from ethiek.reports.levels import Level
from ethiek.reports.render import render
from ethiek.reports.renewal import _next_field, renewed, standing_of
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.source import ReportSource
from ethiek.reports.stamping import Stamping
from tests.authorities import PASSPHRASE, Authorities, Issued, serving
from tests.unit.reports.test_conformance import failures

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def blank(source: ReportSource) -> bytes:
    """An unsigned report with room for time stamps."""
    return render(replace(source, time_stamps=True))


@pytest.fixture(scope="module")
def server() -> Iterator[Authorities]:
    with serving(Authorities()) as authorities:
        yield authorities


@pytest.fixture
def authorities(server: Authorities) -> Iterator[Authorities]:
    server.asked = 0
    yield server
    server.behaviour, server.lists_are_served = "good", True
    server.revoked.clear()


def a_signer(authorities: Authorities, seal: Issued | None = None) -> Pkcs12Signer:
    return Pkcs12Signer(authorities.bundle(seal or authorities.a_seal()), PASSPHRASE)


def a_stamping(authorities: Authorities, level: Level, **trust: Any) -> Stamping:
    trusted = Trust((authorities.root.pem,), **trust)
    authority = TimeStampAuthority(authorities.tsa_url, trusted, proof=level.keeps_proof, seconds=1)
    return Stamping(level, authority if level.stamps else None, trusted)


def filled(pdf: bytes) -> list[tuple[str, str]]:
    signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return [(one.field_name, str(one.sig_object["/Type"])) for one in signatures]


def lists_inside(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.Root.DSS.CRLs) if "/DSS" in document.Root else 0


@pytest.mark.parametrize(
    ("level", "signatures", "lists", "asked"),
    [
        (Level.B_B, [("Seal", "/Sig")], 0, 0),
        (Level.B_T, [("Seal", "/Sig")], 0, 2),
        (Level.B_LT, [("Seal", "/Sig")], 2, 2),
        (Level.B_LTA, [("Seal", "/Sig"), ("ArchiveTimestamp1", "/DocTimeStamp")], 2, 3),
    ],
)
def test_seal_of_each_level_holds_what_the_level_says(
    authorities: Authorities, blank: bytes, level: Level, signatures: object, lists: int, asked: int
) -> None:
    stamping = a_stamping(authorities, level)
    pdf = a_signer(authorities).seal(blank, reason="Advies", at=NOW, stamping=stamping)
    assert pdf.startswith(blank)
    assert breaches(pdf, passed=blank) == breaches(pdf) == ()
    assert (filled(pdf), lists_inside(pdf), authorities.asked) == (signatures, lists, asked)
    assert tuple(name for name, _ in filled(pdf)) == level.signatures
    last = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[-1]
    assert int(last.byte_range[2]) + int(last.byte_range[3]) == len(pdf)


def test_archive_level_stands_the_full_check_of_pyhanko_and_of_openssl(
    authorities: Authorities, blank: bytes, tmp_path: Path
) -> None:
    stamping = a_stamping(authorities, Level.B_LTA)
    pdf = a_signer(authorities).seal(blank, reason="Advies", at=NOW, stamping=stamping)
    reader = PdfFileReader(io.BytesIO(pdf))
    seal, stamp = reader.embedded_signatures
    context = Trust((authorities.root.pem,)).context(proof=True)
    found = validate_pdf_signature(seal, context)
    assert (found.bottom_line, found.modification_level) == (True, ModificationLevel.LTA_UPDATES)
    assert found.timestamp_validity is not None
    assert (found.timestamp_validity.valid, found.timestamp_validity.trusted) == (True, True)
    stamped = validate_pdf_timestamp(stamp, context)
    assert (stamped.intact, stamped.valid, stamped.trusted) == (True, True, True)

    (tmp_path / "root.pem").write_bytes(authorities.root.pem)
    (tmp_path / "issuer.pem").write_bytes(authorities.issuer.pem)
    (tmp_path / "token").write_bytes(stamp.pkcs7_content)
    start, first, second, last = (int(number) for number in stamp.byte_range)
    (tmp_path / "data").write_bytes(pdf[start : start + first] + pdf[second : second + last])
    check = ["openssl", "ts", "-verify", "-data", "data", "-in", "token", "-token_in"]
    done = subprocess.run(
        [*check, "-CAfile", "root.pem", "-untrusted", "issuer.pem"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, b"Verification: OK")


def test_archive_level_leaves_the_metadata_and_the_pdf_version(
    authorities: Authorities, blank: bytes
) -> None:
    stamping = a_stamping(authorities, Level.B_LTA)
    pdf = a_signer(authorities).seal(blank, reason="Advies", at=NOW, stamping=stamping)
    kept = []
    for data in (blank, pdf):
        with pikepdf.open(io.BytesIO(data)) as document:
            kept.append(
                (document.pdf_version, "/Version" in document.Root, document.Root.Metadata.read_bytes())
            )
    assert kept[0] == kept[1]
    assert kept[0][:2] == ("1.7", False)


def test_archive_level_works_offline_with_lists_at_hand(
    authorities: Authorities, blank: bytes, tmp_path: Path
) -> None:
    authorities.lists_are_served = False
    lists = files_in(authorities.lists_in(tmp_path / "crl"), ".crl")
    stamping = a_stamping(authorities, Level.B_LTA, lists=lists, fetch=False)
    pdf = a_signer(authorities).seal(blank, reason="Advies", at=NOW, stamping=stamping)
    assert (len(filled(pdf)), lists_inside(pdf)) == (2, 2)


def refusal(stamping: Stamping, signer: Pkcs12Signer, pdf: bytes) -> tuple[str, str]:
    with pytest.raises(SigningError) as caught:
        signer.seal(pdf, reason="Advies", at=NOW, stamping=stamping)
    return caught.value.code, caught.value.reason


@pytest.mark.parametrize(
    ("behaviour", "code", "reason"),
    [
        ("slow", "tsa_timeout", "the time stamp authority did not answer in time"),
        ("huge", "tsa_too_large", "the time stamp authority sent far too much"),
        ("garbage", "tsa_garbage", "the time stamp authority did not send a time stamp"),
        ("status", "tsa_status", "the time stamp authority did not accept the request"),
        ("redirect", "tsa_status", "the time stamp authority did not accept the request"),
        ("refused", "tsa_refused", "the time stamp authority refused the request"),
        ("nonce", "tsa_nonce", "the time stamp answers another request"),
        ("imprint", "tsa_imprint", "the time stamp is on another document"),
        ("time", "tsa_time", "the time stamp authority has another time than this machine"),
        ("damaged", "tsa_signature", "the signature of the time stamp is not valid"),
    ],
)
def test_authority_that_fails_or_lies_gives_no_seal(
    authorities: Authorities, blank: bytes, behaviour: str, code: str, reason: str
) -> None:
    authorities.behaviour = behaviour
    stamping = a_stamping(authorities, Level.B_T)
    assert refusal(stamping, a_signer(authorities), blank) == (code, reason)
    authorities.behaviour = "good"
    pdf = a_signer(authorities).seal(blank, reason="Advies", at=NOW, stamping=stamping)
    assert filled(pdf) == [("Seal", "/Sig")]


def test_authority_that_is_down_gives_no_seal(authorities: Authorities, blank: bytes) -> None:
    stamping = replace(
        a_stamping(authorities, Level.B_T), authority=TimeStampAuthority("http://127.0.0.1:9/", None)
    )
    assert refusal(stamping, a_signer(authorities), blank) == (
        "tsa_unreachable",
        "the time stamp authority cannot be reached",
    )


def test_authority_of_a_stranger_gives_no_seal(authorities: Authorities, blank: bytes) -> None:
    stranger = TimeStampAuthority(authorities.tsa_url, Trust((authorities.other.pem,)))
    stamping = replace(a_stamping(authorities, Level.B_T), authority=stranger)
    assert refusal(stamping, a_signer(authorities), blank) == (
        "tsa_untrusted",
        "the certificate of Proefstempel is not issued by anybody who is trusted",
    )


def test_authority_with_a_revoked_certificate_gives_no_seal(authorities: Authorities, blank: bytes) -> None:
    authorities.revoked.append(authorities.stamper.certificate)
    assert refusal(a_stamping(authorities, Level.B_T), a_signer(authorities), blank) == (
        "tsa_revoked",
        "the certificate of Proefstempel was revoked by its issuer",
    )


@pytest.mark.parametrize("level", list(Level))
def test_revoked_certificate_does_not_seal_at_any_level(
    authorities: Authorities, blank: bytes, level: Level
) -> None:
    seal = authorities.a_seal()
    authorities.revoked.append(seal.certificate)
    assert refusal(a_stamping(authorities, level), a_signer(authorities, seal), blank) == (
        "revoked",
        "the certificate of Zegel van de provincie was revoked by its issuer",
    )
    assert authorities.asked == 0


@pytest.mark.parametrize(
    ("days", "code"), [((-30, -1), "expired"), ((1, 30), "not_yet_valid"), ((-30, 30), "")]
)
def test_certificate_seals_between_its_dates_only(
    authorities: Authorities, blank: bytes, days: tuple[int, int], code: str
) -> None:
    signer = a_signer(authorities, authorities.a_seal(days=days))
    if code:
        assert refusal(Stamping(), signer, blank)[0] == code
    else:
        assert filled(signer.seal(blank, reason="Advies", at=NOW)) == [("Seal", "/Sig")]


def test_without_revocation_data_the_higher_levels_are_refused(
    authorities: Authorities, blank: bytes
) -> None:
    authorities.lists_are_served = False
    signer = a_signer(authorities)
    assert refusal(a_stamping(authorities, Level.B_LTA), signer, blank) == (
        "revocation_unknown",
        "the certificate of Zegel van de provincie cannot be checked for revocation",
    )
    pdf = signer.seal(blank, reason="Advies", at=NOW, stamping=a_stamping(authorities, Level.B_T))
    assert filled(pdf) == [("Seal", "/Sig")]


def test_renewal_never_runs_out_of_room_and_stays_conforming(authorities: Authorities, blank: bytes) -> None:
    """The fields that were made with the report are three; the fourth and the fifth are made when they are needed."""
    patient = TimeStampAuthority(authorities.tsa_url, Trust((authorities.root.pem,)), proof=True)
    stamping = replace(a_stamping(authorities, Level.B_LTA), authority=patient)
    pdf = a_signer(authorities).seal(blank, reason="Advies", at=NOW, stamping=stamping)
    for number in (2, 3, 4, 5):
        field = standing_of(pdf).field
        assert field == f"ArchiveTimestamp{number}"
        before, pdf = pdf, renewed(pdf, field, stamping)
        assert pdf.startswith(before)

    facts = inspect_anything(pdf, [authorities.root.pem])
    names = ["Seal", *(f"ArchiveTimestamp{number}" for number in (1, 2, 3, 4, 5))]
    assert [one["field"] for one in facts["signatures"]] == names
    sound = [(one["intact"], one["whole"], one["trusted"], one["changes"]) for one in facts["signatures"]]
    assert sound == [(True, True, True, "stamped")] * 5 + [(True, True, True, "none")]
    assert (list(breaches(pdf)), failures(pdf, "3a"), failures(pdf, "ua1")) == (
        [],
        ["PDFA3A-SIGNATURE-BYTERANGE-001"],  # of every file with more than one revision: see test_conformance
        [],
    )


def test_ninety_nine_time_stamps_is_the_end() -> None:
    assert [_next_field({f"ArchiveTimestamp{number}": True}) for number in (9, 98, 99)] == [
        "ArchiveTimestamp10",
        "ArchiveTimestamp99",
        "",
    ]
