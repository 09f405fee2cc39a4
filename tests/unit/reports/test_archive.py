from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from ethiek.errors import ArchiveError
from ethiek.reports.archive import Archive, ArchivedFile
from ethiek.reports.bundle import Entry, zip_stream
from ethiek.reports.source import digest

A, B = b"%PDF-1.7 a", b"%PDF-1.7 b"


def an_entry(archive: Archive, name: str, sha256: str) -> Entry:
    return Entry(name, sha256, lambda: archive.read(sha256))


def test_put_and_read_are_idempotent_and_leave_nothing_else(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    expected = ArchivedFile(f"{digest(A)}.pdf", digest(A), len(A))

    assert [archive.put(A), archive.put(A)] == [expected, expected]
    assert [archive.read(expected.name), archive.read(expected.sha256)] == [A, A]
    assert [path.name for path in archive.folder.iterdir()] == [expected.name]
    assert list(archive.corrupt()) == []


def test_changed_file_is_never_served_nor_overwritten(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    good, bad = archive.put(A), archive.put(B)
    (tmp_path / bad.name).write_bytes(B[:-1] + b"c")

    with pytest.raises(ArchiveError) as caught:
        archive.read(bad.name)
    assert caught.value.reason == "changed"
    with pytest.raises(ArchiveError):
        archive.put(B)
    assert (tmp_path / bad.name).read_bytes() == B[:-1] + b"c"
    assert [(error.name, error.reason) for error in archive.corrupt()] == [(bad.name, "changed")]
    assert archive.read(good.name) == A


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("0" * 64, "missing"),
        ("../../etc/passwd", "not a name of the archive"),
        ("", "not a name of the archive"),
    ],
)
def test_missing_and_strange_names_are_refused(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(ArchiveError) as caught:
        Archive(tmp_path).read(name)

    assert (caught.value.name, caught.value.reason) == (name, reason)


def test_bundle_holds_what_is_whole_and_names_what_is_not(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    good, bad = archive.put(A), archive.put(B)
    (tmp_path / bad.name).write_bytes(b"changed")
    entries = [
        an_entry(archive, "ETH-2026-0001.pdf", good.sha256),
        an_entry(archive, "ETH-2026-0002.pdf", bad.sha256),
        an_entry(archive, "ETH-2026-0003.pdf", "0" * 64),
        Entry("ETH-2026-0004.pdf", good.sha256, lambda: B),
    ]
    bundled = zipfile.ZipFile(io.BytesIO(b"".join(zip_stream(entries))))

    assert bundled.namelist() == ["ETH-2026-0001.pdf", "manifest.sha256", "manifest.json"]
    assert bundled.testzip() is None
    assert bundled.read("ETH-2026-0001.pdf") == A
    assert bundled.read("manifest.sha256").decode() == f"{digest(A)}  ETH-2026-0001.pdf\n"
    assert json.loads(bundled.read("manifest.json")) == {
        "format": "ethiek-manifest/1",
        "files": [{"name": "ETH-2026-0001.pdf", "sha256": digest(A), "size": len(A)}],
        "failed": [
            {"name": "ETH-2026-0002.pdf", "sha256": digest(B), "reason": "changed"},
            {"name": "ETH-2026-0003.pdf", "sha256": "0" * 64, "reason": "missing"},
            {"name": "ETH-2026-0004.pdf", "sha256": digest(A), "reason": "changed"},
        ],
    }


def test_bundle_is_the_same_bytes_every_time_and_takes_constant_memory() -> None:
    data = bytes(1024 * 1024)
    entries = [Entry(f"{number}.pdf", digest(data), lambda: data) for number in range(100)]

    tracemalloc.start()
    first = [(len(piece), digest(piece)) for piece in zip_stream(entries)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [(len(piece), digest(piece)) for piece in zip_stream(entries)] == first
    assert sum(length for length, _ in first) > 100 * len(data)
    assert peak < 6 * len(data)
