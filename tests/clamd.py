"""A real clamd of our own, whose only signature is that of the EICAR test file."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from ethiek.files.scanning import TEST_VIRUS

SECONDS: Final = 60.0
STREAM_LIMIT: Final = 1_000_000
"""Bytes that it takes at most, so that a test can go over it."""


@contextmanager
def running_clamd(folder: Path) -> Iterator[tuple[str, str]]:
    """Start clamd, and give the two addresses at which it answers: a socket in the folder, and a port."""
    database, port = folder / "database", _free_port()
    database.mkdir(parents=True)
    (database / "test.ndb").write_text(f"Eicar-Test-Signature:0:0:{TEST_VIRUS.encode().hex()}\n")
    path = folder / "clamd.ctl"
    settings = {
        "LocalSocket": path,
        "TCPSocket": port,
        "TCPAddr": "127.0.0.1",
        "DatabaseDirectory": database,
        "TemporaryDirectory": folder,
        "Foreground": "yes",
        "StreamMaxLength": STREAM_LIMIT,
        "MaxFileSize": STREAM_LIMIT // 2,
        "MaxScanSize": STREAM_LIMIT // 2,
        "AlertExceedsMax": "yes",
        "MaxThreads": 4,
    }
    config = folder / "clamd.conf"
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    process = subprocess.Popen(
        [_program(), "--config-file", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(path, process)
        yield str(path), f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(SECONDS)


def _program() -> str:
    found = shutil.which("clamd") or shutil.which(
        "clamd", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
    )
    assert found, "clamd is not installed: tools/preflight.sh test"
    return found


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SECONDS
    while not path.exists():
        assert process.poll() is None, f"clamd ended with {process.returncode}"
        assert time.monotonic() < until, "clamd does not start"
        time.sleep(0.05)
