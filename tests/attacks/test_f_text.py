"""F: text is text, in every field of the team's forms."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from uuid import UUID

import html5lib
import pytest
from sqlalchemy import select

from ethiek.domain.workflow import Status
from ethiek.models.dossiers import Dossier
from tests.attacks.corpus import MARKDOWN, NOT_TEXT, PLACEHOLDERS, QUERIES, SCRIPTS
from tests.builders import World, email_of
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, Writing

SignIn = Callable[[str], Browser]
Make = Callable[..., UUID]
LITERAL = (*SCRIPTS, *PLACEHOLDERS, *QUERIES)


def details(world: World, title: str, purpose: str, revision: int | str = 1) -> dict[str, object]:
    return {
        "title": title,
        "purpose": purpose,
        "unit_id": str(world.unit_id),
        "kind": "sensor",
        "phase": "pilot",
        "revision": revision,
    }


def revision_of(writing: Writing, dossier_id: UUID) -> int:
    with writing() as session:
        return session.get_one(Dossier, dossier_id).revision


def is_harmless(page: str) -> bool:
    """Whether a page holds no script, handler or address that we did not put there."""
    document = html5lib.parse(page, namespaceHTMLElements=False)
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        handlers = [name for name in element.attrib if str(name).lower().startswith("on")]
        addresses = [element.attrib.get(name, "") for name in ("src", "href", "action", "formaction", "data")]
        foreign = [one for one in addresses if one and not one.startswith(("/", "#", "data:image"))]
        inline = element.tag == "script" and (element.text or "").strip()
        if handlers or foreign or inline or element.tag in {"iframe", "object", "embed", "base", "style"}:
            return False
    return True


def texts_of(page: str) -> str:
    document = html5lib.parse(page, namespaceHTMLElements=False)
    values = [element.attrib.get("value", "") for element in document.iter() if isinstance(element.tag, str)]
    return " ".join([*document.itertext(), *values])


@only_sqlite
def test_f1_f3_f4_answers_come_back_literally_and_run_nothing(sign_in: SignIn, dossier_in: Make) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    noor = sign_in("Noor")
    url = f"/dossiers/{dossier_id}/vragen/1.1"
    for number, text in enumerate(LITERAL, 1):
        fields = {
            "q-1.1.1-text": text,
            "q-1.1.1-considerations": text,
            "q-1.1.1-dissent": text,
            "q-1.1.1-revision": number,
            "q-1.1.1-token": f"token-{number:04d}",
        }
        assert noor.post(url, fields).status_code == 303, text
        page = noor.get(url).text
        assert is_harmless(page), text
        assert texts_of(page).count(text.replace("\n", "\n")) >= 3, text
    history = noor.get(f"{url}/1.1.1/versies").text
    assert is_harmless(history)
    assert [text for text in LITERAL if text not in texts_of(history)] == []


@only_sqlite
def test_f2_titles_are_plain_text_on_every_page_of_the_team(
    sign_in: SignIn, dossier_in: Make, world: World, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    noor = sign_in("Noor")
    pages = ["", "/gegevens", "/team", "/indienen", "/intrekken", "/vragen/1.1"]
    for text in (*SCRIPTS[:12], *PLACEHOLDERS, *QUERIES):
        fields = details(world, text, text, revision_of(writing, dossier_id))
        assert noor.post(f"/dossiers/{dossier_id}/gegevens", fields).status_code == 303, text
        for url in ["/dossiers", *(f"/dossiers/{dossier_id}{page}" for page in pages)]:
            assert is_harmless(noor.get(url).text), (url, text)
        assert text in texts_of(noor.get(f"/dossiers/{dossier_id}").text), text


@pytest.mark.parametrize("text", NOT_TEXT)
def test_f5_what_cannot_be_stored_is_refused_at_its_field(
    sign_in: SignIn, dossier_in: Make, world: World, writing: Writing, text: str
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    noor, before = sign_in("Noor"), revision_of(writing, dossier_id)
    good, base = "Goede tekst.", f"/dossiers/{dossier_id}"
    start = {**details(world, good, good), "committee_id": str(world.committee_id), "function": good}
    tries = [
        (f"{base}/gegevens", details(world, text, good, before)),
        (f"{base}/gegevens", details(world, good, text, before)),
        ("/dossiers/nieuw", {**start, "questionnaire": "proef/1.0", "title": text}),
        ("/dossiers/nieuw", {**start, "questionnaire": "proef/1.0", "function": text}),
        (f"{base}/team", {"email": text, "function": "jurist", "revision": before}),
        (f"{base}/team", {"email": email_of("Tess"), "function": text, "revision": before}),
        (f"{base}/vragen/1.1", answer("text", text)),
        (f"{base}/vragen/1.1", answer("considerations", text)),
        (f"{base}/vragen/1.1", answer("dissent", text)),
    ]
    found = [(url, noor.post(url, fields).status_code) for url, fields in tries]
    assert found == [(url, 422) for url, _fields in tries]
    assert sign_in_status(noor, text) in {303, 400, 422}
    with writing() as session:
        assert [row.title for row in session.scalars(select(Dossier))] == ["Slimme camera"]
        assert session.get_one(Dossier, dossier_id).revision == before


def answer(field: str, text: str, token: str = "token-0001") -> dict[str, object]:
    return {f"q-1.1.1-{field}": text, "q-1.1.1-revision": "1", "q-1.1.1-token": token}


def sign_in_status(browser: Browser, text: str) -> int:
    return browser.post("/inloggen", {"email": text, "password": text}).status_code


@pytest.mark.parametrize("text", NOT_TEXT)
def test_f5_what_cannot_be_stored_is_no_error_in_addresses(
    sign_in: SignIn, dossier_in: Make, text: str
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    noor = sign_in("Noor")
    base = f"/dossiers/{dossier_id}"
    for url, query in (
        (f"{base}/vragen/1.1/1.1.1/versies", {"item": text}),
        ("/dossiers", {"na": text}),
        ("/dossiers", {"na": "00000000-0000-0000-0000-000000000000", "sinds": text}),
        ("/inloggen", {"next": text}),
    ):
        found = noor.client.get(url, query_string=query).status_code
        assert found in {200, 303, 400, 404}, (url, found)


def test_f5_text_that_is_too_long_names_its_field_and_is_kept_on_the_page(
    sign_in: SignIn, dossier_in: Make, world: World, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    noor, long = sign_in("Noor"), "x" * 20_001
    page = noor.post(f"/dossiers/{dossier_id}/vragen/1.1", answer("text", long))
    assert (page.status_code, long in page.text, "too long" in page.text) == (422, True, True)
    fields = details(world, "x" * 201, "Goed.", revision_of(writing, dossier_id))
    page = noor.post(f"/dossiers/{dossier_id}/gegevens", fields)
    assert (page.status_code, "x" * 201 in page.text, "200" in page.text) == (422, True, True)


@only_sqlite
def test_f15_too_much_at_once_is_refused(sign_in: SignIn, dossier_in: Make) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    noor = sign_in("Noor")
    url = f"/dossiers/{dossier_id}/vragen/1.1"
    many: dict[str, object] = {f"field-{number}": "x" for number in range(5000)}
    big = answer("text", "x" * 300_000)
    huge = answer("text", "x" * 5_000_000)
    files: dict[str, object] = {f"file-{number}": (BytesIO(b"x"), f"{number}.txt") for number in range(60)}
    found = [noor.post(url, fields).status_code for fields in (many, big, huge, files)]
    assert found[3] in {303, 400, 413}
    assert (found[0] in {400, 413}, found[1] in {413, 422}, found[2]) == (True, True, 413)


def elements_of(page: str) -> list[str]:
    """What the texts of a page were made into."""
    document = html5lib.parse(page, namespaceHTMLElements=False)
    texts = [one for one in document.iter("div") if one.get("class") == "et-prose"]
    return sorted({str(part.tag) for text in texts for part in text.iter()})


@only_sqlite
def test_f1_markdown_becomes_no_more_than_the_allow_list(sign_in: SignIn, dossier_in: Make) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    noor = sign_in("Noor")
    url = f"/dossiers/{dossier_id}/vragen/1.1"
    for number, text in enumerate(MARKDOWN, 1):
        fields = {
            "q-1.1.1-text": text,
            "q-1.1.1-considerations": f"- {text}",
            "q-1.1.1-revision": number,
            "q-1.1.1-token": f"token-{number:04d}",
        }
        assert noor.post(url, fields).status_code == 303, text
    page = noor.get(f"{url}/1.1.1/versies").text
    allowed = {"div", "p", "ul", "li", "strong", "em", "a", "table", "thead", "tbody", "tr", "th", "td"}
    assert set(elements_of(page)) <= allowed
    document = html5lib.parse(page, namespaceHTMLElements=False)
    links = [one.get("href", "") for one in document.iter("a") if one.get("rel")]
    assert [link for link in links if not link.startswith("https://") or "@" in link] == []
    assert links != []
