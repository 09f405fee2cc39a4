"""Ways to tamper with an issued report, each of which leaves a file that readers open without a murmur, or nearly."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any, Final

import pikepdf
from pikepdf import Dictionary, Name, String
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.unit.reports.stamped import without_stamp

Tampering = Callable[[bytes], bytes]
Writer = IncrementalPdfFileWriter

NAME: Final = generic.NameObject
GAP: Final = re.compile(rb"/Contents <([0-9A-Fa-f]{1000,})>")
RANGE: Final = re.compile(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]")
REVISION: Final = re.compile(rb"%%EOF\r?\n?")
FORGED: Final = b'{"verdict":"positive"}'


def appended(change: Callable[[Writer], None]) -> Tampering:
    """An incremental update: the sealed bytes stay as they are, and what comes after them replaces objects."""

    def tamper(pdf: bytes) -> bytes:
        writer, output = IncrementalPdfFileWriter(io.BytesIO(pdf)), io.BytesIO()
        change(writer)
        writer.write(output)  # type: ignore[no-untyped-call]
        return output.getvalue()

    return tamper


def rewritten(change: Callable[[pikepdf.Pdf], None]) -> Tampering:
    """A new file with the same contents, but for the change."""

    def tamper(pdf: bytes) -> bytes:
        output = io.BytesIO()
        with pikepdf.open(io.BytesIO(pdf)) as document:
            change(document)
            document.save(output)
        return output.getvalue()

    return tamper


def flipped(pdf: bytes, position: int, bit: int = 1) -> bytes:
    changed = bytearray(pdf)
    changed[position] ^= bit
    return bytes(changed)


def _page(writer: Writer) -> Any:
    return writer.root["/Pages"]["/Kids"][0].get_object()


def _number(value: float) -> Any:
    return generic.NumberObject(value)  # type: ignore[no-untyped-call]


def _dictionary(entries: dict[str, Any]) -> Any:
    return generic.DictionaryObject({NAME(key): value for key, value in entries.items()})  # type: ignore[no-untyped-call]


def _array(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject(_number(value) for value in values)


def _paint_over(writer: Writer) -> None:
    page = _page(writer)
    cover = generic.StreamObject(stream_data=b"1 1 1 rg 0 0 600 900 re f")
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), writer.add_object(cover)])
    writer.update_container(page)


def _replace_page(writer: Writer) -> None:
    """The shadow attack *replace*: the page shows what was prepared, the sealed contents stay in the file."""
    page = _page(writer)
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)


def _swap_fonts(writer: Writer) -> None:
    """The shadow attack on fonts: the same codes now show other letters."""
    fonts = _page(writer)["/Resources"]["/Font"]
    first, second, *_ = fonts.keys()
    one, other = fonts.raw_get(first), fonts.raw_get(second)
    fonts[first], fonts[second] = other, one
    writer.update_container(fonts)


def _drop_page(writer: Writer) -> None:
    pages = writer.root["/Pages"]
    del pages["/Kids"][-1]
    pages["/Count"] = _number(len(pages["/Kids"]))
    writer.update_container(pages)


def _appearance(writer: Writer) -> Any:
    entries = {"/Type": NAME("/XObject"), "/Subtype": NAME("/Form"), "/BBox": _array(0, 0, 500, 99)}
    form = generic.StreamObject(_dictionary(entries), stream_data=b"1 1 1 rg 0 0 500 99 re f")
    return _dictionary({"/N": writer.add_object(form)})


def _cover_with_note(writer: Writer) -> None:
    """The shadow attack *hide*, with an annotation for a blanket."""
    page = _page(writer)
    note = _dictionary(
        {
            "/Type": NAME("/Annot"),
            "/Subtype": NAME("/Stamp"),
            "/F": _number(4),
            "/Rect": _array(50, 500, 550, 599),
            "/AP": _appearance(writer),
        }
    )
    page["/Annots"] = generic.ArrayObject([*page.get("/Annots", ()), writer.add_object(note)])
    writer.update_container(page)


def _add_field(writer: Writer) -> None:
    field = {"/FT": NAME("/Tx"), "/T": generic.TextStringObject("Akkoord")}
    form = writer.root["/AcroForm"]
    form["/Fields"].append(writer.add_object(_dictionary(field)))
    writer.update_container(form["/Fields"])


def _dress_seal(writer: Writer) -> None:
    seal = writer.root["/AcroForm"]["/Fields"][0].get_object()
    seal["/AP"], seal["/Rect"] = _appearance(writer), _array(50, 500, 550, 599)
    writer.update_container(seal)


def _empty_seal(writer: Writer) -> None:
    """The value is what makes a field signed."""
    seal = writer.root["/AcroForm"]["/Fields"][0].get_object()
    del seal["/V"]
    writer.update_container(seal)


def _replace_seal_value(writer: Writer) -> None:
    """A seal that refers to no bytes at all: some readers used to call it valid."""
    value = writer.root["/AcroForm"]["/Fields"][0].get_object()["/V"]
    value[NAME("/ByteRange")] = _array(0, 0, 0, 0)
    writer.update_container(value)


def _retitle(writer: Writer) -> None:
    packet = writer.root["/Metadata"]
    changed = generic.StreamObject(
        packet, stream_data=packet.data.replace(b"Ethisch advies", b"Positief advies")
    )
    writer.root["/Metadata"] = writer.add_object(changed)
    writer.update_root()  # type: ignore[no-untyped-call]


def _swap_file(writer: Writer) -> None:
    spec = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1].get_object()
    spec["/EF"][NAME("/F")] = writer.add_object(generic.StreamObject(stream_data=FORGED))
    writer.update_container(spec)


def _add_file(writer: Writer) -> None:
    names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    names.append(generic.TextStringObject("zz-bijlage.json"))
    names.append(names[1])
    writer.update_container(names)


def _swap_page_tree(writer: Writer) -> None:
    """The shadow attack *hide and replace*: the catalogue points to other pages, and the sealed ones stay behind."""
    page = _page(writer)
    other = generic.DictionaryObject(page)  # type: ignore[no-untyped-call]
    other[NAME("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    tree = {"/Type": NAME("/Pages"), "/Count": _number(1)}
    pages = _dictionary({**tree, "/Kids": generic.ArrayObject([writer.add_object(other)])})
    writer.root[NAME("/Pages")] = writer.add_object(pages)
    writer.update_root()  # type: ignore[no-untyped-call]


def _empty_last(writer: Writer) -> None:
    """The field of the last time stamp is made empty again."""
    fields = [field.get_object() for field in writer.root["/AcroForm"]["/Fields"]]
    last = [field for field in fields if "/V" in field][-1]
    del last["/V"]
    writer.update_container(last)


def _exchange_signatures(writer: Writer) -> None:
    """Seal and time stamp change fields."""
    fields = [field.get_object() for field in writer.root["/AcroForm"]["/Fields"]]
    first, second = (field for field in fields if "/V" in field)
    one, other = first.raw_get("/V"), second.raw_get("/V")
    first[NAME("/V")], second[NAME("/V")] = other, one
    writer.update_container(first)
    writer.update_container(second)


def _script(writer: Writer) -> None:
    action = {"/S": NAME("/JavaScript"), "/JS": generic.TextStringObject("app.alert(1)")}
    writer.root[NAME("/OpenAction")] = _dictionary(action)
    writer.update_root()  # type: ignore[no-untyped-call]


def _hide_in_layer(writer: Writer) -> None:
    """The shadow attack *hide*, with a layer that is off."""
    layer = _dictionary({"/Type": NAME("/OCG"), "/Name": generic.TextStringObject("Voorwaarden")})
    group = writer.add_object(layer)
    off = _dictionary({"/OFF": generic.ArrayObject([group])})
    writer.root[NAME("/OCProperties")] = _dictionary({"/OCGs": generic.ArrayObject([group]), "/D": off})
    writer.update_root()  # type: ignore[no-untyped-call]


def _nothing(_: object) -> None:
    """Only save."""


def _strip(document: pikepdf.Pdf) -> None:
    del document.Root.AcroForm
    del document.pages[-1].obj.Annots


def _swap_file_inside(document: pikepdf.Pdf) -> None:
    document.attachments["advice.json"] = FORGED


def _repaint_inside(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(b"1 1 1 rg 0 0 600 900 re f")


def _retitle_inside(document: pikepdf.Pdf) -> None:
    document.docinfo["/Title"] = String("Positief advies")


def _reverse_fields(document: pikepdf.Pdf) -> None:
    fields = document.Root.AcroForm.Fields
    document.Root.AcroForm.Fields = pikepdf.Array(reversed(list(fields)))


def _rename_seal(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm.Fields[0].T = String("Zegel")


def _layer_inside(document: pikepdf.Pdf) -> None:
    layer = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("x")))
    document.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(OFF=[layer]))


def _flip_page(pdf: bytes) -> bytes:
    """One bit of the first stream of the file."""
    return flipped(pdf, pdf.index(b"stream") + 40)


def _gap(pdf: bytes) -> re.Match[bytes]:
    found = GAP.search(pdf)
    assert found is not None
    return found


def _flip_seal(pdf: bytes) -> bytes:
    """One digit in the middle of the seal itself."""
    at = _gap(pdf).start(1) + 600
    return pdf[:at] + (b"0" if pdf[at : at + 1] != b"0" else b"1") + pdf[at + 1 :]


def _fill_padding(pdf: bytes) -> bytes:
    """The seal's room is larger than the seal: the rest is zeros, and nobody signs it."""
    at = _gap(pdf).end(1) - 20
    return pdf[:at] + b"AB" + pdf[at + 2 :]


