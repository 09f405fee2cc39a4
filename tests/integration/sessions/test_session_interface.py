from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask, Response
from flask import session as current_session
from flask.testing import FlaskClient
from sqlalchemy import event, select, text
from werkzeug.test import TestResponse

from ethiek import db
from ethiek.errors import ServiceUnavailableError
from ethiek.models.sessions import WebSession
from ethiek.services import sessions
from ethiek.web.session_interface import install
from tests.conftest import AT, Database

NOOR = UUID(int=1)
COOKIE = "__Host-ethiek"


@dataclass
class Clock:
    at: datetime = AT

    def __call__(self) -> datetime:
        return self.at

    def forward(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def web(storage_app: Flask, clock: Clock) -> Flask:
    install(storage_app, secure=True, clock=clock)
    storage_app.add_url_rule("/<action>", view_func=act)
    storage_app.register_error_handler(ServiceUnavailableError, lambda _: ("later", 503))
    return storage_app


def act(action: str) -> str:
    match action:
        case "sign-in":
            current_session["_user_id"] = str(NOOR)
        case "sign-in-anew":
            current_session.clear()
            current_session["_user_id"] = str(NOOR)
        case "step-up":
            current_session.renew()  # type: ignore[attr-defined]  # Flask types its session as any mapping
        case "sign-out":
            current_session.clear()
        case "count":
            current_session["count"] = current_session.get("count", 0) + 1
        case "look":
            return f"{current_session.get('_user_id', 'nobody')} {current_session.get('count', 0)}"
        case "nothing":
            pass
    return action


@pytest.fixture
def browser(web: Flask) -> Iterator[FlaskClient]:
    with web.test_client() as client:
        yield client


def get(browser: FlaskClient, action: str) -> TestResponse:
    return browser.get(f"/{action}", base_url="https://localhost")


def cookie_of(browser: FlaskClient) -> str | None:
    cookie = browser.get_cookie(COOKIE)
    return cookie.value if cookie else None


def other_browser(web: Flask, cookie: str) -> FlaskClient:
    client = web.test_client()
    client.set_cookie(COOKIE, cookie, secure=True)
    return client


def rows(database: Database) -> list[tuple[UUID | None, datetime]]:
    with database.engine.connect() as connection:
        found = connection.execute(select(WebSession.user_id, WebSession.last_seen_at))
        return [(row.user_id, row.last_seen_at) for row in found]


def test_visit_without_contents_leaves_nothing_behind(browser: FlaskClient, database: Database) -> None:
    assert "Set-Cookie" not in get(browser, "nothing").headers
    assert "Set-Cookie" not in get(browser, "look").headers
    assert rows(database) == []


def test_cookie_is_as_closed_as_it_can_be(browser: FlaskClient) -> None:
    header = get(browser, "count").headers["Set-Cookie"]
    name_and_value, *attributes = header.split("; ")
    name, value = name_and_value.split("=", 1)
    assert (name, len(value)) == ("__Host-ethiek", 43)
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]


def test_cookie_of_a_demonstration_needs_no_https(storage_app: Flask) -> None:
    install(storage_app, secure=False)
    storage_app.add_url_rule("/<action>", view_func=act)
    name_and_value, *attributes = storage_app.test_client().get("/count").headers["Set-Cookie"].split("; ")
    assert name_and_value.split("=", 1)[0] == "ethiek"
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Lax"]


def test_contents_come_back_at_the_next_request(browser: FlaskClient, database: Database) -> None:
    get(browser, "count")
    get(browser, "count")
    look = get(browser, "look")
    assert (look.text, look.headers["Vary"]) == ("nobody 2", "Cookie")
    assert rows(database) == [(None, AT)]


def test_sign_in_gives_a_new_id_and_the_planted_one_is_worthless(web: Flask, browser: FlaskClient) -> None:
    get(browser, "count")
    planted = cookie_of(browser)
    assert planted is not None
    get(browser, "sign-in")

    assert cookie_of(browser) != planted
    assert get(browser, "look").text == f"{NOOR} 1"
    assert get(other_browser(web, planted), "look").text == "nobody 0"


def test_sign_in_anew_is_a_new_session_also_for_the_same_user(
    web: Flask, browser: FlaskClient, clock: Clock, database: Database
) -> None:
    get(browser, "sign-in")
    get(browser, "count")
    before = cookie_of(browser)
    assert before is not None
    clock.forward(20)
    get(browser, "sign-in-anew")

    assert cookie_of(browser) not in {None, before}
    assert get(browser, "look").text == f"{NOOR} 0"
    assert get(other_browser(web, before), "look").text == "nobody 0"
    assert rows(database) == [(NOOR, clock.at)]


def test_message_after_ending_all_sessions_reaches_its_reader(web: Flask, browser: FlaskClient) -> None:
    def end_all() -> str:
        with db.transaction() as session:
            sessions.end_all(session, NOOR)
        current_session.clear()
        current_session["count"] = 5
        return "ended"

    web.add_url_rule("/end/all", view_func=end_all)
    get(browser, "sign-in")
    get(browser, "end/all")
    assert get(browser, "look").text == "nobody 5"


def test_invented_id_is_never_adopted(web: Flask, database: Database) -> None:
    browser = other_browser(web, "x" * 43)
    get(browser, "sign-in")
    assert cookie_of(browser) not in {None, "x" * 43}
    assert rows(database) == [(NOOR, AT)]


