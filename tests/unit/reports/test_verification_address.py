"""The address and the QR code that a report carries, to be checked at."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pypdf
import pytest

from ethiek.reports.render import render
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.source import ReportSource, digest
from ethiek.reports.verification_address import verification_address
from ethiek.reports.verify import verify
from tests.unit.reports.test_conformance import failures

ORIGIN = "https://ethiek.example.nl"
SHA256 = "0123456789abcdef" * 4


@pytest.fixture(scope="module")
def addressed(source: ReportSource) -> bytes:
    return render(replace(source, public_url=ORIGIN))


def figures(pdf: bytes) -> list[str]:
    """The text alternatives of all figures."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            str(thing.Alt)
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure"
        ]


def test_address_when_there_is_no_public_one_is_none() -> None:
    assert verification_address("", SHA256) is None


def test_address_ends_in_the_first_twenty_digits() -> None:
    address = verification_address(ORIGIN, SHA256)
    assert address is not None
    assert address.url == "https://ethiek.example.nl/controle/0123456789abcdef0123"


def test_qr_is_a_drawing_with_a_title_and_loads_nothing() -> None:
    first, again = (verification_address(ORIGIN, SHA256) for _ in range(2))
    assert first is not None
    assert first == again
    drawing = ET.fromstring(first.qr_svg)
    assert [element.tag for element in drawing] == ["title", "path", "path"]
    assert drawing.findtext("title") == f"QR-code van {first.url}"
    assert "href" not in first.qr_svg
    assert "style" not in first.qr_svg


def test_report_names_the_address_and_describes_the_code(source: ReportSource, addressed: bytes) -> None:
    url = f"{ORIGIN}/controle/{digest(source.advice)[:20]}"
    first_page = pypdf.PdfReader(io.BytesIO(addressed)).pages[0].extract_text()
    assert url in "".join(first_page.split())
    assert figures(addressed) == [f"QR-code van {url}"]


def test_report_without_a_public_address_names_none(unsigned: bytes) -> None:
    first_page = pypdf.PdfReader(io.BytesIO(unsigned)).pages[0].extract_text()
    assert "/controle" not in first_page
    assert figures(unsigned) == []


def test_same_address_gives_the_same_bytes(source: ReportSource, addressed: bytes) -> None:
    assert render(replace(source, public_url=ORIGIN)) == addressed


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_report_with_a_code_conforms(addressed: bytes, profile: str) -> None:
    assert failures(addressed, profile) == []


def test_report_with_a_code_is_sealed_and_verified(
    addressed: bytes, signer: Pkcs12Signer, trust: list[bytes]
) -> None:
    sealed = signer.seal(addressed, reason="Advies", at=datetime.now(UTC))
    assert [finding.code for finding in verify(sealed, trust).findings if not finding.ok] == []
