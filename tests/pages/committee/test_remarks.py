"""Remarks of the committee, and the replies of the team."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from ethiek.domain.workflow import Status
from ethiek.models.reviews import Remark, Reply
from ethiek.services import remarks
from tests import builders
from tests.builders import World
from tests.pages.conftest import MakeDossier, SignIn, Writing


def remarks_in(writing: Writing) -> list[tuple[str, str, str]]:
    with writing() as session:
        rows = session.execute(select(Remark.question_id, Remark.item, Remark.body).order_by(Remark.id))
        return [(row[0], row[1], row[2]) for row in rows]


def replies_in(writing: Writing) -> list[str]:
    with writing() as session:
        return list(session.scalars(select(Reply.body).order_by(Reply.id)))


def the_remark(writing: Writing) -> UUID:
    with writing() as session:
        return session.scalars(select(Remark.id)).one()


@pytest.mark.parametrize(
    ("key", "slot"), [("1.1.1", ("1.1.1", "")), ("2.1.1@privacy", ("2.1.1", "privacy")), ("geheel", ("", ""))]
)
@pytest.mark.parametrize("name", ["Mila", "Chris", "Sem"])
def test_remark_when_written_is_kept_and_leads_back_to_its_question(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, key: str, slot: tuple[str, str], name: str
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    form = {"at": key, f"body-{key}": " Waarom zo? ", "token": "t"}
    answer = sign_in(name).post(f"/dossiers/{dossier_id}/rondes/1/opmerkingen", form)
    assert (answer.status_code, answer.location) == (303, f"/dossiers/{dossier_id}/rondes/1#v-{key}")
    assert remarks_in(writing) == [(*slot, "Waarom zo?")]


def test_remark_when_sent_twice_is_one_remark(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, mila = dossier_in(Status.IN_REVIEW), sign_in("Mila")
    url, form = (
        f"/dossiers/{dossier_id}/rondes/1/opmerkingen",
        {"at": "1.1.1", "body-1.1.1": "Waarom?", "token": "t"},
    )
    assert [mila.post(url, form).status_code for _ in range(2)] == [303, 303]
    assert mila.post(url, {**form, "body-1.1.1": "En nog iets."}).status_code == 303
    assert remarks_in(writing) == [("1.1.1", "", "Waarom?"), ("1.1.1", "", "En nog iets.")]


def test_remark_when_something_else_is_typed_too_keeps_that_on_the_page(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    form = {"at": "1.1.1", "body-1.1.1": "Verstuurd.", "body-1.1.2": "Half getypt", "token": "t"}
    answer = sign_in("Mila").post(f"/dossiers/{dossier_id}/rondes/1/opmerkingen", form)
    assert answer.status_code == 200
    assert "Half getypt</textarea>" in answer.text
    assert "Verstuurd.</textarea>" not in answer.text
    assert remarks_in(writing) == [("1.1.1", "", "Verstuurd.")]


@pytest.mark.parametrize(
    ("body", "message"),
    [("  ", "Fill this in."), ("x" * 20_001, "This text is too long"), ("a\0b", "cannot be stored")],
)
def test_remark_when_the_text_cannot_be_kept_shows_it_again(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, body: str, message: str
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    form = {"at": "1.1.1", "body-1.1.1": body, "body-1.1.2": "Half getypt", "token": "t"}
    answer = sign_in("Mila").post(f"/dossiers/{dossier_id}/rondes/1/opmerkingen", form)
    assert (answer.status_code, message in answer.text) == (422, True)
    assert "Half getypt</textarea>" in answer.text
    assert body.strip() in answer.text
    assert remarks_in(writing) == []


def test_remark_when_the_dossier_was_handed_in_again_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.CHANGES_REQUESTED)
    remark_id = the_remark(writing)
    with writing() as session:
        remarks.reply(session, dossier_id, remark_id, "Uitgelegd.", "r", world.stamp(session, "Noor"))
        builders.hand_in(session, world, dossier_id)
    form = {"at": "1.1.1", "body-1.1.1": "Waarom?", "token": "t"}
    assert sign_in("Mila").post(f"/dossiers/{dossier_id}/rondes/1/opmerkingen", form).status_code == 409
    assert len(remarks_in(writing)) == 1


@pytest.mark.parametrize("key", ["1.1.3", "9.9", "2.1.1@onbekend"])
def test_remark_when_the_question_was_not_handed_in_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, key: str
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    form = {"at": key, f"body-{key}": "Waarom?", "token": "t"}
    answer = sign_in("Mila").post(f"/dossiers/{dossier_id}/rondes/1/opmerkingen", form)
    assert (answer.status_code, remarks_in(writing)) == (422, [])


@pytest.mark.parametrize(("name", "status"), [("Noor", 403), ("Daan", 404), ("Aisha", 404)])
def test_remark_when_not_of_the_committee_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, name: str, status: int
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    form = {"at": "1.1.1", "body-1.1.1": "Waarom?", "token": "t"}
    assert sign_in(name).post(f"/dossiers/{dossier_id}/rondes/1/opmerkingen", form).status_code == status
    assert remarks_in(writing) == []


@pytest.mark.parametrize("status", [Status.ADVISED, Status.AWAITING_SIGNATURE])
def test_remark_when_the_review_is_over_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, status: Status
) -> None:
    dossier_id, mila = dossier_in(status), sign_in("Mila")
    assert "Write a remark" not in mila.get(f"/dossiers/{dossier_id}/rondes/1").text
    form = {"at": "1.1.1", "body-1.1.1": "Waarom <b>niet</b> eerder?", "token": "t"}
    answer = mila.post(f"/dossiers/{dossier_id}/rondes/1/opmerkingen", form)
    assert (answer.status_code, "Waarom &lt;b&gt;niet&lt;/b&gt; eerder?" in answer.text) == (409, True)
    assert remarks_in(writing) == []


def test_reply_when_written_is_kept_and_shown_to_everybody(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.CHANGES_REQUESTED)
    remark_id, noor = the_remark(writing), sign_in("Noor")
    assert "Still without a reply" in noor.get(f"/dossiers/{dossier_id}/opmerkingen").text
    form = {f"body-{remark_id}": "Omdat het nodig is.", "token": "t"}
    url = f"/dossiers/{dossier_id}/opmerkingen/{remark_id}/antwoorden"
    answers = [noor.post(url, form) for _ in range(2)]
    assert [answer.location for answer in answers] == [
        f"/dossiers/{dossier_id}/opmerkingen#opmerking-{remark_id}"
    ] * 2
    assert replies_in(writing) == ["Omdat het nodig is."]
    assert "Still without a reply" not in noor.get(f"/dossiers/{dossier_id}/opmerkingen").text
    assert "Omdat het nodig is." in sign_in("Mila").get(f"/dossiers/{dossier_id}/rondes/1").text


def test_reply_when_written_on_the_page_of_a_round_leads_back_there(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.CHANGES_REQUESTED)
    remark_id, noor = the_remark(writing), sign_in("Noor")
    assert f'name="body-{remark_id}"' in noor.get(f"/dossiers/{dossier_id}/rondes/1").text
    form = {f"body-{remark_id}": "Omdat het nodig is.", "token": "t", "back": "1"}
    answer = noor.post(f"/dossiers/{dossier_id}/opmerkingen/{remark_id}/antwoorden", form)
    assert answer.location == f"/dossiers/{dossier_id}/rondes/1#opmerking-{remark_id}"


@pytest.mark.parametrize("back", ["", "1"])
def test_reply_when_empty_or_not_alone_shows_the_page_again(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, back: str
) -> None:
    dossier_id = dossier_in(Status.CHANGES_REQUESTED)
    remark_id, noor = the_remark(writing), sign_in("Noor")
    url = f"/dossiers/{dossier_id}/opmerkingen/{remark_id}/antwoorden"
    empty = noor.post(url, {f"body-{remark_id}": " ", "token": "t", "back": back})
    assert (empty.status_code, "Fill this in." in empty.text) == (422, True)
    together = noor.post(
        url, {f"body-{remark_id}": "Omdat.", f"body-{uuid4()}": "Half", "token": "t", "back": back}
    )
    assert (together.status_code, replies_in(writing)) == (200, ["Omdat."])


def test_reply_when_the_remark_is_internal_does_not_exist(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    with writing() as session:
        internal = builders.a_remark(session, world, dossier_id, "Geheim.")
        builders.give_back(session, world, dossier_id)
    form = {f"body-{internal}": "Omdat.", "token": "t"}
    answer = sign_in("Noor").post(f"/dossiers/{dossier_id}/opmerkingen/{internal}/antwoorden", form)
    assert (answer.status_code, "Geheim" in answer.text, replies_in(writing)) == (404, False, [])


def test_reply_when_the_committee_has_the_dossier_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.IN_REVIEW)
    with writing() as session:
        remark_id = builders.a_remark(session, world, dossier_id, released=True)
    form = {f"body-{remark_id}": "Omdat.", "token": "t"}
    answer = sign_in("Noor").post(f"/dossiers/{dossier_id}/opmerkingen/{remark_id}/antwoorden", form)
    assert (answer.status_code, replies_in(writing)) == (409, [])


@pytest.mark.parametrize(("name", "status"), [("Mila", 403), ("Sem", 403), ("Daan", 404)])
def test_replies_when_not_in_the_team_are_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, name: str, status: int
) -> None:
    dossier_id = dossier_in(Status.CHANGES_REQUESTED)
    browser, remark_id = sign_in(name), the_remark(writing)
    assert browser.get(f"/dossiers/{dossier_id}/opmerkingen").status_code == status
    form = {f"body-{remark_id}": "Omdat.", "token": "t"}
    assert (
        browser.post(f"/dossiers/{dossier_id}/opmerkingen/{remark_id}/antwoorden", form).status_code == status
    )
