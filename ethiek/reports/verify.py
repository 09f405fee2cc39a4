"""Checking a signed report: offline, without the database, in bounded time, whatever the file is."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from .child_process import ChildTimeoutError, run_child
from .findings import finding, findings_in, is_sealed, is_test, level_of
from .reasons import reason, verdict_words
from .verification import Finding, Verification

CHILD: Final = f"{__package__}.inspection"
WALL_SECONDS: Final = 20.0
LARGEST_FILE: Final = 64 * 2**20
HEADER_WITHIN: Final = 1024

Facts = Mapping[str, Any]


def verify(
    pdf: bytes,
    trust: Sequence[bytes],
    *,
    crls: Sequence[bytes] = (),
    known_sha256: str | None = None,
    language: str = "nl",
    wall_seconds: float = WALL_SECONDS,
) -> Verification:
    """Check a report. Never raises for a file, whatever it holds, and never uses the network.

    Args:
        trust: certificates (PEM or DER) of the parties that are trusted to issue seals and time stamps.
        crls: revocation lists (PEM or DER) of those parties, beside the ones that the file brings along.
        known_sha256: what the archive recorded; only this finds a genuine file of another advice.
        language: of the sentences, "nl" or "en".
        wall_seconds: the check ends after this time, and says so.
    """
    obstacle = _obstacle(pdf)
    facts = {"error": obstacle} if obstacle else _facts(pdf, trust, crls, wall_seconds)
    return judge(sha256(pdf).hexdigest(), facts, known_sha256=known_sha256, language=language)


def judge(
    digest: str, facts: Facts, *, known_sha256: str | None = None, language: str = "nl"
) -> Verification:
    """Turn the facts of the inspection into findings.

    Args:
        digest: SHA-256 of the file.
    """
    known = [] if known_sha256 is None else [_known(digest, facts, known_sha256.lower(), language)]
    if "error" in facts:
        why = reason(facts["error"], language)
        return Verification(digest, (*known, finding("readable", language, ok=False, why=why)))
    findings = (*known, finding("readable", language, ok=True), *findings_in(facts, language))
    return Verification(digest, findings, **_said(facts, language))


def _known(digest: str, facts: Facts, known: str, language: str) -> Finding:
    """The file is the recorded one, begins with it, or neither."""
    inside = facts.get("inside")
    if inside and digest != known and inside["sha256"] == known:
        return finding("known", language, ok=False, words="inside", size=str(inside["size"]))
    return finding("known", language, ok=digest == known)


def _obstacle(pdf: bytes) -> str:
    """Why the file need not even be opened; empty when it may be."""
    if not pdf:
        return "empty"
    if len(pdf) > LARGEST_FILE:
        return "too_large"
    return "" if b"%PDF-" in pdf[:HEADER_WITHIN] else "not_pdf"


def _facts(pdf: bytes, trust: Sequence[bytes], crls: Sequence[bytes], wall_seconds: float) -> Facts:
    encoded = {
        "pdf": _encoded(pdf),
        "trust": [_encoded(data) for data in trust],
        "crls": [_encoded(data) for data in crls],
    }
    try:
        status, output = run_child(CHILD, json.dumps(encoded).encode(), wall_seconds=wall_seconds)
        facts = json.loads(output) if status == 0 else {"error": "crash"}
    except ChildTimeoutError:
        return {"error": "time"}
    except ValueError:
        return {"error": "damaged"}
    return dict(facts)


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _said(facts: Facts, language: str) -> dict[str, Any]:
    """What the file says about itself, for the headings of an answer; true only if the findings are."""
    signatures = facts["signatures"]
    says = facts["files"].get("advice.json", {}).get("says", {})
    dossier = says.get("dossier", {})
    return {
        **(_of_seal(signatures) if is_sealed(signatures) else {}),
        "signatures": tuple(signature["field"] for signature in signatures),
        "inside_sha256": facts["inside"]["sha256"] if facts["inside"] else "",
        "reference": str(dossier.get("reference", "")),
        "title": str(dossier.get("title", "")),
        "verdict": verdict_words(says.get("verdict"), language),
    }


def _of_seal(signatures: Sequence[Facts]) -> dict[str, Any]:
    seal = signatures[0]
    return {
        "signed_by": seal["subject"],
        "signed_at": seal["at"],
        "proven_at": seal["proven_at"],
        "level": level_of(signatures),
        "is_test": is_test(seal),
    }
