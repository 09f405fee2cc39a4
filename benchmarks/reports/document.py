"""A report of about as many pages as is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ethiek.questionnaires.model import Kind, Part, Question, Section
from ethiek.reports.source import ReportSource
from tests.unit.reports.sources import LOREM, a_questionnaire, a_source

FIXED_PAGES: Final = 9
"""Cover, summary, contents, verdict, annexes and how to check."""
PER_PAGE: Final = 3.1
"""Questions with an answer of 150 words on one page."""
PER_SECTION: Final = 12
TEXT: Final = f"{LOREM}\n\n{LOREM}\n\n{LOREM}"


def a_report_of(pages: int) -> ReportSource:
    """Return the source of a report in which most pages are answers of 150 words."""
    count = max(1, round((pages - FIXED_PAGES) * PER_PAGE))
    questions = [
        Question(
            f"9.1.{number}", f"Vraag {number} over wat er verandert?", Kind.OPEN_TEXT, number=f"9.1.{number}"
        )
        for number in range(1, count + 1)
    ]
    sections = tuple(
        Section(
            f"9.{start}",
            f"Paragraaf {start}",
            tuple(questions[start : start + PER_SECTION]),
            number=f"9.{start}",
        )
        for start in range(0, count, PER_SECTION)
    )
    part = Part("9", "Alle vragen", sections, number="9")
    answers = [{"question": question.id, "item": "", "answer": {"text": TEXT}} for question in questions]
    return a_source(
        questionnaire=replace(a_questionnaire(), parts=(part,)),
        snapshot={"answers": answers, "warnings": [], "not_asked": []},
        advice={"remarks": []},
    )
