"""Violations of PDF/A-3a and PDF/UA-1 to seed into a report that conforms, one at a time, under the rule they break."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, String

Violation = Callable[[pikepdf.Pdf], None]

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def seeded(pdf: bytes, violation: Violation) -> bytes:
    """The same report with one violation."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        violation(document)
        document.save(output, fix_metadata_version=False)
    return output.getvalue()


def seeded_behind(pdf: bytes, violation: Violation) -> bytes:
    """The same file with one violation in a revision of its own: not a byte of what was there is different."""
    with pikepdf.open(io.BytesIO(pdf)) as before, pikepdf.open(io.BytesIO(pdf)) as document:
        violation(document)
        known = {thing.objgen for thing in before.objects}
        changed = {
            thing.objgen: _written(thing)
            for thing in document.objects
            if thing.objgen not in known or _written(thing) != _written(before.get_object(thing.objgen))
        }
        trailer = b"<< /Size %d /Root %s /Info %s /ID %s /Prev %s >>" % (
            len(document.objects) + 1,
            *(document.trailer[key].unparse() for key in ("/Root", "/Info", "/ID")),
            re.findall(rb"startxref\s+([0-9]+)", pdf)[-1],
        )
    return pdf + _revision(len(pdf), changed, trailer)


def _written(thing: Any) -> bytes:
    """An object as it stands in a file."""
    if isinstance(thing, pikepdf.Stream):
        data = bytes(thing.read_raw_bytes())
        thing.stream_dict["/Length"] = len(data)
        return bytes(thing.stream_dict.unparse(resolved=True)) + b" stream\n" + data + b"\nendstream"
    return bytes(thing.unparse(resolved=True))


def _revision(start: int, objects: dict[tuple[int, int], bytes], trailer: bytes) -> bytes:
    body, table = b"\n", b"xref\n"
    for (number, generation), written in objects.items():
        table += b"%d 1\n%010d %05d n \n" % (number, start + len(body), generation)
        body += b"%d %d obj\n%s\nendobj\n" % (number, generation, written)
    return body + table + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, start + len(body))


def encrypted(pdf: bytes) -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(output, encryption=pikepdf.Encryption(owner="eigenaar", user="", R=6))
    return output.getvalue()


def _elements(document: pikepdf.Pdf, kind: str) -> list[Any]:
    return [
        thing
        for thing in document.objects
        if isinstance(thing, Dictionary)
        and thing.get("/Type") == Name.StructElem
        and thing.get("/S") == Name(kind)
    ]


def _annotation(document: pikepdf.Pdf, kind: str) -> Any:
    found = (
        note for page in document.pages for note in page.obj.get("/Annots", ()) if note.Subtype == Name(kind)
    )
    return next(found)


def _without(get: Callable[[pikepdf.Pdf], Any], key: str) -> Violation:
    def change(document: pikepdf.Pdf) -> None:
        del get(document)[key]

    return change


def _with(get: Callable[[pikepdf.Pdf], Any], key: str, value: Any) -> Violation:
    def change(document: pikepdf.Pdf) -> None:
        get(document)[key] = value

    return change


def _root(document: pikepdf.Pdf) -> Any:
    return document.Root


def _link(document: pikepdf.Pdf) -> Any:
    return _annotation(document, "/Link")


def _field(document: pikepdf.Pdf) -> Any:
    return _annotation(document, "/Widget")


def _file(document: pikepdf.Pdf) -> Any:
    return document.Root.AF[0]


def _packet(change: Callable[[str], str]) -> Violation:
    """Change the text of the metadata, and be sure that it did change."""

    def rewrite(document: pikepdf.Pdf) -> None:
        before = document.Root.Metadata.read_bytes().decode()
        after = change(before)
        assert before != after
        document.Root.Metadata.write(after.encode())

    return rewrite


def _compressed_packet(document: pikepdf.Pdf) -> None:
    packet = document.Root.Metadata
    packet.write(zlib.compress(packet.read_bytes()), filter=Name.FlateDecode)
    del packet["/Type"]  # or the writer takes the filter away again


def _painted(instructions: bytes) -> Violation:
    def paint(document: pikepdf.Pdf) -> None:
        document.pages[0].contents_add(document.make_stream(instructions))

    return paint


def _empty_box(document: pikepdf.Pdf) -> None:
    font = next(iter(document.pages[0].obj.Resources.Font.keys())).encode()
    _painted(b"/Artifact BMC BT %s 9 Tf <0000> Tj ET EMC" % font)(document)


def _font_of_the_reader(document: pikepdf.Pdf) -> None:
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
    )
    document.pages[0].obj.Resources.Font["/Zz"] = document.make_indirect(font)
    _painted(b"/Artifact BMC BT /Zz 9 Tf 20 20 Td (x) Tj ET EMC")(document)


