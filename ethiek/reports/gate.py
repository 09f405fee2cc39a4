"""The gate: a report leaves only if it is PDF/A-3a and PDF/UA-1 by our own check of every rule below.

It reads the finished bytes with another library than the one that made them, and knows nothing of how they were made.
It is not a validator for other people's files: of constructions that our reports never hold it knows nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

import pikepdf

from ethiek.errors import RenderError
from ethiek.reports.rules.annotations import check_annotation, check_signatures
from ethiek.reports.rules.breach import Breach
from ethiek.reports.rules.content import Painting
from ethiek.reports.rules.document import check_embedded, check_file
from ethiek.reports.rules.metadata import check_metadata
from ethiek.reports.rules.revision import only_signed
from ethiek.reports.rules.structure import Structure, check_structure

SHOWN: Final = 5
"""So many breaches stand in a reason; a page that goes wrong goes wrong on every page."""


def breaches(pdf: bytes, passed: bytes = b"") -> tuple[Breach, ...]:
    """Every rule that a file breaks, and where, each once. Never raises for a file, whatever it holds.

    Args:
        passed: an earlier state of this file, without breaches. Only if all that was signed is still what it was,
            pages and structure are not walked through again.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            found = _found_in_file(pdf, document)
            if not (passed and _is_only_signed(passed, pdf, document)):
                found = chain(found, _found_in_contents(document))
            return tuple(dict.fromkeys(found))
    except Exception as error:  # noqa: BLE001  # objects of the wrong type fail anywhere, and all mean the same
        return (Breach("readable", type(error).__name__),)


def refuse_breaches(pdf: bytes) -> bytes:
    """Return the same file, which conforms.

    Raises:
        RenderError: it does not; the reason names the first rules that it breaks.
    """
    if found := breaches(pdf):
        raise RenderError(f"the report does not conform to PDF/A-3a and PDF/UA-1: {in_words(found)}")
    return pdf


def in_words(found: tuple[Breach, ...]) -> str:
    """Name the first breaches.

    >>> in_words((Breach("untagged", "page 3"), Breach("title")))
    'untagged (page 3), title'
    """
    rest = len(found) - SHOWN
    return ", ".join(map(str, found[:SHOWN])) + (f", and {rest} more" if rest > 0 else "")


def _is_only_signed(passed: bytes, pdf: bytes, document: Any) -> bool:
    if not pdf.startswith(passed):
        return False
    with pikepdf.open(io.BytesIO(passed)) as before:
        return only_signed(before, document)


def _found_in_file(pdf: bytes, document: Any) -> Iterator[Breach]:
    yield from check_file(pdf, document)
    yield from check_embedded(document)
    yield from check_metadata(document)
    yield from check_signatures(pdf, document.Root.get("/AcroForm", {}))


def _found_in_contents(document: Any) -> Iterator[Breach]:
    root = document.Root
    if "/StructTreeRoot" not in root:
        yield Breach("structure")
        return
    structure = Structure(root.StructTreeRoot)
    yield from check_structure(structure)
    painting = Painting(structure)
    for number, page in enumerate(document.pages, start=1):
        where = f"page {number}"
        yield from painting.check_page(page, where)
        for annotation in page.obj.get("/Annots", ()):
            yield from check_annotation(annotation, structure, painting, where)
