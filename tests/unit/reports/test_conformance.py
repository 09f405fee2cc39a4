from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import page
import pikepdf
import pytest

from ethiek.reports.pki import TestPki
from ethiek.reports.render import render
from ethiek.reports.source import ReportSource
from tests.unit.reports.sources import a_source

BYTE_RANGE = "SIGNATURE-BYTERANGE-001"
STREAM_LENGTH = "STREAM-LENGTH-001"


def failures(pdf: bytes, profile: str) -> list[str]:
    """Rule ids, without the two false alarms that the checker is known for."""
    report = page.validate_pdf_bytes(pdf, profile=profile)
    return [failure.rule_id for failure in report.failures if not _is_false_alarm(pdf, failure)]


def _is_false_alarm(pdf: bytes, failure: page.ValidationFailure) -> bool:
    if failure.rule_id.endswith(BYTE_RANGE):
        # the checker wants a signature to end at the first %%EOF; it ends at that of its own revision
        return pdf.rstrip().endswith(b"%%EOF") and pdf.count(b"/ByteRange") == 1
    # the checker takes data that ends in a carriage return for the end of the line
    return failure.rule_id.endswith(STREAM_LENGTH) and _has_stream_that_ends_in_a_return(pdf)


def _has_stream_that_ends_in_a_return(pdf: bytes) -> bool:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        streams = [thing for thing in document.objects if isinstance(thing, pikepdf.Stream)]
        return any(stream.read_raw_bytes().endswith(b"\r") for stream in streams)


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_report_conforms_before_and_after_sealing(unsigned: bytes, signed: bytes, profile: str) -> None:
    assert failures(unsigned, profile) == []
    assert failures(signed, profile) == []


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_report_with_conclusions_conforms(profile: str) -> None:
    concluded = {"id": "deda", "title": "DEDA", "level": "required", "reason": "Het raakt mensen."}
    assert failures(render(a_source(snapshot={"conclusions": [concluded]})), profile) == []


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_report_with_room_for_time_stamps_conforms(source: ReportSource, profile: str) -> None:
    pdf = render(replace(source, time_stamps=True))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = [str(field.T) for field in document.Root.AcroForm.Fields]
    assert names == ["Seal", "ArchiveTimestamp1", "ArchiveTimestamp2", "ArchiveTimestamp3"]
    assert failures(pdf, profile) == []


def test_conformance_checker_sees_a_seeded_violation(unsigned: bytes) -> None:
    broken = io.BytesIO()
    with pikepdf.open(io.BytesIO(unsigned)) as document:
        del document.Root.OutputIntents
        del document.Root.MarkInfo
        document.save(broken)

    assert failures(broken.getvalue(), "3a") != []
    assert failures(broken.getvalue(), "ua1") != []


def test_header_and_footer_are_artifacts_and_every_marked_content_has_an_owner(unsigned: bytes) -> None:
    with pikepdf.open(io.BytesIO(unsigned)) as document:
        numbers = list(document.Root.StructTreeRoot.ParentTree.Nums)
        parents = {int(key): owners for key, owners in zip(numbers[::2], numbers[1::2], strict=True)}
        for printed in document.pages:
            owners = parents[int(printed.obj.StructParents)]
            instructions = [
                (str(item.operator), list(item.operands)) for item in pikepdf.parse_content_stream(printed)
            ]
            marked = [operands for operator, operands in instructions if operator == "BDC"]
            owned = [int(operands[1].MCID) for operands in marked if "/MCID" in operands[1]]
            tags = {str(operands[0]) for operands in marked if "/MCID" not in operands[1]}
            assert [number for number in owned if owners[number] is None] == []
            assert tags == {"/Artifact"}


def test_associated_files_are_listed_once_with_their_relation_and_fixed_dates(unsigned: bytes) -> None:
    with pikepdf.open(io.BytesIO(unsigned)) as document:
        found = {
            str(spec.UF): (str(spec.AFRelationship), str(spec.EF.F.Subtype), str(spec.EF.F.Params.ModDate))
            for spec in document.Root.AF
        }
        listed = len(document.Root.AF)

    assert listed == 4
    assert found == {
        "snapshot.json": ("/Source", "/application/json", "D:20261121101500Z"),
        "advice.json": ("/Source", "/application/json", "D:20261121101500Z"),
        "approvals.json": ("/Data", "/application/json", "D:20261121101500Z"),
        "questionnaire.json": ("/Data", "/application/json", "D:20261121101500Z"),
    }


def test_metadata_is_readable_as_it_is_and_survives_sealing(unsigned: bytes, signed: bytes) -> None:
    start, end = unsigned.index(b"<?xpacket begin"), unsigned.index(b"<?xpacket end")
    packet = unsigned[start:end]

    assert b'pdfuaid:part="1"' in packet
    assert b'pdfaid:part="3"' in packet
    assert signed.startswith(unsigned)
    assert signed.count(b"<?xpacket begin") == 1


def test_structure_is_checked_clean_by_qpdf(signed_file: Path) -> None:
    outcome = subprocess.run(["qpdf", "--check", signed_file], capture_output=True, text=True, check=False)

    assert (outcome.returncode, outcome.stderr) == (0, "")


def test_pdfsig_calls_the_seal_valid_and_trusted(signed_file: Path, pki: TestPki, tmp_path: Path) -> None:
    nss = f"sql:{tmp_path}"
    subprocess.run(["certutil", "-N", "-d", nss, "--empty-password"], check=True)
    subprocess.run(["certutil", "-A", "-d", nss, "-n", "root", "-t", "CT,C,C", "-i", pki.root], check=True)

    said = subprocess.run(
        ["pdfsig", "-nssdir", nss, signed_file], capture_output=True, text=True, check=True
    ).stdout

    assert [line.strip(" -") for line in said.splitlines() if "Validation" in line or "Total" in line] == [
        "Total document signed",
        "Signature Validation: Signature is Valid.",
        "Certificate Validation: Certificate is Trusted.",
    ]
