"""The page of the attachments: adding, taking away, getting one, and what the committee gets."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from threading import Event
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from ethiek.config import Settings
from ethiek.domain.attachments import Scan
from ethiek.domain.workflow import Status
from ethiek.incoming import files_of
from ethiek.models.attachments import Attachment
from ethiek.models.dossiers import Dossier
from ethiek.work import handlers, tidy_up
from ethiek.worker import run_worker, work_once
from tests import builders, files
from tests.builders import World
from tests.pages.conftest import Browser, CountStatements, Writing

SignIn = Callable[[str], Browser]
Make = Callable[..., UUID]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, demo=True)  # with the scanner of a demonstration


@pytest.fixture
def noor(world: World, sign_in: SignIn) -> Browser:
    assert world.ids
    return sign_in("Noor")


def send(
    browser: Browser, dossier_id: UUID, data: bytes = files.TXT, name: str = "notulen.txt", **fields: str
) -> TestResponse:
    page = browser.get(f"/dossiers/{dossier_id}/bijlagen")
    assert page.status_code == 200
    given = {
        "description": "De notulen.",
        "place": "geheel",
        "token": f"token-{name.replace('.', '-')}-{len(data)}",
        **fields,
    }
    return browser.post(f"/dossiers/{dossier_id}/bijlagen", {**given, "file": (io.BytesIO(data), name)})


def scan_all(app: Flask) -> None:
    while work_once(app, handlers(app), Event()):
        pass


def rows(writing: Writing) -> list[Attachment]:
    with writing() as session:
        found = list(session.scalars(select(Attachment).order_by(Attachment.id)))
        session.expunge_all()
        return found


def test_file_that_is_added_can_be_read_once_it_was_found_clean(
    app: Flask, noor: Browser, dossier_in: Make, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    answer = send(noor, dossier_id, place="1.1.1", token="token-0001")
    assert (answer.status_code, answer.location) == (303, f"/dossiers/{dossier_id}/bijlagen?vraag=1.1.1")
    [row] = rows(writing)
    url = f"/dossiers/{dossier_id}/bijlagen/{row.id}"
    waiting = noor.get(f"/dossiers/{dossier_id}/bijlagen").text
    assert "Is being scanned for viruses" in waiting
    assert url + '"' not in waiting
    assert noor.get(url).status_code == 404

    scan_all(app)
    page = noor.get(f"/dossiers/{dossier_id}/bijlagen").text
    assert f'href="{url}"' in page
    assert "No viruses found" in page
    assert f"TXT, {len(files.TXT)} bytes. Added by Noor on" in page
    assert noor.get(url).data == files.TXT


def test_question_page_links_to_the_files_of_each_question(noor: Browser, dossier_in: Make) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    page = noor.get(f"/dossiers/{dossier_id}/vragen/1.1").text
    assert f'href="/dossiers/{dossier_id}/bijlagen?vraag=1.1.1"' in page
    form = noor.get(f"/dossiers/{dossier_id}/bijlagen?vraag=1.1.1").text
    assert '<option selected value="1.1.1">' in form
    assert f'href="/dossiers/{dossier_id}/vragen/1.1#q-1.1.1"' in form


def test_removed_file_is_gone_from_the_page_and_from_the_address(
    app: Flask, noor: Browser, dossier_in: Make, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    send(noor, dossier_id)
    scan_all(app)
    [row] = rows(writing)
    with writing() as session:
        revision = session.get_one(Dossier, dossier_id).revision
    url = f"/dossiers/{dossier_id}/bijlagen/{row.id}"
    assert noor.post(f"{url}/verwijderen", {"revision": revision - 1}).status_code == 409
    assert noor.post(f"{url}/verwijderen", {"revision": revision}).status_code == 303
    assert "There are no attachments yet." in noor.get(f"/dossiers/{dossier_id}/bijlagen").text
    assert noor.get(url).status_code == 404
    assert noor.post(f"{url}/verwijderen", {"revision": revision + 1}).status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "fields", "message"),
    [
        (b"", "leeg.pdf", {}, "This file is empty."),
        (files.TXT, "", {}, "Choose a file."),
        (files.PDF, "plan.docx", {}, "another kind of file than it is"),
        (files.PDF, "plan.pdf", {"description": " "}, "Fill this in."),
        (files.PDF, "plan.pdf", {"description": "x" * 301}, "Use at most 300 characters."),
        (files.PDF, "plan.pdf", {"description": "a\x07b"}, "characters that cannot be stored"),
        (files.PDF, "plan.pdf", {"place": "9.9.9"}, "This question is not asked now."),
    ],
)
def test_what_is_refused_is_told_at_its_field_and_keeps_what_was_typed(
    noor: Browser,
    dossier_in: Make,
    writing: Writing,
    settings: Settings,
    data: bytes,
    name: str,
    fields: dict[str, str],
    message: str,
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    given = {"description": "Mijn plan", "place": "1.1.1", "token": "token-0001", **fields}
    answer = send(noor, dossier_id, data, name, **given)
    assert answer.status_code == 422
    assert message in answer.text
    if "description" not in fields:
        assert 'value="Mijn plan"' in answer.text
    assert rows(writing) == []
    folder = settings.attachment_folder
    assert [path.name for path in folder.glob("*")] == []


def test_same_form_sent_twice_is_one_file(noor: Browser, dossier_in: Make, writing: Writing) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    assert [send(noor, dossier_id, token="token-0001").status_code for _ in range(2)] == [303, 303]
    assert [row.token for row in rows(writing)] == ["token-0001"]


@pytest.mark.parametrize(("token", "status"), [("", 428), ("kort", 400), ("met spatie en meer", 400)])
def test_form_without_a_good_token_changes_nothing(
    noor: Browser, dossier_in: Make, writing: Writing, token: str, status: int
) -> None:
    assert send(noor, dossier_in(Status.DRAFT), token=token).status_code == status
    assert rows(writing) == []


def test_committee_gets_what_was_handed_in_and_not_the_draft(
    app: Flask, noor: Browser, sign_in: SignIn, dossier_in: Make, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    send(noor, dossier_id, files.PDF, "plan.pdf", place="1.1.1", description="Het plan.")
    send(noor, dossier_id, files.TXT, "brief.txt", description="De brief.")
    scan_all(app)
    with writing() as session:
        builders.advance(session, world, dossier_id, Status.IN_REVIEW)
    mila = sign_in("Mila")
    page = mila.get(f"/dossiers/{dossier_id}/rondes/1").text
    whole, at_question = (f"/dossiers/{dossier_id}/rondes/1/bijlagen/{number}" for number in (1, 2))
    assert f'<a class="nl-link" href="{whole}">brief.txt</a> (TXT, {len(files.TXT)} bytes): De brief.' in page
    assert f'<a class="nl-link" href="{at_question}">plan.pdf</a> (PDF, {len(files.PDF)} bytes)' in page
    assert page.index(at_question) < page.index("Attachments to the dossier as a whole") < page.index(whole)
    assert [mila.get(url).data for url in (whole, at_question)] == [files.TXT, files.PDF]
    assert mila.get(f"/dossiers/{dossier_id}/rondes/1/bijlagen/3").status_code == 404
    assert mila.get(f"/dossiers/{dossier_id}/bijlagen").status_code == 403
    assert mila.get(f"/dossiers/{dossier_id}/bijlagen/{rows(writing)[0].id}").status_code == 403


def test_submitted_dossier_shows_its_files_and_takes_no_others(
    app: Flask, noor: Browser, dossier_in: Make, writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    send(noor, dossier_id)
    assert "free of viruses" in noor.get(f"/dossiers/{dossier_id}/indienen").text
    scan_all(app)
    assert "free of viruses" not in noor.get(f"/dossiers/{dossier_id}/indienen").text
    with writing() as session:
        builders.hand_in(session, world, dossier_id)
    page = noor.get(f"/dossiers/{dossier_id}/bijlagen").text
    assert "notulen.txt" in page
    assert "Add this file" not in page
    assert "/verwijderen" not in page
    assert send(noor, dossier_id, files.PDF, "later.pdf").status_code == 409
    assert [row.name for row in rows(writing)] == ["notulen.txt"]


def test_installation_without_scanner_takes_no_files(
    app: Flask, noor: Browser, dossier_in: Make, settings: Settings, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    app.extensions["settings"] = replace(settings, demo=False)
    page = noor.get(f"/dossiers/{dossier_id}/bijlagen").text
    assert "this installation has no virus scanner" in page
    assert "Add this file" not in page
    answer = send(noor, dossier_id)
    assert (answer.status_code, "has no virus scanner" in answer.text) == (422, True)
    assert rows(writing) == []


def test_virus_is_told_on_the_page_of_the_dossier(
    app: Flask, noor: Browser, dossier_in: Make, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    send(noor, dossier_id, files.EICAR, "eicar.txt")
    assert "virus was found" not in noor.get(f"/dossiers/{dossier_id}").text
    scan_all(app)
    assert [row.scan for row in rows(writing)] == [Scan.INFECTED]
    assert "A virus was found in 1 file" in noor.get(f"/dossiers/{dossier_id}").text
    page = noor.get(f"/dossiers/{dossier_id}/bijlagen").text
    assert "A virus was found. Nobody can open this file. Remove it." in page


def test_statements_are_the_same_for_1_and_for_9_files(
    app: Flask, noor: Browser, dossier_in: Make, count_statements: CountStatements
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    send(noor, dossier_id)
    scan_all(app)
    url = f"/dossiers/{dossier_id}/bijlagen"
    noor.get(url)
    one = count_statements(lambda: noor.get(url))
    for number in range(8):
        send(noor, dossier_id, name=f"brief-{number}.txt")
    scan_all(app)
    noor.get(url)
    assert count_statements(lambda: noor.get(url)) == one


def test_worker_gives_back_the_space_of_files_that_nothing_names(
    app: Flask, noor: Browser, dossier_in: Make, settings: Settings
) -> None:
    send(noor, dossier_in(Status.DRAFT))
    store = files_of(settings)
    left, fresh = store.put(b"achtergebleven"), store.put(b"wordt nu bewaard")
    os.utime(store.folder / left, (1.0, 1.0))
    tidy_up(app)
    assert set(store.names()) == {fresh, sha256(files.TXT).hexdigest()}


def test_worker_tidies_as_it_was_told(app: Flask) -> None:
    stop, seen = Event(), []

    def tidy(given: Flask) -> None:
        seen.append(given)
        stop.set()

    run_worker(app, {}, stop, poll=0.01, tidy=tidy)
    assert seen == [app]
