"""The archive: sealed reports under the name of their own SHA-256, written once and read with a check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ethiek.errors import ArchiveError
from ethiek.files.store import FileStore

ENDING: Final = ".pdf"


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file in the archive. ``name`` is ``<sha256>.pdf``, ``size`` is in bytes."""

    name: str
    sha256: str
    size: int


class Archive:
    """A folder of reports that never change; see :class:`ethiek.files.store.FileStore`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = FileStore(folder, ENDING)

    def put(self, data: bytes) -> ArchivedFile:
        """Keep a file; keeping the same bytes again changes nothing.

        Raises:
            ArchiveError: other bytes are under this name, so the archive was tampered with or is damaged.
        """
        sha256 = self._files.put(data)
        return ArchivedFile(f"{sha256}{ENDING}", sha256, len(data))

    def read(self, name: str) -> bytes:
        """The bytes of a file, checked against its name.

        Args:
            name: ``<sha256>.pdf``, or the SHA-256 alone.

        Raises:
            ArchiveError: the file is missing, unreadable or changed, or this is no name of the archive.
        """
        try:
            return self._files.read(name.removesuffix(ENDING))
        except ArchiveError as error:
            raise ArchiveError(name, error.reason) from error

    def corrupt(self) -> Iterator[ArchiveError]:
        """Every file that is not what its name says, in order of name; one file is in memory at a time."""
        for path in sorted(self.folder.glob(f"*{ENDING}")):
            try:
                self.read(path.name)
            except ArchiveError as error:
                yield error
