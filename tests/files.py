"""Small files of every accepted kind, made here, for tests of attachments."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from ethiek.domain.attachments import FileKind
from ethiek.files.scanning import TEST_VIRUS

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
TXT = "Notulen van 2 maart: één besluit.\n".encode()
CSV = b"route;aantal\nA28;12\n"
EICAR = TEST_VIRUS.encode()
"""Harmless, and found by every scanner."""

OFFICE = {
    FileKind.DOCX: ("word/document.xml", "wordprocessingml.document"),
    FileKind.XLSX: ("xl/workbook.xml", "spreadsheetml.sheet"),
    FileKind.PPTX: ("ppt/presentation.xml", "presentationml.presentation"),
}


def packed(entries: Mapping[str, bytes | str]) -> bytes:
    """A ZIP of these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        for name, content in entries.items():
            bundle.writestr(name, content)
    return buffer.getvalue()


def open_document(kind: FileKind, **more: str) -> bytes:
    """An ODF document; ``more``: further entries."""
    return packed({"mimetype": kind.media_type, "content.xml": "<office/>", **more})


def office(kind: FileKind, more: Mapping[str, bytes | str] | None = None, main: str = "") -> bytes:
    """An OOXML document; ``main``: another type for its main part."""
    part, name = OFFICE[kind]
    type_ = main or f"application/vnd.openxmlformats-officedocument.{name}.main+xml"
    types = f'<Types><Override PartName="/{part}" ContentType="{type_}"/></Types>'
    return packed({"[Content_Types].xml": types, part: "<x/>", **(more or {})})


def png() -> bytes:
    """A picture of one pixel."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))

    header = struct.pack("!IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20) + b"\xff\xd9"


def every_kind() -> dict[FileKind, bytes]:
    """One file of every accepted kind."""
    return {
        FileKind.PDF: PDF,
        FileKind.PNG: png(),
        FileKind.JPEG: JPEG,
        FileKind.CSV: CSV,
        FileKind.TXT: TXT,
        **{kind: open_document(kind) for kind in (FileKind.ODT, FileKind.ODS, FileKind.ODP)},
        **{kind: office(kind) for kind in OFFICE},
    }
