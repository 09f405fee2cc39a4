"""Running a module of ours in a process of its own, so that hostile input costs nobody else anything."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

TICK_SECONDS: Final = 1.0
PACKAGE_ROOT: Final = Path(__file__).parents[__name__.count(".")]


class ChildTimeoutError(Exception):
    """The process was ended at its wall-clock limit."""


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
    with tempfile.TemporaryFile() as waiting:  # a pipe would be left half written by the first timeout
        waiting.write(job)
        waiting.seek(0)
        child = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-m", module],
            stdin=waiting,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,
        )
    try:
        return _wait(child, time.monotonic() + wall_seconds, tick)
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()


def run_secret_child(module: str, job: bytes, *, wall_seconds: float) -> tuple[int, bytes]:
    """The same for a job that holds a secret: through pipes only, never through a file.

    Raises:
        ChildTimeoutError: it did not finish within ``wall_seconds``.
    """
    child = subprocess.Popen(  # noqa: S603  # our own interpreter and module
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        start_new_session=True,
    )
    with child:
        try:
            output, _ = child.communicate(job, timeout=wall_seconds)
        except subprocess.TimeoutExpired as error:
            raise ChildTimeoutError from error
        finally:
            if child.poll() is None:
                child.kill()
    return child.returncode, output


def _wait(
    child: subprocess.Popen[bytes], deadline: float, tick: Callable[[], None] | None
) -> tuple[int, bytes]:
    while (left := deadline - time.monotonic()) > 0:
        try:
            output, _ = child.communicate(timeout=min(TICK_SECONDS, left))
        except subprocess.TimeoutExpired:
            if tick is not None:
                tick()
        else:
            return child.returncode, output
    raise ChildTimeoutError


def _environment() -> dict[str, str]:
    """What the interpreter and fontconfig need, and no secret of the parent."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "XDG_CACHE_HOME", "TMPDIR") if name in os.environ
    }
    return {**kept, "PYTHONPATH": str(PACKAGE_ROOT), "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}
