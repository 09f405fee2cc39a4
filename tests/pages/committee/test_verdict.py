"""A member's verdict: recorded, revised as seen, and fixed when the advice is adopted."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ethiek.domain.advice import Verdict
from ethiek.domain.workflow import Status
from ethiek.models.reviews import Remark, Review
from ethiek.services import remarks
from tests import builders
from tests.builders import World
from tests.pages.conftest import MakeDossier, SignIn, Writing

VERDICT = {"verdict": "positive", "motivation": "Goed doordacht.", "revision": 0}


def verdicts_in(writing: Writing) -> list[tuple[Verdict, str, int]]:
    with writing() as session:
        rows = session.execute(select(Review.verdict, Review.motivation, Review.revision))
        return [(row[0], row[1], row[2]) for row in rows]


def test_verdict_when_recorded_and_revised_is_one_review(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, mila = dossier_in(Status.IN_REVIEW), sign_in("Mila")
    url = f"/dossiers/{dossier_id}/oordeel"
    assert mila.post(url, VERDICT).location == f"/dossiers/{dossier_id}/advies"
    assert mila.post(url, VERDICT).status_code == 303  # sent twice
    assert "Goed doordacht.</textarea>" in mila.get(url).text
    revised = {"verdict": "negative", "motivation": "Toch niet.", "revision": 1}
    assert mila.post(url, revised).status_code == 303
    assert verdicts_in(writing) == [(Verdict.NEGATIVE, "Toch niet.", 2)]


def test_verdict_when_revised_elsewhere_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, mila = dossier_in(Status.IN_REVIEW), sign_in("Mila")
    url = f"/dossiers/{dossier_id}/oordeel"
    mila.post(url, VERDICT)
    assert mila.post(url, {**VERDICT, "motivation": "Uit een ander venster."}).status_code == 409
    assert verdicts_in(writing) == [(Verdict.POSITIVE, "Goed doordacht.", 1)]


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"verdict": ""}, "Choose a verdict."),
        ({"verdict": "maybe"}, "Not saved yet"),
        ({"motivation": " "}, "Motivation: Fill this in."),
        ({"motivation": "x" * 20_001}, "This text is too long"),
        ({"motivation": "a\0b"}, "cannot be stored"),
    ],
)
def test_verdict_when_wrong_shows_the_form_again(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, form: dict[str, object], message: str
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    answer = sign_in("Mila").post(f"/dossiers/{dossier_id}/oordeel", {**VERDICT, **form})
    assert (answer.status_code, message in answer.text, verdicts_in(writing)) == (422, True, [])


@pytest.mark.parametrize("name", ["Sem", "Chris", "Noor"])
def test_verdict_when_no_member_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, name: str
) -> None:
    dossier_id, browser = dossier_in(Status.IN_REVIEW), sign_in(name)
    url = f"/dossiers/{dossier_id}/oordeel"
    assert [browser.get(url).status_code, browser.post(url, VERDICT).status_code] == [403, 403]
    assert verdicts_in(writing) == []


def test_verdict_when_not_assigned_does_not_exist(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, daan = dossier_in(Status.IN_REVIEW), sign_in("Daan")
    url = f"/dossiers/{dossier_id}/oordeel"
    assert [daan.get(url).status_code, daan.post(url, VERDICT).status_code] == [404, 404]
    assert verdicts_in(writing) == []


def test_verdict_when_the_advice_was_adopted_is_fixed(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, mila = dossier_in(Status.ADVISED), sign_in("Mila")
    url = f"/dossiers/{dossier_id}/oordeel"
    page = mila.get(url).text
    assert ("A verdict cannot be recorded now" in page, "<textarea" in page) == (True, False)
    assert mila.post(url, {**VERDICT, "revision": 1}).status_code == 409
    assert verdicts_in(writing) == [(Verdict.CONDITIONAL, "Motivering van Mila.", 1)]


def test_verdict_when_there_is_a_new_round_starts_anew(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    with writing() as session:
        builders.judge(session, world, dossier_id)
        builders.give_back(session, world, dossier_id)
        remark = session.scalars(select(Remark)).one()
        remarks.reply(session, dossier_id, remark.id, "Uitgelegd.", "r", world.stamp(session, "Noor"))
        builders.hand_in(session, world, dossier_id)
        builders.take_up(session, world, dossier_id)
    mila = sign_in("Mila")
    page = mila.get(f"/dossiers/{dossier_id}/oordeel").text
    assert ("round 2" in page, "Motivering van Mila." in page) == (True, False)
    assert mila.post(f"/dossiers/{dossier_id}/oordeel", VERDICT).status_code == 303
    assert len(verdicts_in(writing)) == 2
