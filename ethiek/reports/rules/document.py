"""Rules about the file as a whole, and the files inside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from pikepdf import Array, Dictionary, Name

from ethiek.reports.rules.breach import Breach
from ethiek.reports.rules.reading import pairs

HEADER: Final = re.compile(rb"%PDF-1\.[4-7]\r?\n%[\x80-\xff]{4}")
SHORT_PAGES: Final = 3
"""So many pages need no bookmarks."""


def check_file(pdf: bytes, document: Any) -> Iterator[Breach]:
    """What the trailer and the catalogue promise."""
    root = document.Root
    yield from _unless(not document.is_encrypted, "encrypted")
    yield from _unless(HEADER.match(pdf), "header")
    yield from _unless("/ID" in document.trailer, "identifier")
    yield from _unless(str(root.get("/Lang", "")), "language")
    yield from _unless(root.get("/MarkInfo", {}).get("/Marked", False), "marked")
    yield from _unless(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False), "title-shown")
    yield from _unless("/Outlines" in root or len(document.pages) <= SHORT_PAGES, "bookmarks")
    yield from _unless(_has_one_intent(root), "output-intent")
    yield from _unless(not {"/OpenAction", "/AA", "/OCProperties"} & set(root.keys()), "action")
    yield from _unless("/JavaScript" not in root.get("/Names", {}), "script")


def check_embedded(document: Any) -> Iterator[Breach]:
    """Every embedded file is listed once, with its relation to the document."""
    root = document.Root
    tree = root.get("/Names", {}).get("/EmbeddedFiles", Dictionary())
    listed = [spec.objgen for spec in root.get("/AF", Array())]
    yield from _unless(len(listed) == len(set(listed)), "file-associated-twice")
    for name, spec in pairs(tree, "/Names"):
        stream, where = spec.EF.F, str(name)
        yield from _unless(spec.objgen in listed, "file-not-associated", where)
        yield from _unless(spec.get("/AFRelationship"), "file-relationship", where)
        yield from _unless("/Subtype" in stream, "file-type", where)
        yield from _unless("/UF" in spec, "file-name", where)
        yield from _unless("/ModDate" in stream.get("/Params", {}), "file-date", where)


def _has_one_intent(root: Any) -> bool:
    intents = list(root.get("/OutputIntents", ()))
    return len(intents) == 1 and intents[0].get("/S") == Name.GTS_PDFA1 and "/DestOutputProfile" in intents[0]


def _unless(holds: object, rule: str, where: str = "") -> Iterator[Breach]:
    if not holds:
        yield Breach(rule, where)
