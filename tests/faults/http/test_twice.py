"""The same step at the same moment, or the same save again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select

from ethiek.domain.workflow import Status
from ethiek.models.advice import Advice
from ethiek.models.audit import AuditEvent
from ethiek.models.dossiers import AnswerRevision, Snapshot
from tests import builders
from tests.faults.http.person import Answer, Person
from tests.faults.http.saving import PLACES, SCRIPT, save_fields, url_of
from tests.faults.http.site import Site

pytestmark = pytest.mark.faults

ADVICE = {
    "verdict": "conditional",
    "motivation": "De baten wegen op.",
    "conditions-0-text": "Zet een bord neer.",
    "conditions-0-owner": "Noor",
    "conditions-0-due_on": "2026-12-01",
}


def at_once(*steps: Callable[[], Answer]) -> list[int]:
    """Do the steps at the same moment, and return the statuses in order of size."""
    start = Barrier(len(steps))

    def do(step: Callable[[], Answer]) -> int:
        start.wait()
        return step().status

    with ThreadPoolExecutor(len(steps)) as pool:
        return sorted(pool.map(do, steps))


def events(site: Site, dossier_id: UUID, action: str) -> list[str]:
    with site.reading() as session:
        found = select(AuditEvent.result).where(
            AuditEvent.action == action, AuditEvent.object_id == str(dossier_id)
        )
        return list(session.scalars(found))


def second_tab(site: Site, person: Person) -> Person:
    """Another tab of the same browser."""
    tab = site.visitor(person.name)
    tab.cookie = person.cookie
    return tab


def test_save_that_is_sent_again_is_the_save_it_was(
    site: Site, everybody: list[Person], dossier_id: UUID
) -> None:
    person, place = everybody[0], PLACES[0]
    before = len(events(site, dossier_id, "save_answer"))
    fields = save_fields(place, "Eén keer", 1, token="dezelfde-token")
    first = person.post(url_of(dossier_id, place), fields, SCRIPT)
    again = person.post(url_of(dossier_id, place), fields, SCRIPT)
    assert (first.status, again.status) == (200, 200)
    assert first.json["saved"][place.key] == again.json["saved"][place.key]
    assert first.json["saved"][place.key]["revision"] == 2
    assert len(events(site, dossier_id, "save_answer")) == before + 1
    with site.reading() as session:
        rows = session.scalars(
            select(AnswerRevision.revision).where(
                AnswerRevision.dossier_id == dossier_id, AnswerRevision.token == "dezelfde-token"
            )
        ).all()
    assert rows == [2]


def test_save_that_is_sent_twice_at_once_is_one_save(
    site: Site, everybody: list[Person], dossier_id: UUID
) -> None:
    person, place = everybody[0], PLACES[1]
    tab = second_tab(site, person)
    tab.csrf = person.csrf
    fields, url = save_fields(place, "Eén keer", 1), url_of(dossier_id, place)
    assert at_once(*(lambda one=one: one.post(url, fields, SCRIPT) for one in (person, tab))) == [200, 200]
    with site.reading() as session:
        rows = session.scalars(
            select(AnswerRevision.revision).where(
                AnswerRevision.dossier_id == dossier_id, AnswerRevision.token == fields[f"{place.key}-token"]
            )
        ).all()
    assert rows == [2]


def test_dossier_that_is_handed_in_from_two_tabs_is_handed_in_once(site: Site) -> None:
    noor = site.visitor("Noor").sign_in()
    with site.writing() as session:
        dossier_id = builders.a_dossier(session, site.world, Status.DRAFT)
    tabs, url = (noor, second_tab(site, noor)), f"/dossiers/{dossier_id}/indienen"
    seen = [tab.get(url).revision for tab in tabs]
    pairs = zip(tabs, seen, strict=True)
    steps = [lambda tab=tab, seen=seen: tab.post(url, {"revision": seen}) for tab, seen in pairs]
    assert at_once(*steps) == [303, 409]
    with site.reading() as session:
        snapshots = session.scalar(select(func.count()).where(Snapshot.dossier_id == dossier_id))
    assert snapshots == 1
    assert events(site, dossier_id, "submit") == ["done"]


def test_advice_that_is_adopted_by_two_people_is_adopted_once(site: Site) -> None:
    people = [site.visitor(name).sign_in() for name in ("Chris", "Robin")]
    with site.writing() as session:
        dossier_id = builders.a_dossier(session, site.world, Status.IN_REVIEW)
        builders.judge(session, site.world, dossier_id)
    url = f"/dossiers/{dossier_id}/advies/vaststellen"
    seen = [person.get(url).revision for person in people]
    pairs = zip(people, seen, strict=True)
    steps = [lambda one=one, seen=seen: one.post(url, {**ADVICE, "revision": seen}) for one, seen in pairs]
    assert at_once(*steps) == [303, 409]
    with site.reading() as session:
        adopted = session.scalar(select(func.count()).where(Advice.dossier_id == dossier_id))
    assert adopted == 1
    assert events(site, dossier_id, "adopt_advice") == ["done"]
