"""B5, B6, B7: every change is one event, and no event, log, job or error page holds what people typed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import Text, cast, func, select

from ethiek.domain.workflow import Status
from ethiek.models.audit import AuditEvent
from ethiek.models.dossiers import Dossier
from ethiek.models.jobs import Job
from ethiek.services import audit
from tests import builders
from tests.builders import World
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, Writing

pytestmark = only_sqlite
SignIn = Callable[[str], Browser]
Make = Callable[..., UUID]
PLAIN = {
    "title": "T", "purpose": "P", "kind": "sensor", "phase": "pilot", "email": "tess@voorbeeld.example",
    "function": "jurist", "verdict": "positive", "motivation": "Goed.",
    "reason": "Een belang.", "on": "2026-02-01", "participants": "Noor, projectleider",
    "q-1.1.1-text": "Anders.", "q-1.1.1-token": "token-0001", "q-1.1.1-revision": "1",
}  # fmt: skip
CHANGES = {
    "gegevens": ("Noor", Status.DRAFT, "change_details"),
    "team": ("Noor", Status.DRAFT, "add_team_member"),
    "intrekken": ("Noor", Status.DRAFT, "withdraw"),
    "vragen/1.1": ("Noor", Status.DRAFT, "save_answer"),
    "indienen": ("Noor", Status.DRAFT, "submit"),
    "behandeling/oppakken": ("Sem", Status.SUBMITTED, "take_up"),
    "behandeling": ("Sem", Status.SUBMITTED, "plan_review"),
    "oordeel": ("Mila", Status.IN_REVIEW, "record_verdict"),
    "advies/intrekken": ("Chris", Status.ADVISED, "revoke_advice"),
    "terugtreden": ("Mila", Status.IN_REVIEW, "recuse"),
    "bijeenkomsten": ("Noor", Status.DRAFT, "save_gathering"),
}
"""Path after the dossier -> who may, when, and the event it is."""


def events(writing: Writing, after: int = 0) -> list[tuple[str, str]]:
    with writing() as session:
        rows = session.execute(
            select(AuditEvent.action, AuditEvent.result)
            .where(AuditEvent.seq > after)
            .order_by(AuditEvent.seq)
        ).all()
        return [(row.action, row.result) for row in rows]


def count(writing: Writing) -> int:
    with writing() as session:
        return session.scalar(select(func.max(AuditEvent.seq))) or 0


def fields(writing: Writing, world: World, dossier_id: UUID, path: str) -> dict[str, object]:
    with writing() as session:
        revision = session.get_one(Dossier, dossier_id).revision
    return {**PLAIN, "unit_id": str(world.unit_id), "revision": 0 if path == "oordeel" else revision}


@pytest.mark.parametrize("path", CHANGES)
def test_b5_change_with_permission_is_exactly_one_event(
    sign_in: SignIn, dossier_in: Make, writing: Writing, world: World, path: str
) -> None:
    who, status, action = CHANGES[path]
    dossier_id = dossier_in(status)
    browser, given = sign_in(who), fields(writing, world, dossier_id, path)
    before = count(writing)
    assert browser.post(f"/dossiers/{dossier_id}/{path}", given).status_code == 303
    assert events(writing, before) == [(action, "done")]
    with writing() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.seq == before + 1)).one()
        origin = '"origin":"127.0.0.1"' in event.body
        assert (event.actor_id, event.object_id, origin) == (world.ids[who], str(dossier_id), True)


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("who", ["Omar", "Aisha"])
def test_b5_change_without_permission_is_exactly_one_refused_event(
    sign_in: SignIn, dossier_in: Make, writing: Writing, world: World, path: str, who: str
) -> None:
    dossier_id = dossier_in(CHANGES[path][1])
    browser, given = sign_in(who), fields(writing, world, dossier_id, path)
    before = count(writing)
    assert browser.post(f"/dossiers/{dossier_id}/{path}", given).status_code in {403, 404}
    assert [result for _action, result in events(writing, before)] == ["refused"]
    with writing() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.seq == before + 1)).one()
        assert (event.actor_id, event.object_id) == (world.ids[who], str(dossier_id))


def test_start_is_one_event_and_its_refusal_too(sign_in: SignIn, world: World, writing: Writing) -> None:
    given = {
        **PLAIN, "unit_id": str(world.unit_id), "committee_id": str(world.committee_id),
        "questionnaire": world.questionnaire.key,
    }  # fmt: skip
    noor, mila = sign_in("Noor"), sign_in("Mila")
    before = count(writing)
    codes = [browser.post("/dossiers/nieuw", given).status_code for browser in (noor, mila)]
    found = [result for _action, result in events(writing, before)]
    assert (codes, found) == ([303, 403], ["done", "refused"])


MARKER = "Marker7Woord"


def test_b6_no_event_log_job_or_error_page_holds_what_was_typed(
    sign_in: SignIn, dossier_in: Make, writing: Writing, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    dossier_id = dossier_in(Status.DRAFT)
    noor, base = sign_in("Noor"), f"/dossiers/{dossier_id}"
    caplog.clear()
    marked = {name: MARKER for name in PLAIN if name not in {"kind", "phase", "verdict", "q-1.1.1-revision"}}
    pages = []
    for path in CHANGES:
        given = {**fields(writing, world, dossier_id, path), **marked, "q-1.1.1-token": f"{MARKER}1"}
        pages.append(noor.post(f"{base}/{path}", {**given, "revision": "999"}))
    pages += [noor.client.post(f"{base}/vragen/1.1", data={"q-1.1.1-text": MARKER, "csrf_token": MARKER})]
    pages.append(noor.post("/inloggen", {"email": MARKER, "password": MARKER}))
    refused = [page for page in pages if page.status_code in {400, 403, 404, 409, 428, 500}]
    assert len(refused) >= 7
    assert [page.request.path for page in refused if MARKER in page.text and page.status_code != 409] == []
    session_cookie = noor.client.get_cookie("ethiek")
    assert session_cookie is not None
    with writing() as session:
        kept = [*session.scalars(select(AuditEvent.body)), *session.scalars(select(cast(Job.payload, Text)))]
        assert audit.verify_chain(session).ok
    for secret in (MARKER, session_cookie.value, noor.token, builders.PASSWORD):
        assert [body for body in kept if secret in body] == []
        assert secret not in caplog.text


def test_b7_line_breaks_and_terminal_codes_stay_on_one_line(
    sign_in: SignIn, dossier_in: Make, writing: Writing, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    dossier_id = dossier_in(Status.DRAFT)
    noor = sign_in("Noor")
    given = {**fields(writing, world, dossier_id, "gegevens"), "title": "een\r\ntwee\x1b[31m"}
    noor.post(f"/dossiers/{dossier_id}/gegevens", given)
    noor.client.get("/een%0d%0atwee%1b[31m")
    with writing() as session:
        bodies = list(session.scalars(select(AuditEvent.body)))
    for line in [
        *bodies,
        *(record.getMessage() for record in caplog.records if record.name.startswith("ethiek")),
    ]:
        assert not set(line) & {"\n", "\r", "\x1b"}
