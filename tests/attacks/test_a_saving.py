"""A: saving and concurrency, as a browser meets it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import func, select

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.workflow import Status
from ethiek.models.audit import AuditEvent
from ethiek.models.dossiers import AnswerRevision, Dossier, StoredAnswer
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, Writing

SignIn = Callable[[str], Browser]
Make = Callable[..., UUID]
WHY = {Slot("1.1.1"): Answer(text="Eerst.")}
JSON = {"Accept": "application/json"}
BAD_REVISIONS = ["abc", "-1", "1.5", "99999999999", "1 or 1=1", "١", " 1", "1\n", "0x1", "1e3"]

FORMS = {
    "gegevens": ("Noor", Status.DRAFT, {}),
    "team": ("Noor", Status.DRAFT, {"email": "tess@voorbeeld.example", "function": "jurist"}),
    "team/verwijderen": ("Noor", Status.DRAFT, {"user_id": "00000000-0000-0000-0000-000000000000"}),
    "indienen": ("Noor", Status.DRAFT, {}),
    "intrekken": ("Noor", Status.DRAFT, {}),
    "vragen/1.1": ("Noor", Status.DRAFT, {"q-1.1.1-text": "Nieuw.", "q-1.1.1-token": "token-0001"}),
    "behandeling": ("Sem", Status.SUBMITTED, {}),
    "behandeling/oppakken": ("Sem", Status.SUBMITTED, {}),
    "behandeling/aanvulling": ("Sem", Status.IN_REVIEW, {}),
    "behandeling/vrijgeven": ("Sem", Status.IN_REVIEW, {}),
    "oordeel": ("Mila", Status.IN_REVIEW, {"verdict": "positive", "motivation": "Goed."}),
    "advies/vaststellen": ("Chris", Status.IN_REVIEW, {"verdict": "positive", "motivation": "Goed."}),
    "advies/intrekken": ("Chris", Status.ADVISED, {}),
}
"""Every form that changes a dossier: who sends it, when, and what else is in it."""


def key(path: str) -> str:
    return "q-1.1.1-revision" if path.startswith("vragen") else "revision"


def state(writing: Writing, dossier_id: UUID) -> tuple[Status, int, list[tuple[str, int]], int]:
    with writing() as session:
        dossier = session.get_one(Dossier, dossier_id)
        answers = session.execute(
            select(StoredAnswer.content, StoredAnswer.revision).order_by(StoredAnswer.id)
        ).all()
        kept = session.scalar(select(func.count()).select_from(AnswerRevision)) or 0
        return dossier.status, dossier.revision, [(row.content, row.revision) for row in answers], kept


def refusals(writing: Writing) -> int:
    with writing() as session:
        query = select(func.count()).select_from(AuditEvent).where(AuditEvent.result == "refused")
        return session.scalar(query) or 0


@only_sqlite
@pytest.mark.parametrize("path", FORMS)
def test_a8_change_without_base_version_is_428_and_changes_nothing(
    sign_in: SignIn, dossier_in: Make, writing: Writing, path: str
) -> None:
    who, status, fields = FORMS[path]
    dossier_id = dossier_in(status)
    browser, before = sign_in(who), state(writing, dossier_id)
    for given in ({}, {key(path): ""}):
        assert browser.post(f"/dossiers/{dossier_id}/{path}", {**fields, **given}).status_code == 428
    assert (state(writing, dossier_id), refusals(writing)) == (before, 2)


@only_sqlite
@pytest.mark.parametrize("path", FORMS)
def test_a9_change_with_a_bad_base_version_is_400_and_changes_nothing(
    sign_in: SignIn, dossier_in: Make, writing: Writing, path: str
) -> None:
    who, status, fields = FORMS[path]
    dossier_id = dossier_in(status)
    browser, before = sign_in(who), state(writing, dossier_id)
    codes = {
        bad: browser.post(f"/dossiers/{dossier_id}/{path}", {**fields, key(path): bad}).status_code
        for bad in BAD_REVISIONS
    }
    assert codes == dict.fromkeys(BAD_REVISIONS, 400)
    assert state(writing, dossier_id) == before


def autosave(
    browser: Browser, dossier_id: UUID, text: str, revision: int, token: str
) -> tuple[int, dict[str, object]]:
    fields = {
        "csrf_token": browser.token,
        "q-1.1.1-text": text,
        "q-1.1.1-revision": str(revision),
        "q-1.1.1-token": token,
    }
    answer = browser.client.post(f"/dossiers/{dossier_id}/vragen/1.1", data=fields, headers=JSON)
    return answer.status_code, answer.get_json()


def test_a5_two_saves_from_one_version_are_200_and_409_with_both_texts(
    sign_in: SignIn, dossier_in: Make
) -> None:
    dossier_id = dossier_in(Status.DRAFT, given=WHY)
    first, second = sign_in("Noor"), sign_in("Noor")
    assert autosave(first, dossier_id, "Van de een.", 1, "token-0001")[0] == 200
    status, body = autosave(second, dossier_id, "Van de ander.", 1, "token-0002")
    conflict = body["conflict"]["q-1.1.1"]  # type: ignore[index]
    told = (conflict["revision"], conflict["by"], conflict["theirs"], conflict["yours"])
    assert (status, told) == (409, (2, "Noor", "Van de een.", "Van de ander."))
    assert "09:30" in conflict["at"] or "10:30" in conflict["at"]
    page = first.get(f"/dossiers/{dossier_id}/vragen/1.1/1.1.1/versies").text
    assert ("Van de een." in page, "Van de ander." in page, "Eerst." in page) == (True, True, True)


def test_a7_save_that_is_sent_again_gets_the_version_it_already_got(
    sign_in: SignIn, dossier_in: Make, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.DRAFT, given=WHY)
    noor = sign_in("Noor")
    answers = [autosave(noor, dossier_id, "Nieuw.", 1, "token-0001") for _ in range(2)]
    saved = [(status, body["saved"]["q-1.1.1"]["revision"]) for status, body in answers]  # type: ignore[index]
    assert saved == [(200, 2), (200, 2)]
    with writing() as session:
        texts = list(
            session.scalars(select(AnswerRevision.content).where(AnswerRevision.question_id == "1.1.1"))
        )
        events = session.scalar(
            select(func.count())
            .select_from(AuditEvent)
            .where(AuditEvent.action == "save_answer")
            .where(AuditEvent.body.contains('"slot":"1.1.1"'))
        )
    assert (texts, events) == (['{"text":"Eerst."}', '{"text":"Nieuw."}'], 2)


def test_a16_dossier_handed_in_from_two_tabs_is_one_version_and_the_other_tab_is_told(
    sign_in: SignIn, dossier_in: Make, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    noor = sign_in("Noor")
    revision = state(writing, dossier_id)[1]
    codes = [
        noor.post(f"/dossiers/{dossier_id}/indienen", {"revision": revision}).status_code for _ in range(2)
    ]
    assert codes == [303, 409]
    with writing() as session:
        assert session.get_one(Dossier, dossier_id).round == 1


def test_a15_second_adoption_is_409(sign_in: SignIn, dossier_in: Make, writing: Writing) -> None:
    dossier_id = dossier_in(Status.ADVISED)
    answer = sign_in("Robin").post(
        f"/dossiers/{dossier_id}/advies/vaststellen",
        {"revision": state(writing, dossier_id)[1], "verdict": "positive", "motivation": "Goed."},
    )
    assert answer.status_code == 409
