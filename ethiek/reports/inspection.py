"""Reading what a signed report says about itself: signatures, embedded files, and the hashes on page 1.

This runs in a child process (``python -m ethiek.reports.inspection``): a hostile file may crash or loop here.
Standard input is one JSON object with ``pdf``, ``trust`` and ``crls`` (PEM or DER) in base64; standard output
another one.
"""

from __future__ import annotations

import base64
import io
import json
import sys
import warnings
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import pikepdf

from .confinement import confine
from .later import kinds_of_change
from .printed import first_page, is_printed
from .signatures import signatures_in
from .standing import certificates_in, lists_in

MEMORY_BYTES: Final = 3 * 2**29
CPU_SECONDS: Final = 20
LARGEST_EMBEDDED: Final = 64 * 2**20

Facts = dict[str, Any]


def inspect(
    pdf: bytes, roots: Sequence[Any], lists: Sequence[Any] = (), *, now: datetime | None = None
) -> Facts:
    """Everything the checks need to know, as plain JSON values.

    Args:
        now: the moment of the check; without it, this moment.

    Raises:
        Exception: of any kind, for a file that is not what it should be.
    """
    signatures, files = signatures_in(pdf, roots, lists, now=now), _embedded(pdf)
    facts: Facts = {
        "signatures": signatures,
        "files": {name: _document(data) for name, data in files.items()},
        "inside": _inside(pdf, signatures),
        **first_page(pdf),
    }
    if facts["inside"] and any(one["changes"] == "changed" for one in signatures):
        facts["inside"]["changed"] = kinds_of_change(pdf, facts["inside"]["size"])
    if any(one["displaced"] for one in signatures):
        facts["agrees"] = _agrees(pdf, files.get("advice.json", b""))
    return facts


def inspect_anything(
    pdf: bytes, trust: Sequence[bytes], crls: Sequence[bytes] = (), *, now: datetime | None = None
) -> Facts:
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
        return inspect(pdf, roots, lists, now=now)
    except Exception as error:  # noqa: BLE001  # the parsers raise whatever they like on hostile files
        return {"error": type(error).__name__}


def _inside(pdf: bytes, signatures: Sequence[Facts]) -> Facts | None:
    """The signed file that this one begins with, if there is something behind it."""
    end = signatures[-1]["end"] if signatures else 0
    return {"sha256": sha256(pdf[:end]).hexdigest(), "size": end} if 0 < end < len(pdf) else None


def _embedded(pdf: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {name: bytes(spec.get_file().read_bytes()) for name, spec in document.attachments.items()}


def _agrees(pdf: bytes, advice: bytes) -> bool:
    """The pages of a file without a seal say what its data say; looked at to tell what may have happened to it."""
    try:
        return is_printed(pdf, json.loads(advice))
    except (ValueError, LookupError, TypeError, RecursionError):
        return False


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
        "level": content.get("level"),
        "questionnaire": questionnaire.get("sha256") if isinstance(questionnaire, dict) else None,
        "snapshot": content.get("snapshot_sha256"),
        "advice": content.get("advice_sha256"),
        "report": content.get("report_sha256"),
        "approvals": content.get("approvals"),
        "dossier": dossier if isinstance(dossier, dict) else {},
        "verdict": content.get("verdict"),
    }


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
