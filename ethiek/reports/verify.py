"""Checking a signed report: offline, without the database, in bounded time, whatever the file is."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ethiek.reports.child_process import ChildTimeoutError, run_child
from ethiek.reports.fields import SEAL
from ethiek.reports.model import VERDICTS
from ethiek.reports.pki import TEST_MARK
from ethiek.reports.sentences import reason, sentence
from ethiek.reports.source import digest
from ethiek.reports.values import moment_words
from ethiek.reports.verification import Finding, Verification

CHILD: Final = "ethiek.reports.inspection"
WALL_SECONDS: Final = 20.0
LARGEST_FILE: Final = 64 * 2**20
HEADER_WITHIN: Final = 1024
EXPECTED: Final = [SEAL.name]
"""The signature fields of a report, in order."""
FILES: Final = {"snapshot.json", "advice.json", "approvals.json", "questionnaire.json"}

Facts = Mapping[str, Any]


def verify(
    pdf: bytes,
    trust: Sequence[bytes],
    *,
    known_sha256: str | None = None,
    language: str = "nl",
    wall_seconds: float = WALL_SECONDS,
) -> Verification:
    """Check a report. Never raises for a file, whatever it holds.

    Args:
        trust: certificates (PEM or DER) of the parties that are trusted to issue seals.
        known_sha256: what the archive recorded; only this finds a genuine file of another advice.
        language: of the sentences, "nl" or "en".
        wall_seconds: the check ends after this time, and says so.
    """
    obstacle = _obstacle(pdf)
    facts = {"error": obstacle} if obstacle else _facts(pdf, trust, wall_seconds)
    return judge(digest(pdf), facts, known_sha256=known_sha256, language=language)


def judge(
    sha256: str, facts: Facts, *, known_sha256: str | None = None, language: str = "nl"
) -> Verification:
    """Turn the facts of :mod:`ethiek.reports.inspection` into findings."""
    known = [] if known_sha256 is None else [_finding("known", language, ok=sha256 == known_sha256.lower())]
    if "error" in facts:
        why = reason(facts["error"], language)
        return Verification(sha256, (*known, _finding("readable", language, ok=False, why=why)))
    findings = (*known, _finding("readable", language, ok=True), *_findings(facts, language))
    return Verification(sha256, findings, **_said(facts))


def _obstacle(pdf: bytes) -> str:
    """Why the file need not even be opened; empty when it may be."""
    if not pdf:
        return "empty"
    if len(pdf) > LARGEST_FILE:
        return "too_large"
    return "" if b"%PDF-" in pdf[:HEADER_WITHIN] else "not_pdf"


def _facts(pdf: bytes, trust: Sequence[bytes], wall_seconds: float) -> Facts:
    encoded = {
        "pdf": base64.b64encode(pdf).decode(),
        "trust": [base64.b64encode(data).decode() for data in trust],
    }
    try:
        status, output = run_child(CHILD, json.dumps(encoded).encode(), wall_seconds=wall_seconds)
        facts = json.loads(output) if status == 0 else {"error": "crash"}
    except ChildTimeoutError:
        return {"error": "time"}
    except ValueError:
        return {"error": "damaged"}
    return dict(facts)


def _findings(facts: Facts, language: str) -> Iterator[Finding]:
    signatures = facts["signatures"]
    names = [signature["field"] for signature in signatures]
    found = ", ".join(str(name) for name in names) or ("geen" if language == "nl" else "none")
    yield _finding("signatures", language, ok=names == EXPECTED, found=found)
    if signatures:
        yield from _seal_findings(signatures, facts, language)
    yield from _content_findings(facts, language)


def _seal_findings(signatures: Sequence[Facts], facts: Facts, language: str) -> Iterator[Finding]:
    seal = signatures[0]
    dated = bool(seal["at"]) and seal["certifies"]
    at = moment_words(seal["at"]) if dated and language == "nl" else seal["at"]
    yield _finding("signed", language, ok=dated, subject=seal["subject"], at=at)
    for code in ("intact", "trusted", "whole", "unchanged"):
        yield _finding(code, language, ok=all(signature[code] for signature in signatures))
    if _is_test(seal):
        yield _finding("test_seal", language, ok=facts["says_test"])
    else:
        yield _finding("seal_kind", language, ok=not facts["says_test"])


def _content_findings(facts: Facts, language: str) -> Iterator[Finding]:
    files, printed = facts["files"], facts["printed"]
    complete = set(files) == FILES
    yield _finding("files", language, ok=complete)
    if not complete:
        return
    snapshot, advice, approvals, questionnaire = (
        files[f"{name}.json"] for name in ("snapshot", "advice", "approvals", "questionnaire")
    )
    same = snapshot["sha256"] == printed["snapshot"] == advice["says"]["snapshot"]
    yield _finding("snapshot", language, ok=same)
    same = advice["sha256"] == printed["advice"] == approvals["says"]["advice"]
    yield _finding("advice", language, ok=same)
    yield _finding("questionnaire", language, ok=questionnaire["sha256"] == snapshot["says"]["questionnaire"])
    yield _approval_finding(approvals["says"]["approvals"], language)


def _approval_finding(rows: object, language: str) -> Finding:
    """Exactly one chair and one secretary, and two different people."""
    listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    people = {str(row.get("role")): str(row.get("by") or "") for row in listed}
    roles = sorted(str(row.get("role")) for row in listed)
    chair, secretary = people.get("chair", ""), people.get("secretary", "")
    ok = roles == ["chair", "secretary"] and bool(chair and secretary) and chair != secretary
    return _finding("approvals", language, ok=ok, chair=chair, secretary=secretary)


def _said(facts: Facts) -> dict[str, Any]:
    """What the file says about itself, for the headings of an answer; true only if the findings are."""
    seal = next(iter(facts["signatures"]), {"subject": "", "at": ""})
    says = facts["files"].get("advice.json", {}).get("says", {})
    dossier = says.get("dossier", {})
    return {
        "signed_by": seal["subject"],
        "signed_at": seal["at"],
        "is_test": _is_test(seal),
        "reference": str(dossier.get("reference", "")),
        "title": str(dossier.get("title", "")),
        "verdict": VERDICTS.get(str(says.get("verdict")), ""),
    }


def _is_test(seal: Facts) -> bool:
    return TEST_MARK in seal["subject"]


def _finding(code: str, language: str, *, ok: bool, **facts: str) -> Finding:
    return Finding(code, ok, sentence(code, language, ok=ok, **facts))
