"""The autosave script in a real browser, against a server that can be made to fail.

The server here knows only the agreement between script and server; the rules are tested elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
from flask import Flask, jsonify, redirect, render_template_string, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from playwright.sync_api import Browser, Dialog, Locator, Page, expect
from werkzeug.serving import make_server
from wtforms import FieldList, Form, FormField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice

pytestmark = pytest.mark.browser
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGE = """{% extends "base.html" %}
{% from "macros/layout.html" import progress %}
{% from "macros/questions.html" import question, question_form, save_bar, stops %}
{% block main %}<h1>Doel</h1>{{ progress(0, 3, "Voortgang", live=True) }}{{ stops([]) }}
{% call question_form("/deel", "/csrf", "/inloggen") %}{% for q in questions %}{{ question(q) }}{% endfor %}
{{ save_bar() }}{% endcall %}{% endblock %}"""


class Base(Form):  # type: ignore[misc]  # WTForms has no types
    revision = HiddenField()
    token = HiddenField()


class OpenForm(Base):
    text = TextAreaField("Antwoord")


class ChoiceForm(Base):
    choice = RadioField("Keuze", choices=[SelectChoice("yes", "Ja"), SelectChoice("no", "Nee")])


class RowForm(Form):  # type: ignore[misc]
    what = StringField("Actiepunt")


class TableForm(Base):
    rows = FieldList(FormField(RowForm), min_entries=1, max_entries=3)


FORMS = {"q-1": OpenForm, "q-2": ChoiceForm, "q-3": TableForm, "q-4": OpenForm}


@dataclass
class Server:
    """What the server has, and how it misbehaves. ``answers``: key -> posted fields without bookkeeping."""

    url: str = ""
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    plain_posts: int = 0
    status: int = 200
    signed_out: bool = False

    def somebody_else_saves(self, text: str) -> None:
        self.answers["q-1"] = {"q-1-text": text}
        self.revisions["q-1"] = self.revisions.get("q-1", 0) + 1

    def autosave(self) -> ResponseReturnValue:
        (key,) = {name.rsplit("-", 1)[0] for name in request.form if name.endswith("-revision")}
        posted = {name: value.replace("\r\n", "\n") for name, value in request.form.items()}
        del posted["csrf_token"]
        self.tokens.append(posted.pop(f"{key}-token"))
        seen, now = int(posted.pop(f"{key}-revision") or 0), self.revisions.get(key, 0)
        if self.signed_out:
            return jsonify(login_url="/inloggen"), 401
        if self.status != 200:
            return jsonify(errors={key: {"text": ["Te <b>lang</b>."]}}), self.status
        if seen != now:
            theirs = self.answers[key]
            found = {
                "revision": now,
                "by": "Sem",
                "at": "10:50",
                "theirs": theirs["q-1-text"],
                "theirs_fields": theirs,
            }
            return jsonify(conflict={key: found}), 409
        self.answers[key], self.revisions[key] = posted, now + 1
        yes = self.answers.get("q-2") == {"q-2-choice": "yes"}
        return jsonify(
            saved={key: {"revision": now + 1, "at": "10:42", "by": "Noor"}},
            visible={"q-4": yes},
            progress={"done": len(self.answers), "total": 3},
            stops=[{"effect": "stop", "reason": "Geen <b>doel</b>."}] if yes else [],
        )

    def show(self) -> str:
        views = []
        for key, form_class in FORMS.items():
            form = form_class(prefix=key)
            form.revision.data = str(self.revisions.get(key, 0))
            nothing = dict.fromkeys(
                ["why", "help", "note", "conflict", "saved_at", "saved_by", "history_url", "number"]
            )
            lists: dict[str, list[str]] = {"who": [], "markers": [], "recalls": [], "words": []}
            view = {
                "key": key,
                "language": "en",
                "text": f"Vraag {key}",
                "form": form,
                "hidden": key == "q-4",
                **nothing,
                **lists,
            }
            views.append(SimpleNamespace(**view))
        return render_template_string(PAGE, questions=views)


def add_routes(app: Flask, server: Server) -> None:
    @app.after_request
    def protect(response: ResponseReturnValue) -> ResponseReturnValue:
        response.headers["Content-Security-Policy"] = CSP  # type: ignore[union-attr]
        return response

    @app.route("/deel", methods=["GET", "POST"])
    def part() -> ResponseReturnValue:
        if request.method == "GET":
            return server.show()
        if request.headers.get("Accept") == "application/json":
            return server.autosave()
        server.plain_posts += 1
        return redirect("/klaar", 303)

    app.add_url_rule("/klaar", view_func=lambda: "<title>Klaar</title>", endpoint="ready")
    app.add_url_rule("/csrf", view_func=lambda: jsonify(csrf=generate_csrf()), endpoint="csrf")


@pytest.fixture(scope="module")
def running(app_factory: Callable[[], Flask]) -> Iterator[Server]:
    server, app = Server(), app_factory()
    add_routes(app, server)
    wsgi = make_server("127.0.0.1", 0, app, threaded=True)
    server.url = f"http://127.0.0.1:{wsgi.server_port}"
    Thread(target=wsgi.serve_forever, daemon=True).start()
    yield server
    wsgi.shutdown()
    wsgi.server_close()


@pytest.fixture
def server(running: Server) -> Server:
    running.__init__(url=running.url)  # type: ignore[misc]  # the same object, which the routes know, as new
    return running


@pytest.fixture
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Policy" in message.text else None)
    page.goto(f"{server.url}/deel")
    yield page
    assert (
        page.evaluate("location.protocol === 'http:' ? localStorage.length + sessionStorage.length : 0") == 0
    )
    context.close()
    assert faults == []


def question(page: Page, key: str = "q-1") -> Locator:
    return page.locator(f"#{key}")


def wait_for(page: Page, state: str, key: str = "q-1") -> None:
    status = question(page, key).locator("[data-save-status]")
    expect(status).to_have_attribute("data-state", state, timeout=10000)


def write(page: Page, text: str) -> None:
    page.get_by_label("Vraag q-1").fill(text)


def test_text_is_saved_by_itself(page: Page, server: Server) -> None:
    write(page, "Eerste regel\ntweede")
    wait_for(page, "saved")
    assert (server.answers, server.revisions) == ({"q-1": {"q-1-text": "Eerste regel\ntweede"}}, {"q-1": 1})
    expect(question(page).locator("[data-save-text]")).to_have_text("Saved at 10:42")
    expect(page.locator("[data-announcer]")).to_have_text("Saved at 10:42")


def test_choice_shows_question_progress_and_stop_reason_as_text(page: Page) -> None:
    expect(question(page, "q-4")).to_be_hidden()
    page.get_by_label("Ja").check()
    expect(question(page, "q-4")).to_be_visible()
    expect(page.locator("[data-stop-list] [data-stop-reason]")).to_have_text(["Geen <b>doel</b>."])
    expect(page.locator("[data-progress-text]")).to_have_text("1 of 3")
    page.get_by_label("Nee").check()
    expect(question(page, "q-4")).to_be_hidden()
    expect(page.locator("[data-stop-list] [data-stop-reason]")).to_have_count(0)


@pytest.mark.parametrize("trouble", ["offline", "failed"])
def test_server_away_keeps_the_text_warns_and_retries_with_the_same_token(
    page: Page, server: Server, trouble: str
) -> None:
    def set_away(away: bool) -> None:
        page.context.set_offline(away and trouble == "offline")
        server.status = 503 if away and trouble == "failed" else 200

    dialogs: list[str] = []
    set_away(True)
    write(page, "Onderweg getypt.")
    wait_for(page, trouble)
    page.once("dialog", lambda dialog: leave(dialog, dialogs))
    page.evaluate("location.assign('/klaar')")
    page.wait_for_timeout(300)
    assert (dialogs, server.answers) == (["beforeunload"], {})
    set_away(False)
    wait_for(page, "saved")
    assert server.answers == {"q-1": {"q-1-text": "Onderweg getypt."}}
    assert len(set(server.tokens)) == 1


def leave(dialog: Dialog, seen: list[str]) -> None:
    seen.append(dialog.type)
    dialog.dismiss()


def test_session_that_ended_keeps_the_text_and_saves_after_signing_in(page: Page, server: Server) -> None:
    server.signed_out = True
    write(page, "Na middernacht.")
    wait_for(page, "signin")
    link = question(page).get_by_role("link", name="Log in")
    assert (link.get_attribute("href"), link.get_attribute("target")) == ("/inloggen", "_blank")
    assert (page.get_by_label("Vraag q-1").input_value(), server.answers) == ("Na middernacht.", {})
    page.context.clear_cookies()  # a new session has another CSRF token
    server.signed_out = False
    page.evaluate("dispatchEvent(new Event('focus'))")
    wait_for(page, "saved")
    assert server.answers == {"q-1": {"q-1-text": "Na middernacht."}}


def test_refused_text_gets_its_message_at_the_control(page: Page, server: Server) -> None:
    server.status = 422
    write(page, "Te lang")
    wait_for(page, "invalid")
    expect(page.locator("#q-1-text-error")).to_have_text("Te <b>lang</b>.")
    control = page.get_by_label("Vraag q-1")
    assert (control.get_attribute("aria-invalid"), control.get_attribute("aria-describedby")) == (
        "true",
        "q-1-text-error",
    )
    server.status = 200
    write(page, "Kort")
    wait_for(page, "saved")
    expect(page.locator("#q-1-text-error")).to_be_hidden()
    assert control.get_attribute("aria-invalid") is None


@pytest.mark.parametrize(("status", "state"), [(428, "reload"), (404, "refused")])
def test_save_that_cannot_succeed_keeps_the_text_and_says_so(
    page: Page, server: Server, status: int, state: str
) -> None:
    server.status = status
    write(page, "Blijft staan")
    wait_for(page, state)
    assert page.get_by_label("Vraag q-1").input_value() == "Blijft staan"


@pytest.mark.parametrize(
    ("choice", "outcome"),
    [("mine", "Van Noor"), ("theirs", "Van <Sem>"), ("both", "Van <Sem>\n\nVan Noor")],
)
def test_conflict_shows_both_texts_and_does_what_is_chosen(
    page: Page, server: Server, choice: str, outcome: str
) -> None:
    server.somebody_else_saves("Van <Sem>")
    write(page, "Van Noor")
    wait_for(page, "conflict")
    expect(question(page).locator(".et-conflict__quote")).to_have_text(["Van <Sem>", "Van Noor"])
    question(page).locator(f"[data-keep={choice}]").click()
    wait_for(page, "saved")
    expect(question(page).locator("[data-conflict-panel]")).to_have_count(0)
    assert page.get_by_label("Vraag q-1").input_value() == outcome
    assert (server.answers["q-1"], server.revisions["q-1"]) == (
        {"q-1-text": outcome},
        1 if choice == "theirs" else 2,
    )


def test_submit_waits_for_the_autosave_and_is_no_conflict_with_oneself(page: Page, server: Server) -> None:
    write(page, "Vlak voor het opslaan")
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_title("Klaar")
    assert (server.plain_posts, server.revisions) == (1, {"q-1": 1})


def test_submit_without_connection_stays_on_the_page(page: Page, server: Server) -> None:
    write(page, "Niet kwijt")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save and continue").click()
    wait_for(page, "offline")
    expect(page.get_by_label("Vraag q-1")).to_be_focused()
    assert (server.plain_posts, page.url) == (0, f"{server.url}/deel")
    page.context.set_offline(False)
    wait_for(page, "saved")


def test_rows_are_added_removed_and_numbered(page: Page, server: Server) -> None:
    table = question(page, "q-3")
    add = table.get_by_role("button", name="Add a row")
    add.click()
    add.click()
    expect(add).to_be_hidden()  # three is the most
    expect(table.get_by_label("Actiepunt").nth(2)).to_be_focused()
    table.get_by_label("Actiepunt").nth(2).fill("Derde")
    wait_for(page, "saved", "q-3")
    table.get_by_role("button", name=re.compile("Remove Row 2")).click()
    expect(table.locator("legend")).to_have_text(["Vraag q-3", "Row 1", "Row 2"])
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_title("Klaar")
    assert server.answers["q-3"] == {"q-3-rows-0-what": "", "q-3-rows-2-what": "Derde"}


def test_enter_in_a_row_saves_and_removes_nothing(page: Page, server: Server) -> None:
    cell = question(page, "q-3").get_by_label("Actiepunt")
    cell.fill("Eerste")
    cell.press("Enter")
    expect(page).to_have_title("Klaar")
    assert (server.answers, server.plain_posts) == ({"q-3": {"q-3-rows-0-what": "Eerste"}}, 1)


@pytest.mark.parametrize("width", [1280, 320])
def test_page_is_accessible_and_fits(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_label("Ja").check()
    wait_for(page, "saved", "q-2")
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", AXE_TAGS)
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