def _font_without_characters(document: pikepdf.Pdf) -> None:
    for font in document.pages[0].obj.Resources.Font.values():
        del font["/ToUnicode"]


def _image(**properties: Any) -> Violation:
    def add(document: pikepdf.Pdf) -> None:
        image = document.make_stream(bytes(4), Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
        image.BitsPerComponent, image.ColorSpace = 8, Name.DeviceRGB
        for name, value in properties.items():
            image[f"/{name}"] = value
        document.pages[0].obj.Resources["/XObject"] = Dictionary(Im0=image)
        _painted(b"/Artifact BMC q 9 0 0 9 20 20 cm /Im0 Do Q EMC")(document)

    return add


def _figure(**properties: Any) -> Violation:
    """Make a paragraph of page 1 a figure."""

    def turn(document: pikepdf.Pdf) -> None:
        paragraph = _elements(document, "/P")[0]
        paragraph.S, paragraph.Pg = Name.Figure, document.pages[0].obj
        for name, value in properties.items():
            paragraph[f"/{name}"] = value

    return turn


def _header_as_content(document: pikepdf.Pdf) -> None:
    """What the margins hold gets a tag again, of an element that is not in the tree."""
    page = document.pages[1]
    instructions = pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page))
    changed = re.sub(rb"/Artifact\s*<<[^>]*>>\s*BDC", b"/Span <</MCID 9999>> BDC", instructions)
    assert changed != instructions
    page.obj.Contents = document.make_stream(changed)


def _skipped_level(document: pikepdf.Pdf) -> None:
    for heading in _elements(document, "/H2"):
        heading.S = Name.H4


def _first_heading_missing(document: pikepdf.Pdf) -> None:
    for heading in _elements(document, "/H1"):
        heading.S = Name.P


def _header_cells_without_scope(document: pikepdf.Pdf) -> None:
    for cell in _elements(document, "/TH"):
        del cell.A["/Scope"]


def _cell_without_row(document: pikepdf.Pdf) -> None:
    _elements(document, "/TD")[0].P.S = Name.Div


def _row_without_table(document: pikepdf.Pdf) -> None:
    _elements(document, "/TR")[0].P.S = Name.Div


def _item_without_list(document: pikepdf.Pdf) -> None:
    _elements(document, "/LI")[0].P.S = Name.Div


def _file_listed_twice(document: pikepdf.Pdf) -> None:
    document.Root.AF.append(document.Root.AF[0])


def _field_outside_tree(document: pikepdf.Pdf) -> None:
    for element in _elements(document, "/Form"):
        element.K = Array()


def _link_outside_tree(document: pikepdf.Pdf) -> None:
    for element in _elements(document, "/Link"):
        element.S = Name.Span


def _note_without_owner(document: pikepdf.Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=[0, 0, 0, 0], F=4, Contents=String("x"))
    document.pages[0].obj["/Annots"] = Array([document.make_indirect(note)])


def _seal_of_another_kind(document: pikepdf.Pdf) -> None:
    _field(document).V.SubFilter = Name("/adbe.pkcs7.detached")


