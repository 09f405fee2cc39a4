"""D: signing in and sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from ethiek.domain.actors import Role
from ethiek.models.audit import AuditEvent
from ethiek.services import users
from ethiek.services.users import Grant
from tests.builders import PASSWORD, ROLES, World, email_of
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, Writing

pytestmark = [only_sqlite, pytest.mark.usefixtures("world")]
SignIn = Callable[[str], Browser]


def enter(app: Flask, email: str, password: str, target: str = "") -> TestResponse:
    browser = Browser(app.test_client())
    browser.get("/inloggen")
    return browser.post(f"/inloggen{target}", {"email": email, "password": password})


def cookie(browser: Browser) -> str:
    found = browser.client.get_cookie("ethiek")
    assert found is not None
    return found.value


def test_d1_eleventh_failed_try_is_429_and_later_the_right_password_works(app: Flask) -> None:
    at = datetime.fromisoformat("2026-03-02T09:30:00+00:00")
    codes = [enter(app, email_of("Noor"), "een verkeerd wachtwoord").status_code for _ in range(10)]
    assert codes == [422] * 10
    blocked = enter(app, email_of("Noor"), PASSWORD)
    assert blocked.status_code == 429
    wait = int(blocked.headers["Retry-After"])
    assert 0 < wait <= 300
    app.extensions["clock"] = lambda: at + timedelta(seconds=wait)
    assert enter(app, email_of("Noor"), PASSWORD).status_code == 303


def test_d1_other_accounts_from_elsewhere_are_not_affected(app: Flask) -> None:
    for _ in range(11):
        enter(app, email_of("Noor"), "een verkeerd wachtwoord")
    browser = Browser(app.test_client())
    browser.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    browser.get("/inloggen")
    answer = browser.post("/inloggen", {"email": email_of("Sem"), "password": PASSWORD})
    assert answer.status_code == 303


@pytest.mark.parametrize("password", ["x" * 1_000_000, "een\x00wachtwoord"], ids=["1 MB", "NUL"])
def test_d2_what_cannot_be_a_password_is_400_and_not_hashed(app: Flask, password: str) -> None:
    browser = Browser(app.test_client())
    browser.get("/inloggen")
    began = perf_counter()
    answer = browser.post("/inloggen", {"email": email_of("Noor"), "password": password})
    assert (answer.status_code, perf_counter() - began < 1.0) == (400, True)


def test_d2_empty_password_is_told_at_its_field(app: Flask) -> None:
    answer = enter(app, email_of("Noor"), "")
    assert (answer.status_code, "Fill in your password." in answer.text) == (422, True)


def test_d4_unknown_wrong_and_disabled_are_told_the_same(app: Flask, world: World, writing: Writing) -> None:
    with writing() as session:
        users.set_active(session, email_of("Omar"), active=False, stamp=world.stamp(session, "Ada"))
    tries = [(email_of("Noor"), "verkeerd"), (email_of("niemand"), PASSWORD), (email_of("Omar"), PASSWORD)]
    answers = [enter(app, email, password) for email, password in tries]
    assert {answer.status_code for answer in answers} == {422}
    assert all("do not belong together" in answer.text for answer in answers)


def test_refused_sign_in_is_one_event_without_the_name(app: Flask, writing: Writing) -> None:
    enter(app, "marker-naam@voorbeeld.example", "marker-wachtwoord")
    with writing() as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.action == "sign_in")).all()
        assert [(row.result, row.actor_id) for row in rows] == [("refused", None)]
        assert "marker" not in rows[0].body


OTHER = "een heel ander wachtwoord"
CHANGES: dict[str, Callable[..., object]] = {
    "password": lambda session, stamp: users.set_password(session, email_of("Noor"), OTHER, stamp),
    "roles": lambda session, stamp: users.set_roles(
        session, email_of("Noor"), [Grant(Role.SUBMITTER)], stamp
    ),
    "disabled": lambda session, stamp: users.set_active(session, email_of("Noor"), active=False, stamp=stamp),
}


@pytest.mark.parametrize("change", CHANGES)
def test_d6_session_ends_when_account_changes(
    sign_in: SignIn, world: World, writing: Writing, change: str
) -> None:
    noor = sign_in("Noor")
    assert noor.get("/dossiers").status_code == 200
    with writing() as session:
        CHANGES[change](session, world.stamp(session, "Ada"))
    assert noor.get("/dossiers").status_code == 303
    assert noor.client.get("/csrf", headers={"Accept": "application/json"}).status_code == 401


def test_d6_copied_cookie_is_worth_nothing_after_signing_out(app: Flask, sign_in: SignIn) -> None:
    noor = sign_in("Noor")
    thief = app.test_client()
    thief.set_cookie("ethiek", cookie(noor))
    assert thief.get("/dossiers").status_code == 200
    assert noor.post("/uitloggen").status_code == 303
    assert thief.get("/dossiers").status_code == 303


def test_d6_all_sessions_end_at_once(sign_in: SignIn) -> None:
    here, there = sign_in("Noor"), sign_in("Noor")
    assert here.post("/account/sessies/beeindigen").status_code == 303
    assert (here.get("/dossiers").status_code, there.get("/dossiers").status_code) == (303, 303)


def test_d7_cookie_from_before_signing_in_is_another_one(app: Flask) -> None:
    browser = Browser(app.test_client())
    browser.get("/inloggen")
    planted = cookie(browser)
    browser.post("/inloggen", {"email": email_of("Noor"), "password": PASSWORD})
    assert cookie(browser) != planted
    victim = app.test_client()
    victim.set_cookie("ethiek", planted)
    assert victim.get("/dossiers").status_code == 303


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "%2f%2fevil.example",
     "/%2fevil.example", "/%5cevil.example", "javascript:alert(1)", "/\tevil", " //evil.example", "\\\\evil.example",
     "", "///evil.example", "/ /evil"],
)  # fmt: skip
def test_d14_only_a_path_on_this_site_is_followed(app: Flask, target: str) -> None:
    browser = Browser(app.test_client())
    browser.get("/inloggen")
    answer = browser.client.post(
        "/inloggen",
        query_string={"next": target},
        data={"csrf_token": browser.token, "email": email_of("Noor"), "password": PASSWORD},
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_d14_path_on_this_site_is_followed(app: Flask) -> None:
    answer = enter(app, email_of("Noor"), PASSWORD, "?next=/dossiers%3Fna%3Dx")
    assert answer.headers["Location"] == "/dossiers?na=x"


def test_d15_no_account_exists_by_itself(writing: Writing) -> None:
    with writing() as session:
        assert {user.name for user in users.everybody(session)} == set(ROLES)


def test_sign_in_and_out_are_events(sign_in: SignIn, world: World, writing: Writing) -> None:
    noor = sign_in("Noor")
    noor.post("/uitloggen")
    with writing() as session:
        rows = session.execute(
            select(AuditEvent.action, AuditEvent.result, AuditEvent.actor_id)
            .where(AuditEvent.object_type == "user", AuditEvent.actor_id == world.ids["Noor"])
            .order_by(AuditEvent.seq)
        ).all()
        assert [tuple(row) for row in rows] == [
            ("sign_in", "done", world.ids["Noor"]),
            ("sign_out", "done", world.ids["Noor"]),
        ]
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 3
