"""ODT, DOCX and Markdown, read back by something else than what wrote them."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.gatherings import Gathering, Participant
from ethiek.exchange.blocks import Document, Grid, Heading, Text, Written
from ethiek.exchange.characters import shown
from ethiek.exchange.composing import compose
from ethiek.exchange.dossier_json import SCHEMA, to_json
from ethiek.exchange.formats import FORMATS
from ethiek.exchange.markdown import to_markdown
from ethiek.exchange.opendocument import to_odt
from ethiek.exchange.typed import literal
from ethiek.exchange.word import to_docx
from ethiek.markup import Table, to_text
from ethiek.markup import plain as paragraphs
from ethiek.markup.reading import lines_of
from tests.question_sets import FIRST
from tests.unit.exchange.dossiers import SOME_ANSWERS, a_dossier

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DC = "{http://purl.org/dc/elements/1.1/}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"

OUTLINE = [
    (1, "Slimme camera"),
    (2, "Over dit dossier"),
    (2, "Over de vragenlijst"),
    (2, "1 Waarom?"),
    (3, "1.1 Aanleiding"),
    (4, "1.1.1 Wat is de aanleiding?"),
    (4, "1.1.2 Wordt het al gebruikt?"),
    (4, "1.1.4 Welke rechten raakt het?"),
    (2, "2 Grondrechten"),
    (3, "2.1 Per recht"),
    (4, "Privacy"),
    (5, "2.1.1 Hoe zwaar is de inbreuk?"),
    (4, "Gelijke behandeling"),
    (5, "2.1.1 Hoe zwaar is de inbreuk?"),
    (3, "2.2 Acties"),
    (4, "2.2.1 Welke acties volgen?"),
    (2, "Uitkomst"),
    (3, "DPIA: nodig"),
    (2, "Alle actiepunten"),
    (3, "2 Grondrechten"),
    (2, "Andere opmerkingen"),
    (2, "Eerdere antwoorden"),
    (3, "3 Oude vraag"),
]
ACTIONS = [["Wat", "Wanneer"], ["Bord plaatsen", "1 april 2026"]]
EVERY_ASCII = "".join(map(chr, range(128)))
NOT_IN_XML = "\x00\x0b\x1b\x7f\x85\ud800\ufffe\uffff"
HOSTILE = (
    f"# kop\n===\n- lijst\n1. een\n> citaat\n<script>alert(1)</script>\n[link](javascript:alert(1))\n"
    f"| a | b |\n|---|---|\n```\n&amp; ]]> {NOT_IN_XML} \u202eomgekeerd\n    code"
)


def part(data: bytes, name: str) -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return ET.fromstring(file.read(name))


def docx_text(element: ET.Element) -> str:
    pieces = {f"{W}br": "\n", f"{W}tab": "\t"}
    return "".join(
        (one.text or "") if one.tag == f"{W}t" else pieces.get(one.tag, "") for one in element.iter()
    )


def odt_text(element: ET.Element) -> str:
    text = element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            text += " " * int(child.get(f"{TEXT}c", "1"))
        elif child.tag in {f"{TEXT}line-break", f"{TEXT}tab"}:
            text += "\n" if child.tag.endswith("break") else "\t"
        else:
            text += odt_text(child)
        text += child.tail or ""
    return text


def docx_outline(data: bytes) -> list[tuple[int, str]]:
    found = []
    for paragraph in part(data, "word/document.xml").iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = "" if style is None else style.get(f"{W}val", "")
        if name == "Title" or name.startswith("Heading"):
            found.append((int(name[7:] or 0) + 1 if name != "Title" else 1, docx_text(paragraph)))
    return found


def odt_outline(data: bytes) -> list[tuple[int, str]]:
    headings = part(data, "content.xml").iter(f"{TEXT}h")
    return [(int(one.get(f"{TEXT}outline-level", "0")), odt_text(one)) for one in headings]


def docx_tables(data: bytes) -> list[list[list[str]]]:
    return [
        [[docx_text(cell) for cell in row.iter(f"{W}tc")] for row in table.iter(f"{W}tr")]
        for table in part(data, "word/document.xml").iter(f"{W}tbl")
    ]


def odt_tables(data: bytes) -> list[list[list[str]]]:
    return [
        [
            ["\n".join(map(odt_text, cell.iter(f"{TEXT}p"))) for cell in row.iter(f"{TABLE}table-cell")]
            for row in table.iter(f"{TABLE}table-row")
        ]
        for table in part(data, "content.xml").iter(f"{TABLE}table")
    ]


def a_document(*blocks: Heading | Text | Written | Grid) -> Document:
    return Document("Titel", "ETH-2026-0007", "nl", "2026-03-02T09:30:00Z", blocks)


def a_grid(column: str, cell: str) -> Grid:
    return Grid(column, Table((literal(column),), ((literal(cell),),)))


def in_cell(text: str) -> str:
    """A text as a cell shows it: between paragraphs one empty line."""
    return to_text(paragraphs(shown(text)))


def typed_in_cell(text: str) -> str:
    """The same for what was read as light Markdown; its parser has another sign for a NUL."""
    return in_cell(text.replace("\0", "\ufffd"))


@pytest.mark.parametrize(("extension", "outline"), [("docx", docx_outline), ("odt", odt_outline)])
def test_headings_are_headings_with_a_level(
    extension: str, outline: Callable[[bytes], list[tuple[int, str]]]
) -> None:
    assert outline(FORMATS[extension].render(a_dossier())) == OUTLINE


@pytest.mark.parametrize(("extension", "tables"), [("docx", docx_tables), ("odt", odt_tables)])
def test_tables_are_tables(extension: str, tables: Callable[[bytes], list[list[list[str]]]]) -> None:
    team = [["Naam", "Rol"], ["Noor", "Projectleider"]]
    assert tables(FORMATS[extension].render(a_dossier())) == [team, ACTIONS, ACTIONS]


def test_the_first_row_of_a_table_is_marked_as_its_heading() -> None:
    docx, odt = (FORMATS[kind].render(a_dossier()) for kind in ("docx", "odt"))
    for table in part(docx, "word/document.xml").iter(f"{W}tbl"):
        rows = list(table.iter(f"{W}tr"))
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [
            True,
            *[False] * (len(rows) - 1),
        ]
    for table in part(odt, "content.xml").iter(f"{TABLE}table"):
        assert len(table.findall(f"{TABLE}table-header-rows/{TABLE}table-row")) == 1


def test_documents_have_title_and_language() -> None:
    docx, odt = (FORMATS[kind].render(a_dossier()) for kind in ("docx", "odt"))
    about = part(docx, "docProps/core.xml")
    assert (about.findtext(f"{DC}title"), about.findtext(f"{DC}language")) == (
        "ETH-2026-0007 Slimme camera",
        "nl",
    )
    languages = {one.get(f"{W}val") for one in part(docx, "word/styles.xml").iter(f"{W}lang")}
    assert languages == {"nl-NL"}
    meta = part(odt, "meta.xml")
    assert [one.text for one in meta.iter(f"{DC}title")] == ["ETH-2026-0007 Slimme camera"]
    assert [one.text for one in meta.iter(f"{DC}language")] == ["nl-NL"]
    styled = {one.get(f"{FO}language") for one in part(odt, "styles.xml").iter() if one.get(f"{FO}language")}
    assert styled == {"nl"}


@pytest.mark.parametrize("extension", FORMATS)
def test_the_same_dossier_gives_the_same_bytes(extension: str) -> None:
    assert FORMATS[extension].render(a_dossier()) == FORMATS[extension].render(a_dossier())


@pytest.mark.parametrize("extension", ["docx", "odt"])
def test_a_document_holds_nothing_that_runs_and_no_date_of_packing(extension: str) -> None:
    with zipfile.ZipFile(io.BytesIO(FORMATS[extension].render(a_dossier()))) as file:
        names, dates = file.namelist(), {info.date_time for info in file.infolist()}
        assert file.testzip() is None
    assert dates == {(1980, 1, 1, 0, 0, 0)}
    suspects = ("vba", "macro", "Basic", "Scripts", "thumbnail", "Object", ".bin")
    assert [name for name in names if any(word in name for word in suspects)] == []


def test_opendocument_begins_with_its_type_in_the_clear() -> None:
    data = FORMATS["odt"].render(a_dossier())
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        first = file.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert file.read("mimetype").decode() == FORMATS["odt"].media_type
        listed = {
            one.get(f"{'{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}'}full-path")
            for one in part(data, "META-INF/manifest.xml")
        }
        files = {name for name in file.namelist() if name not in {"mimetype", "META-INF/manifest.xml"}}
    assert files <= listed


@pytest.mark.parametrize("extension", FORMATS)
def test_hostile_text_everywhere_gives_a_document_with_the_same_outline(extension: str) -> None:
    answers = {
        **SOME_ANSWERS,
        FIRST: Answer(text=HOSTILE, considerations=HOSTILE),
        Slot("2.2.1"): Answer(rows=({"what": HOSTILE, "when": ""},)),
    }
    if extension == "json":  # lone surrogates never get as far as canonical JSON
        answers = {slot: answer for slot, answer in answers.items() if slot not in {FIRST, Slot("2.2.1")}}
    data = FORMATS[extension].render(a_dossier(answers=answers, title="Camera <b> & \x07"))
    heading = "Camera <b> & ⟨U+0007⟩"
    if extension == "docx":
        assert docx_outline(data) == [(1, heading), *OUTLINE[1:]]
        assert docx_tables(data)[-1][1][0] == typed_in_cell(HOSTILE)
    elif extension == "odt":
        assert odt_outline(data) == [(1, heading), *OUTLINE[1:]]
        assert odt_tables(data)[-1][1][0] == typed_in_cell(HOSTILE)
    elif extension == "md":
        assert markdown_outline(data) == [(1, heading), *OUTLINE[1:]]


def test_every_character_that_xml_forbids_is_named() -> None:
    texts = EVERY_ASCII + NOT_IN_XML
    document = a_document(
        Heading(1, texts), Text(texts, texts), Written(paragraphs(texts), texts), a_grid(texts, texts)
    )
    for data, name in ((to_docx(document), "word/document.xml"), (to_odt(document), "content.xml")):
        found = "".join(part(data, name).itertext())
        for character in NOT_IN_XML.replace("\x0b", "").replace("\x85", "") + "\x00\x1f":
            assert f"⟨U+{ord(character):04X}⟩" in found


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=30))
def test_any_text_can_be_written_and_read_back(text: str, label: str) -> None:
    document = a_document(Heading(2, text), Text(text, label), Written(paragraphs(text)), a_grid(label, text))
    expected = ["\n".join(lines) for lines in lines_of(shown(text))]
    docx, odt = to_docx(document), to_odt(document)
    assert docx_tables(docx) == odt_tables(odt) == [[[in_cell(label)], [in_cell(text)]]]
    if expected:
        body = [docx_text(one) for one in part(docx, "word/document.xml").iter(f"{W}p")]
        assert expected[-1] in "".join(body)


def tokens(data: bytes) -> list[Token]:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(data.decode())


def markdown_outline(data: bytes) -> list[tuple[int, str]]:
    found = tokens(data)
    return [
        (int(one.tag[1:]), plain(found[index + 1]))
        for index, one in enumerate(found)
        if one.type == "heading_open"
    ]


def plain(inline: Token) -> str:
    ends = {"softbreak": "\n", "hardbreak": "\n", "html_inline": "\n"}
    return "".join(ends.get(child.type, child.content) for child in inline.children or ())


def test_markdown_has_the_same_outline_and_tables() -> None:
    data = FORMATS["md"].render(a_dossier())
    assert markdown_outline(data) == OUTLINE
    cells = [plain(found) for found in tokens(data) if found.type == "inline" and found.level == 4]
    assert cells[-4:] == ["Wat", "Wanneer", "Bord plaatsen", "1 april 2026"]


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab1.)#*_-+=:~`<>[]()|\\&;! \t\n!{}\"'/w"), max_size=40))
def test_no_text_can_make_markup_in_markdown(text: str) -> None:
    document = a_document(Text(text), a_grid("kolom", text), Heading(2, f"x{text}"))
    found = tokens(to_markdown(document))
    structure = [one.type for one in found if one.type != "inline" and not one.type.startswith("paragraph")]
    row = ["tr_open", "td_open", "td_close", "tr_close"]
    head = ["table_open", "thead_open", "tr_open", "th_open", "th_close", "tr_close", "thead_close"]
    assert structure == [
        *head,
        "tbody_open",
        *row,
        "tbody_close",
        "table_close",
        "heading_open",
        "heading_close",
    ]
    marked = [child for one in found for child in one.children or ()]
    assert {child.type for child in marked} <= {"text", "text_special", "hardbreak", "html_inline"}
    assert {child.content for child in marked if child.type == "html_inline"} <= {"<br>"}


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab1.)#*_-+=:~`<>[]()|\\&;! \n!{}\"'/w"), max_size=40))
def test_markdown_reads_back_as_what_was_written(text: str) -> None:
    found = [plain(one) for one in tokens(to_markdown(a_document(Text(text)))) if one.type == "inline"]
    expected = ["\n".join(line.rstrip() for line in lines) for lines in lines_of(text)]
    assert [one.replace("\u00a0", " ").strip() for one in found] == [one.strip() for one in expected]


def test_a_document_says_all_that_people_wrote() -> None:
    blocks = compose(a_dossier()).blocks
    written = {to_text(block.content) for block in blocks if isinstance(block, Written)}
    assert {"Drukte.\n\nEn onrust.", "Ook gekeken naar lussen.", "Om te tellen.", "Oud antwoord."} <= written
    labelled = {(block.label, to_text(block.content)) for block in blocks if isinstance(block, Written)}
    assert ("Afwijkend standpunt", "Yara ziet meer in lussen.") in labelled


def test_gatherings_of_the_team_are_taken_along() -> None:
    held = Gathering(date(2026, 2, 10), "DEDA <b>", (Participant("Noor", "lead"),), "Vier **uur**.")
    dossier = replace(a_dossier(), gatherings=(held,))
    blocks = compose(dossier).blocks
    place = blocks.index(Heading(2, "Bijeenkomsten van het team"))
    assert blocks[place + 1 : place + 3] == (Heading(3, "DEDA <b>"), Text("10 februari 2026", "Datum"))
    assert "Vier uur." in {to_text(block.content) for block in blocks if isinstance(block, Written)}
    data = json.loads(to_json(dossier))
    assert data["sessions"] == [held.to_json()]
    jsonschema.validate(data, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert "sessions" not in json.loads(to_json(a_dossier()))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")
@pytest.mark.parametrize("extension", ["docx", "odt"])
def test_libreoffice_opens_it(extension: str, tmp_path: Path) -> None:
    file = tmp_path / f"dossier.{extension}"
    file.write_bytes(FORMATS[extension].render(a_dossier()))
    command = ["soffice", "--headless", "--convert-to", "txt:Text", "--outdir", str(tmp_path), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert "Bord plaatsen" in (tmp_path / "dossier.txt").read_text(encoding="utf-8")
