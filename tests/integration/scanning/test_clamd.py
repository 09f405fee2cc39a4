"""Asking a real clamd; what a scanner does wrong is in tests/unit/files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ethiek.errors import ScanError
from ethiek.files.scanning import Clamd, Verdict
from tests import clamd, files


@pytest.fixture(scope="module")
def addresses() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="clamd-") as folder, clamd.running_clamd(Path(folder)) as found:
        yield found


@pytest.mark.parametrize("at", [0, 1], ids=["socket", "port"])
def test_clean_file_is_clean_and_the_test_file_is_found(addresses: tuple[str, str], at: int) -> None:
    scanner = Clamd(addresses[at])
    assert [scanner.scan(data) for data in (files.PDF, files.png(), bytes(300_000))] == [Verdict()] * 3
    assert scanner.scan(files.EICAR) == Verdict("Eicar-Test-Signature.UNOFFICIAL")


def test_virus_inside_an_office_file_is_found(addresses: tuple[str, str]) -> None:
    packed = files.packed({"mimetype": "application/vnd.oasis.opendocument.text", "Pictures/1": files.EICAR})
    assert Clamd(addresses[0]).scan(packed) == Verdict("Eicar-Test-Signature.UNOFFICIAL")


@pytest.mark.parametrize(
    "size", [clamd.STREAM_LIMIT // 2 + 1, clamd.STREAM_LIMIT + 1, 5 * clamd.STREAM_LIMIT]
)
def test_file_over_a_limit_of_the_scanner_is_not_scanned(addresses: tuple[str, str], size: int) -> None:
    with pytest.raises(ScanError) as caught:
        Clamd(addresses[0]).scan(b"x" * size)
    assert caught.value.reason == "over_limit"
