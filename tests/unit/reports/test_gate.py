"""The gate has seen every violation that it exists for, and says nothing about reports that are in order."""

from __future__ import annotations

import re
import time

import pytest

from ethiek.errors import RenderError
from ethiek.reports import gate
from ethiek.reports.gate import breaches, in_words, refuse_breaches
from ethiek.reports.rules.breach import RULES, Breach
from tests.unit.reports.violations import VIOLATIONS, encrypted, seeded, seeded_behind

BY_HAND = {"encrypted", "header", "identifier", "signature-range", "signature-kind"}
"""Rules whose violation a PDF library would mend while writing; each has a test of its own below."""


def rules(pdf: bytes) -> set[str]:
    return {breach.rule for breach in breaches(pdf)}


def test_report_passes_the_gate_before_and_after_sealing(unsigned: bytes, signed: bytes) -> None:
    assert breaches(unsigned) == ()
    assert breaches(signed) == ()
    assert refuse_breaches(unsigned) is unsigned


def test_report_that_is_written_again_still_passes(unsigned: bytes) -> None:
    assert breaches(seeded(unsigned, lambda _: None)) == ()


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_seeded_violation_is_caught_under_its_own_name(unsigned: bytes, violation: str) -> None:
    rule, change = VIOLATIONS[violation]

    assert rule in rules(seeded(unsigned, change))


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_violation_that_came_with_the_sealing_is_caught_behind_a_report_that_passed(
    unsigned: bytes, signed: bytes, violation: str
) -> None:
    rule, change = VIOLATIONS[violation]
    behind = seeded_behind(signed, change)

    assert behind.startswith(signed)
    assert breaches(behind, passed=unsigned) == breaches(behind)
    assert rule in {breach.rule for breach in breaches(behind, passed=unsigned)}


def test_violation_in_what_passed_is_caught_when_the_bytes_are_others(unsigned: bytes, signed: bytes) -> None:
    """The file that passed is not the one that was sealed."""
    rule, change = VIOLATIONS["untagged content"]
    other = seeded(unsigned, change)

    assert [breach.rule for breach in breaches(other, passed=unsigned)] == [rule]
    assert [breach.rule for breach in breaches(signed, passed=other)] == []


def test_report_that_passed_is_not_walked_through_again_after_sealing(
    unsigned: bytes, signed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(gate, "Structure")  # whoever walks fails

    assert breaches(signed, passed=unsigned) == ()
    assert rules(signed) == {"readable"}


def test_every_rule_has_been_seen_to_catch_something() -> None:
    assert {rule for rule, _ in VIOLATIONS.values()} | BY_HAND == set(RULES)
    assert len(VIOLATIONS) + len(BY_HAND) >= 33


def test_violations_that_a_library_would_mend_are_caught(unsigned: bytes, signed: bytes) -> None:
    plain = seeded(unsigned, lambda _: None)

    assert rules(encrypted(unsigned)) >= {"encrypted"}
    assert rules(unsigned.replace(b"%PDF-1.7", b"%PDF-2.0", 1)) == {"header"}
    assert rules(re.sub(rb"/ID \[", b"/IX [", plain)) == {"identifier"}
    assert rules(signed.replace(b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detached", 1)) == {"signature-kind"}
    assert rules(signed.replace(b"/ByteRange [0 ", b"/ByteRange [9 ", 1)) == {"signature-range"}


def test_refusal_names_the_first_rules_and_where(unsigned: bytes) -> None:
    broken = seeded(unsigned, VIOLATIONS["no language"][1])

    with pytest.raises(RenderError) as refused:
        refuse_breaches(broken)

    assert refused.value.reason == "the report does not conform to PDF/A-3a and PDF/UA-1: language"
    assert in_words(tuple(Breach("untagged", f"page {page}") for page in range(1, 8))) == (
        "untagged (page 1), untagged (page 2), untagged (page 3), untagged (page 4), untagged (page 5), and 2 more"
    )


@pytest.mark.parametrize("file", [b"", b"garbage", b"%PDF-1.7\n" + bytes(200)])
def test_file_that_is_no_pdf_is_a_breach_and_no_traceback(file: bytes) -> None:
    assert rules(file) == {"readable"}


def test_gate_costs_little(unsigned: bytes) -> None:
    start = time.process_time()
    breaches(unsigned)

    assert time.process_time() - start < 1
