"""Reading what a signed report says about itself: signatures, embedded files, and the hashes on page 1.

This runs in a child process (``python -m ethiek.reports.inspection``): a hostile file may crash or loop here.
Standard input is one JSON object with ``pdf`` and ``trust`` (PEM) in base64; standard output another one.
"""

from __future__ import annotations

import base64
import io
import json
import re
import sys
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import pikepdf
import pypdf
from asn1crypto import cms, pem
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from ethiek.reports.confinement import confine
from ethiek.reports.languages import WORDS, labelled
from ethiek.reports.source import digest

MEMORY_BYTES: Final = 3 * 2**29
CPU_SECONDS: Final = 20
LARGEST_EMBEDDED: Final = 64 * 2**20
PRINTED: Final = {
    "snapshot": labelled(words.dossier_hash for words in WORDS.values()),
    "advice": labelled(words.advice_hash for words in WORDS.values()),
}
SET_OF: Final = 0x31
TEST_WORDS: Final = re.compile(
    "|".join(r"\s+".join(map(re.escape, words.test_mark.split())) for words in WORDS.values())
)
GAP: Final = re.compile(rb"<(?:[0-9A-F]{2})+>")

Facts = dict[str, Any]


def inspect(pdf: bytes, trust: Sequence[bytes]) -> Facts:
    """Everything the checks need to know, as plain JSON values.

    Raises:
        Exception: of any kind, for a file that is not what it should be.
    """
    return {
        "signatures": _signatures(pdf, _certificates(trust)),
        "files": _embedded(pdf),
        **_printed(pdf),
    }


def inspect_anything(pdf: bytes, trust: Sequence[bytes]) -> Facts:
    """The same for a file that may be anything; ``error`` is the only fact about one that cannot be read."""
    try:
        return inspect(pdf, trust)
    except Exception as error:  # noqa: BLE001  # the parsers raise whatever they like on hostile files
        return {"error": type(error).__name__}


def _certificates(trust: Sequence[bytes]) -> list[Any]:
    found = []
    for data in trust:
        if pem.detect(data):
            found += [asn1_x509.Certificate.load(der) for _, _, der in pem.unarmor(data, multiple=True)]
        else:
            found.append(asn1_x509.Certificate.load(data))
    return found


def _signatures(pdf: bytes, trust: list[Any]) -> list[Facts]:
    reader = PdfFileReader(io.BytesIO(pdf))
    if reader.encrypted:
        raise ValueError("encrypted")
    return [_signature(pdf, signature, trust) for signature in reader.embedded_signatures]


def _signature(pdf: bytes, signature: Any, trust: list[Any]) -> Facts:
    context = ValidationContext(
        trust_roots=trust, other_certs=trust, allow_fetching=False, revocation_mode="soft-fail"
    )
    status = validate_pdf_signature(signature, context)
    return {
        "field": signature.field_name,
        "subject": _common_name(signature.signer_cert.subject),
        "at": _in_utc(status.signer_reported_dt),
        "intact": bool(status.intact and status.valid) and _is_written_plainly(signature),
        "trusted": bool(status.trusted),
        "whole": status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        and _leaves_out_only_itself(pdf, signature),
        "certifies": signature.docmdp_level is not None,
        "unchanged": bool(status.docmdp_ok) and status.modification_level is ModificationLevel.NONE,
    }


def _in_utc(moment: datetime | None) -> str:
    """ISO 8601 with a Z; empty when the signature names no time, or none with a time zone."""
    if moment is None or moment.tzinfo is None:
        return ""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _common_name(subject: Any) -> str:
    return str(subject.native.get("common_name") or subject.human_friendly)


def _is_written_plainly(signature: Any) -> bool:
    """What neither signature nor certificates protect has the one form that our seals have (RFC 5652, 5.1).

    Those are: the versions, the digests and the issuer that are named, and the lengths of the parts.
    """
    data, info = signature.signed_data, signature.signer_info
    named, used = data["digest_algorithms"].dump(), info["digest_algorithm"].dump()
    versions = data["version"].native, info["version"].native
    container = signature.pkcs7_content
    length = _der_length(container)
    again = cms.ContentInfo.load(container[:length], strict=True).dump(force=True)
    return bool(
        again == container[:length]
        and not container[length:].strip(b"\0")
        and versions == ("v1", "v1")
        and info["sid"].chosen["issuer"].dump() == signature.signer_cert.issuer.dump()
        and named == bytes([SET_OF, len(used)]) + used
    )


def _der_length(data: bytes) -> int:
    """How long the DER value at the start of ``data`` says that it is, in bytes."""
    extra = data[1] & 0x7F if data[1] & 0x80 else 0
    return 2 + extra + (int.from_bytes(data[2 : 2 + extra], "big") if extra else data[1])


def _leaves_out_only_itself(pdf: bytes, signature: Any) -> bool:
    """The signed bytes run to the very end, and the gap between them is one string in capital hexadecimal."""
    start, first, second, last = (int(number) for number in signature.byte_range)
    return start == 0 and second + last == len(pdf) and bool(GAP.fullmatch(pdf[first:second]))


def _embedded(pdf: bytes) -> dict[str, Facts]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            name: _document(bytes(spec.get_file().read_bytes()))
            for name, spec in document.attachments.items()
        }


def _document(data: bytes) -> Facts:
    if len(data) > LARGEST_EMBEDDED:
        raise ValueError("embedded file too large")
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        content = None
    return {"sha256": digest(data), "says": _says(content if isinstance(content, dict) else {})}


def _says(content: dict[str, Any]) -> Facts:
    """The few values of a document that the checks compare."""
    questionnaire, dossier = content.get("questionnaire"), content.get("dossier")
    return {
        "questionnaire": questionnaire.get("sha256") if isinstance(questionnaire, dict) else None,
        "snapshot": content.get("snapshot_sha256"),
        "advice": content.get("advice_sha256"),
        "approvals": content.get("approvals"),
        "dossier": dossier if isinstance(dossier, dict) else {},
        "verdict": content.get("verdict"),
    }


def _printed(pdf: bytes) -> Facts:
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    found = {name: re.findall(pattern, text) for name, pattern in PRINTED.items()}
    printed = {
        name: values[-1] if values else "" for name, values in found.items()
    }  # no typed text follows ours
    return {"printed": printed, "says_test": bool(TEST_WORDS.search(text))}


def main() -> int:
    """Inspect the job on standard input."""
    confine(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)
    warnings.simplefilter("ignore")
    job = json.loads(sys.stdin.buffer.read())
    facts = inspect_anything(base64.b64decode(job["pdf"]), [base64.b64decode(data) for data in job["trust"]])
    sys.stdout.write(json.dumps(facts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
