"""The server as in production: gunicorn, two processes of eight threads, on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
WORKERS: Final = 2
THREADS: Final = 8
START_SECONDS: Final = 30.0


def environment(instance: Path, url: str) -> dict[str, str]:
    """Settings of a demonstration on this database, with counting switched on."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("ETHIEK_")},
        "ETHIEK_DEMO": "1",
        "ETHIEK_BENCHMARK": "1",
        "ETHIEK_INSTANCE": str(instance),
        "ETHIEK_DATABASE_URL": url,
        "ETHIEK_THREADS": str(THREADS),
    }


@contextmanager
def serving(settings: Mapping[str, str]) -> Iterator[int]:
    """Serve for a while; gives the port."""
    port = _free_port()
    command = (
        "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        str(WORKERS),
        "--worker-class",
        "gthread",
        "--threads",
        str(THREADS),
        "--keep-alive",
        "60",
        "--log-level",
        "warning",
        "benchmarks.wsgi:app",
    )
    with running(command, settings) as process:
        _wait_for(port, process)
        yield port


@contextmanager
def running(module: tuple[str, ...], settings: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module of Python beside us, from the root of the repository."""
    process = subprocess.Popen([sys.executable, "-m", *module], cwd=ROOT, env=dict(settings))
    try:
        yield process
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/gezond")
            if connection.getresponse().status == HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
