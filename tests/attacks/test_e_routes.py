"""E1, E2, E5, E7: every route with every person in every state, against a table that people reviewed.

``routes.csv``: per route and person the answer in each state (in the order of ``Status``), or one answer for all.
Whoever changes a right changes the table by hand, and so reads it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from ethiek.domain.workflow import Status
from ethiek.models import Base
from ethiek.reports.archive import Archive
from ethiek.web.security import PUBLIC
from tests import builders, drafts
from tests.builders import PASSWORD, World
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, Writing

TABLE = Path(__file__).with_name("routes.csv")
SignIn = Callable[[str], Browser]
Make = Callable[..., UUID]
PEOPLE = ("nobody", "Noor", "Tess", "Omar", "Sem", "Mila", "Daan", "Chris", "Aisha", "Ada", "Vera", "Otto")
STATES = tuple(Status)
NOWHERE = UUID(int=1)
WITHOUT_DOSSIER = {"static", "accounts.login"}
STALE = {"revision": "999999", "sha256": "0" * 64, "password": PASSWORD}
"""What every form needs, from a page that is too old: who may come that far is told 409, and nothing changes."""
FIELDS = {
    "questions.section": {
        "q-1.1.1-text": "Te oud.",
        "q-1.1.1-revision": "999999",
        "q-1.1.1-token": "token-0001",
    },
    "dossiers.details": {"title": "T", "purpose": "P", "kind": "sensor", "phase": "pilot"},
    "dossiers.team": {"email": "omar@voorbeeld.example", "function": "jurist"},
    "dossiers.remove_member": {"user_id": str(NOWHERE)},
    "advice.verdict": {"verdict": "positive", "motivation": "Goed."},
    "advice.adopt": {"verdict": "positive", "motivation": "Goed."},
    "committee.release_remarks": {"remarks": str(NOWHERE)},
    "gatherings.change": {"on": "2026-01-01", "title": "DEDA", "participants": "Noor"},
    "recusals.own": {"reason": "Een belang."},
    "recusals.index": {"person": str(NOWHERE), "reason": "Een belang."},
    "recusals.undo": {"reason": "Toch niet."},
    "drafts.move": {"move": f"vragen up {'0' * 64} 1.1.1"},
    "drafts.remove": {"seen": "0" * 64},
    "report_status.change": {"reason": "Er staat een fout in."},
    "publishing.redact": {"document": "snapshot", "part": "/dossier/title", "ground": "5.1.2.e"},
    "publishing.everywhere": {"passage": "Noor", "ground": "5.1.2.e"},
    "decisions.put_before": {"official": str(NOWHERE)},
    "decisions.take": {
        "follows": "yes",
        "outcome": "with_conditions",
        "reason": "Goed.",
        "capacity": "Directeur",
        "token": "token-0001",
        "conditions-0-adopted": "yes",
        "replaces_reason": "Zo.",
    },
    "drafts.approve": {"offered_from": "2099-01-01"},
    "drafts.put_back": {"question": "1.1.1"},
    "drafts.classify": {"r-1.1.1-weight": "editorial", "r-1.1.1-reason": "Zo."},
    "draft_elements.edit_set": {"seen": "0" * 64, "version": "9", "source_year": "2026", "language": "nl"},
    "draft_elements.element": {"seen": "0" * 64, "kind": "open_text"},
    "draft_elements.add": {"id": "1.1.1", "title": "Waarom?", "kind": "open_text"},
    "questionnaires.begin": {"version": "1.0"},
    "questionnaires.withdraw": {"reason": "Er is een betere."},
}


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Method, address pattern and endpoint of every route."""
    found = [
        (method, rule.rule, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
        if rule.endpoint != "static"
    ]
    return sorted(found, key=lambda row: (row[1], row[0]))


def address(pattern: str, dossier_id: UUID, draft_id: UUID = NOWHERE) -> str:
    values = {
        "<uuid:draft_id>": str(draft_id),
        "<any(delen, onderdelen, vragen):kind>": "vragen",
        "<element_id>": "1.1.1",
        "<instrument>": "proef",
        "<version>": "1.0",
        "<uuid:dossier_id>": str(dossier_id),
        "<section_id>": "1.1",
        "<code>": "0" * 20,
        "<question_id>": "1.1.1",
        "<uuid:remark_id>": str(NOWHERE),
        "<uuid:source_id>": str(NOWHERE),
        "<uuid:record_id>": str(NOWHERE),
        "<uuid:attachment_id>": str(NOWHERE),
        "<int(min=1, max=9999):place>": "1",
        "<uuid:redaction_id>": str(NOWHERE),
        "<uuid:copy_id>": str(NOWHERE),
        "<uuid:user_id>": str(NOWHERE),
        "<uuid:gathering_id>": str(NOWHERE),
        "<int(min=1, max=9999):number>": "1",
        "<any(odt, docx, md, json):extension>": "json",
        "<any(yaml, json):format_>": "json",
    }
    for name, value in values.items():
        pattern = pattern.replace(name, value)
    return pattern


def ask(
    browser: Browser,
    method: str,
    pattern: str,
    endpoint: str,
    dossier_id: UUID,
    draft_id: UUID = NOWHERE,
) -> str:
    url = address(pattern, dossier_id, draft_id)
    if method == "GET":
        answer = browser.client.get(url)
    else:
        fields = {"csrf_token": browser.token, **STALE, **FIELDS.get(endpoint, {})}
        answer = browser.client.post(url, data=fields)
    to_login = answer.status_code == 303 and answer.headers["Location"].startswith("/inloggen")
    return "login" if to_login and endpoint != "accounts.logout" else str(answer.status_code)


ENDS_SESSION = {"accounts.logout", "accounts.end_sessions", "accounts.login"}


def collect(
    app: Flask, browsers: dict[str, Browser], dossiers: dict[Status, UUID], draft_id: UUID
) -> dict[tuple[str, str, str], str]:
    """(method, pattern, person) -> the answer, or the answers per state in the order of the workflow."""
    table = {}
    for method, pattern, endpoint in routes(app):
        if endpoint in ENDS_SESSION:
            continue
        states = STATES if "<uuid:dossier_id>" in pattern else STATES[:1]
        for who, browser in browsers.items():
            answers = [ask(browser, method, pattern, endpoint, dossiers[state], draft_id) for state in states]
            table[method, pattern, who] = answers[0] if len(set(answers)) == 1 else " ".join(answers)
    return table


@pytest.fixture
def browsers(app: Flask, world: World, sign_in: SignIn) -> dict[str, Browser]:
    assert world.ids
    nobody = Browser(app.test_client())
    nobody.get("/inloggen")
    return {"nobody": nobody, **{who: sign_in(who) for who in PEOPLE[1:]}}


@pytest.fixture
def draft_id(writing: Writing, world: World) -> UUID:
    with writing() as session:
        return drafts.a_draft(session, world)


@pytest.fixture
def dossiers(writing: Writing, world: World, archive: Archive) -> dict[Status, UUID]:
    made = {}
    for status in STATES:
        with writing() as session:
            made[status] = builders.a_dossier(session, world, Status.DRAFT, title=str(status))
            builders.add_colleague(session, world, made[status])
            signed = status is Status.ARCHIVED
            goal = Status.AWAITING_SIGNATURE if signed else status
            builders.advance(session, world, made[status], goal)
            if signed:
                builders.archive(session, made[status], archive)
                builders.put_before(session, world, made[status])
    return made


def reviewed() -> dict[tuple[str, str, str], str]:
    with TABLE.open(newline="") as file:
        return {
            (row["method"], row["route"], who): row[who] for row in csv.DictReader(file) for who in PEOPLE
        }


def record(writing: Writing) -> dict[str, int]:
    """How many rows every table has, but for what is not about dossiers."""
    skipped = {"audit_event", "web_session", "login_attempt"}
    with writing() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
            if name not in skipped
        }


