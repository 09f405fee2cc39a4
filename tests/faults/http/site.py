"""The real server as its own processes, which can be killed, stopped and started again."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ethiek import db
from tests.builders import World
from tests.faults.http.person import Person

ROOT: Final = Path(__file__).parents[3]
START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 30.0


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """An installation with two server processes. ``port`` stays the same over restarts."""

    instance: Path
    database_url: str
    engine: Engine
    world: World
    port: int = field(default_factory=free_port)
    _people: list[Person] = field(default_factory=list)
    _server: subprocess.Popen[bytes] | None = None

    def visitor(self, name: str = "") -> Person:
        """Open a browser of somebody; it is closed when the server stops."""
        self._people.append(Person(name, self.port))
        return self._people[-1]

    @property
    def log(self) -> str:
        """Everything the server ever said."""
        return (self.instance / "server.log").read_text(errors="replace")

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("ETHIEK_")},
            "ETHIEK_INSTANCE": str(self.instance),
            "ETHIEK_DEMO": "1",
            "ETHIEK_ORGANISATION": "Provincie Voorbeeld",
            "ETHIEK_DATABASE_URL": self.database_url,
            "PYTHONPATH": str(ROOT),
        }

    def run(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command of ours; what it says goes to the log."""
        with (self.instance / "server.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "ethiek.cli", *arguments],
                env=self.environment,
                cwd=self.instance,
                stdout=log,
                stderr=log,
            )

    def start(self) -> None:
        """Give the one start command, and wait until it answers."""
        self._server = self.run("serve", "--port", str(self.port), "--workers", "2")
        deadline = time.monotonic() + START_SECONDS
        while not self.is_up():
            assert self._server.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)

    def is_up(self) -> bool:
        address = f"http://127.0.0.1:{self.port}/gezond"
        with suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def workers(self) -> list[psutil.Process]:
        """The server processes that answer requests now."""
        assert self._server is not None
        return psutil.Process(self._server.pid).children()

    def kill_a_worker(self, chance: random.Random) -> bool:
        """Kill one of the processes, if there is one; the server starts another by itself."""
        running = self.workers()
        if running:
            running[chance.randrange(len(running))].kill()
        return bool(running)

    def kill_all(self) -> None:
        """Kill every process of the server at once."""
        assert self._server is not None
        main = psutil.Process(self._server.pid)
        family = [main, *main.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        self._server.wait()
        psutil.wait_procs(family[1:], timeout=STOP_SECONDS)

    def stop(self) -> None:
        """Ask the server to end."""
        for person in self._people:
            person.close()
        if self._server is not None and self._server.poll() is None:
            self._server.terminate()
            self._server.wait(STOP_SECONDS)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Prepare something, as another process would."""
        with Session(self.engine) as session, db.writing(session, self.engine):
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Look at what is in the database now."""
        with Session(self.engine) as session:
            yield session
