"""What is printed from the same data: English reports, the summary, the concept, and the bundle for a meeting."""

from __future__ import annotations

import io
import re
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.resources import files

import pikepdf
import pypdf
import pytest

from ethiek.errors import RenderError
from ethiek.reports.house import House, checked_logo, contrast
from ethiek.reports.jobs import job_of, source_of
from ethiek.reports.render import render, render_bundle, render_concept, render_full
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.source import BundleSource, ConceptSource, FullSource, HandedIn, digest, language_of
from ethiek.reports.verify import verify
from ethiek.reports.watermark import COLOUR
from tests.unit.reports.sources import a_questionnaire, a_source, canonical
from tests.unit.reports.test_conformance import failures
from tests.unit.reports.test_house import a_logo

ORGANISATION = "Provincie Voorbeeldland"
COMMITTEE = "Commissie Ethiek en Digitalisering"
HOUSE = House(checked_logo(a_logo()), "#0b5c4b")
WIDEST = "W" * 11 + " "


@pytest.fixture(scope="module")
def concept() -> ConceptSource:
    source = a_source()
    return ConceptSource(source.snapshot, source.questionnaire, ORGANISATION, COMMITTEE, house=HOUSE)


@pytest.fixture(scope="module")
def bundle(concept: ConceptSource) -> BundleSource:
    english = a_source(snapshot={"round": 1, "team": []})
    return BundleSource(
        "Vergadering van 3 december 2026",
        ((concept.snapshot, concept.questionnaire), (english.snapshot, english.questionnaire)),
        ORGANISATION,
        COMMITTEE,
        house=HOUSE,
    )


def pages_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def fields_in(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.Root.AcroForm.Fields) if "/AcroForm" in document.Root else 0


def test_english_report_speaks_english_is_sealed_and_verified(
    signer: Pkcs12Signer, trust: list[bytes]
) -> None:
    pdf = render(replace(a_source(), language="en", house=HOUSE, public_url="https://ethiek.example.nl"))
    sealed = signer.seal(pdf, reason="Advies", at=datetime.now(UTC))
    first = pages_of(pdf)[0]

    assert "Ethical advice ETH-2026-0007" in first
    assert "2, handed in on 10 November 2026, 09:30 UTC" in first
    assert first.count("Checksum of the") == 2
    text = " ".join(pages_of(pdf))
    assert re.findall(r"Controlegetal|Voorwaarden|Overwegingen|Niet beantwoord|Pagina|Bijlagen", text) == []
    assert [failures(sealed, profile) for profile in ("3a", "ua1")] == [[], []]
    assert [finding.code for finding in verify(sealed, trust).findings if not finding.ok] == []


