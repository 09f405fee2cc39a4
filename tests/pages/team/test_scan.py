"""A set with limits, a pause and conclusions, as a team meets it."""

from __future__ import annotations

import html
import re
from typing import Any, Final
from uuid import UUID, uuid4

import html5lib
import pytest

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.workflow import Status
from ethiek.services import questionnaires
from tests import builders
from tests.builders import World
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, MakeDossier, SignIn, Writing
from tests.question_sets import a_questionnaire, a_scan

pytestmark = only_sqlite
JSON: Final = {"Accept": "application/json"}
PEOPLE: Final = {Slot("people"): Answer(choice="yes")}
PAUSED: Final = {Slot("data"): Answer(choice="yes")}


@pytest.fixture
def world(writing: Writing) -> World:
    with writing() as session:
        world = builders.a_world(session, a_scan())
        questionnaires.publish(session, [a_questionnaire()], builders.AT)
        return world


@pytest.fixture
def noor(sign_in: SignIn, world: World) -> Browser:  # noqa: ARG001  # who exists can sign in
    return sign_in("Noor")


def url(dossier_id: UUID, section: str = "1.2") -> str:
    return f"/dossiers/{dossier_id}/vragen/{section}"


def fields(question: str, revision: int = 0, **values: str) -> dict[str, object]:
    sent = {"revision": str(revision), "token": f"token-{uuid4()}", **values}
    return {f"q-{question}-{name}": value for name, value in sent.items()}


