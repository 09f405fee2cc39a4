"""The team records its gatherings on a page; two at once lose nothing; the committee reads them."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from ethiek.domain.workflow import Status
from ethiek.services import gatherings
from tests import builders
from tests.builders import World
from tests.pages.conftest import Browser, MakeDossier, SignIn, Writing

GIVEN = {
    "on": "2026-02-10",
    "title": "DEDA-sessie & meer",
    "participants": "Noor, projectleider\r\nYara <b>Bos</b>",
    "note": "Met **gespreksleider**.",
    "revision": 0,
    "token": "t1",
}


@pytest.fixture
def dossier_id(dossier_in: MakeDossier) -> UUID:
    return dossier_in(Status.DRAFT)


def recorded(writing: Writing, dossier_id: UUID) -> list[tuple[str, int]]:
    with writing() as session:
        found = gatherings.present(session, dossier_id)
        return [(one.given.title if one.given else "", one.revision) for one in found]


def add(browser: Browser, dossier_id: UUID, writing: Writing) -> str:
    assert browser.post(f"/dossiers/{dossier_id}/bijeenkomsten", GIVEN).status_code == 303
    with writing() as session:
        return f"/dossiers/{dossier_id}/bijeenkomsten/{gatherings.present(session, dossier_id)[0].id}"


def test_gathering_is_recorded_shown_changed_and_removed(
    dossier_id: UUID, sign_in: SignIn, writing: Writing
) -> None:
    noor = sign_in("Noor")
    assert f"/dossiers/{dossier_id}/bijeenkomsten" in noor.get(f"/dossiers/{dossier_id}").text
    url = add(noor, dossier_id, writing)
    page = noor.get(f"/dossiers/{dossier_id}/bijeenkomsten").text
    for shown in (
        "DEDA-sessie &amp; meer",
        "10 February 2026",
        "<li>Noor – projectleider</li>",
        "<li>Yara &lt;b&gt;Bos&lt;/b&gt;</li>",
        "<strong>gespreksleider</strong>",
    ):
        assert shown in page
    form = noor.get(url).text
    assert ('value="2026-02-10"' in form, "Noor, projectleider\nYara &lt;b&gt;Bos" in form) == (True, True)
    changed = {**GIVEN, "title": "IAMA", "revision": 1, "token": "t2"}
    assert noor.post(url, changed).status_code == 303
    assert recorded(writing, dossier_id) == [("IAMA", 2)]
    assert "DEDA-sessie &amp; meer" in noor.get(url).text
    assert noor.post(f"{url}/verwijderen", {"revision": 2, "token": "t3"}).status_code == 303
    assert recorded(writing, dossier_id) == []
    assert "This gathering was removed" in noor.get(url).text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"on": ""}, "Fill in the date."),
        ({"on": "morgen"}, "Not saved yet"),
        ({"on": "2026-03-03"}, "Choose a date that is not in the future."),
        ({"title": ""}, "Tell what it was."),
        ({"title": " "}, "Fill this in."),
        ({"title": "x" * 201}, "Use at most 200 characters."),
        ({"participants": ""}, "Name at least one person."),
        ({"participants": "\r\n"}, "Fill this in."),
        ({"participants": ", jurist"}, "Somebody has no name."),
        ({"participants": "Noor\r\n" * 101}, "Name at most 100 people."),
        ({"note": "a\x00b"}, "cannot be stored"),
        ({"note": "x\r\n" * 1001}, "too many lines"),
    ],
)
def test_what_cannot_be_recorded_is_said_at_its_field_and_kept(
    dossier_id: UUID, sign_in: SignIn, writing: Writing, change: dict[str, str], message: str
) -> None:
    noor = sign_in("Noor")
    form = {**GIVEN, "note": "Dit is getypt.", **change}
    answer = noor.post(f"/dossiers/{dossier_id}/bijeenkomsten", form)
    kept = str(form["note"]).replace("\r\n", "\n")[:40] in answer.text.replace("\r\n", "\n")
    assert (answer.status_code, message in answer.text, kept) == (422, True, True)
    assert recorded(writing, dossier_id) == []


def test_two_at_once_lose_nothing(dossier_id: UUID, sign_in: SignIn, writing: Writing, world: World) -> None:
    with writing() as session:
        builders.add_colleague(session, world, dossier_id)
    noor, tess = sign_in("Noor"), sign_in("Tess")
    url = add(noor, dossier_id, writing)
    assert tess.post(url, {**GIVEN, "title": "Van Tess", "revision": 1, "token": "t2"}).status_code == 303
    answer = noor.post(url, {**GIVEN, "title": "Van Noor", "revision": 1, "token": "t3"})
    assert answer.status_code == 409
    assert ("Tess changed this while you were typing" in answer.text, "Van Tess" in answer.text) == (
        True,
        True,
    )
    assert 'value="Van Noor"' in answer.text
    [seen] = set(re.findall(r'name="revision"[^>]*value="(\d+)"', answer.text))
    again = {**GIVEN, "title": "Van Noor", "revision": seen, "token": "t3"}
    assert noor.post(url, again).status_code == 303
    assert recorded(writing, dossier_id) == [("Van Noor", 3)]


def test_what_was_handed_in_is_read_by_the_committee_and_cannot_be_changed(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    without = sign_in("Noor").get(f"/dossiers/{dossier_id}/bijeenkomsten").text
    assert "No gathering has been recorded yet." in without
    with writing() as session:
        builders.a_gathering(session, world, dossier_id)
        builders.advance(session, world, dossier_id, Status.IN_REVIEW)
    page = sign_in("Mila").get(f"/dossiers/{dossier_id}/rondes/1").text
    for shown in ("Gatherings of the team", "DEDA-sessie", "10 February 2026", "Yara – jurist"):
        assert shown in page
    noor = sign_in("Noor")
    assert "This cannot be changed now" in noor.get(f"/dossiers/{dossier_id}/bijeenkomsten").text
    answer = noor.post(f"/dossiers/{dossier_id}/bijeenkomsten", {**GIVEN, "note": "Nog te bewaren."})
    assert (answer.status_code, "Nog te bewaren." in answer.text) == (409, True)


def test_round_without_gatherings_does_not_speak_of_them(dossier_in: MakeDossier, sign_in: SignIn) -> None:
    page = sign_in("Mila").get(f"/dossiers/{dossier_in(Status.IN_REVIEW)}/rondes/1").text
    assert "Gatherings" not in page
