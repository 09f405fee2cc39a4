"""From the facts about a report to one finding per check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from .expected import (
    DECISION,
    FILES,
    LEVELS,
    TEST_MARK,
    carried_level,
    expected_fields,
    expected_level,
    fits,
    missing,
)
from .moments import moment_in
from .personal import STAMPED, approvals_in, forbids_changes, only_signed, refusal
from .reasons import reason
from .sentences import sentence
from .verification import Finding

WEAKENED: Final = {"B-B": "unstamped", "B-T": "unproven"}
"""What is left of a report that had more -> the sentence about what is gone."""
CLOCKS_DIFFER: Final = timedelta(minutes=10)
"""A seal may claim a moment that is so much later than its time stamp, or than now."""

_SHA256: Final = re.compile(r"[0-9a-f]{64}")

Facts = Mapping[str, Any]


def finding(code: str, language: str, *, ok: bool, words: str = "", **facts: str) -> Finding:
    """One finding; ``words``: the entry of the table of sentences, if it is not the code."""
    return Finding(code, ok, sentence(words or code, language, ok=ok, **facts))


def findings_in(facts: Facts, language: str) -> Iterator[Finding]:
    """Every check, in the order in which people want to read it.

    Args:
        facts: as :func:`ethiek.reports.inspection.inspect` gives them, without ``error``.
    """
    signatures, content = facts["signatures"], list(_content_findings(facts, language))
    says = facts["files"].get("approvals.json", {}).get("says", {})
    expected, innocent = _expected_finding(signatures, says, language), all(one.ok for one in content)
    yield expected
    if is_sealed(signatures):
        if expected.ok and not signatures[0]["displaced"]:
            yield from _level_findings(signatures, says, language)
        if not signatures[0]["displaced"]:
            yield from _seal_findings(signatures[0], expected_fields(says), language)
        if any(one["displaced"] for one in signatures):
            yield _resaved_finding(language, data_fit=innocent, text_fits=facts["agrees"])
        else:
            changed = (facts["inside"] or {}).get("changed", ())
            yield from _coverage_findings(signatures, language, innocent=innocent, changed=changed)
            yield from _trust_findings(signatures, language)
            yield from _person_findings(signatures, language)
        yield _kind_finding(signatures[0], language, says_test=facts["says_test"])
    yield from content


def _resaved_finding(language: str, *, data_fit: bool, text_fits: bool) -> Finding:
    """A file that was written anew, so that no seal covers it: whether it can be seen that it was forged."""
    words = "forged" if not data_fit else "resaved" if text_fits else "reprinted"
    return finding("resaved", language, ok=False, words=words)


def is_sealed(signatures: Sequence[Facts]) -> bool:
    """The first signature is a seal, whoever set it."""
    return bool(signatures) and signatures[0]["kind"] == "seal"


def is_test(seal: Facts) -> bool:
    """The seal has no legal value, and says so."""
    return TEST_MARK in seal["subject"]


def level_of(signatures: Sequence[Facts]) -> str:
    """The level of PAdES that the signatures together reach (ETSI EN 319 142-1); empty without a seal.

    >>> level_of([{"kind": "seal", "proven_at": "", "kept": True}])
    'B-B'
    """
    if not is_sealed(signatures):
        return ""
    if not signatures[0]["proven_at"]:
        return "B-B"
    if not signatures[0]["kept"]:
        return "B-T"
    return "B-LTA" if any(one["kind"] == "stamp" and one["proven_at"] for one in signatures) else "B-LT"


def _expected_finding(signatures: Sequence[Facts], says: Facts, language: str) -> Finding:
    expected = expected_fields(says)
    lost = missing(signatures, expected) if signatures else []
    if lost:
        return finding("signatures", language, ok=False, words="truncated", missing=", ".join(lost))
    none = "geen" if language == "nl" else "none"
    found = ", ".join(str(signature["field"]) for signature in signatures) or none
    ok = fits(signatures, expected)
    return finding("signatures", language, ok=ok, expected=", ".join(expected) or "?", found=found)


def _level_findings(signatures: Sequence[Facts], says: Facts, language: str) -> Iterator[Finding]:
    """Nothing that lasts was taken out; a report from before the level was written down cannot show that."""
    expected, found = expected_level(says), carried_level(signatures)
    if expected is None:
        return
    ok = bool(expected) and LEVELS.index(found) >= LEVELS.index(expected)
    words = "level" if ok or not expected else WEAKENED.get(found, "level")
    yield finding("level", language, ok=ok, words=words, expected=expected or "?", found=found)


def _seal_findings(seal: Facts, expected: Sequence[str], language: str) -> Iterator[Finding]:
    dated = bool(seal["at"]) and forbids_changes(seal, expected)
    yield finding("signed", language, ok=dated, subject=seal["subject"])
    if not dated:
        return
    claimed, proven = (moment_in(seal[name], language) for name in ("at", "proven_at"))
    at = datetime.fromisoformat(seal["at"])
    if seal["proven_at"]:
        ok = at <= datetime.fromisoformat(seal["proven_at"]) + CLOCKS_DIFFER
        yield finding("time", language, ok=ok, words="proven", at=proven, claimed=claimed)
    else:
        ok = at <= datetime.now(UTC) + CLOCKS_DIFFER
        yield finding("time", language, ok=ok, words="claimed", at=claimed)


def _coverage_findings(
    signatures: Sequence[Facts], language: str, *, innocent: bool, changed: Sequence[str]
) -> Iterator[Finding]:
    """Whether the file is the sealed one; one that was only saved again is called that."""
    intact = all(one["intact"] for one in signatures)
    unchanged = all(only_signed(signatures, number) for number in range(len(signatures)))
    whole = all(one["whole"] for one in signatures)
    yield finding("intact", language, ok=intact)
    if innocent and intact and unchanged and whole and signatures[-1]["changes"] == "stamped":
        yield finding("resaved", language, ok=False, words="extended")
        return
    yield finding("whole", language, ok=whole and signatures[-1]["at_end"])
    if intact or not unchanged:  # nobody looked what came behind a broken signature
        ok = unchanged and signatures[-1]["changes"] == "none"
        what = ", ".join(reason(f"changed_{kind}", language) for kind in changed)
        yield finding("unchanged", language, ok=ok, words="altered" if what else "", what=what)


def _trust_findings(signatures: Sequence[Facts], language: str) -> Iterator[Finding]:
    seal = signatures[0]
    yield finding("trusted", language, ok=seal["trusted"], why=reason(seal["why"], language))
    stamps = {one["field"]: one["stamp"]["why"] for one in signatures if one["stamp"]}
    stamps |= {one["field"]: one["why"] for one in signatures if one["kind"] == STAMPED}
    if stamps:
        field, why = next(((field, why) for field, why in stamps.items() if why), ("", ""))
        yield finding("timestamps", language, ok=not why, field=field, why=reason(why, language))


def _person_findings(signatures: Sequence[Facts], language: str) -> Iterator[Finding]:
    """The approvals that persons signed themselves; nothing where nobody did."""
    approvals = approvals_in(signatures)
    if not approvals:
        return
    field, why = refusal(signatures)
    names = ", ".join(str(one["subject"]) for one in approvals)
    yield finding("personal", language, ok=not why, names=names, field=field, why=reason(why, language))


def _kind_finding(seal: Facts, language: str, *, says_test: bool) -> Finding:
    if is_test(seal):
        return finding("test_seal", language, ok=says_test)
    return finding("seal_kind", language, ok=not says_test)


def _content_findings(facts: Facts, language: str) -> Iterator[Finding]:
    files, printed = facts["files"], facts["printed"]
    complete = set(files) - {DECISION} == FILES
    yield finding("files", language, ok=complete, words="five_files" if DECISION in files else "files")
    if not complete:
        return
    snapshot, advice, approvals, questionnaire = (
        files[f"{name}.json"] for name in ("snapshot", "advice", "approvals", "questionnaire")
    )
    same = snapshot["sha256"] == printed["snapshot"] == advice["says"]["snapshot"]
    yield finding("snapshot", language, ok=same)
    same = advice["sha256"] == printed["advice"] == approvals["says"]["advice"]
    yield finding("advice", language, ok=same)
    yield finding("questionnaire", language, ok=questionnaire["sha256"] == snapshot["says"]["questionnaire"])
    yield _approval_finding(approvals["says"]["approvals"], language)
    if DECISION in files or printed["decision"]:
        yield _decision_finding(files.get(DECISION), printed["decision"], advice["sha256"], language)


def _decision_finding(file: Facts | None, printed: str, advice_sha256: str, language: str) -> Finding:
    """The decision is there, is the printed one, and is about this advice and about a report that was read."""
    if file is None:
        return finding("decision", language, ok=False, words="no_decision")
    says = file["says"]
    named = bool(_SHA256.fullmatch(str(says["report"])))
    ok = file["sha256"] == printed and says["advice"] == advice_sha256 and named
    return finding("decision", language, ok=ok)


def _approval_finding(rows: object, language: str) -> Finding:
    """Exactly one chair and one secretary, and two different people."""
    listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    people = {str(row.get("role")): str(row.get("by") or "") for row in listed}
    roles = sorted(str(row.get("role")) for row in listed)
    chair, secretary = people.get("chair", ""), people.get("secretary", "")
    ok = roles == ["chair", "secretary"] and bool(chair and secretary) and chair != secretary
    return finding("approvals", language, ok=ok, chair=chair, secretary=secretary)
