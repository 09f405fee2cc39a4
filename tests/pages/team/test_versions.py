"""Moving a dossier to a newer version, as the team sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import select

from ethiek.domain.answers import Answer, Outcome, Slot
from ethiek.domain.carried import CarriedState
from ethiek.domain.workflow import Status
from ethiek.models.carried import CarriedAnswer
from ethiek.models.dossiers import AnswerRevision, Dossier, StoredAnswer
from ethiek.questionnaires.model import Kind, Question, Questionnaire
from ethiek.services import migration, questionnaires
from tests import builders
from tests.builders import AT, World
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, Writing
from tests.question_sets import a_newer_version

pytestmark = only_sqlite
SignIn = Callable[[str], Browser]
Make = Callable[..., UUID]
Count = Callable[[Callable[[], object]], int]
JSON = {"Accept": "application/json"}
OLD, NEW = "proef/1.0", "proef/1.1"
GIVEN = {
    Slot("1.1.1"): Answer(text="Drukte."),
    Slot("1.1.2"): Answer(choice="yes"),
    Slot("1.1.3"): Answer(text="Een heel jaar."),
    Slot("1.1.4"): Answer(choices=("privacy", "equality")),
}


@pytest.fixture
def dossier_id(dossier_in: Make, writing: Writing) -> UUID:
    """A draft of Noor's, while there is a newer version."""
    made = dossier_in(Status.DRAFT, given=GIVEN)
    with writing() as session:
        questionnaires.publish(session, [a_newer_version()], AT)
    return made


@pytest.fixture
def noor(sign_in: SignIn, world: World) -> Browser:  # noqa: ARG001  # who exists can sign in
    return sign_in("Noor")


def move(noor: Browser, dossier_id: UUID, revision: str = "1") -> None:
    noor.get(f"/dossiers/{dossier_id}/versie")
    sent = {"naar": NEW, "revision": revision, "looked": "y"}
    answer = noor.post(f"/dossiers/{dossier_id}/versie", sent)
    assert (answer.status_code, answer.location) == (303, f"/dossiers/{dossier_id}/versie/overgezet")


def key_now(writing: Writing, dossier_id: UUID) -> str:
    with writing() as session:
        return session.get_one(Dossier, dossier_id).questionnaire_key


def section(dossier_id: UUID, name: str = "1.1") -> str:
    return f"/dossiers/{dossier_id}/vragen/{name}"


def test_open_dossier_is_told_of_a_newer_version_and_stays_what_it_is(
    noor: Browser, dossier_id: UUID, writing: Writing
) -> None:
    page = noor.get(f"/dossiers/{dossier_id}").text
    assert 'There is a newer version: <span lang="nl">Proeftoets 1.1 (1.1)</span>' in page
    assert f'href="/dossiers/{dossier_id}/versie"' in page
    assert key_now(writing, dossier_id) == OLD


def test_submitted_dossier_is_not_told_and_cannot_move(
    noor: Browser, dossier_in: Make, dossier_id: UUID, writing: Writing
) -> None:
    submitted = dossier_in(Status.SUBMITTED)
    assert dossier_id != submitted
    assert "newer version" not in noor.get(f"/dossiers/{submitted}").text
    answers = [
        noor.get(f"/dossiers/{submitted}/versie"),
        noor.post(f"/dossiers/{submitted}/versie", {"naar": NEW, "revision": "2", "looked": "y"}),
        noor.post(f"/dossiers/{submitted}/versie/terugzetten", {"revision": "2"}),
    ]
    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert key_now(writing, submitted) == OLD


def test_preview_shows_what_happens_to_each_answer(noor: Browser, dossier_id: UUID) -> None:
    page = unescape(noor.get(f"/dossiers/{dossier_id}/versie").text)
    assert 'Move to <span lang="nl">Proeftoets 1.1</span>' in page
    for text in (
        "Without a place (3)",
        "To be confirmed (1)",
        "New questions (1)",
        "Een heel jaar.",
        '<span lang="nl">Gelijke behandeling</span>: has no place; stays readable under the earlier answers',
        "Your answer: does not fit; stays readable beside the question",
        "Your answer: comes along; confirm it afterwards",
    ):
        assert text in page, text


def test_move_without_having_looked_asks_to_look(noor: Browser, dossier_id: UUID, writing: Writing) -> None:
    noor.get(f"/dossiers/{dossier_id}/versie")
    answer = noor.post(f"/dossiers/{dossier_id}/versie", {"naar": NEW, "revision": "1"})
    assert answer.status_code == 422
    assert "Look at the list first, and tick this box." in answer.text
    assert key_now(writing, dossier_id) == OLD


@pytest.mark.parametrize("key", ["proef/1.0", "proef/7", "", "iama/2.0", "x" * 300])
def test_preview_of_what_is_not_newer_is_not_found(noor: Browser, dossier_id: UUID, key: str) -> None:
    assert noor.get(f"/dossiers/{dossier_id}/versie", query_string={"naar": key}).status_code == 404
    sent = {"naar": key, "revision": "1", "looked": "y"}
    assert noor.post(f"/dossiers/{dossier_id}/versie", sent).status_code == 404


