"""Which kind of file bytes are. The content decides; a name only has to agree with it, and tells CSV from plain text.

Nothing is unpacked here but one short list of an office file, so that a file cannot cost much before it is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from typing import Final

from ethiek.domain.attachments import FileKind
from ethiek.errors import InputError

_PDF: Final = re.compile(rb"%PDF-[12]\.[0-9]")
_PNG: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_JPEG: Final = b"\xff\xd8\xff"
_ZIP: Final = b"PK\x03\x04"

_MOST_ENTRIES: Final = 20_000
_LONGEST_LIST: Final = 1_000_000
"""Bytes of the list of parts in an office file; a large document has some thousands."""
_ENCRYPTED: Final = 0x1
_BROKEN: Final = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, zlib.error)
"""What reading a damaged, foreign or hostile package ends in."""

_PARTS: Final = {
    FileKind.DOCX: "word/document.xml",
    FileKind.XLSX: "xl/workbook.xml",
    FileKind.PPTX: "ppt/presentation.xml",
}
_OPEN_DOCUMENTS: Final = {kind.media_type: kind for kind in (FileKind.ODT, FileKind.ODS, FileKind.ODP)}
_OUTSIDE: Final = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)")
_MACROS: Final = re.compile(r"(?i)(?:^|/)(?:vba[^/]*\.bin|basic/.*|scripts/.*|macrosheets/.*|activex/.*)$")
_MARKUP: Final = re.compile(
    r"(?i)<\s*(?:!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php|%)|^\s*#!|^\s*<"
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_LOOKED_AT: Final = 100_000
"""Characters of a text in which signs of markup are looked for: a browser guesses from fewer."""


def kind_of(data: bytes, name: str) -> FileKind:
    """Return the kind of a file.

    Raises:
        InputError: at ``file``: it is none of the accepted kinds, has a name of another kind, or holds macros.
    """
    kind = _by_content(data, _ending(name))
    if kind is None:
        raise InputError("file", "not_accepted")
    if _ending(name) not in kind.endings:
        raise InputError("file", "other_content")
    return kind


def _ending(name: str) -> str:
    return name.strip().rpartition(".")[2].lower()


def _by_content(data: bytes, ending: str) -> FileKind | None:
    if _PDF.match(data):
        return FileKind.PDF
    if data.startswith(_PNG):
        return FileKind.PNG
    if data.startswith(_JPEG):
        return FileKind.JPEG
    if data.startswith(_ZIP):
        return _office(data)
    if _is_text(data):
        return FileKind.CSV if ending == "csv" else FileKind.TXT
    return None


def _office(data: bytes) -> FileKind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
            if not _is_harmless(entries):
                return None
            kind = _kind_of_package(packed, {entry.filename for entry in entries})
    except _BROKEN:
        return None
    if kind is not None and _has_macros(entry.filename for entry in entries):
        raise InputError("file", "macros")
    return kind


def _is_harmless(entries: Sequence[zipfile.ZipInfo]) -> bool:
    """Not too many parts, none twice, none with a password, and none that would land outside its own folder."""
    names = {entry.filename for entry in entries}
    return (
        len(names) == len(entries) <= _MOST_ENTRIES
        and not any(entry.flag_bits & _ENCRYPTED for entry in entries)
        and not any(_OUTSIDE.search(name) for name in names)
    )


def _kind_of_package(packed: zipfile.ZipFile, names: set[str]) -> FileKind | None:
    if "mimetype" in names:
        return _OPEN_DOCUMENTS.get(_short(packed, "mimetype"))
    if "[Content_Types].xml" not in names:
        return None
    types = _short(packed, "[Content_Types].xml")
    for kind, part in _PARTS.items():
        if part in names and f"{kind.media_type}.main+xml" in types:
            return kind
    if "macroEnabled" in types:
        raise InputError("file", "macros")
    return None


def _short(packed: zipfile.ZipFile, name: str) -> str:
    """What a small entry says; of a large one, the beginning."""
    with packed.open(name) as entry:
        return entry.read(_LONGEST_LIST).decode("utf-8", "replace").strip()


def _has_macros(names: Iterable[str]) -> bool:
    return any(_MACROS.search(name) for name in names)


def _is_text(data: bytes) -> bool:
    """Plain text without the signs of a page, a picture or a script that a program could take it for."""
    text = _decoded(data)
    return (
        text is not None
        and bool(text.strip())
        and _CONTROLS.search(text) is None
        and _MARKUP.search(text[:_LOOKED_AT]) is None
    )


def _decoded(data: bytes) -> str | None:
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
