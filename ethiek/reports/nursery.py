"""A process in which everything is imported, and which splits off one child per job: ``python -m … modules``.

Nothing of any job ever reaches this process: it passes on the files in which a job lies and its answer goes, and
tells how the child ended. It ends itself, and its children, when nobody is left who could ask for one.
"""

from __future__ import annotations

import gc
import importlib
import os
import selectors
import signal
import socket
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NoReturn

LONGEST_NAME: Final = 200
FILES: Final = 3
"""Of a request: the job, the answer, and a line on which the end of the child is told."""
STATUS: Final = struct.Struct("i")
FAILED: Final = 1


class Nursery:
    """Children by process id, and the line on which the end of each is awaited."""

    def __init__(self, requests: socket.socket, modules: Sequence[ModuleType]) -> None:
        self._requests = requests
        self._modules = {module.__name__: module for module in modules}
        self._lines: dict[int, socket.socket] = {}
        self._ended, alarm = socket.socketpair()
        alarm.settimeout(0)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for ending in (
            signal.SIGTERM,
            signal.SIGINT,
        ):  # it ends with those who ask, who may give a job back first
            signal.signal(ending, signal.SIG_IGN)
        signal.set_wakeup_fd(alarm.detach())

    def serve(self) -> None:
        """Split off children until all who could ask have gone."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._requests, selectors.EVENT_READ)
            selector.register(self._ended, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.data is not None:
                        self._abandon(key.data, key.fileobj, selector)
                    elif key.fileobj is self._ended:
                        self._ended.recv(4096)
                        self._tell_ends(selector)
                    elif not self._admit(selector):
                        return

    def _admit(self, selector: selectors.BaseSelector) -> bool:
        """Take one request; False if there will be no more."""
        name, files, _, _ = socket.recv_fds(self._requests, LONGEST_NAME, FILES)
        if not name:
            for child in self._lines:
                os.kill(child, signal.SIGKILL)
            return False
        line, module = socket.socket(fileno=files[2]), self._modules[name.decode()]
        child = os.fork()
        if child == 0:
            _become(module, files[0], files[1])
        os.close(files[0])
        os.close(files[1])
        self._lines[child] = line
        selector.register(line, selectors.EVENT_READ, child)
        return True

    def _abandon(self, child: int, line: object, selector: selectors.BaseSelector) -> None:
        """End a child for which nobody waits any more. It is in the table, so its number is still its own."""
        if self._lines.get(child) is line:
            selector.unregister(self._lines[child])
            os.kill(child, signal.SIGKILL)

    def _tell_ends(self, selector: selectors.BaseSelector) -> None:
        while self._lines:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            line = self._lines.pop(child)
            if line in selector.get_map():
                selector.unregister(line)
            with line, suppress(OSError):  # who asked may have gone
                line.send(STATUS.pack(os.waitstatus_to_exitcode(status)))


def _become(module: Any, job: int, answer: int) -> NoReturn:
    """Do one job in this new process, in which nothing else is open, and end."""
    status = FAILED
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        os.dup2(job, sys.stdin.fileno())
        os.dup2(answer, sys.stdout.fileno())
        _close_all_others()
        status = module.main()
        sys.stdout.flush()
    finally:
        os._exit(status)  # no handler or buffer of the process that it came from


def _close_all_others() -> None:
    """Close what is no standard stream: requests of others, and what the libraries left open."""
    for file in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if file > sys.stderr.fileno():
            with suppress(OSError):  # the folder itself is among them
                os.close(file)


def main() -> None:
    """Import the modules that are named, warm them up, and wait for requests on standard input."""
    modules = [importlib.import_module(name) for name in sys.argv[1:]]
    for module in modules:
        getattr(module, "warm_up", lambda: None)()
    requests = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    gc.collect()
    gc.freeze()
    Nursery(requests, modules).serve()


if __name__ == "__main__":
    main()
