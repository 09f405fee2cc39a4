"""Rules about the structure tree: what the document is made of, for those who do not see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from pikepdf import Dictionary, Name

from ethiek.reports.rules.breach import Breach
from ethiek.reports.rules.reading import is_dictionary, many, numbers, pairs

HEADING: Final = re.compile(r"/H([1-6])")
PARENTS: Final = {
    "/TD": ({"/TR"}, "cell-outside-row"),
    "/TH": ({"/TR"}, "cell-outside-row"),
    "/TR": ({"/Table", "/THead", "/TBody", "/TFoot"}, "row-outside-table"),
    "/LI": ({"/L"}, "item-outside-list"),
}
"""Kind of element -> kinds that it may stand in, and the rule that says so."""
ROUNDING: Final = 1.0
"""Points by which a figure may seem to leave its page."""


class Structure:
    """The tree of a document, walked once.

    ``elements``: object id -> the element and the kind of its parent, in reading order. ``owners``: object id of an
    annotation -> the kind of element that owns it. ``parents``: key -> owner, or list of owners.
    """

    def __init__(self, root: Any) -> None:
        self.elements: dict[tuple[int, int], tuple[Any, str]] = {}
        self.owners: dict[tuple[int, int], str] = {}
        self.parents = {
            int(key): value for key, value in pairs(root.get("/ParentTree", Dictionary()), "/Nums")
        }
        self._walk(root)

    def _walk(self, root: Any) -> None:
        waiting = [(kid, "") for kid in reversed(many(root.get("/K")))]
        while waiting:  # not recursive: a tree may be deep
            element, parent = waiting.pop()
            if not is_dictionary(element):
                continue
            if element.get("/Type") == Name.OBJR:
                self.owners[element.Obj.objgen] = parent
            elif "/S" in element and element.objgen not in self.elements:
                self.elements[element.objgen] = element, parent
                waiting += [(kid, str(element.S)) for kid in reversed(many(element.get("/K")))]

    def owns(self, element: Any) -> bool:
        """Whether this is an element of the tree."""
        return is_dictionary(element) and element.objgen in self.elements


def check_structure(structure: Structure) -> Iterator[Breach]:
    """Kinds of elements are where they belong, and say what they must."""
    for element, parent in structure.elements.values():
        kind = str(element.S)
        if kind in PARENTS and parent not in PARENTS[kind][0]:
            yield Breach(PARENTS[kind][1])
        if kind == "/TH" and not any("/Scope" in attributes for attributes in many(element.get("/A"))):
            yield Breach("header-scope")
        if kind == "/Figure":
            yield from _check_figure(element)
    kinds = [HEADING.fullmatch(str(element.S)) for element, _ in structure.elements.values()]
    levels = [int(found[1]) for found in kinds if found]
    if levels[:1] != [1] or any(second > first + 1 for first, second in pairwise(levels)):
        yield Breach("heading-order")


def _check_figure(element: Any) -> Iterator[Breach]:
    if not str(element.get("/Alt", "")):
        yield Breach("figure-text")
    for attributes in many(element.get("/A")):
        if "/BBox" in attributes and not _is_on(numbers(element.Pg.MediaBox), numbers(attributes.BBox)):
            yield Breach("figure-box")


def _is_on(page: list[float], box: list[float]) -> bool:
    left, low, right, high = box
    return (
        page[0] - ROUNDING <= left < right <= page[2] + ROUNDING
        and page[1] - ROUNDING <= low < high <= page[3] + ROUNDING
    )
