"""What people typed as light Markdown, in ODT, DOCX and Markdown, read back by something else than what wrote it."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ethiek.exchange.blocks import Document, Heading, Text, Written
from ethiek.exchange.characters import shown
from ethiek.exchange.markdown import to_markdown
from ethiek.exchange.opendocument import to_odt
from ethiek.exchange.word import to_docx
from ethiek.markup import Paragraph, read
from tests.attacks.corpus import MARKDOWN, SCRIPTS
from tests.unit.exchange.commonmark import looks, read_commonmark
from tests.unit.exchange.test_documents import (
    TABLE,
    TEXT,
    W,
    docx_tables,
    docx_text,
    markdown_outline,
    odt_tables,
    odt_text,
    part,
)

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
HREF = "{http://www.w3.org/1999/xlink}href"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"

MARKS = "**vet** en *schuin* en ***beide***\nnieuwe regel"
LINKS = "[de *wet*](https://a.nl/b?c=1&d=2), [a.nl](https://a.nl) en [Noor](mailto:noor@a.nl)"
LISTS = "- een\n  - onder\n\n    vervolg\n- twee\n\n4. vier\n5. vijf\n\nslot\n\n1. weer"
A_TABLE = "| k | l |\n|---|---|\n| **1** | x \\| y |"


def a_document(text: str, label: str = "") -> Document:
    return Document("T", "R", "nl", "2026-03-02T09:30:00Z", (Written(read(text), label),))


def docx_body(text: str, label: str = "") -> ET.Element:
    return part(to_docx(a_document(text, label)), "word/document.xml")


def odt_content(text: str, label: str = "") -> ET.Element:
    return part(to_odt(a_document(text, label)), "content.xml")


def docx_runs(body: ET.Element) -> list[tuple[str, bool, bool]]:
    return [
        (docx_text(run), run.find(f"{W}rPr/{W}b") is not None, run.find(f"{W}rPr/{W}i") is not None)
        for run in body.iter(f"{W}r")
    ]


def odt_runs(content: ET.Element) -> list[tuple[str, bool, bool]]:
    named = {
        style.get(f"{STYLE}name"): style.find(f"{STYLE}text-properties")
        for style in content.iter(f"{STYLE}style")
    }
    found = []
    for span in content.iter(f"{TEXT}span"):
        properties = named.get(span.get(f"{TEXT}style-name"))
        given_ = {} if properties is None else properties.attrib
        found.append((odt_text(span), f"{FO}font-weight" in given_, f"{FO}font-style" in given_))
    return found


def test_bold_and_italics_are_looks_of_characters() -> None:
    expected = [
        ("Label: ", True, False),
        ("vet", True, False),
        (" en ", False, False),
        ("schuin", False, True),
        (" en ", False, False),
        ("beide", True, True),
        ("\n", False, False),
        ("nieuwe regel", False, False),
    ]
    assert docx_runs(docx_body(MARKS, "Label")) == expected
    assert odt_runs(odt_content(MARKS, "Label")) == expected


def test_links_are_links_and_say_where_they_lead() -> None:
    expected = [
        ("https://a.nl/b?c=1&d=2", "de wet"),
        ("https://a.nl", "a.nl"),
        ("mailto:noor@a.nl", "Noor"),
    ]
    docx, odt = to_docx(a_document(LINKS)), to_odt(a_document(LINKS))
    relations = {
        one.get("Id"): (one.get("Target"), one.get("TargetMode"))
        for one in part(docx, "word/_rels/document.xml.rels")
    }
    links = list(part(docx, "word/document.xml").iter(f"{W}hyperlink"))
    assert [(relations[one.get(f"{R}id")], docx_text(one)) for one in links] == [
        ((address, "External"), text) for address, text in expected
    ]
    found = part(odt, "content.xml").iter(f"{TEXT}a")
    assert [(one.get(HREF), odt_text(one)) for one in found] == expected
    line = "de wet (https://a.nl/b?c=1&d=2), a.nl en Noor (noor@a.nl)"
    assert docx_text(part(docx, "word/document.xml")) == line
    assert [odt_text(one) for one in part(odt, "content.xml").iter(f"{TEXT}p")] == [line]


def docx_items(data: bytes) -> list[tuple[str, str, int, str]]:
    """Text, kind, level and number of the list of every paragraph that is in one."""
    numbering = part(data, "word/numbering.xml")
    kinds = {one.get(f"{W}abstractNumId"): one for one in numbering.iter(f"{W}abstractNum")}
    lists = {one.get(f"{W}numId"): one for one in numbering.iter(f"{W}num")}
    found = []
    for paragraph in part(data, "word/document.xml").iter(f"{W}p"):
        place = paragraph.find(f"{W}pPr/{W}numPr")
        if place is None:
            continue
        level = val(place, "ilvl")
        list_ = lists[val(place, "numId")]
        levels = kinds[val(list_, "abstractNumId")].iter(f"{W}lvl")
        kind = next(val(one, "numFmt") for one in levels if one.get(f"{W}ilvl") == level)
        override = next(one for one in list_.iter(f"{W}lvlOverride") if one.get(f"{W}ilvl") == level)
        found.append((docx_text(paragraph), kind, int(level), val(override, "startOverride")))
    return found


def val(element: ET.Element, name: str) -> str:
    child = element.find(f"{W}{name}")
    assert child is not None
    return child.get(f"{W}val", "")


def test_lists_of_docx_have_levels_and_each_counts_for_itself() -> None:
    data = to_docx(a_document(LISTS))
    assert docx_items(data) == [
        ("een", "bullet", 0, "1"),
        ("onder", "bullet", 1, "1"),
        ("twee", "bullet", 0, "1"),
        ("vier", "decimal", 0, "4"),
        ("vijf", "decimal", 0, "4"),
        ("weer", "decimal", 0, "1"),
    ]
    styles = [
        (docx_text(one), style.get(f"{W}val"))
        for one in part(data, "word/document.xml").iter(f"{W}p")
        if (style := one.find(f"{W}pPr/{W}pStyle")) is not None
    ]
    assert styles == [
        ("een", "ListBullet"),
        ("onder", "ListBullet2"),
        ("vervolg", "ListContinue2"),
        ("twee", "ListBullet"),
        ("vier", "ListNumber"),
        ("vijf", "ListNumber"),
        ("weer", "ListNumber"),
    ]


def odt_outline_of_lists(element: ET.Element) -> list[Any]:
    """Per list its style, the number of its first item, and per item its paragraphs and lists."""
    found: list[Any] = []
    for child in element:
        if child.tag == f"{TEXT}p":
            found.append(odt_text(child))
        elif child.tag == f"{TEXT}list":
            start = child[0].get(f"{TEXT}start-value")
            items = [odt_outline_of_lists(item) for item in child]
            found.append((child.get(f"{TEXT}style-name"), start, items))
    return found


def test_lists_of_odt_are_lists_in_lists() -> None:
    content = odt_content(LISTS)
    body = next(content.iter("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}text"))
    nested = ("EthiekBullets", None, [["onder", "vervolg"]])
    assert odt_outline_of_lists(body) == [
        ("EthiekBullets", None, [["een", nested], ["twee"]]),
        ("EthiekNumbers", "4", [["vier"], ["vijf"]]),
        "slot",
        ("EthiekNumbers", "1", [["weer"]]),
    ]
    signs = {
        style.get(f"{STYLE}name"): [child.tag.removeprefix(TEXT) for child in style]
        for style in content.iter(f"{TEXT}list-style")
    }
    assert signs == {
        "EthiekBullets": ["list-level-style-bullet"] * 3,
        "EthiekNumbers": ["list-level-style-number"] * 3,
    }


def test_tables_have_a_row_of_headings() -> None:
    docx, odt = to_docx(a_document(A_TABLE)), to_odt(a_document(A_TABLE))
    assert docx_tables(docx) == odt_tables(odt) == [[["k", "l"], ["1", "x | y"]]]
    rows = list(part(docx, "word/document.xml").iter(f"{W}tr"))
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, False]
    heads = part(odt, "content.xml").iter(f"{TABLE}table-header-rows")
    assert [odt_text(head).split() for head in heads] == [["kl"]]


@pytest.mark.parametrize("text", [*MARKDOWN, *SCRIPTS])
def test_links_lead_to_pages_and_mail_only(text: str) -> None:
    docx, odt = to_docx(a_document(text)), to_odt(a_document(text))
    relations = part(docx, "word/_rels/document.xml.rels")
    outside = [one.get("Target", "") for one in relations if one.get("TargetMode") == "External"]
    inside = [one.get(HREF, "") for one in part(odt, "content.xml").iter(f"{TEXT}a")]
    assert set(outside) == set(inside)
    assert [one for one in inside if not one.startswith(("https://", "http://", "mailto:"))] == []


def markdown_of(text: str) -> str:
    return to_markdown(a_document(text)).decode()


@pytest.mark.parametrize("text", [MARKS, LINKS, LISTS, A_TABLE])
def test_markdown_is_read_back_as_the_same_tree(text: str) -> None:
    assert looks(read_commonmark(markdown_of(text))) == looks(read(text))
    assert read_commonmark(markdown_of(LISTS)) == read(LISTS)


def test_markdown_looks_as_somebody_would_type_it() -> None:
    assert markdown_of(f"{MARKS}\n\n{LISTS}\n\n{A_TABLE}") == (
        "**vet** en *schuin* en *__beide__*\\\nnieuwe regel\n\n"
        "- een\n  - onder\n\n    vervolg\n- twee\n\n4. vier\n5. vijf\n\nslot\n\n1. weer\n\n"
        "| k | l |\n| --- | --- |\n| **1** | x \\| y |\n"
    )


def test_two_lists_in_a_row_stay_two_lists() -> None:
    blocks = (Written(read("- a")), Written(read("- b\n\n1. c")), Text(""), Written(read("1. d")))
    source = to_markdown(Document("T", "R", "nl", "2026-03-02T09:30:00Z", blocks)).decode()
    assert read_commonmark(source) == read("- a\n\n* b\n\n1. c\n\n1) d")
    assert len(read(source)) == 4


def test_sign_before_a_link_makes_no_picture_and_heading_keeps_its_signs() -> None:
    assert looks(read_commonmark(markdown_of("!\\[x] ![x](https://a.nl)"))) == looks(
        read("!\\[x] ![x](https://a.nl)")
    )
    blocks = (Heading(2, "a #"), Written((Paragraph(()),)))
    assert to_markdown(Document("T", "R", "nl", "2026-03-02T09:30:00Z", blocks)) == b"## a \\#\n"


PIECES = st.sampled_from([
    "*", "**", "_", "__", "***", "[", "](https://a.nl/(b)&copy;)", "](mailto:x@a.nl)", "- ", "* ", "1. ", "4) ", "  ",
    "\n", "\n\n", "|", "|-|\n", "a|b\n-|-\n", "\\", "<b>", "&lt;", "a", "b", "-", "+", "#", "~", "`", "!", " ", "=",
    ".", ">", ":", "een", "https://evil.example/", "javascript:", "\u202e",
])  # fmt: skip
TYPED = st.lists(PIECES, max_size=16).map("".join)
FOREIGN = "\\"
"""In our own reading a backslash before a sign that means nothing stays; none is lost, none makes markup."""


@settings(max_examples=300, deadline=None)
@given(TYPED)
def test_whatever_is_typed_is_read_back_as_the_same_tree(text: str) -> None:
    tree, source = read(shown(text)), markdown_of(shown(text))
    assert looks(read_commonmark(source)) == looks(tree)
    assert looks(read(source), FOREIGN) == looks(tree, FOREIGN)


@settings(max_examples=100, deadline=None)
@given(TYPED, st.sampled_from(["", "Overwegingen"]))
def test_whatever_is_typed_the_headings_of_markdown_stay(text: str, label: str) -> None:
    typed = Written(read(text), label)
    blocks = (Heading(1, "a"), typed, Heading(2, "b"), Text("c", quiet=True), typed, typed, Heading(4, "d"))
    data = to_markdown(Document("T", "R", "nl", "2026-03-02T09:30:00Z", blocks))
    assert markdown_outline(data) == [(1, "a"), (2, "b"), (4, "d")]


@settings(max_examples=30, deadline=None)
@given(TYPED)
def test_whatever_is_typed_gives_the_same_words_in_every_document(text: str) -> None:
    docx = "".join(docx_text(one) for one in docx_body(text).iter(f"{W}p"))
    odt = "".join(odt_text(one) for one in odt_content(text).iter(f"{TEXT}p"))
    assert docx == odt
