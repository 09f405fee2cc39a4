"""Asking a scanner whether a file holds a virus. Only a clear answer counts; anything else is "not scanned"."""

from __future__ import annotations

import re
import socket
import struct
import time
from dataclasses import dataclass
from typing import Final, Protocol

from ethiek.errors import ScanError

SECONDS: Final = 120.0
"""For one file, from connecting to the whole answer."""
_PIECE: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096
_CLEAN: Final = "stream: OK"
_FOUND: Final = re.compile(r"stream: ([!-~ ]{1,200}) FOUND")
_OVER_LIMIT: Final = "Heuristics.Limits.Exceeded"
"""What clamd with ``AlertExceedsMax`` says of a file that it did not look through: no virus, and not clean either."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``virus``: the name that the scanner gives it; empty for a clean file."""

    virus: str = ""


class Scanner(Protocol):
    """Looks for viruses."""

    def scan(self, data: bytes) -> Verdict:
        """Return what was found.

        Raises:
            ScanError: nothing is known about this file; ``reason`` is a code.
        """


@dataclass(frozen=True, slots=True)
class Clamd:
    """The daemon of ClamAV, by its command INSTREAM. ``address``: path of a socket, or host and port with a colon."""

    address: str
    seconds: float = SECONDS

    def scan(self, data: bytes) -> Verdict:
        """Send the file and read the answer; see :class:`Scanner`."""
        until = time.monotonic() + self.seconds
        try:
            with self._connected(until) as connection:
                _send(connection, data, until)
                answer = _answer(connection, until)
        except TimeoutError as error:
            raise ScanError("no_answer") from error
        except OSError as error:
            raise ScanError("away") from error
        return _verdict(answer)

    def _connected(self, until: float) -> socket.socket:
        if self.address.startswith("/"):
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.settimeout(_left(until))
                connection.connect(self.address)
            except OSError:
                connection.close()
                raise
            return connection
        host, _colon, port = self.address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), _left(until))


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _send(connection: socket.socket, data: bytes, until: float) -> None:
    """Send the file in pieces; a scanner that has enough of it answers and closes, so its answer is still read."""
    try:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _PIECE):
            connection.settimeout(_left(until))
            piece = data[start : start + _PIECE]
            connection.sendall(struct.pack("!I", len(piece)) + piece)
        connection.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return


def _answer(connection: socket.socket, until: float) -> bytes:
    received = bytearray()
    while b"\0" not in received:
        connection.settimeout(_left(until))
        piece = connection.recv(1024)
        received += piece
        if not piece or len(received) > _LONGEST_ANSWER:
            raise ScanError("nonsense")
    return bytes(received.partition(b"\0")[0])


def _verdict(answer: bytes) -> Verdict:
    text = answer.decode("ascii", "replace")
    if text == _CLEAN:
        return Verdict()
    found = _FOUND.fullmatch(text)
    if found and not found[1].startswith(_OVER_LIMIT):
        return Verdict(found[1])
    if found or "size limit exceeded" in text:
        raise ScanError("over_limit")
    raise ScanError("nonsense")


TEST_VIRUS: Final = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless file by which everybody tries a scanner (EICAR, 2003); in pieces, or scanners would find ours."""


class DemoScanner:
    """Stands in for a scanner in the demonstration: it knows the EICAR test file, and nothing else."""

    def scan(self, data: bytes) -> Verdict:
        """Look for the test file; see :class:`Scanner`."""
        return Verdict("EICAR test file" if TEST_VIRUS.encode() in data else "")