def words(page: str) -> str:
    """The text of a page without tags, with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def panel(page: str) -> str:
    found = re.search(r"<section[^>]*data-outcome>(.*?)</section>", page, re.DOTALL)
    assert found, page
    return words(re.sub(r"<template.*?</template>", "", found[1], flags=re.DOTALL))


def ask_script(browser: Browser, address: str, data: dict[str, object]) -> Any:
    browser.get(address)
    return browser.client.post(address, data={**data, "csrf_token": browser.token}, headers=JSON)


TYPED: Final = "Hoe kan het, en mag het? " + "Ja " * 12
MESSAGES: Final = [
    "Use at most 15 words; you have 18.",
    "Ask it in one sentence.",
    "Leave out the word ‘hoe’.",
    "Leave out the comma.",
]


def test_text_over_its_limits_comes_back_with_each_message_at_the_field(
    noor: Browser, dossier_in: MakeDossier
) -> None:
    page = noor.post(url(dossier_in(Status.DRAFT)), fields("moral", text=TYPED))
    field = re.search(r'id="q-moral-text-error"[^>]*>(.*?)</div>', page.text, re.DOTALL)
    assert field
    assert (page.status_code, words(field[1])) == (422, " ".join(f"Error: {one}" for one in MESSAGES))
    assert f'value="{TYPED}"' in html.unescape(page.text)


def test_script_is_told_which_limits_a_text_breaks(noor: Browser, dossier_in: MakeDossier) -> None:
    answer = ask_script(noor, url(dossier_in(Status.DRAFT)), fields("moral", text=TYPED))
    assert (answer.status_code, answer.get_json()) == (422, {"errors": {"q-moral": {"text": MESSAGES}}})


def test_two_texts_that_are_too_much_together_are_shown_so_and_not_saved(
    noor: Browser, dossier_in: MakeDossier
) -> None:
    address = url(dossier_in(Status.DRAFT))
    noor.post(address, fields("moral", text="Mag dit?"))
    page = noor.post(address, fields("moral", 1, text="Mag dat?", keep="both"))
    again = noor.post(address, fields("moral", 1, text="Mag dit of dat?"))
    assert (page.status_code, words(page.text).count("Ask it in one sentence.")) == (422, 2)
    assert 'value="Mag dit?\n\nMag dat?"' in html.unescape(page.text)
    assert again.status_code == 303


def test_text_within_its_limits_is_saved(noor: Browser, dossier_in: MakeDossier) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    answer = noor.post(url(dossier_id), fields("moral", text="Mag de gemeente dit doen"))
    assert (answer.status_code, answer.location) == (303, url(dossier_id))


def test_sign_without_a_name_of_its_own_is_shown(noor: Browser, dossier_in: MakeDossier) -> None:
    answer = noor.post(url(dossier_in(Status.DRAFT)), fields("moral", text="Mag dit voor € 5?"))
    assert words(answer.text).count("Leave out the sign ‘€’.") == 2  # in the summary and at the field


def test_pause_explains_itself_on_every_page_and_offers_no_hand_in(
    noor: Browser, dossier_in: MakeDossier
) -> None:
    dossier_id = dossier_in(Status.DRAFT, given=PAUSED)
    question, dossier, submit = (
        noor.get(path).text
        for path in (url(dossier_id, "1.1"), f"/dossiers/{dossier_id}", f"/dossiers/{dossier_id}/indienen")
    )
    for page in (question, dossier, submit):
        assert "First find this out Maak eerst een overzicht." in words(page)
    for page in (dossier, submit):
        assert "You can submit once you know this and have changed your answer. Go to the question" in words(
            page
        )
        assert f'href="{url(dossier_id, "1.1")}#q-data"' in page
    assert "Submit to the committee</span>" not in dossier + submit
    assert "cannot continue" not in dossier + submit


def test_pause_refuses_the_hand_in_and_its_end_allows_it(
    noor: Browser, dossier_in: MakeDossier, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.DRAFT, given=PAUSED)
    address = f"/dossiers/{dossier_id}/indienen"
    noor.get(address)
    refused = noor.post(address, {"revision": "1"})
    with writing() as session:
        builders.fill_in(
            session, world, dossier_id, {Slot(id_): Answer(choice="no") for id_ in ("data", "people")}
        )
    page = noor.get(address).text
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found
    assert (refused.status_code, noor.post(address, {"revision": found[1]}).status_code) == (409, 303)


def test_script_is_told_of_a_pause_by_its_name(noor: Browser, dossier_in: MakeDossier) -> None:
    answer = ask_script(noor, url(dossier_in(Status.DRAFT), "1.1"), fields("data", 1, choice="yes"))
    body = answer.get_json()
    assert body["stops"] == [{"effect": "pause", "reason": "Maak eerst een overzicht."}]
    assert body["outcome"] == {
        "text": "The questions ended early. As long as that is so, nothing else follows from the answers.",
        "items": [],
    }


def test_outcome_waits_for_the_questions_and_then_gives_level_reason_and_where_to_go(
    noor: Browser, dossier_in: MakeDossier
) -> None:
    dossier_id = dossier_in(Status.DRAFT, given=PEOPLE)
    noor.get(url(dossier_id))
    noor.post(url(dossier_id), fields("profile", 1))
    before = noor.get(url(dossier_id)).text
    noor.post(url(dossier_id), fields("profile", 2, choice="no"))
    paths = (url(dossier_id), f"/dossiers/{dossier_id}", f"/dossiers/{dossier_id}/indienen")
    assert panel(before) == "Outcome 1 question left. After that the outcome is shown here."
    for path in paths:
        page = noor.get(path).text
        assert panel(page) == (
            "Outcome Recommended De proeftoets Het raakt mensen. Start a dossier with Proeftoets "
            "Not needed Een andere toets Dat hoeft niet."
        )
        assert f'href="/dossiers/nieuw?van={dossier_id}&amp;instrument=proef"' in page
        html5lib.HTMLParser(strict=True).parse(page)


def test_script_is_told_the_outcome(noor: Browser, dossier_in: MakeDossier) -> None:
    dossier_id = dossier_in(Status.DRAFT, given={**PEOPLE, Slot("profile"): Answer(choice="no")})
    body = ask_script(noor, url(dossier_id), fields("profile", 1, choice="yes")).get_json()
    start = f"/dossiers/nieuw?van={dossier_id}&instrument=proef"
    assert body["outcome"] == {
        "text": "",
        "items": [
            {
                "level": "required",
                "title": "De proeftoets",
                "reason": "Het deelt mensen in.",
                "url": start,
                "link": "Start a dossier with Proeftoets",
            },
            {
                "level": "required",
                "title": "Het register",
                "reason": "De wet vraagt dit.",
                "url": "",
                "link": "",
            },
            {
                "level": "not_needed",
                "title": "Een andere toets",
                "reason": "Dat hoeft niet.",
                "url": "",
                "link": "",
            },
        ],
    }


def test_outcome_without_conclusions_says_so(noor: Browser, dossier_in: MakeDossier) -> None:
    page = noor.get(url(dossier_in(Status.DRAFT))).text
    assert panel(page) == "Outcome Nothing follows from these answers."


def test_team_member_who_may_not_start_sees_the_outcome_without_a_link(
    sign_in: SignIn, dossier_in: MakeDossier, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.DRAFT, given=PEOPLE)
    with writing() as session:
        builders.add_colleague(session, world, dossier_id)
    shown = panel(sign_in("Tess").get(f"/dossiers/{dossier_id}").text)
    assert ("De proeftoets" in shown, "Start a dossier" in shown) == (True, False)


def test_start_after_another_dossier_is_filled_in_and_nothing_is_started(
    noor: Browser, dossier_in: MakeDossier, world: World
) -> None:
    dossier_id = dossier_in(Status.DRAFT, title="Wijk <4>")
    page = noor.get(f"/dossiers/nieuw?van={dossier_id}&instrument=proef").text
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    checked = {e.get("name"): e.get("value") for e in tree.iter("input") if "checked" in e.attrib}
    chosen = [e.get("value") for e in tree.iter("option") if "selected" in e.attrib]
    texts = [e.text.strip() for e in tree.iter("textarea")]
    titles = [e.get("value") for e in tree.iter("input") if e.get("name") == "title"]
    assert checked == {
        "kind": "sensor",
        "phase": "pilot",
        "questionnaire": "proef/1.0",
        "committee_id": str(world.committee_id),
    }
    assert (titles, texts, chosen) == (["Wijk <4>"], ["Weten hoe druk het is."], [str(world.unit_id)])
    assert "This was taken over from ETH-2026-0001." in words(page)


def test_start_after_another_dossier_that_is_sent_takes_what_was_sent(
    noor: Browser, dossier_in: MakeDossier, world: World
) -> None:
    """What was cleared on the page is not filled in again behind the user's back."""
    address = f"/dossiers/nieuw?van={dossier_in(Status.DRAFT)}&instrument=proef"
    noor.get(address)
    sent = {
        "title": "Nieuw",
        "purpose": "Weten.",
        "unit_id": str(world.unit_id),
        "kind": "sensor",
        "committee_id": str(world.committee_id),
        "questionnaire": "proef/1.0",
        "function": "Projectleider",
    }
    refused = noor.post(address, sent)
    started = noor.post(address, {**sent, "phase": "idea"})
    assert (refused.status_code, started.status_code) == (422, 303)
    assert "Choose how far the project is." in refused.text


@pytest.mark.parametrize("van", ["", "geen-id", "c9d7948b-c3a0-43eb-8f81-0eef4a36c027"])
def test_start_after_what_does_not_exist_is_404(noor: Browser, van: str) -> None:
    assert noor.get(f"/dossiers/nieuw?van={van}&instrument=proef").status_code == 404


def test_start_after_a_dossier_of_somebody_else_is_404(sign_in: SignIn, dossier_in: MakeDossier) -> None:
    assert sign_in("Omar").get(f"/dossiers/nieuw?van={dossier_in(Status.DRAFT)}").status_code == 404


def test_committee_reads_what_was_concluded(sign_in: SignIn, dossier_in: MakeDossier) -> None:
    dossier_id = dossier_in(Status.SUBMITTED, given=PEOPLE)
    page = sign_in("Sem").get(f"/dossiers/{dossier_id}/rondes/1").text
    outcome = page[page.index('id="uitkomst"') : page.index('id="v-geheel"')]
    assert words(f"<h2 {outcome}>") == (
        "Outcome Recommended De proeftoets Het raakt mensen. Not needed Een andere toets Dat hoeft niet."
    )
