"""The server as a process of its own, with the worker beside it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError

import psutil
import pytest

PATIENCE = 60.0


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    environment = {"PATH": os.environ["PATH"], "ETHIEK_INSTANCE": str(tmp_path), "ETHIEK_DEMO": "1"}
    command = [sys.executable, "-m", "ethiek.cli"]
    subprocess.run([*command, "db", "upgrade"], env=environment, check=True, stdout=subprocess.DEVNULL)
    serve = [*command, "serve", "--port", str(port), "--workers", "1", "--with-worker"]
    process = subprocess.Popen(serve, env=environment)
    yield process
    process.kill()
    process.wait()


def answer(url: str) -> int:
    """The status of a page, once the server has come up."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url) as response:
                return int(response.status)
        except URLError:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def is_worker(child: psutil.Process) -> bool:
    """One that just ended has no command line any more."""
    with suppress(psutil.ZombieProcess, psutil.NoSuchProcess):
        return child.cmdline()[-1:] == ["worker"]
    return False


def test_server_answers_and_takes_its_worker_along_when_it_ends(
    server: subprocess.Popen[bytes], port: int
) -> None:
    assert answer(f"http://127.0.0.1:{port}/inloggen") == 200
    family = psutil.Process(server.pid).children(recursive=True)
    assert [child for child in family if is_worker(child)] != []

    server.send_signal(signal.SIGTERM)
    server.wait(PATIENCE)
    gone, alive = psutil.wait_procs(family, PATIENCE)
    assert (len(gone), alive) == (len(family), [])
