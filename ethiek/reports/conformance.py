"""From WeasyPrint's tagged PDF/A-3a to PDF/A-3a and PDF/UA-1 in one file, with tagged fields for what will be signed.

WeasyPrint writes one of the two standards and leaves some defects; every step below mends one of them, on the
objects before they are written. Numbers in brackets are clauses of ISO 19005-3 (A-3) and ISO 14289-1 (UA-1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pydyf

from ethiek.reports.fields import SEAL, SignatureField
from ethiek.reports.xmp import with_ua_identifier

REFERENCE: Final = re.compile(rb"(\d+) 0 R")
POINTS_PER_PIXEL: Final = 0.75
PRINT: Final = 4
PRINT_AND_LOCKED: Final = 132
"""Annotation flags of a signature field: printed (4), locked (128)."""

NO_TEXT: Final = b" <>"
ZERO_WIDTH_SPACE: Final = b" <200b>"


class Finisher:
    """WeasyPrint's ``finisher`` hook: called with the laid-out document and the PDF about to be written."""

    def __init__(self, fields: tuple[SignatureField, ...] = (SEAL,)) -> None:
        self.fields = fields

    def __call__(self, document: Any, pdf: Any) -> None:
        """Mend the document in place."""
        tree = _Tree(pdf)
        _identify_as_ua(tree)
        _list_associated_files_once(tree)
        _mark_margins_as_artifacts(tree)
        _give_header_cells_a_scope(tree)
        _place_figures_in_points(tree)
        _describe_links(document)
        _own_nested_links(tree)
        _give_every_glyph_a_character(tree)
        for signature_field in self.fields:
            _add_signature_field(tree, signature_field)


def _number(reference: object) -> int | None:
    """The object number in a reference ("12 0 R"); None for anything else."""
    raw = reference.encode() if isinstance(reference, str) else reference
    match = REFERENCE.fullmatch(raw) if isinstance(raw, bytes) else None
    return int(match.group(1)) if match else None


class _Tree:
    """The structure tree of a pydyf document, with its pages and parent tree."""

    def __init__(self, pdf: Any) -> None:
        self.pdf = pdf
        self.pages = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
        self.root = self.get(pdf.catalog["StructTreeRoot"])
        self.parents = self.get(self.root["ParentTree"])["Nums"]
        """Flat array: key, value, key, value; a page's value lists the element of each marked content."""
        self.document = self.get(self.root["K"][0])
        self.reachable = self._reachable()

    def get(self, reference: object) -> Any:
        number = _number(reference)
        if number is None:
            raise TypeError(reference)
        return self.pdf.objects[number]

    def add(self, value: Any) -> Any:
        self.pdf.add_object(value)
        return value

    def elements(self) -> Iterator[Any]:
        """Structure elements that are part of the tree, in the order they were made."""
        for thing in list(self.pdf.objects):
            if _is_element(thing) and thing.number in self.reachable:
                yield thing

    def _reachable(self) -> set[int]:
        seen: set[int] = set()
        waiting = [_number(kid) for kid in self.root["K"]]
        while waiting:
            number = waiting.pop()
            if number is None or number in seen:
                continue
            seen.add(number)
            kids = self.pdf.objects[number].get("K", ())
            waiting += [_number(kid) for kid in (kids if isinstance(kids, list) else [kids])]
        return seen


def _is_element(thing: object) -> bool:
    return isinstance(thing, dict) and thing.get("Type") == "/StructElem"


def _identify_as_ua(tree: _Tree) -> None:
    """One XMP packet that names both standards, not compressed, so that archives can read it (UA-1 5)."""
    metadata = tree.get(tree.pdf.catalog["Metadata"])
    metadata.stream = [with_ua_identifier(part) for part in metadata.stream]
    metadata.compress = False


def _list_associated_files_once(tree: _Tree) -> None:
    """WeasyPrint lists each embedded file twice in /AF (A-3 6.8)."""
    if "AF" in tree.pdf.catalog:
        tree.pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(tree.pdf.catalog["AF"]))


def _mark_margins_as_artifacts(tree: _Tree) -> None:
    """Running headers and footers are pagination, not content (UA-1 7.1, 7.8)."""
    for index, page in enumerate(tree.pages):
        marked = tree.parents[2 * index + 1]
        orphans = {mcid for mcid, element in enumerate(marked) if _number(element) not in tree.reachable}
        _replace_tags(tree.get(page["Contents"]).stream, orphans)
        for mcid in orphans:
            marked[mcid] = b"null"
        while marked and marked[-1] == b"null":
            marked.pop()
    for thing in tree.pdf.objects:
        if _is_element(thing) and thing.number not in tree.reachable:
            thing.clear()


def _replace_tags(stream: list[Any], orphans: set[int]) -> None:
    for position, token in enumerate(stream):
        if isinstance(token, pydyf.Dictionary) and token.get("MCID") in orphans:
            stream[position - 1] = "/Artifact"
            stream[position] = pydyf.Dictionary({"Type": "/Pagination"})


