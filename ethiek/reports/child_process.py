"""Running a module of ours in a process of its own, so that hostile input costs nobody else anything."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from typing import IO, Final, Protocol

TICK_SECONDS: Final = 1.0
STOP_SECONDS: Final = 10.0
PACKAGE_ROOT: Final = Path(__file__).parents[__name__.count(".")]
NURSERY: Final = f"{__package__}.nursery"
STATUS: Final = struct.Struct("i")


class ChildTimeoutError(Exception):
    """The process was ended at its wall-clock limit."""


class Child(Protocol):
    """A process that does one job."""

    def wait(self, seconds: float) -> int | None:
        """Its exit status (negative: ended by that signal); None if it has not ended by then."""

    def end(self) -> None:
        """End it, if it has not ended."""


def run_child(
    module: str, job: bytes, *, wall_seconds: float, tick: Callable[[], None] | None = None
) -> tuple[int, bytes]:
    """Run ``python -m module`` with ``job`` on its standard input.

    Args:
        tick: called about once a second while waiting; an error in it ends the process too.

    Returns:
        Exit status (negative: ended by that signal) and standard output.

    Raises:
        ChildTimeoutError: it did not finish within ``wall_seconds``.
    """
    deadline = time.monotonic() + wall_seconds
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as answer:
        asked.write(job)  # not a pipe: that would be left half written by a child that is slow to start
        asked.seek(0)
        child = _split_off(module, asked, answer) or _Started(module, asked, answer)
        try:
            status = _wait(child, deadline, tick)
        finally:
            child.end()
        answer.seek(0)
        return status, answer.read()


def run_secret_child(module: str, job: bytes, *, wall_seconds: float) -> tuple[int, bytes]:
    """The same for a job that holds a secret: through pipes only, never through a file.

    Raises:
        ChildTimeoutError: it did not finish within ``wall_seconds``.
    """
    with _popen(module, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        try:
            output, _ = child.communicate(job, timeout=wall_seconds)
        except subprocess.TimeoutExpired as error:
            raise ChildTimeoutError from error
        finally:
            if child.poll() is None:
                child.kill()
    return child.returncode, output


@contextmanager
def prepared(modules: Sequence[str]) -> Iterator[None]:
    """Keep a process at hand in which these modules are imported, for the children of this process and its forks.

    A child is split off from it instead of started anew, which saves the seconds of importing; what it may do, and
    what it sees, is the same. Without that process, or on a system on which libraries do not survive a fork,
    children are started anew.
    """
    if sys.platform != "linux":
        yield
        return
    global _nursery  # noqa: PLW0603  # children are run deep down, in every thread and in forks of this process
    requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = _popen(NURSERY, *modules, stdin=theirs.fileno(), stdout=subprocess.DEVNULL)
    _nursery = _Nursery(requests, frozenset(modules))
    owner = os.getpid()
    try:
        yield
    finally:
        _nursery = None
        requests.close()  # it ends when everybody has closed this
        if os.getpid() == owner:
            with suppress(subprocess.TimeoutExpired):  # a fork of ours still has something to do
                process.wait(STOP_SECONDS)


@dataclass(frozen=True, slots=True)
class _Nursery:
    requests: socket.socket
    modules: frozenset[str]


_nursery: _Nursery | None = None


class _Started:
    """A child that was started anew."""

    def __init__(self, module: str, asked: IO[bytes], answer: IO[bytes]) -> None:
        self._process = _popen(module, stdin=asked, stdout=answer)

    def wait(self, seconds: float) -> int | None:
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


class _SplitOff:
    """A child of the prepared process, which tells how it ended, and ends it when this line is closed."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def wait(self, seconds: float) -> int | None:
        self._line.settimeout(seconds)
        try:
            told = self._line.recv(STATUS.size)
        except TimeoutError:
            return None
        return int(STATUS.unpack(told)[0]) if told else -SIGKILL

    def end(self) -> None:
        self._line.close()


def _split_off(module: str, asked: IO[bytes], answer: IO[bytes]) -> Child | None:
    """A child of the prepared process; None if there is no such process, or not for this module."""
    if _nursery is None or module not in _nursery.modules:
        return None
    line, theirs = socket.socketpair()
    with theirs:
        files = [asked.fileno(), answer.fileno(), theirs.fileno()]
        try:
            socket.send_fds(_nursery.requests, [module.encode()], files)
        except OSError:
            line.close()
            return None
    return _SplitOff(line)


def _popen(
    module: str, *arguments: str, stdin: IO[bytes] | int, stdout: IO[bytes] | int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # our own interpreter and module
        [sys.executable, "-m", module, *arguments],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        start_new_session=True,
    )


def _wait(child: Child, deadline: float, tick: Callable[[], None] | None) -> int:
    while (left := deadline - time.monotonic()) > 0:
        status = child.wait(min(TICK_SECONDS, left))
        if status is not None:
            return status
        if tick is not None:
            tick()
    raise ChildTimeoutError


def _environment() -> dict[str, str]:
    """What the interpreter and fontconfig need, and no secret of the parent."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "XDG_CACHE_HOME", "TMPDIR") if name in os.environ
    }
    return {**kept, "PYTHONPATH": str(PACKAGE_ROOT), "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}
