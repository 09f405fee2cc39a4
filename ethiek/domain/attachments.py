"""Files that a team adds to a question or to its dossier (NL: bijlagen): which, how large, and what they are called."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final

LARGEST_FILE: Final = 25_000_000
"""Bytes."""
LARGEST_TOTAL: Final = 500_000_000
"""Bytes of all files that one dossier keeps, also those of earlier rounds."""
MOST_FILES: Final = 100
"""In one round."""
LONGEST_NAME: Final = 120
LONGEST_DESCRIPTION: Final = 300


class FileKind(StrEnum):
    """A kind of file that is accepted, by the ending of its name."""

    PDF = "pdf"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    PNG = "png"
    JPEG = "jpeg"
    CSV = "csv"
    TXT = "txt"

    @property
    def media_type(self) -> str:
        """The type as the web and the snapshot name it."""
        return _MEDIA_TYPES[self]

    @property
    def endings(self) -> tuple[str, ...]:
        """How names of such files end; the first is the usual one."""
        return ("jpg", "jpeg") if self is FileKind.JPEG else (self.value,)

    @property
    def label(self) -> str:
        """What people call it."""
        return self.value.upper()


_OASIS: Final = "application/vnd.oasis.opendocument."
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_MEDIA_TYPES: Final = {
    FileKind.PDF: "application/pdf",
    FileKind.ODT: f"{_OASIS}text",
    FileKind.ODS: f"{_OASIS}spreadsheet",
    FileKind.ODP: f"{_OASIS}presentation",
    FileKind.DOCX: f"{_OFFICE}wordprocessingml.document",
    FileKind.XLSX: f"{_OFFICE}spreadsheetml.sheet",
    FileKind.PPTX: f"{_OFFICE}presentationml.presentation",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.CSV: "text/csv",
    FileKind.TXT: "text/plain",
}


def label_of_type(media_type: str) -> str:
    """Return what people call a type, as a snapshot names it; of one that we do not know, its name.

    >>> label_of_type("application/pdf"), label_of_type("audio/ogg")
    ('PDF', 'audio/ogg')
    """
    return next((kind.label for kind in FileKind if kind.media_type == media_type), media_type)


_UNITS: Final = ((1_000_000, "MB"), (1_000, "kB"))


def size_words(size: int, decimal_sign: str) -> str:
    """Return a number of bytes as people say it.

    >>> size_words(1_234_567, ","), size_words(2_000, "."), size_words(12, ",")
    ('1,2 MB', '2 kB', '12 bytes')
    """
    for step, unit in _UNITS:
        if size >= step:
            number = f"{size / step:.1f}".removesuffix(".0")
            return f"{number.replace('.', decimal_sign)} {unit}"
    return f"{size} bytes"


class Scan(StrEnum):
    """What is known about viruses in a file. Unknown is not safe: only a clean file is given out."""

    WAITING = "waiting"
    NOT_SCANNED = "not_scanned"
    """The scanner could not be asked, or gave no answer that counts; it is asked again."""
    CLEAN = "clean"
    INFECTED = "infected"
    """In quarantine, for good."""


_SEPARATORS: Final = re.compile(r"[/\\]")
_UNWANTED: Final = re.compile(r'[<>:"|?*`]')
_RESERVED: Final = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
"""Names that stand for a device on Windows, whatever their ending."""
_SPACES: Final = re.compile(r"\s+")


def safe_name(sent: str, kind: FileKind) -> str:
    r"""Return a name that can be shown, stored and saved everywhere, with the ending of its kind.

    Folders, control characters, characters that turn the direction of text, and signs that mean something to a shell
    or a file system are left out.

    >>> safe_name("..\\..\\C:\\plan \u202efdp.exe", FileKind.PDF), safe_name("../..", FileKind.CSV)
    ('plan fdp.exe.pdf', 'bijlage.csv')
    """
    last = _SEPARATORS.split(unicodedata.normalize("NFC", sent))[-1]
    visible = "".join(" " if one.isspace() else one for one in last if one.isspace() or _is_visible(one))
    name = _SPACES.sub(" ", _UNWANTED.sub("_", visible)).strip(". ")
    stem, ending = _parts(name, kind)
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip('. ') or 'bijlage'}.{ending}"


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] != "C"


def _parts(name: str, kind: FileKind) -> tuple[str, str]:
    """The name without its ending, and the ending; one that does not fit the kind is part of the name."""
    stem, dot, ending = name.rpartition(".")
    if dot and ending.lower() in kind.endings:
        return stem.rstrip(". "), ending.lower()
    return name, kind.endings[0]