def test_step_up_gives_a_new_id(web: Flask, browser: FlaskClient) -> None:
    get(browser, "sign-in")
    before = cookie_of(browser)
    assert before is not None
    get(browser, "step-up")
    assert get(browser, "look").text == f"{NOOR} 0"
    assert get(other_browser(web, before), "look").text == "nobody 0"


def test_copied_cookie_is_worthless_after_sign_out(
    web: Flask, browser: FlaskClient, database: Database
) -> None:
    get(browser, "sign-in")
    copied = cookie_of(browser)
    assert copied is not None
    get(browser, "sign-out")

    assert cookie_of(browser) is None
    assert get(other_browser(web, copied), "look").text == "nobody 0"
    assert rows(database) == []


def test_ended_sessions_are_signed_out_at_the_next_request(web: Flask, browser: FlaskClient) -> None:
    get(browser, "sign-in")
    with web.app_context(), db.transaction() as session:
        assert sessions.end_all(session, NOOR) == 1
    assert get(browser, "look").text == "nobody 0"


def test_session_that_ends_during_a_request_stays_ended(
    web: Flask, browser: FlaskClient, database: Database
) -> None:
    def end_meanwhile() -> str:
        current_session["count"] = 7
        current_session.renew()  # type: ignore[attr-defined]
        with db.transaction() as session:
            sessions.end_all(session, NOOR)
        return "ended"

    web.add_url_rule("/end/meanwhile", view_func=end_meanwhile)
    get(browser, "sign-in")
    get(browser, "end/meanwhile")
    assert get(browser, "look").text == "nobody 0"
    assert rows(database) == []


def test_half_an_hour_without_action_signs_out(browser: FlaskClient, clock: Clock) -> None:
    get(browser, "sign-in")
    clock.forward(29)
    assert get(browser, "look").text == f"{NOOR} 0"
    clock.forward(29)
    assert get(browser, "look").text == f"{NOOR} 0"
    clock.forward(30)
    assert get(browser, "look").text == "nobody 0"


def test_twelve_hours_of_steady_work_sign_out(browser: FlaskClient, clock: Clock) -> None:
    get(browser, "sign-in")
    seen = []
    for _ in range(37):
        clock.forward(20)
        seen.append(get(browser, "count").text and get(browser, "look").text.split()[0])
    assert seen == [str(NOOR)] * 35 + ["nobody"] * 2


def test_seen_is_written_once_a_minute(browser: FlaskClient, clock: Clock, database: Database) -> None:
    get(browser, "sign-in")
    clock.forward(1)
    get(browser, "look")
    assert rows(database) == [(NOOR, AT)]
    clock.forward(0.1)
    get(browser, "look")
    assert rows(database) == [(NOOR, clock.at)]


def test_request_with_cookie_asks_one_question_and_static_files_none(
    web: Flask, browser: FlaskClient
) -> None:
    get(browser, "sign-in")
    asked: list[str] = []
    with web.app_context():
        engine = db.db.engine

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    get(browser, "look")
    get(browser, "static/absent.css")
    event.remove(engine, "before_cursor_execute", note)
    assert [statement.split()[0] for statement in asked if not statement.startswith("BEGIN")] == ["SELECT"]


def test_database_that_cannot_be_read_is_answered_503(
    web: Flask, browser: FlaskClient, database: Database
) -> None:
    get(browser, "sign-in")
    take_away(web, database)
    assert (get(browser, "look").status_code, get(browser, "static/absent.css").status_code) == (503, 404)


def test_sign_out_that_cannot_be_written_does_not_claim_success(
    web: Flask, browser: FlaskClient, database: Database
) -> None:
    def sign_out() -> Response:
        current_session.clear()
        take_away(web, database)
        return Response(status=303, headers={"Location": "/"})

    web.add_url_rule("/out/now", view_func=sign_out)
    get(browser, "sign-in")
    answer = get(browser, "out/now")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "Location" not in answer.headers


def test_visit_that_cannot_be_noted_is_answered_all_the_same(
    web: Flask, browser: FlaskClient, clock: Clock, database: Database
) -> None:
    def look_and_lose() -> str:
        take_away(web, database)
        return "seen"

    web.add_url_rule("/look/lose", view_func=look_and_lose)
    get(browser, "sign-in")
    clock.forward(2)
    answer = get(browser, "look/lose")
    assert (answer.status_code, answer.text) == (200, "seen")


def test_session_knows_its_own_name_in_the_list(web: Flask, browser: FlaskClient) -> None:
    def own_name() -> str:
        return str(current_session.id_sha256)  # type: ignore[attr-defined]

    web.add_url_rule("/own/name", view_func=own_name)
    assert get(browser, "own/name").text == "None"
    get(browser, "sign-in")
    cookie = cookie_of(browser)
    assert cookie is not None
    assert get(browser, "own/name").text == sessions.hash_of(cookie)


def test_sign_out_of_nobody_changes_nothing(browser: FlaskClient, database: Database) -> None:
    assert get(browser, "sign-out").status_code == 200
    assert rows(database) == []


def take_away(web: Flask, database: Database) -> None:
    """Let the database be gone: its file has no readable bytes, or its server refuses it."""
    with web.app_context():
        db.db.engine.dispose()
    database.engine.dispose()
    if database.dialect == "sqlite":
        file = db.database_file(database.engine)
        assert file is not None
        file.rename(file.with_name("away"))
        file.mkdir()
    else:
        name = database.engine.url.database
        admin = db.make_engine(database.engine.url.set(database="postgres"))
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        admin.dispose()
