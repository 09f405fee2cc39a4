"""What was changed behind a signature, in the words of a reader: it names the kinds of things, and judges nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Final

import pikepdf

Look = Callable[[pikepdf.Pdf], Any]


def kinds_of_change(pdf: bytes, end: int) -> list[str]:
    """Which kinds of things differ between the signed file and what was made of it; empty if that cannot be told.

    Args:
        end: where the signed file ends.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf[:end])) as before, pikepdf.open(io.BytesIO(pdf)) as after:
            return [kind for kind, look in LOOKS.items() if look(before) != look(after)]
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []


def _pages(document: pikepdf.Pdf) -> list[Any]:
    return [(_raw(page.obj.get("/Contents")), _raw(page.obj.get("/Resources"), 6)) for page in document.pages]


def _notes(document: pikepdf.Pdf) -> list[Any]:
    return [
        [_raw(note, 3) for note in page.obj.get("/Annots", []) if note.get("/Subtype") != "/Widget"]
        for page in document.pages
    ]


def _files(document: pikepdf.Pdf) -> list[Any]:
    return [(name, spec.get_file().read_bytes()) for name, spec in document.attachments.items()]


def _fields(document: pikepdf.Pdf) -> list[Any]:
    form = document.Root.get("/AcroForm", pikepdf.Dictionary())
    return [_raw(field, 3) for field in form.get("/Fields", [])]


def _properties(document: pikepdf.Pdf) -> list[Any]:
    return [_raw(document.Root.get("/Metadata")), _raw(document.trailer.get("/Info"))]


def _behaviour(document: pikepdf.Pdf) -> list[Any]:
    return [_raw(document.Root.get(name), 4) for name in ("/OpenAction", "/AA", "/OCProperties", "/Names")]


LOOKS: Final[dict[str, Look]] = {
    "pages": _pages,
    "notes": _notes,
    "files": _files,
    "fields": _fields,
    "properties": _properties,
    "behaviour": _behaviour,
}


def _raw(value: Any, depth: int = 2) -> Any:
    """The value as plain Python, so deep: what refers to its page would lead around the whole file."""
    if isinstance(value, pikepdf.Stream):
        return value.read_raw_bytes()
    if not isinstance(value, pikepdf.Object):
        return value
    if not depth:
        return None
    if isinstance(value, pikepdf.Array):
        return [_raw(one, depth - 1) for one in value]
    if isinstance(value, pikepdf.Dictionary):
        skipped = {"/P", "/Parent", "/StructParent"}
        return {name: _raw(one, depth - 1) for name, one in value.items() if name not in skipped}
    return bytes(value) if isinstance(value, pikepdf.String) else str(value)
