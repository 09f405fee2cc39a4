"""Light Markdown on paper: it conforms, it reads in order, and a dossier from before it stays plain."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf

from ethiek.reports.render import render
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.verify import verify
from tests.attacks.corpus import MARKDOWN
from tests.unit.reports.sources import a_source
from tests.unit.reports.test_conformance import failures
from tests.unit.reports.test_hostile_text import a_hostile_report, furthest_right
from tests.unit.reports.test_render import text_of

EVERYTHING = """Een alinea met **vet**, *schuin* en **vet met *schuin* erin**.
Een tweede regel met de [wet](https://wetten.example/BWBR0005537) en een [adres](mailto:noor@example.org).

Deze punten wegen mee:
- privacy
  - van ouderen
    1. jonger dan 80
    2. ouder
- kosten

4. vierde stap
5. **vijfde** stap

| Risico | Maatregel | |
|---|---|---|
| Herleidbaar | Tellen per **vak** | [zie](https://example.org/vak) |
| Scheef | *Handtelling* | |

# geen kop
+ geen lijst"""
PRINTED = (
    "Een alinea met vet, schuin en vet met schuin erin. Een tweede regel met de wet "
    "(https://wetten.example/BWBR0005537) en een adres (noor@example.org). Deze punten wegen mee: "
    "• privacy – van ouderen 1. jonger dan 80 2. ouder • kosten 4. vierde stap 5. vijfde stap "
    "Risico Maatregel Herleidbaar Tellen per vak zie (https://example.org/vak) Scheef Handtelling "
    "# geen kop + geen lijst"
)


def roles_of(pdf: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        elements = [thing for thing in document.objects if isinstance(thing, pikepdf.Dictionary)]
        return {str(element.S) for element in elements if element.get("/Type") == "/StructElem"}


def test_every_feature_conforms_and_reads_in_order() -> None:
    pdf = a_hostile_report([EVERYTHING], considerations=EVERYTHING)

    assert (failures(pdf, "3a"), failures(pdf, "ua1")) == ([], [])
    assert text_of(pdf).replace("https:// ", "https://").replace("/ ", "/").count(PRINTED) == 2
    assert roles_of(pdf) >= {"/L", "/LI", "/LBody", "/TH", "/TD", "/Link"}


def test_links_lead_where_they_say_and_nowhere_else() -> None:
    pdf = a_hostile_report([EVERYTHING])
    with pikepdf.open(io.BytesIO(pdf)) as document:
        annotations = [note for page in document.pages for note in page.get("/Annots", ())]
        found = {str(note.A.URI): str(note.Contents) for note in annotations if "/A" in note}
    assert found == {
        "https://wetten.example/BWBR0005537": "wet",
        "mailto:noor@example.org": "adres",
        "https://example.org/vak": "zie",
    }


def test_attacks_are_printed_and_the_file_conforms(tmp_path: Path) -> None:
    pdf = a_hostile_report(list(MARKDOWN))

    assert (failures(pdf, "3a"), failures(pdf, "ua1")) == ([], [])
    assert "[klik](javascript:alert(1))" in text_of(pdf)
    assert furthest_right(pdf, tmp_path) < 519


def a_report(**snapshot: Any) -> str:
    rows = [{"what": "**wat**\n- punt", "who": "Noor", "when": "2027-01-31"}]
    answers = [
        {"question": "1.1.1", "item": "", "answer": {"text": "**tekst**", "considerations": "- punt"}},
        {"question": "1.actions", "item": "", "answer": {"rows": rows}},
    ]
    return text_of(
        render(a_source(snapshot={"answers": answers, **snapshot}, advice={"motivation": "**slot**"}))
    )


def test_dossier_from_before_markdown_is_printed_as_typed() -> None:
    old, new = a_report(format="ethiek-snapshot/1"), a_report()
    signs = ["**tekst**", "- punt Opmerking", "**wat** - punt Noor", "**slot**"]
    assert [sign for sign in signs if sign in old] == signs
    assert [sign for sign in signs if sign in new] == []
    assert [words for words in ("tekst", "• punt", "wat - punt Noor", "slot") if words not in new] == []


def test_report_of_either_format_is_verified(signer: Pkcs12Signer, trust: list[bytes]) -> None:
    results = []
    for number in (1, 2):
        pdf = render(a_source(snapshot={"format": f"ethiek-snapshot/{number}"}))
        results.append(verify(signer.seal(pdf, reason="Advies", at=datetime.now(UTC)), trust))
    assert [result.ok for result in results] == [True, True]