def spoken_in(pdf: bytes) -> set[str]:
    """What assistive technology reads of signature fields, links and drawings, beside the text."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        things = [thing for thing in document.objects if isinstance(thing, pikepdf.Dictionary)]
        return {
            str(thing[name]) for thing in things for name in ("/TU", "/Contents", "/Alt") if name in thing
        }


def test_english_report_names_fields_code_and_logo_in_english() -> None:
    source = replace(a_source(), house=HOUSE, public_url="https://ethiek.example.nl", time_stamps=True)
    url = f"https://ethiek.example.nl/controle/{digest(source.advice)[:20]}"
    english, dutch = (spoken_in(render(replace(source, language=language))) for language in ("en", "nl"))
    stamps = {f"Time stamp {number} of the archive" for number in (1, 2, 3)}

    assert english >= {"Electronic seal of the organisation", *stamps, f"QR code of {url}"}
    assert dutch >= {"Elektronisch zegel van de organisatie", f"QR-code van {url}"}
    assert [text for text in english if re.search(r"zegel|Tijdstempel|QR-code|Logo van", text)] == []


def test_language_of_a_report_is_that_of_its_question_set() -> None:
    questions = asdict(a_questionnaire())
    assert [language_of(canonical({**questions, "language": code})) for code in ("nl", "en", "fy")] == [
        "nl",
        "en",
        "nl",
    ]


def test_summary_and_cover_of_the_widest_texts_take_one_page_each() -> None:
    wide = {"text": WIDEST * 30, "owner": WIDEST * 6, "due_on": "2027-09-30"}
    rows = [{"risk": WIDEST * 20, "decision": WIDEST * 20}] * 9
    source = a_source(
        advice={
            "organisation": WIDEST * 6,
            "committee": WIDEST * 6,
            "motivation": "\n\n".join([WIDEST * 50] * 9),
            "conditions": [wide] * 20,
        },
        snapshot={"answers": [{"question": "5.C.1", "item": "", "answer": {"rows": rows}}]},
    )
    pages = pages_of(render(replace(source, house=HOUSE, public_url="https://ethiek.example.nl")))

    assert pages[0].count("SHA-256") == 2
    assert "Samenvatting voor bestuurders" in pages[1]

    assert "Hoe u nagaat of dit document echt is" in pages[1]
    assert pages[2].startswith("Inhoud ")


def test_members_with_another_verdict_and_the_reviews_received_are_named(unsigned: bytes) -> None:
    text = " ".join(pages_of(unsigned))

    assert re.search(r"een ander oordeel dan het advies\. (• )?Chris: positief", text)
    assert "Quorum. Er zijn 2 beoordelingen ontvangen. Mila" in text


def test_who_signs_with_an_own_certificate_too_is_told_and_the_other_is_not() -> None:
    chair = {
        "role": "chair",
        "by": "Chris",
        "at": "2026-11-21T09:00:00.000000Z",
        "signature": "ApprovalChair",
    }
    secretary = {"role": "secretary", "by": "Sem", "at": "2026-11-21T10:15:00.000000Z"}
    text = " ".join(pages_of(render(a_source(approvals={"approvals": [chair, secretary]}))))

    assert text.count("Ondertekent het rapport ook met een eigen certificaat.") == 1
    assert "Chris Ondertekent het rapport ook met een eigen certificaat. 21 november" in text


def test_quorum_is_printed_where_the_advice_says_it() -> None:
    text = " ".join(pages_of(render(a_source(advice={"quorum": 2}))))
    assert "Er zijn 2 beoordelingen ontvangen. Nodig waren er ten minste 2." in text


def test_last_chapter_names_template_and_question_set(unsigned: bytes) -> None:
    assert "Versie van het sjabloon 3.0 Vragenlijst proef/1.0" in " ".join(pages_of(unsigned)[-2:])


def test_concept_is_marked_on_every_page_cannot_be_sealed_and_conforms(concept: ConceptSource) -> None:
    pdf = render_concept(concept)
    pages = pages_of(pdf)

    assert [number for number, page in enumerate(pages, 1) if "CONCEPT" not in page.upper()] == []
    assert "niet vastgesteld en niet ondertekend" in pages[0]
    assert "Positief" not in " ".join(pages)
    assert fields_in(pdf) == 0
    assert pypdf.PdfReader(io.BytesIO(pdf)).attachments == {}
    assert [failures(pdf, profile) for profile in ("3a", "ua1")] == [[], []]
    assert render_concept(concept) == pdf


def test_whole_dossier_reads_each_round_in_its_own_way_with_its_own_remarks() -> None:
    marked = {"question": "1.1.1", "item": "", "answer": {"text": "Niet **vet**."}}
    said = {"question": "", "item": "", "by": "Mila", "at": "2026-11-11T10:00:00.000000Z", "replies": []}
    older, newer = (
        a_source(snapshot={"format": f"ethiek-snapshot/{version}", "round": version, "answers": [marked]})
        for version in (1, 2)
    )
    rounds = (
        HandedIn(
            older.snapshot, older.questionnaire, canonical([{**said, "round": 1, "text": "Eerst dit."}])
        ),
        HandedIn(newer.snapshot, newer.questionnaire),
    )
    source = FullSource(rounds, ORGANISATION, COMMITTEE, house=HOUSE)
    pdf = render_full(source)
    text = " ".join(pages_of(pdf))
    second, first = text.index("Ronde 2 Ingediend op"), text.index("Ronde 1 Ingediend op")

    assert second < text.index("Niet vet.") < first < text.index("Niet **vet**.")
    assert text.index("Eerst dit.") > first
    assert [failures(pdf, profile) for profile in ("3a", "ua1")] == [[], []]
    assert source_of(job_of(source)) == source
    assert render_full(source) == pdf


def test_bundle_reads_each_dossier_in_its_own_way() -> None:
    marked = {"question": "1.1.1", "item": "", "answer": {"text": "Niet **vet**."}}
    sources = [
        a_source(snapshot={"format": f"ethiek-snapshot/{version}", "answers": [marked]}) for version in (2, 1)
    ]
    dossiers = tuple((one.snapshot, one.questionnaire) for one in sources)
    text = " ".join(pages_of(render_bundle(BundleSource("Bundel", dossiers, ORGANISATION, COMMITTEE))))

    assert (text.count("Niet vet."), text.count("Niet **vet**.")) == (1, 1)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_concept_has_a_drawn_word_behind_every_page_that_no_reading_aid_meets(
    concept: ConceptSource, language: str
) -> None:
    with pikepdf.open(io.BytesIO(render_concept(replace(concept, language=language)))) as document:
        backgrounds = [background_of(page) for page in document.pages]

    assert {before for before, _ in backgrounds} == {"BMC /Artifact"}
    assert {tuple(sorted(operators & {"f", "Tj", "TJ", "Do"})) for _, operators in backgrounds} == {("f",)}


def background_of(page: pikepdf.Page) -> tuple[str, set[str]]:
    """What the first drawing of a page is marked as, and the operators inside it."""
    drawing = pikepdf.parse_content_stream(page)
    operators = [str(one.operator) for one in drawing]
    first = operators.index("Do")
    marked = max(at for at in range(first) if operators[at] in {"BMC", "BDC", "EMC"})
    form = page.Resources.XObject[str(drawing[first].operands[0])]
    inside = {str(one.operator) for one in pikepdf.parse_content_stream(form)}
    return f"{operators[marked]} {drawing[marked].operands[0]}", inside


def test_text_on_the_watermark_can_be_read() -> None:
    sheet = files("ethiek").joinpath("templates/reports/advice.css").read_text(encoding="utf-8")
    colours = set(re.findall(r"[{;\s]color: (#[0-9a-f]{6})", sheet))
    assert len(colours) > 5
    assert {one for one in colours if contrast(one) / contrast(COLOUR) < 4.5} == set()


def test_bundle_holds_every_dossier_behind_one_list_and_conforms(bundle: BundleSource) -> None:
    pdf = render_bundle(bundle)
    pages = pages_of(pdf)

    assert "Vergadering van 3 december 2026" in pages[0]
    assert pages[0].count("ETH-2026-0007") == 2
    assert sum("Concept van een dossier ETH-2026-0007 Bezoekers" in page for page in pages) == 2
    assert fields_in(pdf) == 0
    assert [failures(pdf, profile) for profile in ("3a", "ua1")] == [[], []]


def test_bundle_of_nothing_is_refused(bundle: BundleSource) -> None:
    with pytest.raises(RenderError, match="a bundle has at least one dossier"):
        render_bundle(replace(bundle, dossiers=()))


def test_jobs_of_each_kind_go_there_and_back(concept: ConceptSource, bundle: BundleSource) -> None:
    report = replace(a_source(), house=HOUSE, language="en")
    assert [source_of(job_of(source)) for source in (report, concept, bundle)] == [report, concept, bundle]
