"""Facts of the committee and the team in the report: recusals, the meeting, gatherings, dissent."""

from __future__ import annotations

from typing import Any

import pytest

from ethiek.reports.gate import breaches
from ethiek.reports.model import build
from ethiek.reports.render import render, render_concept
from ethiek.reports.source import ConceptSource, ReportSource
from tests.unit.reports.sources import a_source, answers
from tests.unit.reports.test_render import text_of

HOSTILE = "<img src=x onerror=1> & **niet vet** \u202e\u0627"
RECUSALS: list[dict[str, Any]] = [
    {
        "by": "Daan",
        "role": "member",
        "reason": f"Werkt bij de leverancier. {HOSTILE}",
        "at": "2026-11-12T08:00:00Z",
    },
    {"by": "Robin", "role": "chair", "reason": "Familie.", "at": "2026-11-13T08:00:00Z"},
]
MEETING: dict[str, Any] = {
    "on": "2026-11-18",
    "present": [{"name": "Chris", "role": "chair"}, {"name": "Mila", "role": "member"}],
    "absent": [{"name": "Sem", "role": "secretary"}],
}
SESSIONS: list[dict[str, Any]] = [
    {
        "on": "2026-10-01",
        "title": f"DEDA-sessie {HOSTILE}",
        "participants": [{"name": "Noor", "role": "projectleider"}, {"name": "Yara", "role": ""}],
        "note": "Vier uur, met een **gespreksleider**.\n\n- punt een\n- punt twee",
    },
    {
        "on": "2026-10-08",
        "title": "IAMA deel 1",
        "participants": [{"name": "x" * 200, "role": "y" * 200}],
        "note": "",
    },
]


@pytest.fixture(scope="module")
def full() -> bytes:
    return render(
        a_source(snapshot={"sessions": SESSIONS}, advice={"recusals": RECUSALS, "meeting": MEETING})
    )


def test_report_with_every_fact_conforms(full: bytes) -> None:
    assert breaches(full) == ()


def test_meeting_and_recusals_stand_near_the_quorum(full: bytes) -> None:
    text = text_of(full)
    assert (
        "Vergadering van de commissie. De commissie besprak dit dossier op 18 november 2026. "
        "Aanwezig: Chris (voorzitter), Mila (lid). Afwezig: Sem (secretaris). "
        "Deze personen deden niet mee aan dit advies." in text
    )
    assert text.index("Quorum.") < text.index("Vergadering van de commissie.")
    assert (
        "Naam Hoedanigheid Reden Vastgelegd op Daan Lid Werkt bij de leverancier. <img src=x onerror=1> & **niet vet**"
        in text
    )
    assert "Robin Voorzitter Familie. 13 november 2026, 08:00 uur UTC" in text


def test_gatherings_have_a_chapter_with_participants_and_notes(full: bytes) -> None:
    text = text_of(full)
    assert text.count("Bijeenkomsten en deelnemers") == 2  # in the contents and at its place
    chapter = text[text.rindex("Bijeenkomsten en deelnemers") :]
    assert "DEDA-sessie <img src=x onerror=1> & **niet vet**" in chapter
    assert (
        "1 oktober 2026 Deelnemers Naam Rol Noor projectleider Yara Vier uur, met een gespreksleider."
        in chapter
    )
    assert chapter.index("DEDA-sessie") < chapter.index("8 oktober 2026")


def test_report_without_them_does_not_speak_of_them(unsigned: bytes) -> None:
    text = text_of(unsigned)
    for words in ("Bijeenkomsten", "Vergadering van de commissie", "Hoedanigheid", "Afwijkend standpunt"):
        assert words not in text


def test_model_of_a_report_without_them_is_empty(source: ReportSource) -> None:
    report = build(source)
    assert report.advice is not None
    assert (report.gatherings, report.advice.recusals, report.advice.meeting) == ((), (), None)


def test_concept_has_the_gatherings() -> None:
    source = a_source(snapshot={"sessions": SESSIONS})
    pdf = render_concept(ConceptSource(source.snapshot, source.questionnaire, "Provincie", "Commissie"))
    assert "IAMA deel 1" in text_of(pdf)
    assert breaches(pdf) == ()


def test_dissent_stands_behind_the_considerations_under_its_own_name() -> None:
    given = answers()
    given[0]["answer"]["dissent"] = f"Yara ziet dit *anders*. {HOSTILE}"
    pdf = render(a_source(snapshot={"answers": given}))
    assert "Overwegingen en keuzes Lussen zijn duurder. Afwijkend standpunt Yara ziet dit anders." in text_of(
        pdf
    )
    assert breaches(pdf) == ()
