"""Small files of every accepted kind, made here, for tests of attachments."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session

from ethiek.domain.answers import Slot
from ethiek.domain.attachments import FileKind, Scan
from ethiek.files.scanning import TEST_VIRUS
from ethiek.files.store import FileStore
from ethiek.services import attachments, scanning
from ethiek.services.attachments import WHOLE, Given
from tests import builders
from tests.builders import World

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


BOUNDARY = "grens-van-een-formulier"


def form_with(fields: Mapping[str, str], data: bytes, name: str) -> tuple[bytes, str]:
    """A form with one file as a browser sends it, and its content type.

    The test client would put a large one in a temporary file of its own, and leave that open.
    """
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
    typed = "Content-Type: application/octet-stream\r\n\r\n"
    body = b"".join((*parts, (head + typed).encode(), data, f"\r\n--{BOUNDARY}--\r\n".encode()))
    return body, f"multipart/form-data; boundary={BOUNDARY}"


def attach(
    session: Session,
    world: World,
    dossier_id: UUID,
    store: FileStore,
    data: bytes = TXT,
    name: str = "notulen.txt",
    *,
    slot: Slot = WHOLE,
    scan: Scan = Scan.CLEAN,
    by: str = "Noor",
) -> UUID:
    """Add a file to a dossier, with what a scanner found."""
    kind = attachments.checked_kind(data, name)
    token = f"token-{len(attachments.rows_of(session, dossier_id))}-{sha256(data).hexdigest()[:20]}"
    given = Given(slot, name, kind, f"Dit is {name}.", token)
    with store.staged(data) as staged:
        row = attachments.add(session, dossier_id, given, staged, store, world.stamp(session, by))
    if scan is Scan.CLEAN:
        scanning.note_clean(session, row.id, builders.AT)
    elif scan is Scan.INFECTED:
        scanning.note_infected(session, row.sha256, "Eicar", builders.AT)
    elif scan is Scan.NOT_SCANNED:
        scanning.note_not_scanned(session, row.id, builders.AT)
    return row.id