VIOLATIONS: Final[dict[str, tuple[str, Violation]]] = {
    "no language": ("language", _without(_root, "/Lang")),
    "not marked as tagged": ("marked", _without(_root, "/MarkInfo")),
    "no structure tree": ("structure", _without(_root, "/StructTreeRoot")),
    "title not shown": (
        "title-shown",
        _with(lambda d: d.Root.ViewerPreferences, "/DisplayDocTitle", value=False),
    ),
    "no bookmarks": ("bookmarks", _without(_root, "/Outlines")),
    "no metadata": ("metadata", _without(_root, "/Metadata")),
    "metadata in compressed form": ("metadata-filtered", _compressed_packet),
    "metadata with a document type": ("metadata-xml", _packet(lambda text: f"<!DOCTYPE x>{text}")),
    "metadata that is no XML": ("metadata-xml", _packet(lambda text: text.replace("</rdf:RDF>", ""))),
    "no title": (
        "title",
        _packet(lambda text: re.sub(r"<dc:title>.*?</dc:title>", "", text, flags=re.DOTALL)),
    ),
    "no PDF/A identifier": ("pdfa-identifier", _packet(lambda text: text.replace('pdfaid:part="3"', ""))),
    "PDF/A-3b claimed": (
        "pdfa-identifier",
        _packet(lambda text: text.replace('pdfaid:conformance="A"', 'pdfaid:conformance="B"')),
    ),
    "no PDF/UA identifier": ("pdfua-identifier", _packet(lambda text: text.replace('pdfuaid:part="1"', ""))),
    "no extension schema": (
        "pdfua-schema",
        _packet(
            lambda text: re.sub(
                r"<pdfaExtension:schemas>.*</pdfaExtension:schemas>", "", text, flags=re.DOTALL
            )
        ),
    ),
    "second rdf:RDF": (
        "metadata-one-rdf",
        _packet(lambda text: text.replace("</x:xmpmeta>", f'<rdf:RDF xmlns:rdf="{RDF}"/></x:xmpmeta>')),
    ),
    "two titles that differ": ("title-differs", _with(lambda d: d.docinfo, "/Title", String("Anders"))),
    "two dates that differ": (
        "date-differs",
        _with(lambda d: d.docinfo, "/ModDate", String("D:20200101000000Z")),
    ),
    "no output intent": ("output-intent", _without(_root, "/OutputIntents")),
    "no associated files": ("file-not-associated", _without(_root, "/AF")),
    "file associated twice": ("file-associated-twice", _file_listed_twice),
    "file without relationship": ("file-relationship", _without(_file, "/AFRelationship")),
    "file without type": ("file-type", _without(lambda d: _file(d).EF.F, "/Subtype")),
    "file without Unicode name": ("file-name", _without(_file, "/UF")),
    "file without date": ("file-date", _without(lambda d: _file(d).EF.F.Params, "/ModDate")),
    "script when opened": (
        "action",
        _with(_root, "/OpenAction", Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))),
    ),
    "hidden layers": ("action", _with(_root, "/OCProperties", Dictionary(OCGs=Array(), D=Dictionary()))),
    "script by name": ("script", _with(lambda d: d.Root.Names, "/JavaScript", Dictionary(Names=Array()))),
    "font not in the file": ("font-outside", _font_of_the_reader),
    "font without characters": ("font-without-text", _font_without_characters),
    "empty box": ("missing-glyph", _empty_box),
    "untagged content": ("untagged", _painted(b"0 0 10 10 re f")),
    "untagged text": ("untagged", _painted(b"BT ET /P BMC (x) Tj EMC")),
    "untagged small image": ("untagged", _painted(b"BI /W 1 /H 1 /BPC 8 /CS /G ID x EI")),
    "content owned by nothing": ("owner-outside-tree", _painted(b"/P <</MCID 9999>> BDC 0 0 1 1 re f EMC")),
    "running header as content": ("owner-outside-tree", _header_as_content),
    "image smoothed": ("image-smoothed", _image(Interpolate=True)),
    "image in ink": ("image-colours", _image(ColorSpace=Name.DeviceCMYK)),
    "figure without text": ("figure-text", _figure()),
    "figure off its page": (
        "figure-box",
        _figure(Alt=String("Grafiek"), A=Dictionary(O=Name.Layout, BBox=[100, 5000, 200, 6000])),
    ),
    "heading level skipped": ("heading-order", _skipped_level),
    "no first heading": ("heading-order", _first_heading_missing),
    "header cell without scope": ("header-scope", _header_cells_without_scope),
    "cell outside a row": ("cell-outside-row", _cell_without_row),
    "row outside a table": ("row-outside-table", _row_without_table),
    "item outside a list": ("item-outside-list", _item_without_list),
    "no tab order": ("tab-order", _without(lambda d: d.pages[0].obj, "/Tabs")),
    "page without owners": ("page-owners", _without(lambda d: d.pages[0].obj, "/StructParents")),
    "link without text": ("link-text", _without(_link, "/Contents")),
    "link with an address as text": ("link-address", _with(_link, "/Contents", String("#s1"))),
    "link outside the tree": ("link-owner", _link_outside_tree),
    "link that is owned by nothing": ("annotation-owner", _without(_link, "/StructParent")),
    "link hidden": ("annotation-flags", _with(_link, "/F", 2)),
    "note that is owned by nothing": ("annotation-owner", _note_without_owner),
    "field without name": ("field-name", _without(_field, "/TU")),
    "field outside the tree": ("field-owner", _field_outside_tree),
    "visible field without appearance": (
        "annotation-appearance",
        _with(_field, "/Rect", Array([50, 50, 90, 90])),
    ),
    "appearances left to the reader": (
        "appearance-left-to-reader",
        _with(lambda d: d.Root.AcroForm, "/NeedAppearances", value=True),
    ),
    "tree that is cut off": (
        "readable",
        _with(lambda d: d.Root.StructTreeRoot, "/ParentTree", Dictionary(Nums=[1])),
    ),
}
"""What is wrong -> the rule of the gate that says so, and the change that makes it."""