def _give_header_cells_a_scope(tree: _Tree) -> None:
    """A header cell says whether it heads a row or a column (UA-1 7.5)."""
    for element in tree.elements():
        if element.get("S") == "/TH":
            group = tree.get(tree.get(element["P"])["P"])
            attributes = element.setdefault("A", pydyf.Dictionary({"O": "/Table"}))
            attributes["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"


def _place_figures_in_points(tree: _Tree) -> None:
    """WeasyPrint writes a figure's box in CSS pixels from the top left; PDF counts points from below."""
    for element in tree.elements():
        if element.get("S") == "/Figure" and "A" in element:
            height = tree.get(element["Pg"])["MediaBox"][3]
            left, top, right, bottom = (value * POINTS_PER_PIXEL for value in element["A"]["BBox"])
            box = (left, height - bottom, right, height - top)
            element["A"]["BBox"] = pydyf.Array(round(value, 3) for value in box)


def _describe_links(document: Any) -> None:
    """A link says in words where it goes, and is printed (UA-1 7.18.5, A-3 6.3.2)."""
    for page in document.pages:
        for _, _, _, box in page.links:
            annotation = getattr(box, "link_annotation", None)
            if annotation:
                words = box.element.get("title") or " ".join("".join(box.element.itertext()).split())
                annotation["Contents"] = pydyf.String(words)
                annotation["F"] = PRINT


def _own_nested_links(tree: _Tree) -> None:
    """Markup inside a link makes an annotation of its own; the Link element must own it (UA-1 7.18.5)."""
    for element in tree.elements():
        if element["S"] in {"/Link", "/Form"}:
            continue
        for kid in [kid for kid in element.get("K", ()) if _is_object_reference(tree, kid)]:
            owner = _enclosing_link(tree, element)
            if owner is not None:
                element["K"].remove(kid)
                owner["K"].append(kid)
                _set_parent(tree, tree.get(tree.get(kid)["Obj"])["StructParent"], owner.reference)


def _is_object_reference(tree: _Tree, kid: object) -> bool:
    number = _number(kid)
    thing = None if number is None else tree.pdf.objects[number]
    return isinstance(thing, dict) and thing.get("Type") == "/OBJR"


def _enclosing_link(tree: _Tree, element: Any) -> Any:
    while _is_element(element) and element["S"] != "/Link":
        element = tree.get(element["P"])
    return element if _is_element(element) else None


def _set_parent(tree: _Tree, key: int, reference: bytes) -> None:
    for position in range(0, len(tree.parents), 2):
        if tree.parents[position] == key:
            tree.parents[position + 1] = reference


def _give_every_glyph_a_character(tree: _Tree) -> None:
    """The second glyph of a letter with marks has no text of its own, which is forbidden (A-3 6.2.11.7)."""
    for thing in tree.pdf.objects:
        lines = getattr(thing, "stream", [])
        if b"begincmap" in lines:
            thing.stream = [line.replace(NO_TEXT, ZERO_WIDTH_SPACE) for line in lines]


def _add_signature_field(tree: _Tree, signature_field: SignatureField) -> None:
    """An empty, invisible signature field on the last page, in the tree (UA-1 7.18.1, 7.18.4)."""
    page = tree.pages[-1]
    tooltip = pydyf.String(signature_field.tooltip)
    widget = tree.add(
        pydyf.Dictionary(
            {
                "Type": "/Annot",
                "Subtype": "/Widget",
                "FT": "/Sig",
                "T": pydyf.String(signature_field.name),
                "TU": tooltip,
                "Contents": tooltip,
                "Rect": pydyf.Array((0, 0, 0, 0)),
                "F": PRINT_AND_LOCKED,
                "P": page.reference,
            }
        )
    )
    page.setdefault("Annots", pydyf.Array()).append(widget.reference)
    _form(tree)["Fields"].append(widget.reference)
    _tag_widget(tree, page, widget, tooltip)


def _form(tree: _Tree) -> Any:
    if "AcroForm" not in tree.pdf.catalog:
        form = tree.add(pydyf.Dictionary({"Fields": pydyf.Array(), "SigFlags": 0}))
        tree.pdf.catalog["AcroForm"] = form.reference
    return tree.get(tree.pdf.catalog["AcroForm"])


def _tag_widget(tree: _Tree, page: Any, widget: Any, tooltip: Any) -> None:
    """Kids is one OBJR, not an array of one: difference analysis of signatures looks for exactly that."""
    element = tree.add(
        pydyf.Dictionary(
            {
                "Type": "/StructElem",
                "S": "/Form",
                "P": tree.document.reference,
                "Pg": page.reference,
                "Alt": tooltip,
            }
        )
    )
    link = pydyf.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": page.reference})
    element["K"] = tree.add(link).reference
    tree.document["K"].append(element.reference)
    widget["StructParent"] = tree.parents[-2] + 1
    tree.parents += [widget["StructParent"], element.reference]
