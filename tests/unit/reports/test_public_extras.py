"""What other parts put into a report is left out of a public copy in the same way: files, gatherings, decisions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ethiek.domain.attachments import size_words
from ethiek.domain.redactions import Redaction
from ethiek.reports.gate import breaches
from ethiek.reports.public_source import PublicSource, written
from ethiek.reports.publishing import build_public
from ethiek.reports.render import public_page, render_public
from ethiek.reports.source import ReportSource, digest
from tests.unit.reports.sources import a_source, canonical
from tests.unit.reports.test_decision import a_decision

E = "5.1.2.e"
AT = "2026-11-20T12:00:00Z"
NAME = "Kwikstaartje"
SIZE = 123456
FILES = ("1f" * 32, "2e" * 32)


def person(name: str, role: str) -> dict[str, str]:
    return {"name": name, "role": role}


@pytest.fixture(scope="module")
def report() -> ReportSource:
    file: dict[str, Any] = {"question": "1.1.1", "item": "", "type": "application/pdf", "size": SIZE}
    files = [
        {**file, "name": f"{name}.pdf", "description": f"Van {name}", "sha256": sha256}
        for name, sha256 in zip((NAME, "Zwaluw"), FILES, strict=True)
    ]
    gathering = {
        "on": "2026-10-01",
        "title": f"Beraad bij {NAME}",
        "participants": [person(NAME, "Jurist")],
        "note": f"Met {NAME}.",
    }
    meeting = {
        "on": "2026-11-18",
        "present": [person(NAME, "member")],
        "absent": [person("Sem", "secretary")],
    }
    source = a_source(
        snapshot={"attachments": files, "sessions": [gathering]},
        advice={
            "recusals": [{"by": NAME, "role": "member", "reason": f"{NAME} werkte mee.", "at": AT}],
            "meeting": meeting,
        },
    )
    decision = a_decision(
        source.advice,
        decided={"by": NAME, "capacity": f"Baas van {NAME}", "at": "2026-12-01T10:00:00Z"},
        reason=f"Na overleg met {NAME} en Zwaluw.",
    )
    return replace(source, decision=canonical(decision))


def a_copy(report: ReportSource, *redactions: Redaction) -> PublicSource:
    return PublicSource(report, written(digest(report.advice), redactions), 1, AT)


def test_name_goes_everywhere_and_the_copy_conforms(report: ReportSource) -> None:
    page = public_page(build_public(a_copy(report)))
    assert page.count(NAME) >= 9
    copy = a_copy(report, Redaction(E, passage=NAME))
    assert NAME not in public_page(build_public(copy))
    assert breaches(render_public(copy)) == ()


def test_file_that_is_left_out_goes_with_all_by_which_it_could_be_known(report: ReportSource) -> None:
    page = public_page(build_public(a_copy(report, Redaction("5.1.1.c", "snapshot", "/attachments/0"))))
    assert (f"{NAME}.pdf" in page, f"Van {NAME}" in page, FILES[0][:12] in page) == (False, False, False)
    assert ("Zwaluw.pdf" in page, FILES[1] in page, page.count(size_words(SIZE, ","))) == (True, True, 1)


def test_decision_keeps_no_checksum_with_which_one_could_guess(report: ReportSource) -> None:
    page = public_page(build_public(a_copy(report)))
    assert "Na overleg met" in page
    assert digest(report.decision) not in page
    assert "ab" * 32 not in page
