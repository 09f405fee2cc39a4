"""The outcome of checking a report: one finding per check, each with one plain sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` names the check and never changes; ``sentence`` is for people."""

    code: str
    ok: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found in one file. ``signed_at`` is what the signature itself claims, in ISO 8601."""

    sha256: str
    findings: tuple[Finding, ...]
    signed_by: str = ""
    signed_at: str = ""
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

    def to_json(self) -> dict[str, object]:
        """A form for machines; the names are stable."""
        return {
            "ok": self.ok,
            "sha256": self.sha256,
            "signed_by": self.signed_by,
            "signed_at": self.signed_at,
            "reference": self.reference,
            "title": self.title,
            "verdict": self.verdict,
            "is_test": self.is_test,
            "findings": [
                {"code": finding.code, "ok": finding.ok, "sentence": finding.sentence}
                for finding in self.findings
            ],
        }
