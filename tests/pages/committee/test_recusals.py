"""Withdrawing from a dossier on the page: for oneself, by the secretary for somebody, and undone."""

from __future__ import annotations

from uuid import UUID

import pytest

from ethiek.domain.workflow import Status
from ethiek.models.dossiers import Dossier
from ethiek.services import recusals
from tests import builders
from tests.builders import World
from tests.pages.conftest import Browser, MakeDossier, SignIn, Writing

REASON = "Mijn zus <b>werkt</b> bij de leverancier."


@pytest.fixture
def dossier_id(dossier_in: MakeDossier) -> UUID:
    return dossier_in(Status.IN_REVIEW, members=("Mila", "Daan"))


def revision(writing: Writing, dossier_id: UUID) -> int:
    with writing() as session:
        return session.get_one(Dossier, dossier_id).revision


def withdraw(browser: Browser, writing: Writing, dossier_id: UUID, reason: str = REASON) -> int:
    form = {"reason": reason, "revision": revision(writing, dossier_id)}
    return browser.post(f"/dossiers/{dossier_id}/terugtreden", form).status_code


def test_member_withdraws_and_does_not_see_the_dossier_any_more(
    dossier_id: UUID, sign_in: SignIn, writing: Writing
) -> None:
    mila = sign_in("Mila")
    assert f"/dossiers/{dossier_id}/terugtreden" in mila.get(f"/dossiers/{dossier_id}").text
    page = mila.get(f"/dossiers/{dossier_id}/terugtreden")
    assert "The committee cannot finish" not in page.text
    answer = mila.post(
        f"/dossiers/{dossier_id}/terugtreden",
        {"reason": REASON, "revision": revision(writing, dossier_id)},
    )
    assert (answer.status_code, answer.location) == (303, "/commissie")
    assert "You have withdrawn from this dossier" in mila.get("/commissie").text
    assert mila.get(f"/dossiers/{dossier_id}").status_code == 404


@pytest.mark.parametrize(
    ("reason", "message"),
    [("", "Give a reason."), ("x" * 2001, "Use at most 2000 characters."), ("a\x07b", "cannot be stored")],
)
def test_withdrawing_without_a_reason_keeps_what_was_typed(
    dossier_id: UUID, sign_in: SignIn, writing: Writing, reason: str, message: str
) -> None:
    mila = sign_in("Mila")
    answer = mila.post(
        f"/dossiers/{dossier_id}/terugtreden",
        {"reason": reason, "revision": revision(writing, dossier_id)},
    )
    assert (answer.status_code, message in answer.text, reason[:2000] in answer.text) == (422, True, True)
    assert mila.get(f"/dossiers/{dossier_id}").status_code == 200


def test_the_team_has_no_such_link(dossier_id: UUID, sign_in: SignIn) -> None:
    assert "terugtreden" not in sign_in("Noor").get(f"/dossiers/{dossier_id}").text


def test_committee_reads_who_withdrew_and_why(dossier_id: UUID, sign_in: SignIn, writing: Writing) -> None:
    assert withdraw(sign_in("Mila"), writing, dossier_id) == 303
    shown = "Mijn zus &lt;b&gt;werkt&lt;/b&gt; bij de leverancier."
    for who, path in (("Sem", "behandeling"), ("Chris", "advies"), ("Chris", "advies/vaststellen")):
        page = sign_in(who).get(f"/dossiers/{dossier_id}/{path}").text
        assert ("Withdrawn because of an interest" in page, shown in page, "<b>werkt" in page) == (
            True,
            True,
            False,
        )


def test_who_approves_sees_who_withdrew(
    dossier_id: UUID, sign_in: SignIn, writing: Writing, world: World
) -> None:
    assert withdraw(sign_in("Mila"), writing, dossier_id) == 303
    with writing() as session:
        builders.judge(session, world, dossier_id, ("Daan",))
        builders.adopt(session, world, dossier_id)
    assert (
        "Withdrawn because of an interest"
        in sign_in("Sem").get(f"/dossiers/{dossier_id}/advies/goedkeuren").text
    )
    page = sign_in("Chris").get(f"/dossiers/{dossier_id}/terugtreden")
    assert "You cannot withdraw now" in page.text


def test_last_chair_is_warned_and_the_page_says_what_to_do(
    dossier_id: UUID, sign_in: SignIn, writing: Writing
) -> None:
    assert withdraw(sign_in("Robin"), writing, dossier_id) == 303
    chris = sign_in("Chris")
    page = chris.get(f"/dossiers/{dossier_id}/terugtreden").text
    assert (
        "When you withdraw, the committee cannot finish this advice" in page,
        "make somebody else" in page,
    ) == (
        True,
        True,
    )
    assert withdraw(chris, writing, dossier_id) == 303
    for path in ("behandeling", "terugtredingen", "advies"):
        page = sign_in("Sem").get(f"/dossiers/{dossier_id}/{path}").text
        assert "Nobody who takes part in this dossier is chair" in page


def test_secretary_records_it_for_somebody_and_undoes_it(
    dossier_id: UUID, sign_in: SignIn, writing: Writing, world: World
) -> None:
    sem, url = sign_in("Sem"), f"/dossiers/{dossier_id}/terugtredingen"
    page = sem.get(url).text
    assert [f">{name}</option>" in page for name in ("Mila", "Chris", "Sem", "Noor")] == [
        True,
        True,
        False,
        False,
    ]
    form = {"person": str(world.ids["Mila"]), "reason": REASON, "revision": revision(writing, dossier_id)}
    assert sem.post(url, form).status_code == 303
    page = sem.get(url).text
    undo = f"{url}/{world.ids['Mila']}/ongedaan"
    assert (undo in page, "Mijn zus &lt;b&gt;werkt" in page) == (True, True)
    assert sign_in("Mila").get(f"/dossiers/{dossier_id}").status_code == 404

    assert "Why does this person take part again?" in sem.get(undo).text
    empty = sem.post(undo, {"reason": " ", "revision": revision(writing, dossier_id)})
    assert (empty.status_code, "Fill this in." in empty.text) == (422, True)
    answer = sem.post(undo, {"reason": "Vergissing.", "revision": revision(writing, dossier_id)})
    assert (answer.status_code, answer.location) == (303, url)
    assert sign_in("Mila").get(f"/dossiers/{dossier_id}").status_code == 200
    assert sem.get(undo).status_code == 404
    assert "Vergissing." in sem.get(url).text


@pytest.mark.parametrize("person", ["", "geen-id", "00000000-0000-0000-0000-000000000001"])
def test_secretary_chooses_somebody_who_is_not_there(
    dossier_id: UUID, sign_in: SignIn, writing: Writing, person: str
) -> None:
    sem = sign_in("Sem")
    form = {"person": person, "reason": REASON, "revision": revision(writing, dossier_id)}
    answer = sem.post(f"/dossiers/{dossier_id}/terugtredingen", form)
    assert (answer.status_code, "Mijn zus &lt;b&gt;werkt" in answer.text) == (422, True)
    with writing() as session:
        assert recusals.of_dossier(session, dossier_id) == []


def test_older_page_is_409_with_what_was_typed(dossier_id: UUID, sign_in: SignIn, writing: Writing) -> None:
    mila, seen = sign_in("Mila"), revision(writing, dossier_id)
    assert withdraw(sign_in("Daan"), writing, dossier_id) == 303
    answer = mila.post(f"/dossiers/{dossier_id}/terugtreden", {"reason": REASON, "revision": seen})
    assert (answer.status_code, "Mijn zus &lt;b&gt;werkt" in answer.text) == (409, True)
