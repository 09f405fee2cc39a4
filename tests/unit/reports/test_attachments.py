"""The files that were handed in, as a report names them."""

from __future__ import annotations

import io
from dataclasses import asdict, replace
from typing import Any

import pypdf
import pytest

from ethiek.reports.attachments import Attachment, attachments_in
from ethiek.reports.render import render, render_bundle, render_concept
from ethiek.reports.source import BundleSource, ConceptSource
from ethiek.reports.words_en import EN
from tests.unit.reports.sources import a_questionnaire, a_source
from tests.unit.reports.test_conformance import failures

FIRST, SECOND = "1f" * 32, "2e" * 32
FILES: list[dict[str, Any]] = [
    {
        "question": "",
        "item": "",
        "name": "raadsbesluit <b>2026</b>.pdf",
        "description": "Het besluit & de brief.",
        "type": "application/pdf",
        "size": 1_234_567,
        "sha256": FIRST,
    },
    {
        "question": "4.2.1",
        "item": "privacy",
        "name": "telling.csv",
        "description": "Aantallen per route.",
        "type": "text/csv",
        "size": 512,
        "sha256": SECOND,
    },
]


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render(a_source(snapshot={"attachments": FILES}))


def test_list_names_every_file_with_description_type_size_and_checksum(pdf: bytes) -> None:
    text = text_of(pdf)
    assert (
        "1. raadsbesluit <b>2026</b>.pdf Het besluit & de brief. PDF, 1,2 MB. Bij het hele dossier. SHA-256: "
        f"{FIRST} 2. telling.csv Aantallen per route. CSV, 512 bytes. Bij vraag 4.2.1. SHA-256: {SECOND}"
    ) in text


def test_question_names_its_file_with_the_beginning_of_the_checksum(pdf: bytes) -> None:
    text = text_of(pdf)
    at = text.index("telling.csv (SHA-256 2e2e2e2e2e2e…)")
    assert text.index("Hoe zwaar is de inbreuk?") < at < text.index("Gelijke behandeling", at)
    assert text.count("telling.csv") == 2


def test_report_with_files_conforms_and_is_the_same_every_time(pdf: bytes) -> None:
    assert [failures(pdf, profile) for profile in ("3a", "ua1")] == [[], []]
    assert render(a_source(snapshot={"attachments": FILES})) == pdf


def test_report_without_files_does_not_speak_of_them(unsigned: bytes) -> None:
    assert "Bijlagen bij het dossier" not in text_of(unsigned)


def test_concept_and_bundle_have_the_list_too() -> None:
    source = a_source(snapshot={"attachments": FILES})
    concept = ConceptSource(source.snapshot, source.questionnaire, "Provincie", "Commissie")
    bundle = BundleSource("Vergadering", ((source.snapshot, source.questionnaire),), "Provincie", "Commissie")
    assert [FIRST in text_of(one) for one in (render_concept(concept), render_bundle(bundle))] == [True, True]


def test_english_report_speaks_english() -> None:
    text = text_of(render(replace(a_source(snapshot={"attachments": FILES}), language="en")))
    assert "Attachments to the dossier" in text
    assert "PDF, 1.2 MB. At the whole dossier. SHA-256:" in text


def test_file_of_an_unknown_type_or_question_is_named_as_it_is() -> None:
    row = {**FILES[0], "question": "9.9", "type": "audio/ogg"}
    questionnaire = asdict(a_questionnaire())
    assert attachments_in({"attachments": [row]}, questionnaire, EN) == (
        Attachment(
            1, ("9.9", ""), "9.9", row["name"], row["description"], "audio/ogg", "1.2 MB", row["sha256"]
        ),
    )
