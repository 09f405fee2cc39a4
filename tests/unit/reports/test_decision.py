"""The decision of the official: printed, embedded, and checked offline."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pikepdf
import pypdf
import pytest

from ethiek.errors import RenderError
from ethiek.reports.gate import breaches
from ethiek.reports.inspection import inspect
from ethiek.reports.render import render
from ethiek.reports.sentences import sentence
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.source import ReportSource, digest, read
from ethiek.reports.verification import Verification
from tests.unit.reports.sources import a_source, canonical
from tests.unit.reports.test_variants import HOUSE, WIDEST
from tests.unit.reports.test_verify import failed, here, rewritten

REASON = "De raad wil **eerst** een proef.\n\n- een half jaar\n- met een evaluatie"


def a_decision(advice: bytes, **changes: object) -> dict[str, Any]:
    about = json.loads(advice)
    return {
        "format": "ethiek-decision/1",
        "organisation": about["organisation"],
        "dossier": about["dossier"],
        "advice_sha256": sha256(advice).hexdigest(),
        "report_sha256": "ab" * 32,
        "number": 1,
        "follows": "partly",
        "outcome": "with_conditions",
        "reason": REASON,
        "conditions": [
            {
                "number": number,
                "adopted": number == 1,
                "reason": "" if number == 1 else "Dat <i>kan</i> niet.",
            }
            for number in range(1, len(about["conditions"]) + 1)
        ],
        "decided": {"by": "Otto", "capacity": "Directeur Natuur en Water", "at": "2026-12-01T10:00:00Z"},
        **changes,
    }


def decided(source: ReportSource, **changes: object) -> ReportSource:
    return replace(source, decision=canonical(a_decision(source.advice, **changes)))


def pages_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def sealed_with(signer: Pkcs12Signer, pdf: bytes) -> bytes:
    return signer.seal(pdf, reason="Advies", at=datetime.now(UTC))


@pytest.fixture(scope="module")
def with_decision(source: ReportSource) -> ReportSource:
    return decided(source)


@pytest.fixture(scope="module")
def printed(with_decision: ReportSource) -> bytes:
    return render(with_decision)


@pytest.fixture(scope="module")
def sealed(printed: bytes, signer: Pkcs12Signer) -> bytes:
    return sealed_with(signer, printed)


def test_cover_and_summary_show_the_decision_beside_the_advice(
    printed: bytes, with_decision: ReportSource
) -> None:
    cover, summary, *_ = pages_of(printed)
    shown = (
        "Advies van de commissie, 20 november 2026 Positief onder voorwaarden",
        "Besluit, 1 december 2026 Het project gaat door onder voorwaarden",
        "Dit besluit volgt het advies voor een deel. Otto, Directeur Natuur en Water",
        f"Controlegetal besluit (SHA-256): {digest(with_decision.decision)}",
    )
    assert [text for text in shown if text not in cover] == []
    assert "Besluit: Het project gaat door onder voorwaarden." in summary


def test_chapter_says_who_decided_what_why_and_after_reading_which_report(printed: bytes) -> None:
    pages = pages_of(printed)
    chapter = next(page for page in pages if "Reden van het besluit" in page)
    shown = (
        "Besloten door Otto",
        "Functie Directeur Natuur en Water",
        "Besloten op 1 december 2026, 10:00 uur UTC",
        "De raad wil eerst een proef.",
        "een half jaar",
        "Dat <i>kan</i> niet.",
        f"Controlegetal van het gelezen rapport (SHA-256): {'ab' * 32}",
    )
    assert [text for text in shown if text not in chapter] == []
    assert "Dit is een herzien besluit" not in chapter
    whole = " ".join(pages)
    assert ("Besloot over het project" in whole, "decision.json" in whole) == (True, True)
    order = [
        whole.rindex(title) for title in ("Goedkeuring ", "Reden van het besluit", "Het ingediende dossier")
    ]
    assert order == sorted(order)


def test_revised_decision_names_the_one_that_it_replaces(source: ReportSource) -> None:
    revised = decided(source, number=2, replaces={"sha256": "cd" * 32, "reason": "De leverancier haakte af."})
    whole = " ".join(pages_of(render(revised)))
    assert "Dit is een herzien besluit De leverancier haakte af." in whole
    assert f"Controlegetal van het vorige besluit (SHA-256): {'cd' * 32}" in whole


def test_report_with_a_decision_conforms_and_embeds_it(printed: bytes, with_decision: ReportSource) -> None:
    assert breaches(printed) == ()
    attached = pypdf.PdfReader(io.BytesIO(printed)).attachments
    assert {name: data for name, (data,) in attached.items()} == with_decision.files()
    assert list(with_decision.files())[-1] == "decision.json"
    assert render(with_decision) == printed


def test_report_without_a_decision_says_nothing_of_one(unsigned: bytes) -> None:
    whole = " ".join(pages_of(unsigned))
    assert [word for word in ("Besluit van", "decision.json", "Controlegetal besluit") if word in whole] == []


def test_cover_and_summary_with_the_widest_decision_take_one_page_each() -> None:
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
    who = {"by": WIDEST * 16, "capacity": WIDEST * 6, "at": "2026-12-01T10:00:00Z"}
    pages = pages_of(
        render(replace(decided(source, decided=who), house=HOUSE, public_url="https://ethiek.example.nl"))
    )
    assert pages[0].count("SHA-256") == 3
    assert ("Samenvatting voor bestuurders" in pages[1], "dit document echt is" in pages[1]) == (True, True)
    assert pages[2].startswith("Inhoud ")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format": "ethiek-decision/9"}, "decision.json has format 'ethiek-decision/9'"),
        ({"advice_sha256": "0" * 64}, "decision.json is about another advice"),
        ({"report_sha256": "nothing"}, "decision.json names no report"),
        ({"report_sha256": None}, "decision.json names no report"),
        ({"conditions": []}, "the documents are incomplete"),
        ({"outcome": "perhaps"}, "the documents are incomplete"),
    ],
)
def test_decision_that_does_not_belong_here_is_not_printed(
    source: ReportSource, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(RenderError, match=reason):
        render(decided(source, **changes))
    assert read(source).decision is None


def test_sealed_report_with_a_decision_passes_every_check(sealed: bytes, trust: list[bytes]) -> None:
    found = here(sealed, trust)
    assert failed(found) == []
    assert found.findings[-1].code == "decision"


def without_decision(document: pikepdf.Pdf) -> None:
    del document.attachments["decision.json"]


def other_decision(document: pikepdf.Pdf) -> None:
    document.attachments["decision.json"] = b'{"outcome":"stop"}'


@pytest.mark.parametrize("change", [without_decision, other_decision])
def test_decision_taken_out_or_swapped_is_seen_offline(
    sealed: bytes, trust: list[bytes], change: Any
) -> None:
    found = here(rewritten(sealed, change), trust)
    assert failed(found) == ["resaved", "decision"]
    said = next(one.sentence for one in found.failures() if one.code == "resaved")
    assert said == sentence("forged", "en", ok=False)


@pytest.mark.parametrize("verdict", ["conditional", "out_of_scope"])
def test_report_with_a_decision_that_was_only_saved_again_is_called_that(
    source: ReportSource, signer: Pkcs12Signer, trust: list[bytes], verdict: str
) -> None:
    conditions = json.loads(source.advice)["conditions"] if verdict == "conditional" else []
    later = decided(a_source(advice={"verdict": verdict, "conditions": conditions}))
    found = here(rewritten(sealed_with(signer, render(later)), lambda _: None), trust)
    assert [one.sentence for one in found.failures()] == [sentence("resaved", "en", ok=False)]


def sealed_anew(signer: Pkcs12Signer, printed: bytes, change: Any, trust: list[bytes]) -> Verification:
    """As somebody would who has a seal of these issuers: everything but the data belongs together."""
    return here(sealed_with(signer, rewritten(printed, change)), trust)


def test_decision_that_page_1_names_must_be_in_the_file(
    printed: bytes, signer: Pkcs12Signer, trust: list[bytes]
) -> None:
    found = sealed_anew(signer, printed, without_decision, trust)
    sentences = {finding.code: finding.sentence for finding in found.failures()}
    assert sentences["decision"] == "Page 1 names a decision, but the decision is not inside the file."
    assert "files" not in sentences
    assert "decision" in failed(sealed_anew(signer, printed, other_decision, trust))


def test_decision_that_page_1_does_not_name_is_seen(
    unsigned: bytes, with_decision: ReportSource, signer: Pkcs12Signer, trust: list[bytes]
) -> None:
    def smuggle(document: pikepdf.Pdf) -> None:
        document.attachments["decision.json"] = with_decision.decision

    assert "decision" in failed(sealed_anew(signer, unsigned, smuggle, trust))


def test_title_that_looks_like_a_decision_is_a_title() -> None:
    title = f"Controlegetal besluit (SHA-256): {'ef' * 32}"
    base = json.loads(a_source().snapshot)["dossier"]
    source = a_source(
        snapshot={"dossier": {**base, "title": title}}, advice={"dossier": {**base, "title": title}}
    )
    facts = inspect(render(source), [])
    assert facts["printed"]["decision"] == ""
    later = decided(source)
    assert inspect(render(later), [])["printed"]["decision"] == digest(later.decision)
