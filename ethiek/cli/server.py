"""The production server: gunicorn, started from here so that its settings are ours."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask
from gunicorn.app.base import BaseApplication

from ethiek.app import create_app
from ethiek.cli.patience import PatientWorker
from ethiek.cli.sentences import Refused
from ethiek.demo import accounts
from ethiek.reports.child_process import prepared
from ethiek.reports.isolated import CHILDREN

MAX_REQUESTS: Final = 2000
"""A process is replaced after so many requests, give or take, so that a leak stays small."""

CONNECTIONS: Final = 250
"""Open connections per process, most of them waiting for a request."""

STOP_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Choices:
    """How to serve. ``threads`` are per process."""

    host: str
    port: int
    workers: int
    threads: int
    with_worker: bool = False


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn with our settings; each process makes its own application, after the fork."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        super().__init__()

    def load_config(self) -> None:
        """Hand over the settings."""
        for name, value in self._settings().items():
            self.cfg.set(name, value)

    def _settings(self) -> dict[str, Any]:
        choices = self.choices
        return {
            "bind": f"{choices.host}:{choices.port}",
            "worker_class": PatientWorker,
            "worker_connections": CONNECTIONS,
            "workers": choices.workers,
            "threads": choices.threads,
            "max_requests": MAX_REQUESTS,
            "max_requests_jitter": MAX_REQUESTS // 10,
            "control_socket_disable": True,
            "loglevel": "warning",
            "proc_name": "ethiek",
        }

    def load(self) -> Flask:
        """Make the application of one process."""
        app = create_app()
        accounts.show_on_login_page(app)
        return app


def run(choices: Choices) -> None:
    """Serve until told to stop."""
    check_free(choices.host, choices.port)
    with prepared(CHILDREN), _worker_beside() if choices.with_worker else nullcontext():
        Server(choices).run()


def check_free(host: str, port: int) -> None:
    """Pass if nobody listens there.

    Raises:
        Refused: somebody does, or the address is not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                f"Cannot serve on {host}:{port}: {error.strerror}. Choose another --port."
            ) from error


@contextmanager
def _worker_beside() -> Iterator[None]:
    """Run the worker as a process of its own; it ends with the server."""
    server = os.getpid()
    process = subprocess.Popen([sys.executable, "-m", "ethiek.cli", "worker"], start_new_session=True)
    try:
        yield
    finally:
        if os.getpid() == server:  # gunicorn's children come past here, too, when they end
            process.terminate()
            process.wait(STOP_SECONDS)