@only_sqlite
def test_e1_every_route_answers_everybody_as_reviewed_and_nothing_changes(
    app: Flask,
    browsers: dict[str, Browser],
    dossiers: dict[Status, UUID],
    draft_id: UUID,
    writing: Writing,
) -> None:
    before = record(writing)
    found = collect(app, browsers, dossiers, draft_id)
    differences = {
        key: (found.get(key), answer) for key, answer in reviewed().items() if found.get(key) != answer
    }
    assert differences == {}
    assert found.keys() == reviewed().keys()
    after = record(writing)
    kept = {"answer_revision"}  # a stale text is kept, so that it is not lost
    assert {name: count for name, count in after.items() if name not in kept} == {
        name: count for name, count in before.items() if name not in kept
    }


@only_sqlite
def test_e2_another_dossier_answers_strangers_like_one_that_does_not_exist(
    app: Flask, sign_in: SignIn, dossier_in: Make
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    for who in ("Omar", "Daan", "Ada"):
        browser = sign_in(who)
        for method, pattern, endpoint in routes(app):
            if "<uuid:dossier_id>" in pattern:
                theirs, none = (ask(browser, method, pattern, endpoint, one) for one in (dossier_id, NOWHERE))
                assert theirs == none, (who, method, pattern)


def test_every_route_is_public_or_declares_a_permission(app: Flask) -> None:
    undeclared = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "permission")
    }
    assert undeclared == PUBLIC
    assert {
        "static",
        "accounts.login",
        "accounts.language",
        "pages.accessibility",
        "pages.privacy",
        "pages.health",
        "verification.upload",
        "verification.show",
        "verification.status",
    } == PUBLIC
