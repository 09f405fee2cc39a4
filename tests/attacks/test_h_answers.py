"""H and E6: headers on every kind of answer, errors that tell nothing, and changes that only our own pages make."""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

import html5lib
import pytest
from flask import Flask
from sqlalchemy import func, select

from ethiek.domain.workflow import Status
from ethiek.models.audit import AuditEvent
from ethiek.models.dossiers import Dossier
from ethiek.web.security import HEADERS
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, Writing

pytestmark = [only_sqlite, pytest.mark.usefixtures("world")]
SignIn = Callable[[str], Browser]
Make = Callable[..., UUID]
JSON = {"Accept": "application/json"}


def test_h1_every_kind_of_answer_carries_the_headers(app: Flask, sign_in: SignIn, dossier_in: Make) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    noor, nobody = sign_in("Noor"), app.test_client()
    answers = {
        "page": noor.client.get("/dossiers"),
        "public page": nobody.get("/inloggen"),
        "json": noor.client.get("/csrf", headers=JSON),
        "redirect": noor.client.get("/"),
        "to sign in": nobody.get("/dossiers"),
        "401": nobody.get("/dossiers", headers=JSON),
        "404": noor.client.get("/nergens"),
        "404 dossier": noor.client.get(f"/dossiers/{UUID(int=1)}"),
        "403": noor.client.get("/archief"),
        "405": noor.client.delete("/dossiers"),
        "403 token": noor.client.post(f"/dossiers/{dossier_id}/intrekken"),
        "428": noor.post(f"/dossiers/{dossier_id}/intrekken"),
        "422": noor.post("/dossiers/nieuw"),
        "400 host": nobody.get("/inloggen", headers={"Host": "evil.example"}),
        "static": nobody.get("/static/css/theme.css"),
        "no static": nobody.get("/static/nergens.css"),
    }
    for name, answer in answers.items():
        assert {header: answer.headers.get(header) for header in HEADERS} == HEADERS, name
        if name != "static":
            assert answer.headers["Cache-Control"] == "no-store", name
    answers["static"].close()
    kinds = {name: answer.status_code for name, answer in answers.items()}
    assert kinds == {
        "page": 200, "public page": 200, "json": 200, "redirect": 303, "to sign in": 303, "401": 401, "404": 404,
        "404 dossier": 404, "403": 403, "405": 405, "403 token": 403, "428": 428, "422": 422, "400 host": 400,
        "static": 200, "no static": 404,
    }  # fmt: skip


def test_h1_secure_connections_are_kept_secure(app: Flask) -> None:
    answer = app.test_client().get("/inloggen", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


@pytest.mark.parametrize("wanted", ["text/html", "application/json"])
def test_h3_bug_shows_no_trace_and_logs_no_message(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture, wanted: str
) -> None:
    word = "geheim"  # apart, so that a line of code in the trace does not hold the message

    def broken() -> str:
        raise ZeroDivisionError(f"marker-{word}")

    noor = sign_in("Noor")
    app.view_functions["pages.instruments"] = broken
    broken.permission = "account_use"  # type: ignore[attr-defined]
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with caplog.at_level(logging.ERROR):
        answer = noor.client.get("/instrumenten", headers={"Accept": wanted})
    assert answer.status_code == 500
    for word in ("Traceback", "ZeroDivisionError", "marker-geheim", ".py", "Werkzeug", "Python"):
        assert word not in answer.text
        assert word not in str(answer.headers)
    assert "ZeroDivisionError" in caplog.text
    assert "marker-geheim" not in caplog.text


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "localhost@evil.example",
        "127.0.0.1",
        "[::1]",
        "localhost:x",
        "",
    ],
)
def test_h4_other_hosts_are_400(app: Flask, host: str) -> None:
    assert app.test_client().get("/inloggen", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND", "ONZIN"])
def test_h5_other_methods_are_405(sign_in: SignIn, method: str) -> None:
    assert sign_in("Noor").client.open("/dossiers", method=method).status_code == 405


def withdrawals(writing: Writing, dossier_id: UUID) -> tuple[Status, int]:
    with writing() as session:
        refused = select(func.count()).select_from(AuditEvent).where(AuditEvent.result == "refused")
        return session.get_one(Dossier, dossier_id).status, session.scalar(refused) or 0


def test_e6_change_without_our_own_token_is_403_and_changes_nothing(
    sign_in: SignIn, dossier_in: Make, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    noor, other = sign_in("Noor"), sign_in("Sem")
    url, fields = f"/dossiers/{dossier_id}/intrekken", {"revision": "2"}
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answers = [
        noor.client.post(url, data=fields),
        noor.client.post(url, data={**fields, "csrf_token": "x"}),
        noor.client.post(url, data={**fields, "csrf_token": other.token}),
        noor.client.post(url, data=fields, headers=foreign),
        noor.client.post(url, data={**fields, "csrf_token": noor.token}, headers=foreign),
        noor.client.post(url, data=f"csrf_token={noor.token}&revision=2", content_type="text/plain"),
        noor.client.post(url, json={"csrf_token": noor.token, "revision": 2}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5 + [415] * 2
    assert withdrawals(writing, dossier_id) == (Status.DRAFT, 7)


def test_pages_of_the_team_are_valid_html(sign_in: SignIn, dossier_in: Make) -> None:
    dossier_id = dossier_in(Status.CHANGES_REQUESTED)
    noor = sign_in("Noor")
    base = f"/dossiers/{dossier_id}"
    urls = [
        "/dossiers",
        "/dossiers/nieuw",
        "/account",
        "/instrumenten",
        "/privacy",
        "/toegankelijkheid",
        base,
    ]
    urls += [
        f"{base}/{page}" for page in ("gegevens", "team", "indienen", "intrekken", "vragen/1.1", "vragen/2.1")
    ]
    urls += [f"{base}/vragen/2.2", f"{base}/vragen/1.1/1.1.1/versies", f"{base}/opmerkingen", "/nergens"]
    for url in urls:
        parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
        document = parser.parse(noor.get(url).text)
        assert [code for _place, code, _facts in parser.errors] == [], url
        labels = {element.attrib.get("for") for element in document.iter("label")}
        for field in (one for one in document.iter() if one.tag in {"input", "textarea", "select"}):
            if field.attrib.get("type") not in {"hidden", "submit"}:
                named = (
                    field.attrib.get("id") in labels
                    or "aria-label" in field.attrib
                    or "aria-labelledby" in field.attrib
                )
                assert named, (url, field.attrib.get("name"))
        ids = [
            element.attrib["id"]
            for element in document.iter()
            if isinstance(element.tag, str) and "id" in element.attrib
        ]
        assert len(ids) == len(set(ids)), url