def _lower_case(pdf: bytes) -> bytes:
    start, end = _gap(pdf).span(1)
    return pdf[:start] + pdf[start:end].lower() + pdf[end:]


def _narrow_range(pdf: bytes) -> bytes:
    """The seal no longer claims the first ten bytes."""
    return pdf.replace(b"/ByteRange [0 ", b"/ByteRange [9 ", 1)


def first_state(pdf: bytes) -> bytes:
    """Everything behind the first signature cut off."""
    found = RANGE.search(pdf)
    assert found is not None
    return pdf[: int(found[2]) + int(found[3])]


def unsigned_state(pdf: bytes) -> bytes:
    """Everything behind the rendered file cut off."""
    found = REVISION.search(pdf)
    assert found is not None
    return pdf[: found.end()]


TAMPERINGS: Final[dict[str, Tampering]] = {
    "a byte behind the end": lambda pdf: pdf + b"\0",
    "junk behind the end": lambda pdf: pdf + b"\n% junk\n%%EOF\n",
    "junk before the beginning": lambda pdf: b"\n" + pdf,
    "last bytes lost": lambda pdf: pdf[:-600],
    "half of the file lost": lambda pdf: pdf[: len(pdf) // 2],
    "cut back to before the seal": unsigned_state,
    "one bit of a page": _flip_page,
    "one digit of the seal": _flip_seal,
    "the room behind the seal filled": _fill_padding,
    "the seal in small letters": _lower_case,
    "the seal claims fewer bytes": _narrow_range,
    "appended: page painted over": appended(_paint_over),
    "appended: page replaced (shadow)": appended(_replace_page),
    "appended: fonts swapped (shadow)": appended(_swap_fonts),
    "appended: page removed": appended(_drop_page),
    "appended: other page tree (shadow)": appended(_swap_page_tree),
    "appended: note that covers (shadow)": appended(_cover_with_note),
    "appended: layer that hides (shadow)": appended(_hide_in_layer),
    "appended: form field": appended(_add_field),
    "appended: seal dressed up": appended(_dress_seal),
    "appended: seal emptied": appended(_empty_seal),
    "appended: seal of no bytes": appended(_replace_seal_value),
    "appended: title in the metadata": appended(_retitle),
    "appended: data file swapped": appended(_swap_file),
    "appended: data file added": appended(_add_file),
    "appended: script": appended(_script),
    "rewritten: nothing changed": rewritten(_nothing),
    "rewritten: seal stripped": rewritten(_strip),
    "rewritten: seal renamed": rewritten(_rename_seal),
    "rewritten: data file swapped": rewritten(_swap_file_inside),
    "rewritten: page painted over": rewritten(_repaint_inside),
    "rewritten: other title": rewritten(_retitle_inside),
    "rewritten: layer that hides": rewritten(_layer_inside),
}
"""What is done to a sealed report, by name."""

OF_STAMPED: Final[dict[str, Tampering]] = {
    "time stamp: cut back to the seal": first_state,
    "time stamp: cut back to before the seal": unsigned_state,
    "time stamp: junk behind it": lambda pdf: pdf + b"\n% junk\n",
    "time stamp: page painted over behind it": appended(_paint_over),
    "time stamp: page replaced behind it (shadow)": appended(_replace_page),
    "time stamp: other page tree behind it (shadow)": appended(_swap_page_tree),
    "time stamp: note behind it that covers (shadow)": appended(_cover_with_note),
    "time stamp: form field behind it": appended(_add_field),
    "time stamp: title in the metadata behind it": appended(_retitle),
    "time stamp: data file swapped behind it": appended(_swap_file),
    "time stamp: data file added behind it": appended(_add_file),
    "time stamp: emptied": appended(_empty_last),
    "time stamp: exchanged with the seal": appended(_exchange_signatures),
    "time stamp: stamp taken out of the seal": without_stamp,
    "time stamp: fields in another order": rewritten(_reverse_fields),
    "time stamp: stripped": rewritten(_strip),
}
"""What is done to a report that has a time stamp behind its seal."""

OF_PROVEN: Final[dict[str, Tampering]] = {
    "proven time: stamp taken out of the seal": without_stamp,
    "proven time: a byte behind the end": lambda pdf: pdf + b"\0",
}
"""What is done to a report whose only time stamp is in its seal (B-T)."""
