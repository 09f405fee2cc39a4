"""Requests that no page of ours makes: nothing changes, and the answer is a 4xx."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from urllib.parse import urlencode
from uuid import UUID

import pytest
from sqlalchemy import func, select

from ethiek.models.dossiers import AnswerRevision
from tests.faults.http.person import FORM, Person
from tests.faults.http.saving import PLACES, SCRIPT, save_fields, url_of
from tests.faults.http.site import Site

pytestmark = pytest.mark.faults

PLACE = PLACES[0]
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def person(everybody: list[Person]) -> Person:
    everybody[0].steadily("/account")
    return everybody[0]


def revisions(site: Site, dossier_id: UUID) -> int:
    with site.reading() as session:
        return session.scalar(select(func.count()).where(AnswerRevision.dossier_id == dossier_id)) or 0


def a_save(csrf: str) -> dict[str, str]:
    return {**save_fields(PLACE, "Van een ander", 1), **({"csrf_token": csrf} if csrf else {})}


def raw(site: Site, request: bytes) -> bytes:
    """Send bytes, and return the status line of the answer."""
    with closing(socket.create_connection(("127.0.0.1", site.port), timeout=10)) as connection:
        connection.sendall(request)
        return connection.recv(4096).split(b"\r\n")[0]


def test_change_without_its_token_is_refused(
    site: Site, person: Person, everybody: list[Person], dossier_id: UUID
) -> None:
    before, url = revisions(site, dossier_id), url_of(dossier_id, PLACE)
    for token in ("", "nonsense", everybody[1].csrf):
        body = urlencode(a_save(token)).encode()
        assert person.send("POST", url, body, FORM | SCRIPT).status == 403
    assert revisions(site, dossier_id) == before


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "text/xml", ""])
def test_change_in_another_form_than_ours_is_refused(
    site: Site, person: Person, dossier_id: UUID, kind: str
) -> None:
    before, url = revisions(site, dossier_id), url_of(dossier_id, PLACE)
    body = urlencode(a_save(person.csrf)).encode()
    headers = {"X-CSRFToken": person.csrf, **SCRIPT, **({"Content-Type": kind} if kind else {})}
    assert person.send("POST", url, body, headers).status == 415
    assert revisions(site, dossier_id) == before


@pytest.mark.parametrize(
    "body",
    ["NaN", "[" * 100_000, '{"a": ' + "9" * 10_000 + "}", '{"a": 1, "a": 2}'],
    ids=["nan", "brackets", "digits", "twice"],
)
def test_json_is_refused(person: Person, dossier_id: UUID, body: str) -> None:
    url = url_of(dossier_id, PLACE)
    answer = person.send("POST", url, body.encode(), {"X-CSRFToken": person.csrf, **JSON, **SCRIPT})
    assert answer.status == 415
    assert answer.seconds < 5
    assert "message" in json.loads(answer.text)


def test_five_thousand_fields_are_refused(site: Site, person: Person, dossier_id: UUID) -> None:
    before, url = revisions(site, dossier_id), url_of(dossier_id, PLACE)
    many = a_save(person.csrf) | {f"field-{number}": "x" for number in range(5000)}
    assert person.send("POST", url, urlencode(many).encode(), FORM | SCRIPT).status == 413
    assert revisions(site, dossier_id) == before


def test_body_that_is_too_large_is_refused_before_it_is_there(
    site: Site, person: Person, dossier_id: UUID
) -> None:
    head = (
        f"POST {url_of(dossier_id, PLACE)} HTTP/1.1\r\nHost: localhost\r\nCookie: ethiek={person.cookie}\r\n"
    )
    length = f"Content-Type: {FORM['Content-Type']}\r\nContent-Length: 10000000000\r\n\r\n"
    assert raw(site, (head + length).encode()).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("chunks", ["zz\r\nrubbish\r\n0\r\n\r\n", "5\r\nabc", "-1\r\n\r\n"])
def test_body_without_a_length_is_refused(site: Site, person: Person, dossier_id: UUID, chunks: str) -> None:
    head = (
        f"POST {url_of(dossier_id, PLACE)} HTTP/1.1\r\nHost: localhost\r\nCookie: ethiek={person.cookie}\r\n"
    )
    length = f"Content-Type: {FORM['Content-Type']}\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert raw(site, (head + length + chunks).encode()).startswith(b"HTTP/1.1 411")


@pytest.mark.parametrize("method", ["TRACE", "FOO", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(site: Site, person: Person, dossier_id: UUID, method: str) -> None:
    before, url = revisions(site, dossier_id), url_of(dossier_id, PLACE)
    headers = {"X-CSRFToken": person.csrf, **FORM}
    answer = person.send(method, url, urlencode(a_save(person.csrf)).encode(), headers)
    assert answer.status == 405
    assert person.cookie not in answer.text
    assert revisions(site, dossier_id) == before


def test_other_hosts_are_refused(site: Site) -> None:
    request = b"GET /gezond HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert raw(site, request).startswith(b"HTTP/1.1 400")
