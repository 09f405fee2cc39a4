"""Reading what a signed report says about itself: signatures, embedded files, and the hashes on page 1.

This runs in a child process (``python -m ethiek.reports.inspection``): a hostile file may crash or loop here.
Standard input is one JSON object with ``pdf``, ``trust`` and ``crls`` (PEM or DER) in base64; standard output
another one.
"""

from __future__ import annotations

import base64
import io
import json
import re
import sys
import warnings
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

import pikepdf
import pypdf

from .confinement import confine
from .signatures import signatures_in
from .standing import certificates_in, lists_in

MEMORY_BYTES: Final = 3 * 2**29
CPU_SECONDS: Final = 20
LARGEST_EMBEDDED: Final = 64 * 2**20
PRINTED: Final = {
    "snapshot": r"(?:Controlegetal dossier|Checksum of the dossier) \(SHA-256\):\s*([0-9a-f]{64})\b",
    "advice": r"(?:Controlegetal advies|Checksum of the advice) \(SHA-256\):\s*([0-9a-f]{64})\b",
    "decision": r"(?:Controlegetal besluit|Checksum of the decision) \(SHA-256\):\s*([0-9a-f]{64})\b",
}
"""The labels as in the words of a report, in each language; written out, so that a reader needs no words."""
TEST_WORDS: Final = re.compile(
    r"(?:verzegeld\s+met\s+een\s+TESTCERTIFICAAT|sealed\s+with\s+a\s+TEST\s+CERTIFICATE)\."
)

Facts = dict[str, Any]


def inspect(pdf: bytes, roots: Sequence[Any], lists: Sequence[Any] = ()) -> Facts:
    """Everything the checks need to know, as plain JSON values.

    Raises:
        Exception: of any kind, for a file that is not what it should be.
    """
    return {"signatures": signatures_in(pdf, roots, lists), "files": _embedded(pdf), **_printed(pdf)}


def inspect_anything(pdf: bytes, trust: Sequence[bytes], crls: Sequence[bytes] = ()) -> Facts:
    """The same for a file that may be anything; ``error`` is the only fact about one that cannot be read.

    Args:
        trust: certificates in PEM or DER.
        crls: revocation lists in PEM or DER.
    """
    try:
        roots, lists = certificates_in(trust), lists_in(crls)
    except (ValueError, TypeError):
        return {"error": "trust"}
    try:
        return inspect(pdf, roots, lists)
    except Exception as error:  # noqa: BLE001  # the parsers raise whatever they like on hostile files
        return {"error": type(error).__name__}


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
    return {"sha256": sha256(data).hexdigest(), "says": _says(content if isinstance(content, dict) else {})}


def _says(content: dict[str, Any]) -> Facts:
    """The few values of a document that the checks compare."""
    questionnaire, dossier = content.get("questionnaire"), content.get("dossier")
    return {
        "format": content.get("format"),
        "signatures": content.get("signatures"),
        "questionnaire": questionnaire.get("sha256") if isinstance(questionnaire, dict) else None,
        "snapshot": content.get("snapshot_sha256"),
        "advice": content.get("advice_sha256"),
        "report": content.get("report_sha256"),
        "approvals": content.get("approvals"),
        "dossier": dossier if isinstance(dossier, dict) else {},
        "verdict": content.get("verdict"),
    }


def _printed(pdf: bytes) -> Facts:
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    snapshot, advice = (_last(PRINTED[name], text) for name in ("snapshot", "advice"))
    behind = (
        text[advice.end() :] if advice else ""
    )  # a title can look like a decision, but stands before ours
    found = {"snapshot": snapshot, "advice": advice, "decision": _last(PRINTED["decision"], behind)}
    printed = {name: match[1] if match else "" for name, match in found.items()}
    return {"printed": printed, "says_test": bool(TEST_WORDS.search(text))}


def _last(pattern: str, text: str) -> re.Match[str] | None:
    """The last match: no typed text follows ours."""
    return next(reversed(list(re.finditer(pattern, text))), None)


def main() -> int:
    """Inspect the job on standard input."""
    confine(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)
    warnings.simplefilter("ignore")
    job = json.loads(sys.stdin.buffer.read())
    trust, crls = ([base64.b64decode(data) for data in job[name]] for name in ("trust", "crls"))
    facts = inspect_anything(base64.b64decode(job["pdf"]), trust, crls)
    sys.stdout.write(json.dumps(facts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
