from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from ethiek.reports import verify_cli
from ethiek.reports.inspection import inspect_anything
from ethiek.reports.pki import TestPki, ensure_test_pki
from ethiek.reports.reasons import WHY
from ethiek.reports.render import render
from ethiek.reports.sentences import SENTENCES
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.source import ReportSource, digest
from ethiek.reports.verification import Verification
from ethiek.reports.verify import judge, verify
from ethiek.reports.verify_cli import Request
from tests.unit.reports.sources import a_source

FLIPS = 150
CODES = (
    "readable", "signatures", "level", "signed", "time", "intact", "whole", "unchanged", "trusted", "test_seal",
    "files", "snapshot", "advice", "questionnaire", "approvals",
)  # fmt: skip


def here(pdf: bytes, trust: list[bytes]) -> Verification:
    """Verify in this process, which is what makes hundreds of changes affordable."""
    return judge(digest(pdf), inspect_anything(pdf, trust), language="en")


def failed(result: Verification) -> list[str]:
    return [finding.code for finding in result.failures()]


def incremental(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer, output = IncrementalPdfFileWriter(io.BytesIO(pdf)), io.BytesIO()
    change(writer)
    writer.write(output)  # type: ignore[no-untyped-call]
    return output.getvalue()


def rewritten(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        document.save(output)
    return output.getvalue()


def paint_over(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    stream = generic.StreamObject(stream_data=b"1 1 1 rg 0 0 600 900 re f")
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), writer.add_object(stream)])
    writer.update_container(page)


def swap_embedded(writer: IncrementalPdfFileWriter) -> None:
    spec = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1].get_object()
    stream = generic.StreamObject(stream_data=b'{"verdict":"positive"}')
    spec["/EF"][generic.NameObject("/F")] = writer.add_object(stream)
    writer.update_container(spec)


def swap_embedded_in_place(document: pikepdf.Pdf) -> None:
    document.attachments["advice.json"] = b'{"verdict":"positive"}'


def strip_signature(document: pikepdf.Pdf) -> None:
    del document.Root.AcroForm
    del document.pages[-1].obj.Annots


