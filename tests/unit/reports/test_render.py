from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest
from weasyprint.urls import FatalURLFetchingError, fetch

from ethiek.errors import RenderError
from ethiek.reports.assets import AssetFetcher
from ethiek.reports.render import render, rendered
from ethiek.reports.source import ReportSource, digest
from tests.unit.reports.sources import LOREM, a_source, answers, every_kind

DIGESTS_OF_RENDERS = (
    "import hashlib; from tests.unit.reports.sources import every_kind\n"
    "from ethiek.reports.render import rendered\n"
    "for source in every_kind(): print(hashlib.sha256(rendered(source)).hexdigest())"
)

MARGINS = re.compile(
    r"\s*(?:Ethisch advies ETH-2026-0007\s+Provincie Voorbeeldland\s+[^\n]*\s+)?Pagina \d+ van \d+"
)


def text_of(pdf: bytes) -> str:
    """The words of all pages in reading order, with single spaces, and without headers and footers."""
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    return " ".join(MARGINS.sub("", " ".join(pages)).replace("\u200b", "").split())


@pytest.mark.parametrize(
    ("seed", "zone", "language"), [("1", "Asia/Tokyo", "C"), ("random", "America/St_Johns", "nl_NL.UTF-8")]
)
def test_same_source_gives_the_same_bytes_in_another_process(
    tmp_path: Path, seed: str, zone: str, language: str
) -> None:
    """Of each kind; with another order of sets, time zone, language, folder and home, and in another order."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "PYTHONHASHSEED": seed,
        "TZ": zone,
        "LC_ALL": language,
        "HOME": str(tmp_path),
        "SOURCE_DATE_EPOCH": "1",
    }
    said = subprocess.run(
        [sys.executable, "-c", DIGESTS_OF_RENDERS],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    here = [digest(rendered(source)) for source in reversed(every_kind())]
    assert said.split() == here[::-1]
    assert len(set(here)) == 3


def test_four_documents_are_embedded_as_they_are(source: ReportSource, unsigned: bytes) -> None:
    attachments = pypdf.PdfReader(io.BytesIO(unsigned)).attachments

    assert {name: contents[0] for name, contents in attachments.items()} == source.files()


def test_first_page_shows_verdict_instrument_and_both_hashes_on_one_line(
    source: ReportSource, unsigned: bytes
) -> None:
    lines = pypdf.PdfReader(io.BytesIO(unsigned)).pages[0].extract_text().splitlines()

    assert lines[: lines.index(digest(source.advice)) + 1] == [
        "Provincie Voorbeeldland",
        "Commissie Ethiek en Digitalisering",
        "Ethisch advies ETH-2026-0007",
        "Bezoekersaantallen in",
        "natuurgebieden uit telefoonapps",
        "Advies van de commissie, 20 november 2026",
        "Positief onder voorwaarden",
        "Met 2 voorwaarden; zie het hoofdstuk Voorwaarden (pagina 4)",
        "Testdocument zonder rechtskracht. Dit document is verzegeld met een",
        "TESTCERTIFICAAT. Het zegel bewijst niet wie het document heeft uitgegeven.",
        "Instrument Proeftoets mensenrechten en algoritmes 1.0 (proef/1.0)",
        "Organisatieonderdeel Natuur en Water",
        "Ronde 2, ingediend op 10 november 2026, 09:30 uur UTC",
        "Vastgesteld 20 november 2026, 14:00 uur UTC, door Chris",
        "Goedgekeurd 21 november 2026, 09:00 uur UTC, door Chris (voorzitter)",
        "Goedgekeurd 21 november 2026, 10:15 uur UTC, door Sem (secretaris)",
        "Controlegetal dossier (SHA-256):",
        digest(source.snapshot),
        "Controlegetal advies (SHA-256):",
        digest(source.advice),
    ]


def test_report_with_a_real_seal_does_not_speak_of_a_test() -> None:
    first = pypdf.PdfReader(io.BytesIO(render(a_source(test_seal=False)))).pages[0].extract_text()

    assert "TEST" not in first.upper()


def test_every_answer_is_printed_in_the_order_asked(unsigned: bytes) -> None:
    expected = [
        LOREM, "De tweede alinea staat op twee regels.", "Overwegingen en keuzes Lussen zijn duurder.",
        "Waarom zijn lussen niet genoeg?", "Dat staat nu bij de overwegingen.",
        "Nee Er is alleen een proef gedaan.",
        "eerdere antwoorden: 1.1.3.", "Natuur", "1 april 2027", "1250,5",
        "Leg vast hoe lang de tellingen worden bewaard. Noor 31 januari 2027",
        "Vraag de leverancier om een beschrijving. Inkoop 28 februari 2027",
        "Privacy en gegevensbescherming", "Gelijke behandeling", "Er zijn grondrechten geraakt",
        "Privacy en gegevensbescherming", "Een verblijfplaats zegt iets", "Tellen per vak van 500 meter",
        "Is tien telefoons genoeg?", "Gelijke behandeling", "Ouderen gebruiken", "Elk kwartaal",
        "Een klein vak is toch herleidbaar. Aanvaard",
    ]  # fmt: skip
    text = text_of(unsigned)
    position = text.index("Zoals ingediend in ronde 2 door Noor")
    for words in expected:
        assert words in text[position:], words
        position = text.index(words, position) + len(words)


@pytest.mark.parametrize(
    ("conclusions", "printed"),
    [
        (
            [
                {"id": "deda", "title": "DEDA & meer", "level": "required", "reason": "Het <raakt> mensen."},
                {"id": "dpia", "title": "DPIA", "level": "not_needed", "reason": "Geen\ngegevens."},
            ],
            "Uitkomst Oordeel Reden DEDA & meer Nodig Het <raakt> mensen. DPIA Niet nodig Geen gegevens.",
        ),
        ([], "Uit de antwoorden volgt niets."),
    ],
)
def test_conclusions_stand_at_the_end_of_the_assessment(
    conclusions: list[dict[str, str]], printed: str
) -> None:
    text = text_of(render(a_source(snapshot={"conclusions": conclusions})))
    assert text.count("Uitkomst van de vragenlijst") == 2  # in the contents and at its place
    assert text[text.rindex("Uitkomst van de vragenlijst") :].startswith(
        f"Uitkomst van de vragenlijst {printed} Actiepunten"
    )


def test_report_of_a_set_without_conclusions_does_not_speak_of_them(unsigned: bytes) -> None:
    assert "Uitkomst" not in text_of(unsigned)


def test_action_points_and_residual_risks_are_collected(unsigned: bytes) -> None:
    text = text_of(unsigned)
    annexes = text[text.rindex("Actiepunten") :]

    assert "1 Waarom? Wat Wie Uiterlijk Leg vast hoe lang de tellingen worden bewaard. Noor" in annexes
    assert (
        "5.C Restrisico\u2019s en acceptatie Risico Besluit Een klein vak is toch herleidbaar. Aanvaard"
        in annexes
    )


def test_documents_that_do_not_belong_together_are_refused(source: ReportSource) -> None:
    with pytest.raises(RenderError) as caught:
        render(replace(source, snapshot=source.snapshot.replace(b"Noor", b"Piet")))

    assert caught.value.reason == "snapshot.json differs from the SHA-256 recorded for it"


@pytest.mark.parametrize(
    ("snapshot", "reason"),
    [
        (b"", "snapshot.json is not JSON"),
        (b"[]", "snapshot.json is not a JSON object"),
        (b"{}", "snapshot.json has format None, expected 'ethiek-snapshot/2'"),
        (b"[" * 100_000, "snapshot.json is not JSON"),
    ],
)
def test_bad_documents_are_refused_with_a_reason(source: ReportSource, snapshot: bytes, reason: str) -> None:
    with pytest.raises(RenderError) as caught:
        render(replace(source, snapshot=snapshot))

    assert caught.value.reason == reason


def test_answer_without_a_question_is_refused_and_named() -> None:
    stray: list[Any] = [*answers(), {"question": "9.9", "item": "", "answer": {"text": "Verdwaald."}}]

    with pytest.raises(RenderError) as caught:
        render(a_source(snapshot={"answers": stray}))

    assert caught.value.questions == ("9.9",)


def test_incomplete_document_is_refused() -> None:
    with pytest.raises(RenderError) as caught:
        render(a_source(advice={"adopted": {}}))

    assert caught.value.reason == "the documents are incomplete: KeyError 'by'"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/x", "https://example.org/x.ttf", "file:///etc/passwd", "data:text/plain,x",
        "ftp://example.org/x", "asset:../../../etc/passwd", "asset:", "ASSET:NotoSans-Regular.ttf",
    ],
)  # fmt: skip
def test_fetcher_refuses_everything_but_our_fonts(url: str) -> None:
    with pytest.raises(FatalURLFetchingError), fetch(AssetFetcher(), url):
        pass


def test_fetcher_serves_a_shipped_font() -> None:
    with fetch(AssetFetcher(), "asset:NotoSans-Regular.ttf") as response:
        assert response.read()[:4] == b"\0\1\0\0"


def test_snapshot_is_embedded_even_where_the_text_cannot_be_printed() -> None:
    source = a_source(
        snapshot={"answers": [{"question": "1.1.1", "item": "", "answer": {"text": "\U0001f600"}}]}
    )
    embedded = pypdf.PdfReader(io.BytesIO(render(source))).attachments["snapshot.json"][0]

    assert json.loads(embedded)["answers"][0]["answer"] == {"text": "\U0001f600"}


def test_round_that_says_what_changed_lists_the_questions_in_words() -> None:
    changes = [
        {"question": "1.1.1", "item": "", "kind": "changed"},
        {"question": "4.2.1", "item": "privacy", "kind": "added"},
        {"question": "", "item": "", "kind": "removed", "text": "9.9 Wat <is> er weg?"},
        {"question": "1.2.1", "item": "", "kind": "changed"},
    ]
    rounds = [
        {"round": 1, "submitted_at": "2026-11-01T09:30:00Z", "sha256": "1" * 64},
        {"round": 2, "submitted_at": "2026-11-10T09:30:00Z", "sha256": "2" * 64, "changes": changes},
        {"round": 3, "submitted_at": "2026-11-12T09:30:00Z", "sha256": "3" * 64, "changes": []},
    ]
    text = text_of(render(a_source(advice={"rounds": rounds})))

    assert (
        f"{'2' * 64} Nieuw (1) • 4.2.1 Hoe zwaar is de inbreuk? (Privacy en gegevensbescherming) "
        "Veranderd (2) • 1.1.1 Wat is de aanleiding om dit algoritme in te zetten? "
        "• 1.2.1 Welke waarde weegt het zwaarst? Vervallen (1) • 9.9 Wat <is> er weg? Ronde 3"
    ) in text
    assert f"{'3' * 64} Geen antwoord veranderde ten opzichte van de ronde ervoor." in text
    assert f"{'1' * 64} Ronde 2" in text