def test_after_the_move_the_question_shows_what_changed_and_one_button_confirms(
    noor: Browser, dossier_id: UUID, writing: Writing
) -> None:
    move(noor, dossier_id)
    assert key_now(writing, dossier_id) == NEW
    summary = unescape(noor.get(f"/dossiers/{dossier_id}/versie/overgezet").text)
    assert "1.1.1 Wat is de aanleiding, en voor wie?" in summary
    page = unescape(noor.get(section(dossier_id)).text)
    assert 'aria-label="Confirm again"' in page
    assert "From Proeftoets 1.0, written on 2 March 2026, 10:30." in page
    assert '<ins class="et-diff__added">' in page
    assert 'aria-label="Earlier answer, not filled in"' in page
    assert "• Privacy\n• Gelijke behandeling" in page
    submit = noor.get(f"/dossiers/{dossier_id}/indienen").text
    assert ("Still to confirm" in submit, f'{section(dossier_id)}#q-1.1.1"' in submit) == (True, True)
    sent = {
        "q-1.1.1-text": "Drukte.",
        "q-1.1.1-revision": "1",
        "q-1.1.1-token": "token-0001",
        "versie": NEW,
        "confirm": "q-1.1.1",
    }
    answer = noor.post(section(dossier_id), sent)
    assert (answer.status_code, answer.location) == (303, f"{section(dossier_id)}#q-1.1.1")
    assert "Confirm again" not in noor.get(section(dossier_id)).text
    assert "Still to confirm" not in noor.get(f"/dossiers/{dossier_id}/indienen").text


def test_confirming_an_answer_that_is_refused_confirms_nothing(
    noor: Browser, dossier_id: UUID, writing: Writing
) -> None:
    move(noor, dossier_id)
    sent = {
        "q-1.1.1-text": "x" * 30_000,
        "q-1.1.1-revision": "1",
        "q-1.1.1-token": "token-0001",
        "versie": NEW,
        "confirm": "q-1.1.1",
    }
    answer = noor.post(section(dossier_id), sent)
    assert (answer.status_code, "Confirm again" in answer.text) == (422, True)
    with writing() as session:
        states = session.scalars(
            select(CarriedAnswer.state).where(CarriedAnswer.question_id == "1.1.1")
        ).all()
    assert states == [CarriedState.PENDING]


def test_answers_without_a_place_can_be_read_and_copied(noor: Browser, dossier_id: UUID) -> None:
    assert "There are no earlier answers" in noor.get(f"/dossiers/{dossier_id}/eerdere-antwoorden").text
    move(noor, dossier_id)
    page = unescape(noor.get(f"/dossiers/{dossier_id}/eerdere-antwoorden").text)
    for text in (
        "From Proeftoets 1.0",
        "1.1.3 Hoe lang al?",
        "Een heel jaar.",
        "2.1.1 Hoe zwaar is de inbreuk? (Gelijke behandeling)",
        'also shown at: <span lang="nl">1.1.4 Welke rechten raakt het?</span>',
    ):
        assert text in page, text
    assert "Earlier answers without a place" in noor.get(f"/dossiers/{dossier_id}").text


def test_going_back_gives_the_earlier_dossier_and_keeps_what_was_written_since(
    noor: Browser, dossier_id: UUID, writing: Writing
) -> None:
    with writing() as session:
        before = migration.state_sha256(session, session.get_one(Dossier, dossier_id))
    move(noor, dossier_id)
    sent = {"q-1.1.5-text": "De wethouder.", "q-1.1.5-revision": "0", "q-1.1.5-token": "token-0005"}
    noor.post(section(dossier_id), {**sent, "versie": NEW})
    answer = noor.post(f"/dossiers/{dossier_id}/versie/terugzetten", {"revision": "2"})
    assert (answer.status_code, answer.location) == (303, f"/dossiers/{dossier_id}")
    with writing() as session:
        assert migration.state_sha256(session, session.get_one(Dossier, dossier_id)) == before
    page = unescape(noor.get(f"/dossiers/{dossier_id}/eerdere-antwoorden").text)
    assert ("From Proeftoets 1.1" in page, "De wethouder." in page) == (True, True)
    assert "Een heel jaar." not in page
    assert noor.get(f"/dossiers/{dossier_id}/versie/overgezet").status_code == 404


def test_move_and_undo_from_an_old_page_are_refused(
    noor: Browser, dossier_id: UUID, writing: Writing
) -> None:
    noor.get(f"/dossiers/{dossier_id}/versie")
    sent = {"naar": NEW, "revision": "0", "looked": "y"}
    assert noor.post(f"/dossiers/{dossier_id}/versie", sent).status_code == 409
    move(noor, dossier_id)
    undo = f"/dossiers/{dossier_id}/versie/terugzetten"
    assert noor.post(undo, {"revision": "1"}).status_code == 409
    assert noor.post(undo).status_code == 428
    assert key_now(writing, dossier_id) == NEW


