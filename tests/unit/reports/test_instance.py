from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ethiek.reports.instance import current
from ethiek.reports.pki import TestPki
from ethiek.reports.source import digest
from ethiek.reports.verify_main import main

SHA256 = "ab" * 32


@contextmanager
def an_instance(body: bytes, status: int = 200, location: str = "") -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that gives one answer; the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_file_with_something_behind_the_issued_one_is_asked_about_twice() -> None:
    """Only what is known by the second question is known to be inside."""
    said = json.dumps({"status": "unknown"}).encode()
    with an_instance(said) as (address, asked):
        found = current(address, SHA256, "en", inside_sha256="cd" * 32)
    assert asked == [f"/controle/status.json?sha256={one * 32}" for one in ("ab", "cd")]
    assert found.sentence.endswith("it does not know this file as one that it issued.")


@pytest.mark.parametrize(
    ("status", "ok", "sentence"),
    [
        ("valid", True, "De organisatie zegt dat dit haar geldige advies is."),
        (
            "superseded",
            False,
            "De organisatie zegt dat dit advies niet geldt: er is een later advies over hetzelfde dossier.",
        ),
        ("withdrawn", False, "De organisatie zegt dat dit advies niet geldt: het is ingetrokken."),
        (
            "unknown",
            False,
            "De organisatie zegt dat dit advies niet geldt: zij kent dit bestand niet als door haar uitgegeven.",
        ),
    ],
)
def test_status_is_asked_by_the_hash_alone(status: str, ok: bool, sentence: str) -> None:
    with an_instance(json.dumps({"sha256": SHA256, "status": status}).encode()) as (url, asked):
        found = current(f"{url}/", SHA256, "nl")

    assert (found.code, found.ok, found.sentence) == ("status", ok, sentence)
    assert asked == [f"/controle/status.json?sha256={SHA256}"]


@pytest.mark.parametrize(
    ("body", "status", "location"),
    [
        (b"<html>Welkom</html>", 200, ""),
        (b'"valid"', 200, ""),
        (b'{"status": ["valid"]}', 200, ""),
        (b'{"status": "fine"}', 200, ""),
        (b'{"status": "valid", "sha256": "cd"}', 200, ""),
        (b"[" * 60_000, 200, ""),
        (b'{"status": "valid"}', 503, ""),
        (b'{"status": "valid"}', 302, "https://elsewhere.invalid/"),
    ],
)
def test_answer_that_says_nothing_is_no_pass(body: bytes, status: int, location: str) -> None:
    with an_instance(body, status, location) as (url, _):
        found = current(url, SHA256, "en")

    assert (found.ok, found.sentence) == (
        False,
        (
            "The organisation could not be asked whether this advice still holds: "
            "the answer could not be understood."
        ),
    )


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:9", "the address gave no answer"),
        ("http://ethiek.example.org", "the address is not an https address"),
        ("https://somebody@ethiek.example.org", "the address is not an https address"),
        ("file:///etc/passwd", "the address is not an https address"),
        ("https://[", "the address is not an https address"),
    ],
)
def test_address_that_does_not_answer_is_one_sentence(url: str, why: str) -> None:
    found = current(url, SHA256, "en")

    assert (found.ok, found.sentence) == (
        False,
        f"The organisation could not be asked whether this advice still holds: {why}.",
    )


def test_command_asks_the_instance_and_counts_its_answer(
    signed_file: Path, pki: TestPki, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = json.dumps({"sha256": digest(signed_file.read_bytes()), "status": "withdrawn"})
    with an_instance(answer.encode()) as (url, asked):
        online = main([str(signed_file), "--trust", str(pki.root), "--instance", url, "--language", "en"])
        offline = main([str(signed_file), "--trust", str(pki.root), "--offline"])

    assert (online, offline, len(asked)) == (1, 0, 1)
    assert (
        "  FAIL  The organisation says that this advice does not hold: it was withdrawn.\n"
        in capsys.readouterr().out
    )


def test_command_is_not_online_and_offline_at_once(signed_file: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(signed_file), "--offline", "--instance", "https://ethiek.example.org"])

    assert ended.value.code == 2
