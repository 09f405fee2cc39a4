"""The archive: sealed reports under the name of their own SHA-256, written once and read with a check."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ethiek.errors import ArchiveError
from ethiek.reports.source import digest

NAME: Final = re.compile(r"([0-9a-f]{64})(?:\.pdf)?")


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file in the archive. ``name`` is ``<sha256>.pdf``, ``size`` is in bytes."""

    name: str
    sha256: str
    size: int


class Archive:
    """A folder of files that never change.

    A file appears under its name at once and complete: it is written first, forced to disk, and then named.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> ArchivedFile:
        """Keep a file; keeping the same bytes again changes nothing.

        Raises:
            ArchiveError: other bytes are under this name, so the archive was tampered with or is damaged.
        """
        file = ArchivedFile(f"{digest(data)}.pdf", digest(data), len(data))
        target = self.folder / file.name
        if target.exists():
            self.read(file.name)
            return file
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write(target, data)
        return file

    def read(self, name: str) -> bytes:
        """The bytes of a file, checked against its name.

        Args:
            name: ``<sha256>.pdf``, or the SHA-256 alone.

        Raises:
            ArchiveError: the file is missing, unreadable or changed, or this is no name of the archive.
        """
        match = NAME.fullmatch(name)
        if match is None:
            raise ArchiveError(name, "not a name of the archive")
        sha256 = match.group(1)
        try:
            data = (self.folder / f"{sha256}.pdf").read_bytes()
        except FileNotFoundError as error:
            raise ArchiveError(name, "missing") from error
        except OSError as error:
            raise ArchiveError(name, f"unreadable ({error.strerror})") from error
        if digest(data) != sha256:
            raise ArchiveError(name, "changed")
        return data

    def corrupt(self) -> Iterator[ArchiveError]:
        """Every file that is not what its name says, in order of name; one file is in memory at a time."""
        for path in sorted(self.folder.glob("*.pdf")):
            try:
                self.read(path.name)
            except ArchiveError as error:
                yield error

    def _write(self, target: Path, data: bytes) -> None:
        descriptor, name = tempfile.mkstemp(prefix=".new-", dir=self.folder)
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(target)
            _sync_folder(self.folder)
        finally:
            temporary.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Force the new name to disk, or a power failure can lose a file that is in the database already."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
