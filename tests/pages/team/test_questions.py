"""Filling in: the page that works without a script, and what a script is told."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.workflow import Status
from ethiek.models.dossiers import StoredAnswer
from ethiek.services import answers
from tests import builders
from tests.builders import World
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, Writing

pytestmark = only_sqlite
SignIn = Callable[[str], Browser]
Make = Callable[..., UUID]
JSON = {"Accept": "application/json"}
GIVEN = {Slot("1.1.1"): Answer(text="Eerst.")}


@pytest.fixture
def dossier_id(dossier_in: Make) -> UUID:
    return dossier_in(Status.DRAFT, given=GIVEN)


@pytest.fixture
def noor(sign_in: SignIn, world: World) -> Browser:  # noqa: ARG001  # who exists can sign in
    return sign_in("Noor")


def url(dossier_id: UUID, section: str = "1.1") -> str:
    return f"/dossiers/{dossier_id}/vragen/{section}"


def why(text: str, revision: int = 1, token: str = "token-0001", **more: str) -> dict[str, object]:
    fields = {"q-1.1.1-text": text, "q-1.1.1-revision": str(revision), "q-1.1.1-token": token}
    return {**fields, **{f"q-1.1.1-{name}": value for name, value in more.items()}}


def stored(writing: Writing, question: str = "1.1.1") -> list[str]:
    with writing() as session:
        return list(session.scalars(select(StoredAnswer.content).where(StoredAnswer.question_id == question)))


def test_save_keeps_the_answer_and_stays(noor: Browser, dossier_id: UUID, writing: Writing) -> None:
    answer = noor.post(url(dossier_id), {**why("Nieuw."), "action": "save"})
    assert (answer.status_code, answer.location) == (303, url(dossier_id))
    assert stored(writing) == ['{"text":"Nieuw."}']
    assert "Your answers have been saved." in noor.get(url(dossier_id)).text


def test_dissent_is_kept_shown_and_in_the_history(noor: Browser, dossier_id: UUID, writing: Writing) -> None:
    folded = '<details class="et-more"><summary>Dissenting view</summary>'
    assert folded in noor.get(url(dossier_id)).text
    sent = why("Nieuw.", dissent="Yara: **niet** doen.\r\nOf later.")
    assert noor.post(url(dossier_id), {**sent, "action": "save"}).status_code == 303
    assert stored(writing) == ['{"dissent":"Yara: **niet** doen.\\nOf later.","text":"Nieuw."}']
    page = noor.get(url(dossier_id)).text
    assert '<details class="et-more" open><summary>Dissenting view</summary>' in page
    assert "Yara: **niet** doen.\nOf later.</textarea>" in page.replace("\r\n", "\n")
    assert "Afwijkend standpunt: Yara" in noor.get(f"{url(dossier_id)}/1.1.1/versies").text
    sent = why("Nieuw.", 2, "token-0002", dissent="")
    assert noor.post(url(dossier_id), {**sent, "action": "save"}).status_code == 303
    assert stored(writing) == ['{"text":"Nieuw."}']


def test_dissents_of_two_people_are_put_together(noor: Browser, dossier_id: UUID, writing: Writing) -> None:
    assert noor.post(url(dossier_id), {**why("A", dissent="Een."), "action": "save"}).status_code == 303
    late = why("B", 1, "token-0002", dissent="Twee.")
    assert noor.post(url(dossier_id), {**late, "action": "save"}).status_code == 409
    both = {**why("B", 2, "token-0003", dissent="Twee."), "q-1.1.1-keep": "both", "action": "save"}
    assert noor.post(url(dossier_id), both).status_code == 303
    assert stored(writing) == ['{"dissent":"Een.\\n\\nTwee.","text":"A\\n\\nB"}']


def test_next_goes_on_and_after_the_last_section_to_the_hand_in(noor: Browser, dossier_id: UUID) -> None:
    first = noor.post(url(dossier_id), {**why("Nieuw."), "action": "next"})
    last = noor.post(url(dossier_id, "2.2"), {"action": "next", "shown": "q-2.2.1"})
    assert (first.location, last.location) == (url(dossier_id, "2.1"), f"/dossiers/{dossier_id}/indienen")


def test_rows_are_added_and_removed_without_a_script(
    noor: Browser, dossier_id: UUID, writing: Writing
) -> None:
    key = "q-2.2.1"
    rows: dict[str, object] = {f"{key}-rows-{n}-what": text for n, text in enumerate(["Een", "Twee"])}
    base = {f"{key}-revision": "0", f"{key}-token": "token-0001", "add_row": key}
    answer = noor.post(url(dossier_id, "2.2"), {**rows, **base})
    assert answer.location == f"{url(dossier_id, '2.2')}#{key}"
    removed = {f"{key}-revision": "1", f"{key}-token": "token-0002", "remove_row": f"{key}:0"}
    noor.post(url(dossier_id, "2.2"), {**rows, **removed})
    assert stored(writing, "2.2.1") == ['{"rows":[{"what":"Twee"}]}']


@pytest.mark.parametrize(
    ("keep", "kept"), [("mine", "Van hier."), ("theirs", "Van daar."), ("both", "Van daar.\n\nVan hier.")]
)
def test_conflict_shows_both_texts_and_either_or_both_can_be_kept(
    noor: Browser, dossier_id: UUID, writing: Writing, keep: str, kept: str
) -> None:
    noor.post(url(dossier_id), why("Van daar."))
    page = noor.post(url(dossier_id), why("Van hier.", token="token-0002"))
    assert (page.status_code, "Van daar." in page.text, "Van hier." in page.text) == (409, True, True)
    answer = noor.post(url(dossier_id), why("Van hier.", 2, "token-0003", keep=keep))
    assert answer.status_code == 303
    with writing() as session:
        content = session.scalars(
            select(StoredAnswer.content).where(StoredAnswer.question_id == "1.1.1")
        ).one()
    assert answers.decode(content).text == kept


def test_late_text_is_told_and_kept_in_the_history(
    noor: Browser, dossier_id: UUID, writing: Writing, world: World
) -> None:
    with writing() as session:
        builders.hand_in(session, world, dossier_id)
    page = noor.post(url(dossier_id), why("Te laat."))
    assert (page.status_code, "Your text was kept" in page.text) == (409, True)
    assert "Te laat." in noor.get(f"{url(dossier_id)}/1.1.1/versies").text
    assert stored(writing) == ['{"text":"Eerst."}']


def test_script_is_told_revision_token_visibility_and_progress(noor: Browser, dossier_id: UUID) -> None:
    noor.get(url(dossier_id))
    fields = {"q-1.1.2-choice": "yes", "q-1.1.2-revision": "1", "q-1.1.2-token": "token-0001"}
    answer = noor.client.post(url(dossier_id), data={**fields, "csrf_token": noor.token}, headers=JSON)
    body = answer.get_json()
    assert (answer.status_code, body["saved"]["q-1.1.2"]["revision"], body["saved"]["q-1.1.2"]["by"]) == (
        200,
        2,
        "Noor",
    )
    assert set(body) == {"saved", "token", "visible", "progress", "stops"}
    assert (body["visible"]["q-1.1.3"], body["progress"]) == (True, {"done": 4, "total": 5})
    assert body["stops"] == [{"effect": "warn", "reason": "Toets liever voor het gebruik."}]


def test_script_is_told_what_is_wrong_at_which_field(
    noor: Browser, dossier_id: UUID, writing: Writing
) -> None:
    noor.get(url(dossier_id))
    data = {**why("x" * 20_001), "csrf_token": noor.token}
    answer = noor.client.post(url(dossier_id), data=data, headers=JSON)
    assert (answer.status_code, list(answer.get_json()["errors"]["q-1.1.1"])) == (422, ["text"])
    assert stored(writing) == ['{"text":"Eerst."}']


def test_question_behind_a_condition_is_on_the_page_and_hidden(noor: Browser, dossier_id: UUID) -> None:
    page = noor.get(url(dossier_id)).text
    block = page[page.index('id="q-1.1.3"') :].split(">", 1)[0]
    assert block.endswith("hidden")


def test_section_or_question_that_does_not_exist_is_404(noor: Browser, dossier_id: UUID) -> None:
    for path in ("vragen/9.9", "vragen/1.1/9.9/versies", "vragen/1.1/2.1.1/versies"):
        assert noor.get(f"/dossiers/{dossier_id}/{path}").status_code == 404


def test_statements_are_the_same_for_3_and_for_30(
    noor: Browser,
    writing: Writing,
    world: World,
    count_statements: Callable[[Callable[[], object]], int],
) -> None:
    """List, overview, section and save: constant in dossiers, answers and remarks."""

    def measure(dossier_id: UUID, revision: int) -> list[int]:
        fields = why(f"Tekst {revision}.", revision, f"token-{revision:04d}")
        noor.get("/account")  # takes the message of the last save away
        return [
            count_statements(lambda: noor.get("/dossiers")),
            count_statements(lambda: noor.get(f"/dossiers/{dossier_id}")),
            count_statements(lambda: noor.get(url(dossier_id))),
            count_statements(lambda: noor.post(url(dossier_id), fields)),
        ]

    with writing() as session:
        made = [builders.a_dossier(session, world) for _ in range(3)][-1]
    few = measure(made, 1)
    with writing() as session:
        for number in range(21):
            builders.a_dossier(session, world, title=f"Project {number}")
        builders.fill_in(
            session,
            world,
            made,
            {
                Slot(id_, item): Answer(text="x")
                for id_, item in [("2.1.1", "privacy"), ("2.1.1", "equality"), ("1.1.3", "")]
            },
        )
    assert measure(made, 2) == few


def test_script_of_somebody_who_is_signed_out_is_asked_to_sign_in_and_a_page_shows_what_was_typed(
    noor: Browser, dossier_id: UUID, writing: Writing
) -> None:
    noor.get(url(dossier_id))
    token, anonymous = noor.token, noor.client.application.test_client()
    body = {**why("Uit de lucht."), "csrf_token": token}
    script = anonymous.post(url(dossier_id), data=body, headers=JSON)
    page = anonymous.post(url(dossier_id), data=body)
    assert (script.status_code, script.json) == (401, {"login_url": "/inloggen"})
    assert (page.status_code, "Uit de lucht." in page.text) == (403, True)
    assert stored(writing) == ['{"text":"Eerst."}']
