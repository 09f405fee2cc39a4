"""A scanner that is away, hangs, talks nonsense or goes away halfway: nothing of that makes a file clean."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ethiek.errors import ScanError
from ethiek.files.scanning import Clamd, DemoScanner, Verdict
from tests import files

Serve = Callable[[socket.socket], None]
QUICK = 0.3
"""Seconds that a test waits for a scanner that never answers."""


def everything(connection: socket.socket) -> bytes:
    """Read until the empty piece that ends a stream."""
    received = bytearray()
    while not received.endswith(b"\0\0\0\0"):
        piece = connection.recv(65536)
        if not piece:
            break
        received += piece
    return bytes(received)


def answering(answer: bytes) -> Serve:
    def serve(connection: socket.socket) -> None:
        everything(connection)
        connection.sendall(answer)

    return serve


def silent(until: threading.Event) -> Serve:
    def serve(_connection: socket.socket) -> None:
        until.wait(10)

    return serve


def hanging_up(connection: socket.socket) -> None:
    connection.recv(10)


@contextmanager
def scanner_that(serve: Serve) -> Iterator[str]:
    """A server that does this to the first who connects."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run() -> None:
            connection, _ = server.accept()
            with connection:
                serve(connection)

        thread = threading.Thread(target=run)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join(10)


def test_file_is_sent_whole_in_the_words_of_clamd() -> None:
    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        seen.append(everything(connection))
        connection.sendall(b"stream: OK\0")

    with scanner_that(serve) as address:
        assert Clamd(address).scan(b"x" * 70_000) == Verdict()
    first, second = (65536).to_bytes(4, "big"), (70_000 - 65536).to_bytes(4, "big")
    parts = (b"zINSTREAM\0", first, b"x" * 65536, second, b"x" * (70_000 - 65536), bytes(4))
    assert seen == [b"".join(parts)]


def test_found_virus_is_named() -> None:
    with scanner_that(answering(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")) as address:
        assert Clamd(address).scan(files.EICAR) == Verdict("Win.Test.EICAR_HDB-1")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"stream: OK", "nonsense"),
        (b"", "nonsense"),
        (b"\0", "nonsense"),
        (b"OK\0", "nonsense"),
        (b"stream: OK FOUND\n\0", "nonsense"),
        (b"stream: ok\0", "nonsense"),
        (b" stream: OK\0", "nonsense"),
        (b"stream: OK \0", "nonsense"),
        (b"HTTP/1.1 200 OK\r\n\r\nstream: OK\0", "nonsense"),
        (b"stream:  FOUND\0", "nonsense"),
        (b"stream: \xff\xfe FOUND\0", "nonsense"),
        (b"UNKNOWN COMMAND\0", "nonsense"),
        (b"x" * 100_000, "nonsense"),
        (b"INSTREAM size limit exceeded. ERROR\0", "over_limit"),
        (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0", "over_limit"),
    ],
)
def test_answer_that_is_not_clear_is_no_answer(answer: bytes, reason: str) -> None:
    with scanner_that(answering(answer)) as address, pytest.raises(ScanError) as caught:
        Clamd(address).scan(files.TXT)
    assert caught.value.reason == reason


def test_scanner_that_never_answers_is_waited_for_so_long_only() -> None:
    done = threading.Event()
    with scanner_that(silent(done)) as address:
        began = time.monotonic()
        with pytest.raises(ScanError) as caught:
            Clamd(address, QUICK).scan(files.TXT)
        took = time.monotonic() - began
        done.set()
    assert (caught.value.reason, took < 10 * QUICK) == ("no_answer", True)


def test_scanner_that_drips_its_answer_is_waited_for_so_long_only() -> None:
    def drip(connection: socket.socket) -> None:
        everything(connection)
        for _ in range(200):
            try:
                connection.sendall(b"x")
            except OSError:
                return
            time.sleep(QUICK / 10)

    with scanner_that(drip) as address, pytest.raises(ScanError) as caught:
        Clamd(address, QUICK).scan(files.TXT)
    assert caught.value.reason == "no_answer"


def test_scanner_that_reads_nothing_is_waited_for_so_long_only() -> None:
    done = threading.Event()
    with scanner_that(silent(done)) as address:
        with pytest.raises(ScanError) as caught:
            Clamd(address, QUICK).scan(bytes(20_000_000))
        done.set()
    assert caught.value.reason == "no_answer"


def test_scanner_that_hangs_up_halfway_is_no_answer() -> None:
    with scanner_that(hanging_up) as address, pytest.raises(ScanError) as caught:
        Clamd(address).scan(bytes(5_000_000))
    assert caught.value.reason in {"away", "nonsense"}


@pytest.mark.parametrize("kind", ["port", "socket"])
def test_scanner_that_is_away_is_no_answer(tmp_path: Path, kind: str) -> None:
    address = str(tmp_path / "clamd.ctl") if kind == "socket" else "127.0.0.1:1"
    with pytest.raises(ScanError) as caught:
        Clamd(address).scan(files.TXT)
    assert caught.value.reason == "away"


def test_scanner_of_the_demonstration_knows_the_test_file_only() -> None:
    scanner = DemoScanner()
    assert [scanner.scan(data).virus for data in (files.EICAR, b"x" + files.EICAR, files.PDF, b"")] == [
        "EICAR test file",
        "EICAR test file",
        "",
        "",
    ]
