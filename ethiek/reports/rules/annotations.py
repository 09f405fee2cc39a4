"""Rules about links, fields and signatures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pikepdf import Dictionary, Stream

from ethiek.reports.expected import STAMP_FIELD
from ethiek.reports.fields import APPROVAL_NAMES, SEAL
from ethiek.reports.rules.breach import Breach
from ethiek.reports.rules.content import Painting
from ethiek.reports.rules.reading import numbers
from ethiek.reports.rules.structure import Structure

PRINTED: Final = 4
HIDDEN: Final = 1 | 2 | 32
"""Invisible, hidden, and not shown on screen."""
KINDS: Final = frozenset({"/ETSI.CAdES.detached", "/ETSI.RFC3161"})
FIELDS: Final = frozenset({SEAL.name, *APPROVAL_NAMES})
"""Where people and organisations sign; any number of time stamps may follow (see :mod:`ethiek.reports.expected`)."""
END: Final = b"%%EOF"
BEFORE_END: Final = 7
"""``%%EOF`` and at most two bytes of line end."""


def check_annotation(
    annotation: Any, structure: Structure, painting: Painting, where: str
) -> Iterator[Breach]:
    """Check one link or field of a page."""
    flags, kind = int(annotation.get("/F", 0)), str(annotation.get("/Subtype"))
    if not flags & PRINTED or flags & HIDDEN:
        yield Breach("annotation-flags", where)
    beside = kind == "/Widget" and _is_beside(annotation)
    if not beside and int(annotation.get("/StructParent", -1)) not in structure.parents:
        yield Breach("annotation-owner", where)
    owner = structure.owners.get(annotation.objgen, "")
    if kind == "/Widget":
        yield from _check_field(annotation, "/Form" if beside else owner, where)
    elif kind == "/Link":
        yield from _check_link(annotation, owner, where)
    elif not owner:
        yield Breach("annotation-owner", where)
    appearance = annotation.get("/AP", {}).get("/N")
    if isinstance(appearance, Stream):
        yield from painting.check_appearance(appearance, where)
    elif kind != "/Link" and appearance is None and _is_visible(annotation):
        yield Breach("annotation-appearance", where)


def check_signatures(pdf: bytes, form: Any) -> Iterator[Breach]:
    """Each signature covers all of its own revision; what came after it is for the verifier."""
    if form.get("/NeedAppearances", False):
        yield Breach("appearance-left-to-reader")
    for field in form.get("/Fields", ()):
        value, name = field.get("/V"), str(field.get("/T", ""))
        if isinstance(value, Dictionary) and "/ByteRange" in value:
            if not _covers_a_revision(pdf, [int(number) for number in value.ByteRange]):
                yield Breach("signature-range", name)
            if str(value.get("/SubFilter")) not in KINDS or not _is_ours(name):
                yield Breach("signature-kind", name)


def _is_ours(name: str) -> bool:
    return name in FIELDS or bool(STAMP_FIELD.fullmatch(name))


def _covers_a_revision(pdf: bytes, parts: list[int]) -> bool:
    start, first, second, last = parts
    end = second + last
    return (
        start == 0
        and end <= len(pdf)
        and pdf[end - BEFORE_END : end].rstrip().endswith(END)
        and pdf[first : first + 1] == b"<"
        and pdf[second - 1 : second] == b">"
    )


def _is_beside(annotation: Any) -> bool:
    """Where no page of ours reaches: such a field needs no place in the structure (UA-1 7.18.1 and 7.18.4)."""
    return all(float(place) < 0 for place in annotation.get("/Rect", [0]))


def _check_field(field: Any, owner: str, where: str) -> Iterator[Breach]:
    parent = field.get("/Parent", {})
    if not str(field.get("/TU", parent.get("/TU", ""))):
        yield Breach("field-name", where)
    if owner != "/Form":
        yield Breach("field-owner", where)


def _check_link(link: Any, owner: str, where: str) -> Iterator[Breach]:
    words = str(link.get("/Contents", "")).strip()
    if not words:
        yield Breach("link-text", where)
    if words.startswith("#"):
        yield Breach("link-address", where)
    if owner != "/Link":
        yield Breach("link-owner", where)


def _is_visible(annotation: Any) -> bool:
    left, low, right, high = numbers(annotation.Rect)
    return right != left or high != low
