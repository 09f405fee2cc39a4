"""What is left out of a public copy is not in the file, in any form; and the copy says what it is."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ethiek.domain.passages import squashed
from ethiek.domain.redactions import Redaction, mark_of
from ethiek.errors import RenderError
from ethiek.reports.gate import breaches
from ethiek.reports.jobs import job_of, source_of
from ethiek.reports.public_source import PublicSource, written
from ethiek.reports.publishing import build_public
from ethiek.reports.render import public_page, render_public, rendered
from ethiek.reports.source import digest
from tests.unit.reports.sources import a_source
from tests.unit.reports.test_conformance import failures

E = "5.1.2.e"
AT = "2026-11-23T10:00:00Z"
SECRETS = st.text(st.characters(categories=["L", "N"]), min_size=2, max_size=30).filter(
    lambda text: len(squashed(text)) >= 2
)
RARE = (
    "Kwikstaartje", "officieelste", "Zwaluwstaart", "Müllerhoven",
    "Peñarandax", "Wielewaalse", "Grutto­veld", "Żółwiński",
)  # fmt: skip
"""Words that stand nowhere else; with letters that fonts join, accents, and a soft hyphen."""


def a_copy(*redactions: Redaction, version: int = 1, **documents: Any) -> PublicSource:
    report = replace(a_source(**documents), public_url="https://ethiek.example.nl")
    return PublicSource(report, written(digest(report.advice), redactions), version, AT)


def html_of(source: PublicSource) -> str:
    """The page, without the checksum of the advice and what is made of it."""
    report = build_public(source)
    sha256 = report.hashes.advice
    html = re.sub(r"<svg.*?</svg>", "", public_page(report), flags=re.DOTALL)
    return html.replace(sha256, "").replace(sha256[:20], "")


def holding(secret: str) -> dict[str, Any]:
    """Documents that hold a text in every kind of place."""
    sentence = f"Volgens **{secret}** mag dit."
    answers = [
        {"question": "1.1.1", "item": "", "answer": {"text": sentence, "considerations": f"- {secret}\n- x"}},
        {"question": "1.actions", "item": "", "answer": {"rows": [{"what": sentence, "who": secret}]}},
        {"question": "5.C.1", "item": "", "answer": {"rows": [{"risk": sentence, "decision": "accepted"}]}},
    ]
    dossier = json.loads(a_source().snapshot)["dossier"]
    review = {"by": secret, "verdict": "negative", "motivation": sentence, "at": "2026-11-15T13:00:00Z"}
    remark = {"round": 1, "question": "", "item": "", "by": secret, "text": sentence, "at": AT, "replies": []}
    return {
        "snapshot": {
            "dossier": {**dossier, "title": f"Over {secret} en meer", "purpose": sentence},
            "team": [{"name": secret, "role": f"baas van {secret}"}],
            "submitted": {"at": "2026-11-10T09:30:00Z", "by": secret},
            "answers": answers,
            "warnings": [],
        },
        "advice": {
            "organisation": f"Provincie {secret} x",
            "committee": f"Commissie {secret} x",
            "motivation": sentence,
            "conditions": [{"text": sentence, "owner": secret, "due_on": "2027-01-31"}],
            "reviews": [review],
            "remarks": [{**remark, "replies": [{"by": secret, "text": sentence, "at": AT}]}],
            "adopted": {"by": secret, "at": "2026-11-20T14:00:00Z"},
        },
        "approvals": {
            "approvals": [
                {"role": "chair", "by": secret, "at": "2026-11-21T09:00:00Z"},
                {"role": "secretary", "by": "Sem", "at": "2026-11-21T10:15:00Z"},
            ]
        },
    }


EMPTY = html_of(a_copy(Redaction(E, passage="Qqqq"), **holding("Qqqq")))


@settings(max_examples=60, deadline=None)
@given(SECRETS)
def test_page_is_the_same_whatever_stood_there(secret: str) -> None:
    """So nothing of it can be in the file, which is made of the page alone: no letter, no glyph, no length."""
    given_ = holding(secret)
    if squashed(secret) in squashed(json.dumps(holding(" "))):
        return  # the words around it would go too
    assert html_of(a_copy(Redaction(E, passage=secret), **given_)) == EMPTY


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=300).filter(lambda text: text.strip() != ""), st.integers(1, 400))
def test_page_is_the_same_whatever_text_went_as_a_whole(text: str, times: int) -> None:
    text = json.loads(json.dumps(text * times, ensure_ascii=True)).encode("utf-8", "replace").decode()
    whole = [
        Redaction("5.2", "advice", "/motivation"),
        Redaction(E, "snapshot", "/answers/0"),
        Redaction(E, "advice", "/remarks/0/text"),
    ]

    def page(text: str) -> str:
        texts = {"text": text, "considerations": text}
        remark = {"round": 1, "question": "", "item": "", "by": "Mila", "text": text, "at": AT, "replies": []}
        answers = [{"question": "1.1.1", "item": "", "answer": texts}]
        return html_of(
            a_copy(*whole, snapshot={"answers": answers}, advice={"motivation": text, "remarks": [remark]})
        )

    assert page(text) == page("Kort.")


@pytest.fixture(scope="module")
def words() -> dict[str, Any]:
    """A report with every rare word in every kind of place, written in different ways."""
    every = " ".join(RARE)
    broken = " ".join(f"{word[:5]}-\n{word[5:]}" for word in RARE)
    given_ = holding(every)
    given_["snapshot"]["answers"][0]["answer"]["text"] = f"{broken}\n\n{every.upper()}\n\n" + " ".join(
        f"[x](https://example.org/{index}/{word})" for index, word in enumerate(RARE) if word.isascii()
    )
    return given_


def pieces_of(pdf: bytes, folder: Path) -> Iterator[str]:
    """Everything in a file that can be read as text, in some way."""
    path = folder / "copy.pdf"
    path.write_bytes(pdf)
    yield from _readings(pdf)
    with pikepdf.open(path) as document:
        for thing in document.objects:
            yield thing.unparse().decode("latin-1")
            yield from _strings(thing)
            if isinstance(thing, pikepdf.Stream):
                yield from _readings(thing.read_bytes())
    for options in ([], ["-layout"], ["-raw"]):
        command = ["pdftotext", *options, str(path), "-"]
        yield subprocess.run(command, capture_output=True, text=True, check=True).stdout
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    yield f"{reader.metadata} {reader.outline}"


def _strings(thing: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(thing, pikepdf.String):
        yield str(thing)
    elif depth < 4 and isinstance(thing, pikepdf.Array):
        for item in thing:
            yield from _strings(item, depth + 1)
    elif depth < 4 and isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for _name, item in thing.items():
            if _name not in ("/P", "/Parent", "/Pg", "/K"):
                yield from _strings(item, depth + 1)


def _readings(data: bytes) -> Iterator[str]:
    yield from (data.decode(code, "replace") for code in ("utf-8", "latin-1", "utf-16-be", "utf-16-le"))


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(RARE), min_size=1), st.sampled_from([E, "5.2", "5.1.1.c"]))
def test_file_holds_no_word_that_is_left_out_and_every_word_that_is_not(
    words: dict[str, Any], tmp_path: Path, chosen: set[str], ground: str
) -> None:
    pdf = render_public(a_copy(*(Redaction(ground, passage=word) for word in chosen), **words))
    pieces = [squashed(piece) for piece in pieces_of(pdf, tmp_path)]
    found = {word for word in RARE if any(squashed(word) in piece for piece in pieces)}
    assert found == set(RARE) - chosen
    assert breaches(pdf) == ()


def test_letter_that_is_only_in_what_is_left_out_is_in_no_font_of_the_file() -> None:
    def codes(*redactions: Redaction) -> set[str]:
        pdf = render_public(a_copy(*redactions, advice={"motivation": "Volgens Жуков mag dit."}))
        with pikepdf.open(io.BytesIO(pdf)) as document:
            maps = [thing.ToUnicode.read_bytes().decode() for thing in document.objects if _has_map(thing)]
        return {code for text in maps for code in re.findall(r"<([0-9a-fA-F]{4})>", text)}

    assert ("0416" in codes(), "0416" in codes(Redaction(E, passage="Жуков"))) == (True, False)


def _has_map(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing


@pytest.fixture(scope="module")
def copy() -> PublicSource:
    return a_copy(
        Redaction(E, passage="Chris"),
        Redaction("5.1.2.b", "snapshot", "/answers/0/answer/text"),
        Redaction("5.2", passage="natuurgebieden"),
        version=3,
    )


@pytest.fixture(scope="module")
def pdf(copy: PublicSource) -> bytes:
    return render_public(copy)


def test_copy_conforms_is_unsigned_carries_nothing_and_is_the_same_every_time(
    copy: PublicSource, pdf: bytes
) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert (reader.attachments, reader.get_fields()) == ({}, None)
    assert [failures(pdf, profile) for profile in ("3a", "ua1")] == [[], []]
    assert breaches(pdf) == ()
    assert rendered(source_of(job_of(copy))) == pdf


def test_copy_says_what_it_is_what_was_left_out_and_where_to_check(copy: PublicSource, pdf: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    cover, omitted = (" ".join(reader.pages[number].extract_text().split()) for number in (0, 1))
    for text in (
        "Openbare versie van een ethisch advies ETH-2026-0007",
        "van het ondertekende rapport van 21 november 2026, 10:15 uur UTC. De kopie zelf is niet ondertekend.",
        "Versie 3, vastgesteld op 23 november 2026",
        f"https://ethiek.example.nl/controle/ {digest(copy.report.advice)[:20]}",
    ):
        assert text in cover
    assert "5.1.2.e artikel 5.1 lid 2 onder e Woo, persoonlijke levenssfeer." in omitted
    assert re.search(r"5\.2 artikel 5\.2 Woo, persoonlijke beleidsopvattingen\..* 3$|5\.2 artikel", omitted)
    assert reader.metadata is not None
    assert reader.metadata.title == (
        "Openbare versie van een ethisch advies ETH-2026-0007: Bezoekersaantallen in [gelakt: 5.2] uit telefoonapps"
    )


def test_boxes_are_links_with_words_for_who_does_not_see_them(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        spoken = {
            str(annotation.Contents)
            for page in document.pages
            for annotation in page.get("/Annots", [])
            if str(annotation.Contents).startswith("gelakt")
        }
    assert spoken == {
        "gelakt: artikel 5.1 lid 2 onder e Woo, persoonlijke levenssfeer",
        "gelakt: artikel 5.1 lid 2 onder b Woo, financiële belangen van de overheid",
        "gelakt: artikel 5.2 Woo, persoonlijke beleidsopvattingen",
    }


def test_copy_holds_no_id_of_the_dossier_and_only_the_checksum_of_the_advice(
    copy: PublicSource, pdf: bytes, tmp_path: Path
) -> None:
    pieces = " ".join(pieces_of(pdf, tmp_path))
    dossier = json.loads(copy.report.snapshot)["dossier"]["id"]
    assert dossier not in pieces
    hidden = (digest(copy.report.snapshot), "a1" * 32, digest(copy.report.approvals))
    assert [sha256 for sha256 in hidden if sha256 in pieces] == []
    assert digest(copy.report.advice) in pieces


def test_english_copy_without_redactions_says_so() -> None:
    source = a_copy(version=0)
    report = replace(source.report, language="en", public_url="")
    html = public_page(build_public(replace(source, report=report, adopted_at="")))
    for text in ("Public copy of an ethical advice", "Nothing was left out", "Preview, not adopted yet"):
        assert text in html
    assert "controle/" not in html


def test_character_of_ours_that_somebody_typed_makes_no_box() -> None:
    mark = mark_of(E)
    html = public_page(build_public(a_copy(advice={"motivation": f"Let {mark} op."})))
    assert ("Let ⟨U+FDD0⟩ op." in html, 'class="box"' in html) == (True, False)


@pytest.mark.parametrize(
    "wrong",
    [b"{", b"{}", b'{"redactions":[{"ground":"5.9"}]}', b'{"redactions":[{"who":"?"}]}', b"[]"],
)
def test_redactions_that_are_none_are_refused(copy: PublicSource, wrong: bytes) -> None:
    with pytest.raises(RenderError, match="the redactions cannot be read"):
        build_public(replace(copy, redactions=wrong))


def test_redactions_of_another_report_are_refused(copy: PublicSource) -> None:
    with pytest.raises(RenderError, match="of another report"):
        build_public(replace(copy, redactions=written("0" * 64, ())))


def test_redactions_are_written_in_one_way() -> None:
    one, other = Redaction(E, passage="a b"), Redaction("5.2", "advice", "/motivation")
    assert written("0" * 64, (one, other)) == written("0" * 64, (other, one, other))
