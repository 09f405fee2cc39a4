"""The committee's worklist shows to everybody what is theirs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from ethiek.domain.actors import Role
from ethiek.domain.workflow import Status
from ethiek.models.users import Committee, RoleGrant
from ethiek.services import dossiers, submission, worklists
from tests import builders
from tests.builders import World
from tests.pages.conftest import CountStatements, MakeDossier, SignIn, Writing

TITLES = re.compile(r'<th scope="row"><a [^>]+>([^<]+)</a>')


def test_index_when_chair_or_secretary_lists_all_that_was_handed_in(
    dossier_in: MakeDossier, sign_in: SignIn
) -> None:
    dossier_in(Status.DRAFT, title="Concept")
    dossier_in(Status.SUBMITTED, title="Ingediend")
    dossier_in(Status.IN_REVIEW, title="In behandeling")
    for name in ("Sem", "Chris"):
        assert TITLES.findall(sign_in(name).get("/commissie").text) == ["In behandeling", "Ingediend"]


def test_index_when_member_lists_only_what_is_assigned(dossier_in: MakeDossier, sign_in: SignIn) -> None:
    dossier_in(Status.IN_REVIEW, title="Voor Mila", members=("Mila",))
    dossier_in(Status.IN_REVIEW, title="Voor Daan", members=("Daan",))
    assert TITLES.findall(sign_in("Mila").get("/commissie").text) == ["Voor Mila"]


def test_index_when_secretary_worked_on_a_dossier_leaves_it_out(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.DRAFT, title="Van Sem zelf")
    with writing() as session:
        dossiers.add_team_member(
            session, dossier_id, builders.email_of("Sem"), "Jurist", world.stamp(session, "Noor")
        )
        builders.hand_in(session, world, dossier_id)
    assert TITLES.findall(sign_in("Sem").get("/commissie").text) == []
    assert TITLES.findall(sign_in("Chris").get("/commissie").text) == ["Van Sem zelf"]


def test_index_when_member_here_and_chair_elsewhere_lists_both(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_in(Status.IN_REVIEW, title="Voor Mila")
    with writing() as session:
        elsewhere = Committee(name="Andere commissie", quorum=1)
        session.add(elsewhere)
        session.flush()
        session.add(RoleGrant(user_id=world.ids["Mila"], role=Role.CHAIR, committee_id=elsewhere.id))
        there = replace(world, committee_id=elsewhere.id)
        builders.a_dossier(session, there, Status.SUBMITTED, title="Bij de andere")
    assert TITLES.findall(sign_in("Mila").get("/commissie").text) == ["Bij de andere", "Voor Mila"]
    assert TITLES.findall(sign_in("Chris").get("/commissie").text) == ["Voor Mila"]


@pytest.mark.parametrize("name", ["Noor", "Aisha"])
def test_index_when_in_no_committee_is_refused(sign_in: SignIn, world: World, name: str) -> None:
    assert name in world.ids
    assert sign_in(name).get("/commissie").status_code == 403


def test_index_when_filtered_lists_only_that_status(dossier_in: MakeDossier, sign_in: SignIn) -> None:
    dossier_in(Status.SUBMITTED, title="Ingediend")
    dossier_in(Status.IN_REVIEW, title="In behandeling")
    assert TITLES.findall(sign_in("Sem").get("/commissie?status=submitted").text) == ["Ingediend"]


@pytest.mark.parametrize(
    "query", ["status=draft", "status=x", "na=x&sinds=gisteren", "na=x&sinds=2026-03-02T09:30:00"]
)
def test_index_when_the_address_is_nonsense_is_refused(sign_in: SignIn, world: World, query: str) -> None:
    assert world.ids
    assert sign_in("Sem").get(f"/commissie?{query}").status_code == 400


def test_index_when_longer_than_a_page_pages_through_every_dossier_once(
    writing: Writing, world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklists, "PAGE_SIZE", 2)
    with writing() as session:
        for number in range(5):
            dossier_id = builders.a_dossier(session, world, title=f"Dossier {number}")
            at = builders.AT + timedelta(hours=number // 2)  # two of them in the same moment
            submission.submit(session, dossier_id, world.stamp(session, "Noor", at))
    sem, seen, url = sign_in("Sem"), [], "/commissie?status=submitted"
    while url:
        page = sem.get(url).text
        seen.append(TITLES.findall(page))
        found = re.search(r'rel="next" href="([^"]+)"', page)
        url = found[1].replace("&amp;", "&") if found else ""
    assert [len(titles) for titles in seen] == [2, 2, 1]
    assert sorted(title for titles in seen for title in titles) == [
        f"Dossier {number}" for number in range(5)
    ]


def test_index_when_there_are_more_dossiers_asks_the_database_no_more(
    dossier_in: MakeDossier, sign_in: SignIn, count_statements: CountStatements
) -> None:
    sem = sign_in("Sem")
    dossier_in(Status.SUBMITTED)
    one = count_statements(lambda: sem.get("/commissie"))
    for _ in range(4):
        dossier_in(Status.SUBMITTED)
    assert count_statements(lambda: sem.get("/commissie")) == one
