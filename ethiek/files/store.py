"""A folder of files under the name of their own SHA-256: complete and on disk before they get it, checked when read."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from ethiek.errors import ArchiveError

SHA256: Final = re.compile(r"[0-9a-f]{64}")
_DRAFT: Final = ".new-"


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that is on disk, without a name yet. ``size`` is in bytes."""

    sha256: str
    size: int
    path: Path


class FileStore:
    """A folder of files that never change. ``ending``: of every name, with its point."""

    def __init__(self, folder: Path, ending: str = "") -> None:
        self.folder = folder
        self.ending = ending

    @contextmanager
    def staged(self, data: bytes) -> Iterator[Staged]:
        """Force bytes to disk, outside any transaction; what is not kept within the block is gone after it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=_DRAFT, dir=self.folder)
        path = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            yield Staged(sha256(data).hexdigest(), len(data), path)
        finally:
            path.unlink(missing_ok=True)

    def keep(self, staged: Staged) -> None:
        """Give a staged file its name; keeping the same bytes again changes nothing.

        Raises:
            ArchiveError: other bytes are under this name, so the folder was tampered with or is damaged.
        """
        target = self._path(staged.sha256)
        if target.exists():
            self.read(staged.sha256)
            os.utime(target)  # not a leftover any more
            return
        staged.path.rename(target)
        _sync(self.folder)

    def put(self, data: bytes) -> str:
        """Keep bytes, and return their SHA-256.

        Raises:
            ArchiveError: as in :meth:`keep`.
        """
        with self.staged(data) as staged:
            self.keep(staged)
        return staged.sha256

    def read(self, digest: str) -> bytes:
        """The bytes of a file, checked against its name.

        Raises:
            ArchiveError: the file is missing, unreadable or changed, or this is no name of the folder.
        """
        name = f"{digest}{self.ending}"
        if SHA256.fullmatch(digest) is None:
            raise ArchiveError(name, "not a name of the archive")
        try:
            data = self._path(digest).read_bytes()
        except FileNotFoundError as error:
            raise ArchiveError(name, "missing") from error
        except OSError as error:
            raise ArchiveError(name, f"unreadable ({error.strerror})") from error
        if sha256(data).hexdigest() != digest:
            raise ArchiveError(name, "changed")
        return data

    def names(self) -> list[str]:
        """The SHA-256 of every file by its name, in order; their contents are not looked at."""
        found = (path.name.removesuffix(self.ending) for path in self.folder.glob(f"*{self.ending}"))
        return sorted(name for name in found if SHA256.fullmatch(name))

    def age(self, digest: str, now: float) -> float:
        """Seconds since a file was last kept, at the moment ``now`` (of ``time.time``); 0 if it is not there."""
        try:
            return now - self._path(digest).stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def discard(self, digest: str) -> None:
        """Remove a file that nothing names any more."""
        self._path(digest).unlink(missing_ok=True)

    def move_to(self, other: FileStore, digest: str) -> None:
        """Take a file out of this folder, into another on the same disk; a second time changes nothing."""
        other.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._path(digest).rename(other._path(digest))  # of the same class
        except FileNotFoundError:
            return
        _sync(other.folder)
        _sync(self.folder)

    def _path(self, digest: str) -> Path:
        return self.folder / f"{digest}{self.ending}"


def _sync(folder: Path) -> None:
    """Force a new name to disk, or a power failure can lose a file that is in the database already."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
