"""Filling in a dossier from another one, or from a file."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from uuid import UUID

import pytest

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.projects import Phase, ProjectKind
from ethiek.domain.workflow import Status
from ethiek.models.dossiers import Dossier
from ethiek.services import dossiers
from ethiek.services.answers import present_answers
from tests.attacks.corpus import SCRIPTS
from tests.builders import World
from tests.pages.conftest import Browser, CountStatements, MakeDossier, SignIn, Writing
from tests.question_sets import FIRST

Make = Callable[[], UUID]


@pytest.fixture
def an_empty_one(writing: Writing, world: World) -> Make:
    def make() -> UUID:
        with writing() as session:
            given = dossiers.StartInput(
                dossiers.Details("Leeg", "Nog niets.", world.unit_id, ProjectKind.SENSOR, Phase.IDEA),
                world.questionnaire.key,
                world.committee_id,
                "Projectleider",
            )
            return dossiers.start(session, given, world.stamp(session, "Noor")).id

    return make


def a_file(text: object = "Drukte.", urn: str = "urn:nl:proef:1.0", **more: object) -> bytes:
    at = "2026-02-01T08:15:00Z"
    given = {
        "1.1.1": {"value": text, "lastEditedAt": at},
        **{key: {"value": one} for key, one in more.items()},
    }
    return json.dumps({"metadata": {"urn": urn, "createdAt": at}, "answers": given}).encode()


def send(browser: Browser, dossier_id: UUID, data: bytes, name: str = "antwoorden.json") -> tuple[int, str]:
    """Send a file as a browser does. The test client would leave a large one open on disk."""
    browser.get(f"/dossiers/{dossier_id}/voorinvullen")
    token = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{browser.token}\r\n'
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{quoted(name)}"\r\n\r\n'
    body = token.encode() + head.encode() + data + b"\r\n--x--\r\n"
    answer = browser.client.post(
        f"/dossiers/{dossier_id}/voorinvullen/bestand",
        data=body,
        content_type="multipart/form-data; boundary=x",
    )
    return answer.status_code, answer.text


def quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', "%22")


def hidden(page: str) -> dict[str, object]:
    """The hidden fields of the form on a page."""
    found = re.findall(
        r'<input id="(revision|name|content)" name="[a-z]+" type="hidden" value="([^"]*)"', page
    )
    return dict(found)


def now_in(writing: Writing, dossier_id: UUID) -> dict[Slot, Answer]:
    with writing() as session:
        return {slot: one.answer for slot, one in present_answers(session, dossier_id).items()}


def test_the_way_from_another_dossier(
    dossier_in: MakeDossier, an_empty_one: Make, sign_in: SignIn, writing: Writing
) -> None:
    source, target = dossier_in(Status.DRAFT, given={FIRST: Answer(text="Drukte.")}), an_empty_one()
    noor = sign_in("Noor")
    assert f'href="/dossiers/{target}/voorinvullen"' in noor.get(f"/dossiers/{target}").text
    page = noor.get(f"/dossiers/{target}/voorinvullen").text
    assert f'href="/dossiers/{target}/voorinvullen/{source}"' in page
    preview = noor.get(f"/dossiers/{target}/voorinvullen/{source}")
    assert ("Drukte." in preview.text, "ETH-2026-0001 (Proeftoets)" in preview.text) == (True, True)
    assert now_in(writing, target) == {}
    answer = noor.post(f"/dossiers/{target}/voorinvullen/{source}", hidden(preview.text))
    assert (answer.status_code, answer.location) == (303, f"/dossiers/{target}")
    assert "They wait to be confirmed" in noor.get(f"/dossiers/{target}").text
    assert now_in(writing, target) == now_in(writing, source)
    again = noor.post(f"/dossiers/{target}/voorinvullen/{source}", hidden(preview.text))
    assert again.status_code == 409


def test_the_way_from_a_file(an_empty_one: Make, sign_in: SignIn, writing: Writing) -> None:
    target, noor = an_empty_one(), sign_in("Noor")
    data = a_file(**{"9.9": "Nergens."})
    status, page = send(noor, target, data)
    assert (status, "Drukte." in page, "does not know this field" in page) == (200, True, True)
    assert now_in(writing, target) == {}
    answer = noor.post(f"/dossiers/{target}/voorinvullen/bestand/uitvoeren", hidden(page))
    assert (answer.status_code, now_in(writing, target)) == (303, {FIRST: Answer(text="Drukte.")})


def test_what_was_there_already_stays(dossier_in: MakeDossier, sign_in: SignIn, writing: Writing) -> None:
    target, noor = dossier_in(Status.DRAFT, given={FIRST: Answer(text="Eigen.")}), sign_in("Noor")
    before = now_in(writing, target)
    _status, page = send(noor, target, a_file())
    assert "there is an answer already" in page
    assert noor.post(f"/dossiers/{target}/voorinvullen/bestand/uitvoeren", hidden(page)).status_code == 303
    assert now_in(writing, target) == before


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "It is no JSON, or it is damaged."),
        (b"PK\x03\x04" + b"x" * 100, "It is no JSON, or it is damaged."),
        (b"[" * 100_000, "It is no JSON, or it is damaged."),
        (b"{}", "This is no answers file"),
        (a_file(urn="urn:nl:dpia:3.0"), "answers to another question set"),
        (b" " * (2 * 1024 * 1024 + 1), "This file is too large"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_at_its_field(
    an_empty_one: Make, sign_in: SignIn, data: bytes, message: str
) -> None:
    status, page = send(sign_in("Noor"), an_empty_one(), data)
    assert (status, message in page, 'aria-describedby="file-hint file-error"' in page) == (422, True, True)


def test_no_file_is_said_at_the_field(an_empty_one: Make, sign_in: SignIn) -> None:
    target, noor = an_empty_one(), sign_in("Noor")
    noor.get(f"/dossiers/{target}/voorinvullen")
    for data in ({}, {"file": (io.BytesIO(b""), "")}):
        answer = noor.post(f"/dossiers/{target}/voorinvullen/bestand", data)
        assert (answer.status_code, "Choose a file." in answer.text) == (422, True)


def test_two_files_or_a_file_elsewhere_are_refused(an_empty_one: Make, sign_in: SignIn) -> None:
    target, noor = an_empty_one(), sign_in("Noor")
    noor.get(f"/dossiers/{target}/voorinvullen")
    two = [(io.BytesIO(b"{}"), "a.json"), (io.BytesIO(b"{}"), "b.json")]
    assert noor.post(f"/dossiers/{target}/voorinvullen/bestand", {"file": two}).status_code == 400
    elsewhere = noor.post(f"/dossiers/{target}/gegevens", {"title": (io.BytesIO(b"x"), "a.json")})
    assert elsewhere.status_code == 400


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\x\\y.json", "a\u202eb\x00.json", "<script>alert(1)</script>", "n" * 300]
)
def test_a_hostile_file_name_is_shown_as_text(an_empty_one: Make, sign_in: SignIn, name: str) -> None:
    status, page = send(sign_in("Noor"), an_empty_one(), a_file(), name)
    assert (status, "<script>alert" in page, "n" * 121 in page, "\u202e" in page) == (
        200,
        False,
        False,
        False,
    )


def test_hostile_answers_are_shown_as_text(an_empty_one: Make, sign_in: SignIn) -> None:
    status, page = send(
        sign_in("Noor"), an_empty_one(), a_file("\n".join(SCRIPTS), **{SCRIPTS[0]: SCRIPTS[1]})
    )
    assert (status, "<script>alert" in page, "onerror=alert(1)>" in page) == (200, False, False)


@pytest.mark.parametrize(
    "change", [{"content": "geen base64!"}, {"content": ""}, {"revision": "999"}, {"revision": ""}]
)
def test_a_page_that_was_tampered_with_fills_in_nothing(
    an_empty_one: Make, sign_in: SignIn, writing: Writing, change: dict[str, object]
) -> None:
    target, noor = an_empty_one(), sign_in("Noor")
    _status, page = send(noor, target, a_file())
    sent = {**hidden(page), **change}
    answer = noor.post(f"/dossiers/{target}/voorinvullen/bestand/uitvoeren", sent)
    assert answer.status_code in {409, 422, 428}
    assert str(sent["content"]) not in answer.text or not sent["content"]
    assert now_in(writing, target) == {}


def test_looking_takes_a_fixed_number_of_statements(
    dossier_in: MakeDossier, an_empty_one: Make, sign_in: SignIn, count_statements: CountStatements
) -> None:
    source, target, noor = dossier_in(Status.DRAFT), an_empty_one(), sign_in("Noor")
    assert count_statements(lambda: noor.get(f"/dossiers/{target}/voorinvullen")) <= 8
    assert count_statements(lambda: noor.get(f"/dossiers/{target}/voorinvullen/{source}")) <= 9


def test_the_answers_file_can_be_downloaded(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, noor = (
        dossier_in(Status.DRAFT, given={Slot("1.1.2"): Answer(choice="no", text="Nog niet.")}),
        sign_in("Noor"),
    )
    page = noor.get(f"/dossiers/{dossier_id}/exporteren").text
    assert ("Answers file for the Invulhulpen" in page, "<li>1.1.2 Wordt het al gebruikt?</li>" in page) == (
        True,
        True,
    )
    answer = noor.get(f"/dossiers/{dossier_id}/exporteren/antwoorden.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ETH-2026-0001-antwoorden.json"'
    with writing() as session:
        assert session.get_one(Dossier, dossier_id).status is Status.DRAFT
