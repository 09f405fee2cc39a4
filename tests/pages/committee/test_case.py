"""The secretary plans, releases remarks and asks for changes."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from sqlalchemy import select

from ethiek.domain.workflow import Status
from ethiek.models.audit import AuditEvent
from ethiek.models.dossiers import Dossier
from ethiek.models.reviews import Remark
from ethiek.services import casework, dossiers
from tests import builders
from tests.builders import World
from tests.pages.conftest import CountStatements, MakeDossier, SignIn, Writing


def revision(writing: Writing, dossier_id: UUID) -> int:
    with writing() as session:
        return session.get_one(Dossier, dossier_id).revision


def test_take_up_when_submitted_starts_the_review(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.SUBMITTED)
    sem = sign_in("Sem")
    page = sem.get(f"/dossiers/{dossier_id}/behandeling")
    assert "Take up the dossier" in page.text
    answer = sem.post(
        f"/dossiers/{dossier_id}/behandeling/oppakken", {"revision": revision(writing, dossier_id)}
    )
    assert (answer.status_code, answer.location) == (303, f"/dossiers/{dossier_id}/behandeling")
    with writing() as session:
        assert session.get_one(Dossier, dossier_id).status is Status.IN_REVIEW


def test_plan_when_filled_in_assigns_and_sets_the_date(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW, members=())
    sem = sign_in("Sem")
    form = {
        "revision": revision(writing, dossier_id),
        "due_on": "2026-05-01",
        "members": [str(world.ids["Mila"]), str(world.ids["Daan"])],
    }
    assert sem.post(f"/dossiers/{dossier_id}/behandeling", form).status_code == 303
    with writing() as session:
        assert [user.name for user in casework.assigned(session, dossier_id)] == ["Daan", "Mila"]
        assert str(session.get_one(Dossier, dossier_id).due_on) == "2026-05-01"


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"due_on": "2026-01-01"}, "Choose a date that is not in the past."),
        ({"members": ["not-an-id"]}, "Not saved yet"),
        ({"due_on": "morgen"}, "Not saved yet"),
    ],
)
def test_plan_when_wrong_shows_the_page_again(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, form: dict[str, object], message: str
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    sem, before = sign_in("Sem"), revision(writing, dossier_id)
    answer = sem.post(f"/dossiers/{dossier_id}/behandeling", {"revision": before, **form})
    assert (answer.status_code, message in answer.text) == (422, True)
    assert revision(writing, dossier_id) == before


def test_plan_when_a_member_was_in_the_team_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    with writing() as session:
        stamp = world.stamp(session, "Noor")
        dossiers.add_team_member(session, dossier_id, builders.email_of("Mila"), "Jurist", stamp)
        dossiers.remove_team_member(session, dossier_id, world.ids["Mila"], stamp)
        builders.hand_in(session, world, dossier_id)
    sem = sign_in("Sem")
    assert str(world.ids["Mila"]) not in sem.get(f"/dossiers/{dossier_id}/behandeling").text
    form = {"revision": revision(writing, dossier_id), "members": [str(world.ids["Mila"])]}
    answer = sem.post(f"/dossiers/{dossier_id}/behandeling", form)
    assert (answer.status_code, "worked on the dossier" in answer.text) == (422, True)


@pytest.mark.parametrize("step", ["", "/oppakken", "/vrijgeven", "/aanvulling"])
def test_steps_when_the_page_is_old_change_nothing(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World, step: str
) -> None:
    dossier_id = dossier_in(Status.SUBMITTED if step == "/oppakken" else Status.IN_REVIEW)
    if step in {"/vrijgeven", "/aanvulling"}:
        with writing() as session:
            remark_id = builders.a_remark(session, world, dossier_id, released=step == "/aanvulling")
    else:
        remark_id = UUID(int=0)
    before = revision(writing, dossier_id)
    form = {"revision": before - 1, "remarks": [str(remark_id)]}
    assert sign_in("Sem").post(f"/dossiers/{dossier_id}/behandeling{step}", form).status_code == 409
    with writing() as session:
        dossier = session.get_one(Dossier, dossier_id)
        assert (dossier.revision, dossier.status is Status.CHANGES_REQUESTED) == (before, False)


def test_release_when_chosen_shows_only_those_to_the_team(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    with writing() as session:
        shown = builders.a_remark(session, world, dossier_id, "Voor het team.")
        builders.a_remark(session, world, dossier_id, "Voor ons.")
    sem = sign_in("Sem")
    form = {"revision": revision(writing, dossier_id), "remarks": [str(shown)]}
    assert sem.post(f"/dossiers/{dossier_id}/behandeling/vrijgeven", form).status_code == 303
    with writing() as session:
        released = session.scalars(select(Remark.body).where(Remark.released_at.is_not(None))).all()
        assert released == ["Voor het team."]


def test_release_when_nothing_is_chosen_says_so(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    form = {"revision": revision(writing, dossier_id)}
    answer = sign_in("Sem").post(f"/dossiers/{dossier_id}/behandeling/vrijgeven", form)
    assert (answer.status_code, "Fill this in." in answer.text) == (422, True)
    assert len(re.findall(r"<input checked [^>]*name=.members.", answer.text)) == 1  # the plan is still there


def test_release_when_the_remark_is_of_another_dossier_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id, other = dossier_in(Status.IN_REVIEW), dossier_in(Status.IN_REVIEW)
    with writing() as session:
        theirs = builders.a_remark(session, world, other)
    form = {"revision": revision(writing, dossier_id), "remarks": [str(theirs)]}
    assert sign_in("Sem").post(f"/dossiers/{dossier_id}/behandeling/vrijgeven", form).status_code == 422
    with writing() as session:
        assert session.get_one(Remark, theirs).released_at is None


def test_request_changes_when_a_remark_is_released_gives_the_dossier_back(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    with writing() as session:
        builders.a_remark(session, world, dossier_id, released=True)
    form = {"revision": revision(writing, dossier_id)}
    assert sign_in("Sem").post(f"/dossiers/{dossier_id}/behandeling/aanvulling", form).status_code == 303
    with writing() as session:
        assert session.get_one(Dossier, dossier_id).status is Status.CHANGES_REQUESTED


def test_request_changes_when_no_remark_is_released_is_refused_and_recorded(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    with writing() as session:
        builders.a_remark(session, world, dossier_id)
    sem = sign_in("Sem")
    assert "Give it back to the team" not in sem.get(f"/dossiers/{dossier_id}/behandeling").text
    answer = sem.post(
        f"/dossiers/{dossier_id}/behandeling/aanvulling", {"revision": revision(writing, dossier_id)}
    )
    assert (answer.status_code, "Release at least one remark first" in answer.text) == (409, True)
    with writing() as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
        assert (last.action, last.result) == ("committee.request_changes", "refused")


@pytest.mark.parametrize(
    ("name", "status"), [("Noor", 403), ("Mila", 403), ("Chris", 403), ("Daan", 404), ("Aisha", 404)]
)
def test_case_when_not_the_secretary_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, name: str, status: int
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    browser = sign_in(name)
    assert browser.get(f"/dossiers/{dossier_id}/behandeling").status_code == status
    for step in ("/oppakken", "/aanvulling"):
        assert (
            browser.post(f"/dossiers/{dossier_id}/behandeling{step}", {"revision": 1}).status_code == status
        )


def test_case_when_the_revision_is_missing_is_refused(dossier_in: MakeDossier, sign_in: SignIn) -> None:
    dossier_id = dossier_in(Status.SUBMITTED)
    assert sign_in("Sem").post(f"/dossiers/{dossier_id}/behandeling/oppakken").status_code == 428


def test_case_when_there_are_more_remarks_asks_the_database_no_more(
    dossier_in: MakeDossier,
    sign_in: SignIn,
    writing: Writing,
    world: World,
    count_statements: CountStatements,
) -> None:
    dossier_id, sem = dossier_in(Status.IN_REVIEW), sign_in("Sem")

    def look() -> object:
        return sem.get(f"/dossiers/{dossier_id}/behandeling")

    with writing() as session:
        builders.a_remark(session, world, dossier_id)
    look()
    one = count_statements(look)
    with writing() as session:
        for number in range(6):
            builders.a_remark(session, world, dossier_id, f"Opmerking {number}", released=number % 2 == 0)
    assert count_statements(look) == one
