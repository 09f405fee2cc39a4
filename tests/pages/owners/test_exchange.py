"""A content owner uploads a question set, reads what got lost, and takes a published one along."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from sqlalchemy import select

from ethiek.models.questionnaires import QuestionnaireDraft
from ethiek.questionnaires.exchange.importing import import_file
from ethiek.web.exchange import LARGEST_UPLOAD
from tests.builders import World
from tests.pages.conftest import Browser, SignIn, Writing
from tests.unit.questionnaires.exchange.definitions import EVERYTHING

UPLOAD = "/vragenlijsten/importeren"
DATA = json.dumps(EVERYTHING, indent=1).encode()


@pytest.fixture
def vera(sign_in: SignIn, world: World) -> Browser:
    assert world.ids
    return sign_in("Vera")


def file(data: bytes = DATA, name: str = "proef.json") -> dict[str, object]:
    return {"file": (BytesIO(data), name)}


def drafts_in(writing: Writing) -> list[tuple[str, str]]:
    with writing() as session:
        return [(one.key, one.origin["file"]) for one in session.scalars(select(QuestionnaireDraft))]


def test_upload_makes_a_draft_and_shows_what_could_not_be_taken_over(vera: Browser, writing: Writing) -> None:
    answer = vera.post(UPLOAD, file())
    page = vera.get(answer.location)

    assert (answer.status_code, page.status_code) == (303, 200)
    assert drafts_in(writing) == [("proef/1.2", "proef.json")]
    for shown in ("Calculations are not supported", "2.10", "dieren", "scores.dieren &gt; 4", "line "):
        assert shown in page.text
    draft = answer.location.rpartition("/")[2]
    assert f'href="/vragenlijsten/concepten/{draft}"' in page.text
    assert answer.location in vera.get(f"/vragenlijsten/concepten/{draft}").text


def test_upload_without_a_file_asks_for_one(vera: Browser, writing: Writing) -> None:
    answer = vera.post(UPLOAD, {"name": "x/1"})

    assert (answer.status_code, "Choose a file." in answer.text, 'value="x/1"' in answer.text) == (
        422,
        True,
        True,
    )
    assert drafts_in(writing) == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"a: &a [*a]", "An alias refers to itself, or is not allowed here."),
        (b"\xff", "The file is not UTF-8"),
        (b"name: x", "Ethiek does not know the format of this file."),
        (b"a: 1\na: 2", "A name or id appears twice. Nothing was imported. Place: &lt;b&gt;.yaml, line 2"),
    ],
)
def test_upload_of_what_cannot_be_read_says_so_at_the_file(
    vera: Browser, writing: Writing, data: bytes, told: str
) -> None:
    answer = vera.post(UPLOAD, file(data, "<b>.yaml"))

    assert (answer.status_code, told in answer.text) == (422, True)
    assert drafts_in(writing) == []


def test_upload_of_a_version_that_is_being_written_asks_for_another_name(
    vera: Browser, writing: Writing
) -> None:
    assert vera.post(UPLOAD, file()).status_code == 303
    vera.get(UPLOAD)
    again = vera.post(UPLOAD, file())
    assert (again.status_code, "This version is being written already" in again.text) == (422, True)
    assert vera.post(UPLOAD, {**file(), "name": "proef/eigen", "year": "2025"}).status_code == 303
    assert sorted(drafts_in(writing)) == [("proef/1.2", "proef.json"), ("proef/eigen", "proef.json")]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "zonder versie"), ("name", "a/b/c"), ("year", "twee"), ("year", "99"), ("language", "fr")],
)
def test_upload_with_a_wish_that_cannot_be_is_refused_at_its_field(
    vera: Browser, writing: Writing, field: str, value: str
) -> None:
    assert vera.post(UPLOAD, {**file(), field: value}).status_code == 422
    assert drafts_in(writing) == []


def test_upload_that_is_too_large_or_in_another_field_or_not_alone_is_refused(
    vera: Browser, writing: Writing
) -> None:
    large = vera.client.post(
        UPLOAD, data=b"x" * (LARGEST_UPLOAD + 1), content_type="multipart/form-data; boundary=x"
    )
    other = vera.post(UPLOAD, {"other": (BytesIO(DATA), "a.json")})
    two = vera.post(UPLOAD, {"file": [(BytesIO(DATA), "a.json"), (BytesIO(DATA), "b.json")]})

    assert [answer.status_code for answer in (large, other, two)] == [413, 400, 400]
    assert drafts_in(writing) == []


def test_other_pages_take_no_file(vera: Browser) -> None:
    assert vera.post("/inloggen", file()).status_code == 400


def test_losses_of_a_draft_that_is_not_there_do_not_exist(vera: Browser) -> None:
    assert vera.get(f"{UPLOAD}/00000000-0000-0000-0000-000000000001").status_code == 404


@pytest.mark.parametrize(("format_", "type_"), [("yaml", "application/yaml"), ("json", "application/json")])
def test_version_can_be_taken_along_as_a_file(vera: Browser, world: World, format_: str, type_: str) -> None:
    page = f"/vragenlijsten/versies/{world.questionnaire.key}"
    answer = vera.get(f"{page}/bestand.{format_}")

    assert (answer.status_code, answer.mimetype) == (200, type_)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
    assert import_file(answer.data, "set").questionnaire == world.questionnaire
    assert f"{page}/bestand.{format_}" in vera.get(page).text
    assert vera.get(f"{page}x/bestand.{format_}").status_code == 404
