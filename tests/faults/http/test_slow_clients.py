from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from threading import Event, Thread

import pytest

from tests.conftest import only_sqlite
from tests.faults.http.person import Person
from tests.faults.http.site import Site

pytestmark = pytest.mark.faults

HEAD = b"GET /gezond HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /inloggen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def fifty_slow_clients(site: Site) -> Iterator[None]:
    """They send an endless head, or a body: a byte a second."""
    enough = Event()
    kinds = (
        HEAD + b"X-Slow: ",
        POST + b"Content-Length: 1000\r\n\r\n",
        POST + b"Content-Length: 10000000000\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n",
    )
    with ExitStack() as stack:
        clients = [
            stack.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=5))
            for _ in range(50)
        ]
        for number, client in enumerate(clients):
            client.sendall(kinds[number % 4])
        drip = Thread(target=_drip, args=(clients, enough))
        drip.start()
        yield
        enough.set()
        drip.join()


def _drip(clients: list[socket.socket], enough: Event) -> None:
    while not enough.wait(1):
        for client in clients:
            with suppress(OSError):  # it has its answer already
                client.sendall(b"x")


@only_sqlite
@pytest.mark.usefixtures("fifty_slow_clients")
def test_others_are_served_while_fifty_clients_are_slow(site: Site, everybody: list[Person]) -> None:
    time.sleep(2)
    newcomer = site.visitor("Noor01").sign_in()
    answers = [person.get("/account") for person in (*everybody[:8], newcomer)]
    assert [answer.status for answer in answers] == [200] * 9
    assert max(answer.seconds for answer in answers) < 5


@only_sqlite
@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (HEAD + b"Connection: close\r\n\r\n", b"HTTP/1.1 200 OK"),
        (POST + b"Content-Length: 11\r\nConnection: close\r\n\r\nemail=a%40b", b"HTTP/1.1 403 FORBIDDEN"),
        (HEAD + b"X-Long: " + 70_000 * b"x", b"HTTP/1.1 431 Request Header Fields Too Large"),
    ],
    ids=["head", "body", "long"],
)
def test_request_that_arrives_in_pieces_is_answered(site: Site, request_: bytes, status: bytes) -> None:
    size = max(len(request_) // 10, 1)
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as client:
        for start in range(0, len(request_), size):
            client.sendall(request_[start : start + size])
            time.sleep(0.05)
        assert client.recv(4096).split(b"\r\n")[0] == status


@only_sqlite
def test_two_requests_in_one_piece_are_both_answered(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as client:
        client.sendall(HEAD + b"\r\n" + HEAD + b"Connection: close\r\n\r\n")
        received = b""
        while piece := client.recv(4096):
            received += piece
    assert received.count(b"HTTP/1.1 200 OK") == 2
