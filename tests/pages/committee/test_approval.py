"""Approval by chair and secretary: of exactly what was shown, by who has entered the password again."""

from __future__ import annotations

import json
import logging
from uuid import UUID

import pytest
from sqlalchemy import select

from ethiek.domain.workflow import Status
from ethiek.models.advice import Approval
from ethiek.models.dossiers import Dossier
from ethiek.models.jobs import Job
from tests import builders
from tests.builders import PASSWORD
from tests.pages.conftest import Browser, MakeDossier, SignIn, Writing


def sha256_of(writing: Writing, dossier_id: UUID) -> str:
    with writing() as session:
        return builders.present_advice(session, dossier_id).sha256


def approve(browser: Browser, dossier_id: UUID, sha256: str, password: str = PASSWORD) -> int:
    form = {"sha256": sha256, "password": password}
    return browser.post(f"/dossiers/{dossier_id}/advies/goedkeuren", form).status_code


def approvals_in(writing: Writing) -> list[str]:
    with writing() as session:
        return list(session.scalars(select(Approval.role).order_by(Approval.id)))


def test_approve_when_both_have_done_it_sends_the_report_to_be_signed(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.ADVISED)
    sha256 = sha256_of(writing, dossier_id)
    for name in ("Chris", "Sem"):
        assert approve(sign_in(name), dossier_id, sha256) == 303
    with writing() as session:
        assert session.get_one(Dossier, dossier_id).status is Status.AWAITING_SIGNATURE
        assert len(session.scalars(select(Job)).all()) == 1
    assert approvals_in(writing) == ["chair", "secretary"]


def test_approve_when_opened_shows_exactly_what_is_approved(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.ADVISED)
    with writing() as session:
        advice = builders.present_advice(session, dossier_id)
        hashes = (advice.sha256, json.loads(advice.content)["snapshot_sha256"])
    page = sign_in("Chris").get(f"/dossiers/{dossier_id}/advies/goedkeuren").text
    shown = (
        "Slimme camera",
        "Positive with conditions",
        "De commissie ziet meer baten dan risico.",
        "Zet een bord bij de camera.",
    )
    assert [text in page for text in (*shown, *hashes, f'name="sha256" value="{hashes[0]}"')] == [True] * 7


def test_approve_when_done_gives_the_session_another_id(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, chris = dossier_in(Status.ADVISED), sign_in("Chris")
    before = chris.client.get_cookie("ethiek")
    assert approve(chris, dossier_id, sha256_of(writing, dossier_id)) == 303
    after = chris.client.get_cookie("ethiek")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert chris.get("/commissie").status_code == 200


@pytest.mark.parametrize("password", ["niet het wachtwoord van Chris", "", "a\0b", "x" * 2000])
def test_approve_when_the_password_is_wrong_is_refused_at_the_field(
    dossier_in: MakeDossier,
    sign_in: SignIn,
    writing: Writing,
    password: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    dossier_id, chris = dossier_in(Status.ADVISED), sign_in("Chris")
    form = {"sha256": sha256_of(writing, dossier_id), "password": password}
    with caplog.at_level(logging.DEBUG):
        answer = chris.post(f"/dossiers/{dossier_id}/advies/goedkeuren", form)
    assert (answer.status_code, 'href="#password"' in answer.text) == (422, True)
    assert not password or password not in answer.text + caplog.text
    assert approvals_in(writing) == []


def test_approve_when_tried_too_often_has_to_wait_even_with_the_password(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, chris = dossier_in(Status.ADVISED), sign_in("Chris")
    sha256 = sha256_of(writing, dossier_id)
    statuses = [approve(chris, dossier_id, sha256, "niet het wachtwoord") for _ in range(10)]
    assert statuses == [422] * 10
    assert approve(chris, dossier_id, sha256) == 429
    assert approvals_in(writing) == []


def test_approve_when_the_advice_on_the_screen_is_another_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.ADVISED)
    chris, form = sign_in("Chris"), {"sha256": "0" * 64, "password": PASSWORD}
    answer = chris.post(f"/dossiers/{dossier_id}/advies/goedkeuren", form)
    assert (answer.status_code, PASSWORD in answer.text) == (409, False)
    assert approvals_in(writing) == []


def test_approve_when_somebody_is_chair_and_secretary_counts_once(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, robin = dossier_in(Status.ADVISED), sign_in("Robin")
    sha256 = sha256_of(writing, dossier_id)
    assert [approve(robin, dossier_id, sha256) for _ in range(2)] == [303, 409]
    page = robin.get(f"/dossiers/{dossier_id}/advies/goedkeuren").text
    assert ("You have approved this advice already" in page, 'type="password"' in page) == (True, False)
    assert approvals_in(writing) == ["chair"]


def test_approve_when_the_role_is_taken_says_so(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.ADVISED)
    sha256 = sha256_of(writing, dossier_id)
    assert approve(sign_in("Robin"), dossier_id, sha256) == 303
    chris = sign_in("Chris")
    assert (
        "The approval in your role was given already"
        in chris.get(f"/dossiers/{dossier_id}/advies/goedkeuren").text
    )
    assert approve(chris, dossier_id, sha256) == 409


@pytest.mark.parametrize("status", [Status.IN_REVIEW, Status.AWAITING_SIGNATURE])
def test_approve_when_it_is_not_the_moment_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, status: Status
) -> None:
    dossier_id, chris = dossier_in(status), sign_in("Chris")
    assert "There is nothing to approve now" in chris.get(f"/dossiers/{dossier_id}/advies/goedkeuren").text
    assert approve(chris, dossier_id, "0" * 64) == 409


@pytest.mark.parametrize(("name", "status"), [("Mila", 403), ("Noor", 403), ("Daan", 404), ("Aisha", 404)])
def test_approve_when_neither_chair_nor_secretary_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, name: str, status: int
) -> None:
    dossier_id, browser = dossier_in(Status.ADVISED), sign_in(name)
    assert browser.get(f"/dossiers/{dossier_id}/advies/goedkeuren").status_code == status
    assert approve(browser, dossier_id, sha256_of(writing, dossier_id)) == status
    assert approvals_in(writing) == []
