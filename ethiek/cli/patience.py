"""Slow clients: a request gets a thread when all of it has arrived, and not before.

Gunicorn gives a connection a thread at its first byte; some dozens of clients that send one byte a second then keep
everybody else waiting. Here they wait in the poller, which costs a few kilobytes each. A reverse proxy that collects
requests does the same; this holds without one.
"""

from __future__ import annotations

import re
import socket
import time
from typing import Any, Final

from gunicorn.util import write_error
from gunicorn.workers import gthread

from ethiek.app import MAX_BODY

ARRIVAL_SECONDS: Final = 30.0
"""How long a request may take to arrive."""

LONGEST_HEAD: Final = 64 * 1024
"""Bytes of request line and headers."""

_END_OF_HEAD: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"^content-length:[ \t]*(\d{1,20})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
_CHUNKED: Final = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)


def announced(head: bytes) -> int | None:
    """Return the bytes of a body, or None if the application refuses it unread: too large, or of unknown length."""
    length = _LENGTH.search(head + b"\r\n")
    size = int(length[1]) if length else 0
    return None if size > MAX_BODY or _CHUNKED.search(head) else size


def missing_bytes(received: bytes | bytearray) -> int | None:
    r"""Return how much of a request is still to come, or None if its head is not complete.

    >>> missing_bytes(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab"), missing_bytes(b"GET / HTTP/1.1\r\n")
    (3, None)
    """
    head, end, body = bytes(received).partition(_END_OF_HEAD)
    return max((announced(head) or 0) - len(body), 0) if end else None


class PatientWorker(gthread.ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's worker with threads, which waits for requests without holding a thread."""

    def handle(self, conn: Any) -> Any:
        """Collect what is there; hand the request on when it is whole. Runs in a thread of the pool."""
        received = _begun(conn)
        over = _collect(conn.sock, received)
        missing = missing_bytes(received)
        if missing is None and len(received) > LONGEST_HEAD:
            write_error(conn.sock, 431, "Request Header Fields Too Large", "")
        elif missing != 0 and not over:
            return gthread._DEFER  # noqa: SLF001  # the base class's word for "wait in the poller"
        elif received:
            return self._answer(conn, received)
        conn.close(graceful=True)
        return False

    def _answer(self, conn: Any, received: bytearray) -> Any:
        conn.init()
        conn.parser.unreader.unread(bytes(received))
        conn.unread = announced(bytes(received).partition(_END_OF_HEAD)[0]) is None
        conn.received, conn.data_ready = None, True
        keep = super().handle(conn)
        if not keep:
            conn.close(graceful=True)  # lingers; the loop that accepts connections must not
        return keep

    def _keepalive_after(self, conn: Any, keepalive: Any) -> bool:
        """Close after a body that nobody reads, instead of waiting for its end."""
        return bool(super()._keepalive_after(conn, keepalive and not conn.unread))

    def murder_pending(self) -> None:
        """Close connections whose request takes too long to arrive; all of them when the worker stops."""
        now = time.monotonic()
        for conn in [one for one in self.pending_conns if one.arrives_by <= now or not self.alive]:
            self.pending_conns.remove(conn)
            self.poller.unregister(conn.sock)
            self.nr_conns -= 1
            conn.close()


def _begun(conn: Any) -> bytearray:
    """Return what has arrived of the present request; for a new one, what came along with the last."""
    if getattr(conn, "received", None) is None:
        ahead = conn.parser.unreader.take_buffered() if conn.parser else b""
        conn.received, conn.arrives_by = bytearray(ahead), time.monotonic() + ARRIVAL_SECONDS
    received: bytearray = conn.received
    return received


def _collect(connection: socket.socket, received: bytearray) -> bool:
    """Add what is there without waiting, and tell whether nothing more will come."""
    while len(received) <= LONGEST_HEAD + MAX_BODY:
        try:
            piece = connection.recv(64 * 1024, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True
        if not piece:
            return True
        received += piece
    return False
