"""Verifiers that share nothing with ours: pyHanko's own verdict, poppler's pdfsig, and OpenSSL on the signed bytes."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

from tests.unit.reports.authority import Party

BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
TIME_STAMP = "tst_info"


def by_pyhanko(pdf: bytes, root: Party, crls: list[bytes], moment: datetime | None = None) -> bool:
    """Its full difference analysis; ``moment``: judged as things were then."""
    context = ValidationContext(
        trust_roots=[root.asn1],
        crls=[_der(data) for data in crls],
        moment=moment,
        revocation_mode="require" if crls else "soft-fail",
        retroactive_revinfo=True,
        allow_fetching=False,
    )
    reader = PdfFileReader(io.BytesIO(pdf))
    seals = [validate_pdf_signature(one, context) for one in reader.embedded_regular_signatures]
    stamps = [validate_pdf_timestamp(one, context) for one in reader.embedded_timestamp_signatures]
    sound = all(
        one.intact
        and one.valid
        and one.trusted
        and (one.modification_level or 0) <= ModificationLevel.LTA_UPDATES
        for one in stamps
    )
    return bool(seals) and sound and all(one.bottom_line for one in seals)


def by_pdfsig(pdf: bytes, root: Party, folder: Path) -> bool:
    """The seal: it cannot check time stamps over a document, and its exit status is no verdict."""
    _need("pdfsig", "certutil")
    database = f"sql:{folder}"
    if not (folder / "cert9.db").exists():
        (folder / "root.pem").write_bytes(root.pem)
        _run("certutil", "-N", "-d", database, "--empty-password")
        _run("certutil", "-A", "-n", "root", "-t", "CT,C,C", "-i", str(folder / "root.pem"), "-d", database)
    (folder / "report.pdf").write_bytes(pdf)
    said = _run("pdfsig", "-nssdir", database, str(folder / "report.pdf"))
    seals = [part for part in said.split("Signature #")[1:] if "ETSI.CAdES.detached" in part]
    return bool(seals) and all(
        "Signature is Valid" in part and "Certificate is Trusted" in part for part in seals
    )


def by_openssl(
    pdf: bytes, root: Party, crls: list[bytes], folder: Path, moment: datetime | None = None
) -> bool:
    """Every signature over its raw byte range; the last one leaves nothing behind it."""
    _need("openssl")
    (folder / "trust.pem").write_bytes(b"".join([root.pem, *crls]))
    ranges = sorted(
        (tuple(int(number) for number in match.groups()) for match in BYTE_RANGE.finditer(pdf)),
        key=lambda numbers: numbers[2] + numbers[3],
    )
    if not ranges or ranges[-1][2] + ranges[-1][3] != len(pdf):
        return False
    options = ["-attime", str(int(moment.timestamp()))] if moment else []
    return all(_holds(pdf, one, folder, options, listed=bool(crls)) for one in ranges)


def _holds(pdf: bytes, numbers: tuple[int, ...], folder: Path, options: list[str], *, listed: bool) -> bool:
    _, first, second, last = numbers
    gap = pdf[first:second]
    if not re.fullmatch(rb"<[0-9A-Fa-f]+>", gap):
        return False
    message = cms.ContentInfo.load(bytes.fromhex(gap[1:-1].decode()))
    signature, data, trust = folder / "signature.der", folder / "data.bin", folder / "trust.pem"
    signature.write_bytes(message.dump())
    data.write_bytes(pdf[:first] + pdf[second : second + last])
    common = ["-in", str(signature), "-CAfile", str(trust), *options]
    if message["content"]["encap_content_info"]["content_type"].native == TIME_STAMP:
        command = ["openssl", "ts", "-verify", "-token_in", "-data", str(data), *common]
    else:
        check = ["-crl_check"] if listed else []
        command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-content", str(data)]
        command += ["-purpose", "any", "-out", "/dev/null", *check, *common]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _der(data: bytes) -> bytes:
    return x509.load_pem_x509_crl(data).public_bytes(Encoding.DER)


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _need(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
