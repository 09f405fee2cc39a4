"""Rules about the XMP packet, and what it shares with the document information."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree as ET

from ethiek.reports.rules.breach import Breach

RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC: Final = "{http://purl.org/dc/elements/1.1/}"
XMP: Final = "{http://ns.adobe.com/xap/1.0/}"
PDFA: Final = "{http://www.aiim.org/pdfa/ns/id/}"
PDFUA: Final = "{http://www.aiim.org/pdfua/ns/id/}"
SCHEMA: Final = "{http://www.aiim.org/pdfa/ns/schema#}"
PACKET: Final = re.compile(rb"<\?xpacket[^>]*\?>")
SECONDS: Final = 14
"""Digits of a date up to and including seconds."""


def check_metadata(document: Any) -> Iterator[Breach]:
    """One readable packet, with both claims, that agrees with the document information."""
    stream = document.Root.get("/Metadata")
    if stream is None:
        yield Breach("metadata")
        return
    if "/Filter" in stream:
        yield Breach("metadata-filtered")
    packet = _parsed(stream.read_bytes())
    if packet is None:
        yield Breach("metadata-xml")
        return
    yield from _check_claims(packet)
    yield from _check_information(packet, document.docinfo)


def _parsed(data: bytes) -> ET.Element | None:
    if b"<!DOCTYPE" in data:
        return None
    try:
        return ET.fromstring(PACKET.sub(b"", data).strip())  # noqa: S314  # it has no document type
    except ET.ParseError:
        return None


def _check_claims(packet: ET.Element) -> Iterator[Breach]:
    if len(packet.findall(f"{RDF}RDF")) != 1:
        yield Breach("metadata-one-rdf")
    if (_values(packet, f"{PDFA}part"), _values(packet, f"{PDFA}conformance")) != (["3"], ["A"]):
        yield Breach("pdfa-identifier")
    if _values(packet, f"{PDFUA}part") != ["1"]:
        yield Breach("pdfua-identifier")
    if PDFUA.strip("{}") not in [
        (found.text or "").strip() for found in packet.iter(f"{SCHEMA}namespaceURI")
    ]:
        yield Breach("pdfua-schema")


def _check_information(packet: ET.Element, information: Any) -> Iterator[Breach]:
    titles = [(item.text or "").strip() for item in packet.iterfind(f".//{DC}title/{RDF}Alt/{RDF}li")]
    if not any(titles):
        yield Breach("title")
    elif str(information.get("/Title", "")) != titles[0]:
        yield Breach("title-differs")
    dates = [_digits(value) for value in _values(packet, f"{XMP}ModifyDate")]
    if "/ModDate" in information and dates != [_digits(str(information.ModDate))]:
        yield Breach("date-differs")


def _values(packet: ET.Element, name: str) -> list[str]:
    """Values of a property, which may be an attribute or an element of its description."""
    found = []
    for description in packet.iter(f"{RDF}Description"):
        found += [description.get(name, ""), *(child.text or "" for child in description.findall(name))]
    return [value.strip() for value in found if value.strip()]


def _digits(date: str) -> str:
    return re.sub(r"\D", "", date)[:SECONDS]
