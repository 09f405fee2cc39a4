"""The outcome of checking a report: one finding per check, each with one plain sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` names the check and never changes; ``sentence`` is for people."""

    code: str
    ok: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found in one file.

    ``signed_at`` is what the signature itself claims, ``proven_at`` what its time stamp proves (or empty), in
    ISO 8601. ``level``: B-B, B-T, B-LT or B-LTA of PAdES. ``signatures``: names of the fields, in order.
    ``inside_sha256``: of the signed file that this one begins with, if there is more behind it; else empty.
    """

    sha256: str
    findings: tuple[Finding, ...]
    signed_by: str = ""
    signed_at: str = ""
    proven_at: str = ""
    level: str = ""
    signatures: tuple[str, ...] = ()
    inside_sha256: str = ""
    reference: str = ""
    title: str = ""
    verdict: str = ""
    is_test: bool = False

    @property
    def ok(self) -> bool:
        """Every check holds."""
        return all(finding.ok for finding in self.findings)

    @property
    def readable(self) -> bool:
        """The file could be checked at all."""
        return not any(finding.code == "readable" and not finding.ok for finding in self.findings)

    def failures(self) -> tuple[Finding, ...]:
        """The checks that do not hold."""
        return tuple(finding for finding in self.findings if not finding.ok)

    def and_found(self, finding: Finding) -> Verification:
        """The same with one more finding."""
        return replace(self, findings=(*self.findings, finding))

    def to_json(self) -> dict[str, object]:
        """A form for machines; the names are stable."""
        return {
            "ok": self.ok,
            "sha256": self.sha256,
            "signed_by": self.signed_by,
            "signed_at": self.signed_at,
            "proven_at": self.proven_at,
            "level": self.level,
            "signatures": list(self.signatures),
            "reference": self.reference,
            "title": self.title,
            "verdict": self.verdict,
            "is_test": self.is_test,
            "findings": [
                {"code": finding.code, "ok": finding.ok, "sentence": finding.sentence}
                for finding in self.findings
            ],
        }
