"""The chair adopts an advice; who may read it when; taking it back."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from sqlalchemy import select

from ethiek.domain.workflow import Status
from ethiek.models.advice import Advice, AdviceCondition
from ethiek.models.dossiers import Dossier
from tests import builders
from tests.builders import World
from tests.pages.conftest import MakeDossier, SignIn, Writing

ADVICE = {"verdict": "conditional", "motivation": "Meer baten dan risico.", "conditions-0-text": "Zet een bord.",
          "conditions-0-owner": "Noor", "conditions-0-due_on": "2026-06-01"}  # fmt: skip


@pytest.fixture
def judged(dossier_in: MakeDossier, writing: Writing, world: World) -> UUID:
    """A dossier with enough verdicts."""
    dossier_id = dossier_in(Status.IN_REVIEW)
    with writing() as session:
        builders.judge(session, world, dossier_id)
    return dossier_id


def revision(writing: Writing, dossier_id: UUID) -> int:
    with writing() as session:
        return session.get_one(Dossier, dossier_id).revision


def conditions_in(writing: Writing) -> list[tuple[str, str, str]]:
    with writing() as session:
        rows = session.scalars(select(AdviceCondition).order_by(AdviceCondition.position))
        return [(row.text, row.owner, row.due_on.isoformat()) for row in rows]


def advices_in(writing: Writing) -> int:
    with writing() as session:
        return len(session.scalars(select(Advice.id)).all())


def test_adopt_when_complete_keeps_the_advice_without_blank_rows(
    judged: UUID, sign_in: SignIn, writing: Writing
) -> None:
    chris = sign_in("Chris")
    page = chris.get(f"/dossiers/{judged}/advies/vaststellen").text
    assert "Motivering van Mila." in page
    blank = {"conditions-1-text": " ", "conditions-1-owner": "", "conditions-1-due_on": ""}
    form = {**ADVICE, **blank, "revision": revision(writing, judged)}
    assert chris.post(f"/dossiers/{judged}/advies/vaststellen", form).location == f"/dossiers/{judged}/advies"
    assert conditions_in(writing) == [("Zet een bord.", "Noor", "2026-06-01")]
    with writing() as session:
        content = json.loads(session.scalars(select(Advice.content)).one())
    assert (content["organisation"], content["motivation"]) == (
        "Provincie Voorbeeld",
        "Meer baten dan risico.",
    )


def test_adopt_when_a_row_is_asked_for_gives_one_and_keeps_what_was_typed(
    judged: UUID, sign_in: SignIn, writing: Writing
) -> None:
    form = {**ADVICE, "add_condition": "1", "revision": revision(writing, judged)}
    answer = sign_in("Chris").post(f"/dossiers/{judged}/advies/vaststellen", form)
    assert answer.status_code == 200
    for kept in ("Meer baten dan risico.</textarea>", "Zet een bord.</textarea>", 'name="conditions-1-text"'):
        assert kept in answer.text
    assert "Not saved yet" not in answer.text
    assert advices_in(writing) == 0


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"verdict": ""}, "Choose a verdict."),
        ({"motivation": ""}, "Explain the verdict."),
        ({"conditions-0-owner": ""}, "Who sees to it: Fill this in."),
        ({"conditions-0-due_on": ""}, "By when: Fill this in."),
        ({"conditions-0-due_on": "morgen"}, "By when: "),
        ({"conditions-0-owner": "x" * 201}, "Use at most 200 characters."),
        ({"verdict": "positive"}, "Conditions belong only to the verdict"),
        ({"conditions-0-text": "", "conditions-0-owner": "", "conditions-0-due_on": ""}, "Fill this in."),
    ],
)
def test_adopt_when_wrong_shows_the_form_again_with_everything_typed(
    judged: UUID, sign_in: SignIn, writing: Writing, form: dict[str, object], message: str
) -> None:
    sent = {**ADVICE, **form, "revision": revision(writing, judged)}
    answer = sign_in("Chris").post(f"/dossiers/{judged}/advies/vaststellen", sent)
    assert (answer.status_code, message in answer.text, advices_in(writing)) == (422, True, 0)
    for name in ("motivation", "conditions-0-text"):
        assert f"{sent[name]}</textarea>" in answer.text


def test_adopt_when_there_is_no_quorum_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, chris = dossier_in(Status.IN_REVIEW), sign_in("Chris")
    url = f"/dossiers/{dossier_id}/advies/vaststellen"
    assert 'name="motivation"' not in chris.get(url).text
    answer = chris.post(url, {**ADVICE, "revision": revision(writing, dossier_id)})
    assert (answer.status_code, "Not enough members" in answer.text, advices_in(writing)) == (409, True, 0)


def test_adopt_when_two_do_it_at_once_lets_one_win(judged: UUID, sign_in: SignIn, writing: Writing) -> None:
    form = {**ADVICE, "revision": revision(writing, judged)}
    url = f"/dossiers/{judged}/advies/vaststellen"
    statuses = [sign_in(name).post(url, form).status_code for name in ("Chris", "Robin")]
    assert (statuses, advices_in(writing)) == ([303, 409], 1)


def test_adopt_when_the_page_is_old_is_refused(judged: UUID, sign_in: SignIn, writing: Writing) -> None:
    form = {**ADVICE, "revision": revision(writing, judged) - 1}
    assert sign_in("Chris").post(f"/dossiers/{judged}/advies/vaststellen", form).status_code == 409
    assert advices_in(writing) == 0


@pytest.mark.parametrize(
    ("name", "status"), [("Sem", 403), ("Mila", 403), ("Noor", 403), ("Daan", 404), ("Aisha", 404)]
)
def test_adopt_when_not_the_chair_is_refused(
    judged: UUID, sign_in: SignIn, writing: Writing, name: str, status: int
) -> None:
    browser, form = sign_in(name), {**ADVICE, "revision": revision(writing, judged)}
    url = f"/dossiers/{judged}/advies/vaststellen"
    assert [browser.get(url).status_code, browser.post(url, form).status_code] == [status, status]
    assert advices_in(writing) == 0


@pytest.mark.parametrize("status", [Status.ADVISED, Status.AWAITING_SIGNATURE, Status.ARCHIVED])
def test_show_when_not_signed_yet_tells_the_team_nothing(
    dossier_in: MakeDossier, sign_in: SignIn, status: Status
) -> None:
    dossier_id, signed = dossier_in(status), status is Status.ARCHIVED
    secrets = (
        "De commissie ziet meer baten dan risico.",
        "Zet een bord bij de camera.",
        "Positive with conditions",
    )
    noor, mila = (sign_in(name).get(f"/dossiers/{dossier_id}/advies").text for name in ("Noor", "Mila"))
    assert [text in noor for text in secrets] == [signed] * 3
    assert [text in mila for text in secrets] == [True] * 3
    assert ("Motivering van Mila." in noor, "Motivering van Mila." in mila) == (False, True)


def test_show_when_approved_shows_by_whom_and_both_checksums(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.AWAITING_SIGNATURE)
    with writing() as session:
        advice = builders.present_advice(session, dossier_id)
        expected = (advice.sha256, json.loads(advice.content)["snapshot_sha256"])
    page = sign_in("Chris").get(f"/dossiers/{dossier_id}/advies").text
    for text in (*expected, "Chair: approved by Chris", "Secretary: approved by Sem"):
        assert text in page


def test_revoke_when_not_signed_yet_opens_the_review_again(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, chris = dossier_in(Status.ADVISED), sign_in("Chris")
    assert "Take this advice back" in chris.get(f"/dossiers/{dossier_id}/advies").text
    form = {"revision": revision(writing, dossier_id)}
    assert chris.post(f"/dossiers/{dossier_id}/advies/intrekken", form).status_code == 303
    with writing() as session:
        assert session.get_one(Dossier, dossier_id).status is Status.IN_REVIEW
    again = {**ADVICE, "revision": revision(writing, dossier_id)}
    assert chris.post(f"/dossiers/{dossier_id}/advies/vaststellen", again).status_code == 303
    assert advices_in(writing) == 2


@pytest.mark.parametrize(("name", "status"), [("Sem", 403), ("Noor", 403), ("Daan", 404)])
def test_revoke_when_not_the_chair_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, name: str, status: int
) -> None:
    dossier_id = dossier_in(Status.ADVISED)
    form = {"revision": revision(writing, dossier_id)}
    assert sign_in(name).post(f"/dossiers/{dossier_id}/advies/intrekken", form).status_code == status


def test_revoke_when_it_is_being_signed_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, chris = dossier_in(Status.AWAITING_SIGNATURE), sign_in("Chris")
    url = f"/dossiers/{dossier_id}/advies/intrekken"
    assert chris.post(url, {"revision": revision(writing, dossier_id)}).status_code == 409
    assert chris.post(url).status_code == 428