def sign_again(pdf: bytes, pki: TestPki) -> bytes:
    signer = signers.SimpleSigner.load_pkcs12(  # type: ignore[no-untyped-call]
        str(pki.pkcs12), passphrase=pki.passphrase().encode()
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    fields.append_signature_field(writer, fields.SigFieldSpec("Extra"))
    metadata = signers.PdfSignatureMetadata(field_name="Extra", md_algorithm="sha256")
    # pyHanko refuses to sign a certified document: a forger would not
    del writer.root["/Perms"]
    return bytes(signers.sign_pdf(writer, metadata, signer).getvalue())


def test_untouched_report_passes_every_check_and_says_who_and_when(signed: bytes, trust: list[bytes]) -> None:
    result = verify(signed, trust, known_sha256=digest(signed), language="en")

    assert [(finding.code, finding.ok) for finding in result.findings] == [
        ("known", True),
        *((code, True) for code in CODES),
    ]
    assert (result.ok, result.readable, result.is_test) == (True, True, True)
    assert (result.reference, result.verdict) == ("ETH-2026-0007", "Positive with conditions")
    assert result.signed_by == "Ethiek TESTZEGEL – geen rechtskracht"
    assert datetime.fromisoformat(result.signed_at).date() == datetime.now(UTC).date()
    assert result.findings[-1].sentence == "The chair (Chris) and the secretary (Sem) approved the advice."
    assert json.loads(json.dumps(result.to_json()))["ok"] is True


def test_every_flipped_byte_is_detected(signed: bytes, trust: list[bytes]) -> None:
    step = len(signed) // FLIPS
    undetected = []
    for position in range(0, len(signed), step):
        changed = bytearray(signed)
        changed[position] ^= 0x20 if position % 2 else 0x01
        if here(bytes(changed), trust).ok:
            undetected.append(position)

    assert undetected == []


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (lambda pdf: pdf + b"\n% junk\n", ["whole"]),
        (lambda pdf: pdf + b"\0", ["whole"]),
        (lambda pdf: incremental(pdf, paint_over), ["whole", "unchanged"]),
        (lambda pdf: incremental(pdf, swap_embedded), ["whole", "unchanged", "snapshot", "advice"]),
        (lambda pdf: rewritten(pdf, strip_signature), ["signatures"]),
        (lambda pdf: pdf[: len(pdf) // 2], ["readable"]),
        (lambda pdf: pdf[:-600], ["readable"]),
    ],
)
def test_tampering_is_named(
    signed: bytes, trust: list[bytes], change: Callable[[bytes], bytes], codes: list[str]
) -> None:
    assert failed(here(change(signed), trust)) == codes


def test_rewriting_the_file_with_other_data_breaks_the_seal_and_the_hash(
    signed: bytes, trust: list[bytes]
) -> None:
    codes = failed(here(rewritten(signed, swap_embedded_in_place), trust))

    assert "advice" in codes
    assert {"intact", "whole", "readable", "resaved"} & set(codes)


def test_unsigned_report_and_truncation_to_it_are_seen(
    unsigned: bytes, signed: bytes, trust: list[bytes]
) -> None:
    assert failed(here(unsigned, trust)) == ["signatures"]
    assert failed(here(signed[: len(unsigned)], trust)) == ["signatures"]


def test_seal_of_a_foreign_pki_with_the_same_names_is_not_trusted(
    unsigned: bytes, trust: list[bytes], tmp_path: Path
) -> None:
    foreign = Pkcs12Signer.of_test_pki(ensure_test_pki(tmp_path / "foreign"))
    forged = foreign.seal(unsigned, reason="Advies", at=datetime.now(UTC))

    assert failed(here(forged, trust)) == ["trusted"]
    assert failed(here(forged, [])) == ["trusted"]


def test_second_signature_is_seen(signed: bytes, trust: list[bytes], pki: TestPki) -> None:
    assert failed(here(sign_again(signed, pki), trust)) == ["signatures", "unchanged"]


def test_genuine_report_about_another_advice_is_only_seen_with_the_record(
    signed: bytes, signer: Pkcs12Signer, trust: list[bytes]
) -> None:
    other = signer.seal(render(a_source(advice={"motivation": "Anders."})), reason="x", at=datetime.now(UTC))

    assert failed(here(other, trust)) == []
    assert failed(verify(other, trust, known_sha256=digest(signed))) == ["known"]


@pytest.mark.parametrize(
    "approvals",
    [
        [{"role": "chair", "by": "Chris", "at": "2026-11-21T09:00:00Z"}],
        [
            {"role": "chair", "by": "Chris", "at": "2026-11-21T09:00:00Z"},
            {"role": "secretary", "by": "Chris", "at": "2026-11-21T09:00:00Z"},
        ],
    ],
)
def test_approvals_need_two_roles_and_two_people(
    approvals: list[dict[str, str]], signer: Pkcs12Signer, trust: list[bytes]
) -> None:
    pdf = render(a_source(approvals={"approvals": approvals}))

    assert failed(here(signer.seal(pdf, reason="x", at=datetime.now(UTC)), trust)) == ["approvals"]


def test_test_seal_on_a_report_that_does_not_say_so_is_named(
    signer: Pkcs12Signer, trust: list[bytes]
) -> None:
    pdf = signer.seal(render(a_source(test_seal=False)), reason="x", at=datetime.now(UTC))

    assert failed(here(pdf, trust)) == ["test_seal"]


def test_printed_hash_is_compared_with_the_embedded_file(
    source: ReportSource, signed: bytes, trust: list[bytes]
) -> None:
    facts = inspect_anything(signed, trust)
    facts["printed"]["snapshot"] = digest(source.advice)

    assert failed(judge("", facts)) == ["snapshot"]


def encrypted(pdf: bytes) -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(output, encryption=pikepdf.Encryption(owner="o", user="u"))
    return output.getvalue()


def looping(_: bytes) -> bytes:
    """A page tree that is its own child, and a cross-reference section that is its own predecessor."""
    head = (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Count 1/Kids[2 0 R]>>\nendobj\n"
    )
    start = len(head)
    table = b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000056 00000 n \n"
    return (
        head + table + b"trailer\n<</Size 3/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (start, start)
    )


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda _: b"", "empty"),
        (lambda _: b"garbage" * 100, "not_pdf"),
        (lambda pdf: pdf[:40_000], "damaged"),
        (encrypted, "damaged"),
        (looping, "damaged"),
        (lambda pdf: pdf + bytes(65 * 2**20), "too_large"),
    ],
)
def test_file_that_cannot_be_verified_is_an_answer_within_ten_seconds(
    signed: bytes, trust: list[bytes], make: Callable[[bytes], bytes], why: str
) -> None:
    start = time.monotonic()
    result = verify(make(signed), trust)

    assert time.monotonic() - start < 10
    assert [finding.sentence for finding in result.findings] == [
        f"Het bestand kan niet worden gecontroleerd: {WHY[why]['nl']}."
    ]
    assert (result.ok, result.readable) == (False, False)


def test_check_that_takes_too_long_ends(signed: bytes, trust: list[bytes]) -> None:
    result = verify(signed, trust, wall_seconds=0.05, language="en")

    assert [finding.sentence for finding in result.findings] == [
        "The file cannot be verified: the check took too long."
    ]


def test_certificate_or_list_that_cannot_be_read_is_not_blamed_on_the_file(
    signed: bytes, trust: list[bytes]
) -> None:
    said = ["The file cannot be verified: a certificate or list that you trust cannot be read."]

    for roots, crls in (([b"garbage"], []), ([], [b""]), (trust, trust), ([signed], [])):
        facts = inspect_anything(signed, roots, crls)
        assert [finding.sentence for finding in judge("", facts, language="en").findings] == said


def test_every_sentence_exists_in_both_languages_and_both_outcomes() -> None:
    for texts in SENTENCES.values():
        assert list(texts) == ["nl", "en"]
        assert len({*texts["nl"], *texts["en"]}) == 4


def test_command_ends_with_zero_one_or_two(
    signed_file: Path, pki: TestPki, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, garbage = tmp_path / "broken.pdf", tmp_path / "garbage.pdf"
    broken.write_bytes(signed_file.read_bytes() + b" ")
    garbage.write_bytes(b"\x1b[2Jgarbage")

    def run(*files: Path, as_json: bool = False) -> int:
        return verify_cli.run(Request(files, [pki.root], as_json=as_json))

    assert run(signed_file) == 0
    assert (
        "  ok    Het zegel en de tijdstempels gelden samen voor het hele bestand; er is niets achter geplakt.\n"
        in capsys.readouterr().out
    )
    assert run(signed_file, broken) == 1
    assert "  FOUT  Het zegel geldt niet voor het hele bestand" in capsys.readouterr().out
    assert run(garbage, as_json=True) == 2
    assert [row["ok"] for row in json.loads(capsys.readouterr().out)] == [False]
    assert run(tmp_path / "away.pdf") == 2
    assert run() == 2
