"""The write gate of an embedded database: one writing transaction at a time, on the whole machine.

SQLite has one writer. Whoever waits for it inside SQLite polls and may give up with "database is locked";
whoever waits at the gate gets a turn. A checkpoint inside the gate is safe even where the library is too old.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, get_ident
from typing import Final

from ethiek.errors import ServiceUnavailableError

WAIT_SECONDS: Final = 10.0
_PAUSE_SECONDS: Final = 0.002


class WriteGate:
    """A thread lock and a lock on ``<database>.gate``, always taken together and in this order."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".gate")
        self._threads = Lock()
        self._holder: int | None = None

    @contextmanager
    def held(self, wait: float | None = None) -> Iterator[None]:
        """Wait for the turn to write, and keep it.

        Args:
            wait: seconds to wait at most, for threads and processes together; 10 if not given.

        Raises:
            ServiceUnavailableError: the turn did not come in time.
            RuntimeError: this thread already has it; waiting for itself would take for ever.
        """
        if self._holder == get_ident():
            raise RuntimeError("a writing transaction inside a writing transaction")
        wait = WAIT_SECONDS if wait is None else wait
        deadline = time.monotonic() + wait
        if not self._threads.acquire(timeout=wait):
            raise ServiceUnavailableError("write gate: busy")
        try:
            descriptor = self._lock_file(deadline)
            self._holder = get_ident()
            try:
                yield
            finally:
                self._holder = None
                os.close(descriptor)  # gives the lock back
        finally:
            self._threads.release()

    def _lock_file(self, deadline: float) -> int:
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ServiceUnavailableError(f"write gate: {error.strerror}") from error
        while not _locked(descriptor):
            if time.monotonic() >= deadline:
                os.close(descriptor)
                raise ServiceUnavailableError("write gate: busy in another process")
            time.sleep(_PAUSE_SECONDS)
        return descriptor


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


_gates: dict[Path, WriteGate] = {}
_making = Lock()


def gate_of(database: Path) -> WriteGate:
    """The one gate of this database file in this process."""
    path = database.resolve()
    with _making:
        return _gates.setdefault(path, WriteGate(path))


def _forget_after_fork() -> None:  # pragma: no cover  # runs in the child
    """A child starts without its parent's threads, so without their locks."""
    global _making  # noqa: PLW0603
    _making = Lock()
    _gates.clear()


os.register_at_fork(after_in_child=_forget_after_fork)