LATE = {
    "q-1.1.3-text": "Getypt op de oude pagina.",
    "q-1.1.3-revision": "1",
    "q-1.1.3-token": "token-0003",
    "q-1.1.1-text": "Drukte.",
    "q-1.1.1-revision": "1",
    "q-1.1.1-token": "token-0001",
    "versie": OLD,
}


def late_texts(writing: Writing) -> list[tuple[str, str, str]]:
    with writing() as session:
        rows = session.scalars(
            select(AnswerRevision)
            .where(AnswerRevision.outcome == Outcome.TOO_LATE)
            .order_by(AnswerRevision.id)
        )
        return [(row.questionnaire_key, row.question_id, row.content) for row in rows]


def test_page_of_the_earlier_version_keeps_every_text_and_fills_nothing_in(
    noor: Browser, dossier_id: UUID, writing: Writing
) -> None:
    move(noor, dossier_id)
    for _again in range(2):
        answer = noor.post(section(dossier_id), LATE)
        assert answer.status_code == 409
        assert "Getypt op de oude pagina." in answer.text
        assert late_texts(writing) == [(OLD, "1.1.3", '{"text":"Getypt op de oude pagina."}')]
    history = f"{section(dossier_id)}/1.1.3/versies?versie=proef/1.0"
    assert history in unescape(answer.text).replace("%2F", "/")
    page = noor.get(history).text
    assert ("Getypt op de oude pagina." in page, "Een heel jaar." in page) == (True, True)
    with writing() as session:
        texts = session.scalars(select(StoredAnswer.content).where(StoredAnswer.question_id == "1.1.3")).all()
    assert texts == ['{"text":"Een heel jaar."}']


def test_script_on_a_page_of_the_earlier_version_is_told(
    noor: Browser, dossier_id: UUID, writing: Writing
) -> None:
    move(noor, dossier_id)
    answer = noor.client.post(section(dossier_id), data={**LATE, "csrf_token": noor.token}, headers=JSON)
    assert (answer.status_code, list(answer.json or {})) == (409, ["error"])
    assert [row[1] for row in late_texts(writing)] == ["1.1.3"]


def test_text_that_cannot_be_stored_is_on_the_page_to_be_copied(
    noor: Browser, dossier_id: UUID, writing: Writing
) -> None:
    move(noor, dossier_id)
    answer = noor.post(section(dossier_id), {**LATE, "q-1.1.3-text": "y" * 300})
    assert (answer.status_code, "y" * 300 in answer.text, late_texts(writing)) == (409, True, [])


@pytest.mark.parametrize("key", ["proef/1.1", "iama/2.0", "", "../x"])
def test_page_of_a_version_that_the_dossier_never_had_is_not_found(
    noor: Browser, dossier_id: UUID, writing: Writing, key: str
) -> None:
    assert noor.post(section(dossier_id), {**LATE, "versie": key}).status_code == 404
    assert noor.get(f"{section(dossier_id)}/1.1.1/versies", query_string={"versie": key}).status_code == 404
    assert late_texts(writing) == []


def a_large(version: str, extra: int) -> Questionnaire:
    small = a_newer_version()
    first = small.parts[0].sections[0]
    more = tuple(Question(f"1.1.9{n}", f"Vraag {version} {n}?", Kind.OPEN_TEXT) for n in range(extra))
    part = replace(small.parts[0], sections=(replace(first, questions=(*first.questions, *more)),))
    return replace(small, id=f"groot{extra}", version=version, parts=(part, *small.parts[1:]))


def steps_of(noor: Browser, url: str, key: str) -> list[Callable[[], object]]:
    """Everything that a move is, from the dossier's page to the hand-in."""
    sent = {"naar": key, "revision": "1", "looked": "y"}
    pages = ("versie/overgezet", "vragen/1.1", "eerdere-antwoorden", "indienen")
    return [
        lambda: noor.get(url),
        lambda: noor.get(f"{url}/versie"),
        lambda: noor.post(f"{url}/versie", sent),
        *(partial(noor.get, f"{url}/{page}") for page in pages),
    ]


def test_pages_take_as_many_statements_for_a_small_set_as_for_a_large_one(
    noor: Browser, world: World, writing: Writing, count_statements: Count
) -> None:
    counts = []
    for extra in (1, 60):
        old, new = a_large("1.0", extra), a_large("1.1", extra)
        with writing() as session:
            questionnaires.publish(session, [old, new], AT)
            dossier_id = builders.a_dossier(session, replace(world, questionnaire=old))
        noor.get(f"/dossiers/{dossier_id}/versie")
        steps = steps_of(noor, f"/dossiers/{dossier_id}", new.key)
        for warm in (steps[0], steps[1]):
            warm()
        counts.append([count_statements(step) for step in steps])
    assert counts[0] == counts[1], json.dumps(counts)
