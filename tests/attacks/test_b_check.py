"""B10, D1, E5, E6, F12, F15: strangers at the public check, with what strangers bring."""

from __future__ import annotations

import io
import time
import zlib

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from ethiek.models.sessions import LoginAttempt
from ethiek.services import throttle
from ethiek.web.security import HEADERS
from ethiek.web.verification import LARGEST_UPLOAD
from tests.attacks.corpus import SCRIPTS
from tests.attacks.test_f_text import is_harmless
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, Writing

pytestmark = only_sqlite

BOMB = zlib.compress(zlib.compress(b"\0" * 2**28, 9), 9)
"""256 MiB of nothing, in some hundred bytes."""


def pdf_with(stream: bytes, kind: bytes) -> bytes:
    """A PDF of which one stream, that every reader opens first, unfolds twice."""
    head = (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    )
    at = len(head)
    body = (
        b"3 0 obj\n<</Type/%s/N 1000000/First 0/Size 4/W[1 2 1]/Root 1 0 R/Length %d"
        b"/Filter[/FlateDecode/FlateDecode]>>"
    )
    return (
        head
        + body % (kind, len(stream))
        + b"\nstream\n"
        + stream
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at
    )


LOOP = (
    b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[2 0 R]/Parent 2 0 R"
    b"/Count 1>>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 3/Root 1 0 R/Prev 118>>\n"
    b"startxref\n118\n%%EOF\n"
)
HOSTILE = {
    "empty": b"",
    "text": b"Dit is geen pdf.",
    "page": b"<html><script>alert(1)</script></html>",
    "cut off": b"%PDF-1.7\n1 0 obj\n<</Type/Cat",
    "bomb in the table": pdf_with(BOMB, b"XRef"),
    "bomb in the objects": pdf_with(BOMB, b"ObjStm"),
    "loop": LOOP,
    "brackets": b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000 + b"\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF",
}


@pytest.fixture
def stranger(app: Flask) -> Browser:
    browser = Browser(app.test_client())
    browser.get("/controle")
    return browser


def send(stranger: Browser, data: bytes, name: str = "advies.pdf") -> TestResponse:
    answer = stranger.post("/controle", {"file": (io.BytesIO(data), name)})
    answer.request.environ["wsgi.input"].close()  # the test client leaves a large body open
    return answer


@pytest.mark.parametrize("what", HOSTILE)
def test_b10_hostile_file_is_answered_in_time_and_is_no_report(stranger: Browser, what: str) -> None:
    began = time.monotonic()
    answer = send(stranger, HOSTILE[what])
    assert time.monotonic() - began < 30
    assert answer.status_code == 200
    refused = ("This file cannot be checked", "This is not a report that was issued here")
    assert [sentence in answer.text for sentence in refused].count(True) >= 1
    assert "genuine" not in answer.text
    assert is_harmless(answer.text)


def test_f15_file_over_the_limit_is_refused(stranger: Browser) -> None:
    answer = send(stranger, b"%PDF-1.7\n" + b" " * LARGEST_UPLOAD)
    assert (answer.status_code, "too large: at most 16 MB" in answer.text) == (422, True)
    assert send(stranger, b"%PDF-1.7\n" + b" " * 2**26).status_code == 413
    assert stranger.get("/controle").status_code == 200


def test_f15_more_files_or_another_field_are_refused(stranger: Browser) -> None:
    two = [(io.BytesIO(b"%PDF-"), "a.pdf"), (io.BytesIO(b"%PDF-"), "b.pdf")]
    assert stranger.post("/controle", {"file": two}).status_code == 400
    assert stranger.post("/controle", {"other": (io.BytesIO(b"%PDF-"), "a.pdf")}).status_code == 400


@pytest.mark.parametrize("script", SCRIPTS[:5])
def test_f1_name_of_a_file_is_never_shown(stranger: Browser, script: str) -> None:
    page = send(stranger, b"Dit is geen pdf.", script.replace("\n", " ")).text
    assert is_harmless(page)
    assert script not in page


def test_e6_file_without_a_token_is_refused(app: Flask) -> None:
    client = app.test_client()
    answer = client.post("/controle", data={"file": (io.BytesIO(b"%PDF-1.7"), "a.pdf")})
    assert answer.status_code == 403
    answer = client.post("/controle", data=b"%PDF-1.7", content_type="application/pdf")
    assert answer.status_code == 415


def from_address(app: Flask, address: str) -> Browser:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    browser = Browser(client)
    browser.get("/controle")
    return browser


def test_d1_files_of_one_address_are_counted(app: Flask) -> None:
    tries = throttle.check_limits("")[0].tries
    first, second = (from_address(app, address) for address in ("192.0.2.1", "192.0.2.2"))
    assert {send(first, b"geen pdf").status_code for _try in range(tries)} == {200}
    answer = send(first, b"geen pdf")
    assert (answer.status_code, 0 < int(answer.headers["Retry-After"]) <= 300) == (429, True)
    assert send(second, b"geen pdf").status_code == 200
    assert first.get(f"/controle/{'0' * 20}").status_code == 404  # looking up is counted apart


def test_d1_codes_cannot_be_tried_one_after_another(app: Flask, writing: Writing) -> None:
    tries = throttle.lookup_limits("")[0].tries
    first, second = (from_address(app, address) for address in ("192.0.2.1", "192.0.2.2"))
    codes = {first.get(f"/controle/{number:020x}").status_code for number in range(tries)}
    page, program = first.get(f"/controle/{'f' * 20}"), first.get(f"/controle/status.json?sha256={'0' * 64}")
    assert (codes, page.status_code, program.status_code, program.json) == (
        {404},
        429,
        429,
        {"error": "too_many"},
    )
    assert {int(answer.headers["Retry-After"]) > 0 for answer in (page, program)} == {True}
    assert second.get(f"/controle/{'f' * 20}").status_code == 404
    with writing() as session:
        kept = session.scalars(select(LoginAttempt.key)).all()
        assert not any("192.0.2" in key for key in kept)
        assert session.scalar(select(func.count()).select_from(LoginAttempt)) == 2


def test_h1_every_answer_of_the_check_carries_the_headers(stranger: Browser) -> None:
    answers = [
        stranger.get("/controle"),
        stranger.get("/controle/onbekend"),
        stranger.get(f"/controle/status.json?sha256={'0' * 64}"),
        stranger.get("/controle/status.json"),
        send(stranger, b"geen pdf"),
    ]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answer.headers["Cache-Control"] == "no-store"
