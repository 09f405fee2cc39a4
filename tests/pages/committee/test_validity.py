"""The chair says on a page whether a report still counts."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from ethiek.domain.workflow import Status
from ethiek.models.archive import ReportStatusEvent
from ethiek.services import throttle
from tests.builders import PASSWORD
from tests.conftest import only_sqlite
from tests.pages.conftest import MakeDossier, SignIn, Writing

REASON = "Er stond een <b>verkeerde</b> voorwaarde in."
Given = dict[str, object]


def page_of(dossier_id: UUID) -> str:
    return f"/dossiers/{dossier_id}/rapport/geldigheid"


def given(revision: int = 0, reason: str = REASON, password: str = PASSWORD) -> Given:
    return {"revision": revision, "reason": reason, "password": password}


def kinds(writing: Writing) -> list[str]:
    with writing() as session:
        return [str(kind) for kind in session.scalars(select(ReportStatusEvent.kind)).all()]


def test_chair_withdraws_and_restores_and_everybody_involved_sees_it(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, chris, noor = dossier_in(Status.ARCHIVED), sign_in("Chris"), sign_in("Noor")
    report = f"/dossiers/{dossier_id}/rapport"
    assert "Withdraw the report" in chris.get(report).text
    assert 'name="revision" type="hidden" value="0"' in chris.get(page_of(dossier_id)).text
    answer = chris.post(page_of(dossier_id), given())
    assert (answer.status_code, answer.headers["Location"]) == (303, report)

    page = noor.get(report).text
    assert "&lt;b&gt;verkeerde&lt;/b&gt;" in page
    assert ("Withdrawn" in page, "Let the report count again" in page) == (True, False)
    assert chris.get(f"{report}.pdf").status_code == 200

    assert "Let the report count again" in chris.get(page_of(dossier_id)).text
    assert chris.post(page_of(dossier_id), given(1, "Toch goed.")).status_code == 303
    assert kinds(writing) == ["withdrawn", "restored"]
    assert "Toch goed." in noor.get(report).text


@only_sqlite
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"password": "iets anders"}, "This is not your password."),
        ({"password": ""}, "Fill in your password."),
        ({"reason": "  "}, "Fill this in."),
        ({"reason": "x" * 2001}, "Use at most 2000 characters."),
        ({"reason": "a\x00b"}, "This text holds characters that cannot be stored."),
    ],
)
def test_withdrawal_that_is_not_right_changes_nothing_and_keeps_the_reason(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, wrong: Given, message: str
) -> None:
    dossier_id, chris = dossier_in(Status.ARCHIVED), sign_in("Chris")
    chris.get(page_of(dossier_id))
    answer = chris.post(page_of(dossier_id), {**given(), **wrong})
    assert (answer.status_code, message in answer.text) == (422, True)
    assert ("reason" in wrong) or ("&lt;b&gt;verkeerde" in answer.text)
    assert kinds(writing) == []


def test_withdrawal_from_an_older_page_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, chris = dossier_in(Status.ARCHIVED), sign_in("Chris")
    chris.get(page_of(dossier_id))
    codes = [chris.post(page_of(dossier_id), given()).status_code for _twice in range(2)]
    assert (codes, kinds(writing)) == ([303, 409], ["withdrawn"])


@only_sqlite
@pytest.mark.parametrize(("name", "status"), [("Noor", 403), ("Sem", 403), ("Mila", 403), ("Omar", 404)])
def test_withdrawal_by_somebody_else_is_refused_before_the_password_is_looked_at(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, name: str, status: int
) -> None:
    dossier_id, browser = dossier_in(Status.ARCHIVED), sign_in(name)
    answer = browser.post(page_of(dossier_id), given(password="een gok"))
    assert (answer.status_code, kinds(writing)) == (status, [])
    assert browser.get(page_of(dossier_id)).status_code == status


@only_sqlite
def test_withdrawal_with_too_many_wrong_passwords_has_to_wait(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, chris = dossier_in(Status.ARCHIVED), sign_in("Chris")
    chris.get(page_of(dossier_id))
    tries = throttle.sign_in_limits("", "")[0].tries
    codes = {chris.post(page_of(dossier_id), given(password="fout")).status_code for _try in range(tries)}
    answer = chris.post(page_of(dossier_id), given())
    assert (codes, answer.status_code, int(answer.headers["Retry-After"]) > 0) == ({422}, 429, True)
    assert kinds(writing) == []
