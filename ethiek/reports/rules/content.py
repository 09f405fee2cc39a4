"""Rules about what is painted on pages: everything has an owner, and every glyph is in a font of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from ethiek.reports.rules.breach import Breach
from ethiek.reports.rules.structure import Structure

TEXT: Final = frozenset({"Tj", "TJ", "'", '"'})
PAINT: Final = TEXT | {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "EI"}
MARKS: Final = frozenset({"BDC", "BMC", "EMC"})
LOOKED_AT: Final = " ".join(sorted(PAINT | MARKS | {"Tf"}))
ARTIFACT: Final = "/Artifact"
OWNED: Final = "owned"
OTHER: Final = ""
FONT_FILES: Final = frozenset({"/FontFile", "/FontFile2", "/FontFile3"})
SIMPLE_ENCODINGS: Final = (Name.WinAnsiEncoding, Name.MacRomanEncoding)
EXPLAINED: Final = (Name.DeviceRGB, Name.DeviceGray)
"""Colour spaces that an sRGB output intent explains."""


class Painting:
    """Looks at the pages of one document; fonts and forms that several pages share are looked at once."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        self._seen: set[tuple[int, int]] = set()

    def check_page(self, page: Any, where: str) -> Iterator[Breach]:
        """Check a page with all that it uses."""
        if page.obj.get("/Tabs") != Name.S:
            yield Breach("tab-order", where)
        if not isinstance(self._owners(page.obj), Array):
            yield Breach("page-owners", where)
        yield from self._check_resources(_resources(page.obj), where)
        yield from self._check_marks(page, page.obj, where)

    def check_appearance(self, form: Any, where: str) -> Iterator[Breach]:
        """Check a stream that is painted as a whole, by something that has a tag."""
        if self._is_new(form):
            yield from self._check_resources(_resources(form), where)
            yield from self._check_marks(form, form, where, enclosed=True)

    def _check_marks(
        self, stream: Any, holder: Any, where: str, *, enclosed: bool = False
    ) -> Iterator[Breach]:
        """Walk through instructions, keeping the marks around them.

        Args:
            holder: the page or form that says which fonts and forms are meant, and which elements own what.
            enclosed: there is a mark around all of it.
        """
        open_marks = [OWNED] if enclosed else []
        owners, resources, font = self._owners(holder), _resources(holder), None
        for instruction in pikepdf.parse_content_stream(stream, LOOKED_AT):
            name, operands = str(instruction.operator), instruction.operands
            if name == "EMC":
                del open_marks[-1:]
            elif name in MARKS:
                number = _marked(operands)
                open_marks.append(_kind_of_mark(operands, number))
                if number is not None and not self._is_owned(owners, number):
                    yield Breach("owner-outside-tree", where)
            elif name == "Tf":
                font = resources.get("/Font", {}).get(str(operands[0]))
            elif not {ARTIFACT, OWNED} & set(open_marks):
                yield from self._check_unmarked(name, operands, resources, where)
            if name in TEXT and _prints_missing_glyph(font, operands):
                yield Breach("missing-glyph", where)

    def _check_unmarked(self, name: str, operands: Any, resources: Any, where: str) -> Iterator[Breach]:
        """A form without a mark around it has marks of its own; anything else is untagged."""
        painted = resources.get("/XObject", {}).get(str(operands[0])) if name == "Do" else None
        if painted is not None and painted.get("/Subtype") == Name.Form:
            yield from self._check_marks(painted, painted, where)
        else:
            yield Breach("untagged", where)

    def _owners(self, holder: Any) -> Any:
        """The list of elements that own marked content; None if there is none."""
        return self._structure.parents.get(int(holder.get("/StructParents", -1)))

    def _is_owned(self, owners: Any, number: int) -> bool:
        return isinstance(owners, Array) and number < len(owners) and self._structure.owns(owners[number])

    def _check_resources(self, resources: Any, where: str) -> Iterator[Breach]:
        for font in resources.get("/Font", {}).values():
            if self._is_new(font):
                yield from _check_font(font, where)
        for painted in resources.get("/XObject", {}).values():
            if painted.get("/Subtype") == Name.Form:
                yield from self.check_appearance(painted, where)
            elif self._is_new(painted):
                yield from _check_image(painted, where)

    def _is_new(self, thing: Any) -> bool:
        """Whether a thing was not looked at before; what is written in place is always new."""
        if thing.objgen in self._seen:
            return False
        if thing.is_indirect:
            self._seen.add(thing.objgen)
        return True


def _resources(holder: Any) -> Any:
    return holder.get("/Resources", Dictionary())


def _marked(operands: Any) -> int | None:
    """The number with which marked content names its owner."""
    properties = operands[1] if len(operands) > 1 else None
    number = properties.get("/MCID") if isinstance(properties, Dictionary) else None
    return None if number is None else int(number)


def _kind_of_mark(operands: Any, number: int | None) -> str:
    if str(operands[0]) == ARTIFACT:
        return ARTIFACT
    return OTHER if number is None else OWNED


def _prints_missing_glyph(font: Any, operands: Any) -> bool:
    """Whether glyph 0 is printed by a font in which codes are glyphs of two bytes, as all of ours are."""
    if font is None or font.get("/Encoding") != Name("/Identity-H"):
        return False
    return any(
        any(codes[at : at + 2] == b"\0\0" for at in range(0, len(codes), 2))
        for operand in operands
        if _may_hold_zeros(operand)
        for codes in _strings(operand)
    )


def _may_hold_zeros(operand: Any) -> bool:
    """Whether two zero bytes may follow each other in a string; as it is written that is seen at once."""
    written = operand.unparse() if isinstance(operand, pikepdf.Object) else b""
    return b"0000" in written or b"\\000" in written


def _strings(operand: Any) -> Iterator[bytes]:
    for value in operand if isinstance(operand, Array) else [operand]:
        if isinstance(value, pikepdf.String):
            yield bytes(value)


def _check_font(font: Any, where: str) -> Iterator[Breach]:
    holder = font.DescendantFonts[0] if font.get("/Subtype") == Name.Type0 else font
    if not FONT_FILES & set(holder.get("/FontDescriptor", Dictionary()).keys()):
        yield Breach("font-outside", where)
    if "/ToUnicode" not in font and font.get("/Encoding") not in SIMPLE_ENCODINGS:
        yield Breach("font-without-text", where)


def _check_image(image: Any, where: str) -> Iterator[Breach]:
    if image.get("/Interpolate", False):
        yield Breach("image-smoothed", where)
    space = image.get("/ColorSpace")
    if isinstance(space, Name) and space not in EXPLAINED:
        yield Breach("image-colours", where)
    mask = image.get("/SMask")
    if isinstance(mask, Stream):
        yield from _check_image(mask, where)
