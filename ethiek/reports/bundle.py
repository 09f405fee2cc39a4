"""Many archived reports as one ZIP, in constant memory, with a manifest of their SHA-256 values."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ethiek.errors import ArchiveError
from ethiek.reports.source import digest

FIXED_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The oldest date that ZIP knows, so that the same selection gives the same bytes."""
FORMAT: Final = "ethiek-manifest/1"
READABLE_BY_ALL: Final = 0o644 << 16


@dataclass(frozen=True, slots=True)
class Entry:
    """One file to pack. ``read`` is called when its turn comes, and may raise ArchiveError.

    ``name`` must be unique in the bundle; ``sha256`` is what the database recorded.
    """

    name: str
    sha256: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Packed:
    """How an entry ended: ``failed`` is empty, or the reason why the file is not in the ZIP."""

    name: str
    sha256: str
    size: int
    failed: str = ""


def zip_stream(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Stream a ZIP that ends with ``manifest.sha256`` and ``manifest.json``.

    A file that is missing or changed is left out, and named as failed in ``manifest.json``.
    """
    sink = _Sink()
    packed: list[Packed] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as bundle:
        for entry in entries:
            packed.append(_pack(bundle, entry))
            yield sink.take()
        bundle.writestr(_info("manifest.sha256"), checksums(packed))
        bundle.writestr(_info("manifest.json"), manifest(packed))
    yield sink.take()


def checksums(packed: Iterable[Packed]) -> str:
    """The files in the ZIP as ``sha256sum --check`` reads them."""
    return "".join(f"{file.sha256}  {file.name}\n" for file in packed if not file.failed)


def manifest(packed: Iterable[Packed]) -> str:
    """The same for machines, with the files that failed."""
    rows = list(packed)
    files = [
        {"name": file.name, "sha256": file.sha256, "size": file.size} for file in rows if not file.failed
    ]
    failed = [
        {"name": file.name, "sha256": file.sha256, "reason": file.failed} for file in rows if file.failed
    ]
    return (
        json.dumps({"format": FORMAT, "files": files, "failed": failed}, ensure_ascii=False, indent=2) + "\n"
    )


def _pack(bundle: zipfile.ZipFile, entry: Entry) -> Packed:
    try:
        data = entry.read()
    except ArchiveError as error:
        return Packed(entry.name, entry.sha256, 0, error.reason)
    if digest(data) != entry.sha256:
        return Packed(entry.name, entry.sha256, 0, "changed")
    bundle.writestr(_info(entry.name), data)
    return Packed(entry.name, entry.sha256, len(data))


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, FIXED_DATE)
    info.external_attr = READABLE_BY_ALL
    return info


class _Sink(io.RawIOBase):
    """A file that cannot be searched or read back: what is written is taken away piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(data).cast("B")  # type: ignore[arg-type]  # anything with a buffer
        self._waiting += view
        return len(view)

    def take(self) -> bytes:
        """Everything written since the last time."""
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken
