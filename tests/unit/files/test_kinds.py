"""Kinds of files are told by their content; a name cannot make a file into what it is not."""

from __future__ import annotations

import io
import zipfile

import pytest

from ethiek.domain.attachments import FileKind
from ethiek.errors import InputError
from ethiek.files.kinds import kind_of
from tests import files
from tests.files import OFFICE, office, open_document, packed

MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"


def reason_of(data: bytes, name: str) -> str:
    with pytest.raises(InputError) as caught:
        kind_of(data, name)
    assert caught.value.field == "file"
    return caught.value.reason


@pytest.mark.parametrize(("kind", "data"), files.every_kind().items())
def test_every_accepted_kind_is_known_by_its_content(kind: FileKind, data: bytes) -> None:
    assert [kind_of(data, f"naam.{ending}") for ending in kind.endings] == [kind] * len(kind.endings)
    assert kind_of(data, f"NAAM.{kind.endings[0].upper()}") is kind


@pytest.mark.parametrize(("kind", "data"), files.every_kind().items())
@pytest.mark.parametrize("name", ["naam", "naam.exe", "naam.html", ".pdf.svg", ""])
def test_name_of_another_kind_is_refused(kind: FileKind, data: bytes, name: str) -> None:
    assert reason_of(data, name) == "other_content"
    assert kind.value not in name.split(".")[-1:]


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"\xef\xbb\xbf  <html>",
        b"tekst en dan <script src=x>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><a/>",
        b"<?php system($_GET[0]); ?>",
        b"#!/bin/sh\nrm -rf /\n",
        "<html>".encode("utf-16"),
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"\x7fELF\x02\x01\x01\x00",
        b"\xca\xfe\xba\xbe\x00\x00\x00\x34",
        b"GIF89a\x01\x00\x01\x00",
        b"Rar!\x1a\x07\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
        b" %PDF-1.7\n\x00",
        b"\x89PNG\r\n\x1a\n<html>",
        b"   \n ",
        packed({"a.txt": "geen document"}),
        packed({"META-INF/MANIFEST.MF": "Manifest-Version: 1.0", "A.class": b"\xca\xfe\xba\xbe"}),
        packed({"mimetype": "application/epub+zip"}),
        packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"}),
        b"PK\x03\x04 en verder niets",
        b"MZ" + packed({"mimetype": FileKind.ODT.media_type}),
    ],
)
@pytest.mark.parametrize("name", ["plan.pdf", "foto.png", "brief.docx", "lijst.csv", "notitie.txt"])
def test_pages_scripts_and_programs_are_refused_under_every_name(data: bytes, name: str) -> None:
    assert reason_of(data, name) == "not_accepted"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (office(FileKind.DOCX, {"word/vbaProject.bin": b"x"}), "brief.docx"),
        (office(FileKind.XLSX, {"xl/macrosheets/sheet1.xml": "<x/>"}), "lijst.xlsx"),
        (office(FileKind.PPTX, {"ppt/activeX/activeX1.bin": b"x"}), "praatje.pptx"),
        (office(FileKind.DOCX, main=MACRO_TYPE), "brief.docx"),
        (open_document(FileKind.ODT, **{"Basic/Standard/Module1.xml": "<x/>"}), "brief.odt"),
        (open_document(FileKind.ODS, **{"Scripts/python/los.py": "x"}), "lijst.ods"),
    ],
)
def test_macros_are_refused(data: bytes, name: str) -> None:
    assert reason_of(data, name) == "macros"


def test_package_with_a_password_or_very_many_parts_is_refused() -> None:
    whole = bytearray(open_document(FileKind.ODT))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(mark) + offset] |= 1
    assert reason_of(bytes(whole), "brief.odt") == "not_accepted"
    many = packed({"mimetype": FileKind.ODT.media_type, **{f"{number}": b"" for number in range(20_001)}})
    assert reason_of(many, "brief.odt") == "not_accepted"


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", r"..\evil", r"C:\evil", "a/.."])
def test_package_with_a_part_outside_its_folder_is_refused(name: str) -> None:
    assert reason_of(open_document(FileKind.ODT, **{name: "x"}), "brief.odt") == "not_accepted"
    assert kind_of(open_document(FileKind.ODT, **{"a..b/c": "x"}), "brief.odt") is FileKind.ODT


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_package_with_twin_parts_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        for type_ in (FileKind.ODT.media_type, "text/html"):
            bundle.writestr("mimetype", type_)
    assert reason_of(buffer.getvalue(), "brief.odt") == "not_accepted"


def test_list_that_unpacks_without_end_is_not_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("[Content_Types].xml", b" " * 200_000_000)
        bundle.writestr("word/document.xml", "<x/>")
    assert len(buffer.getvalue()) < 300_000
    assert reason_of(buffer.getvalue(), "brief.docx") == "not_accepted"


def test_office_kinds_are_told_apart() -> None:
    assert {kind_of(office(kind), f"naam.{kind.value}") for kind in OFFICE} == set(OFFICE)
    assert reason_of(office(FileKind.XLSX), "brief.docx") == "other_content"
