"""From a signed report to a public copy, on pages: marked by the secretary, adopted by the chair, read by many."""

from __future__ import annotations

import html
import io
import re
from uuid import UUID, uuid4

import pypdf
import pytest
from sqlalchemy import select

from ethiek.domain.workflow import Status
from ethiek.models.archive import ArchiveRecord
from ethiek.models.audit import AuditEvent
from ethiek.models.public import PublicCopy, PublicRedaction
from ethiek.reports.public_source import written
from ethiek.reports.source import digest
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, CountStatements, MakeDossier, SignIn, Writing

PLACE = ("snapshot", "/dossier")
TITLE = "Slimme camera"


def page_of(dossier_id: UUID) -> str:
    return f"/dossiers/{dossier_id}/openbare-versie"


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


def leave_out_everywhere(browser: Browser, dossier_id: UUID, passage: str, ground: str = "5.1.2.e") -> int:
    sha256 = value_of(browser.get(f"{page_of(dossier_id)}/lakken").text, "sha256")
    given = {"passage": passage, "ground": ground, "sha256": sha256}
    return browser.post(f"{page_of(dossier_id)}/overal", given).status_code


def leave_out(
    browser: Browser, dossier_id: UUID, given: dict[str, str], place: tuple[str, str] = PLACE
) -> int:
    document, pointer = place
    url = f"{page_of(dossier_id)}/lakken?plek={document}{pointer.replace('/', '-')}"
    sha256 = value_of(browser.get(url).text, "sha256")
    fields = {"document": document, "part": pointer, "ground": "5.1.2.e", "passage": "", "sha256": sha256}
    return browser.post(url, {**fields, **given}).status_code


def sha256_of(browser: Browser, dossier_id: UUID) -> str:
    """Of redactions that are none."""
    advice = value_of(browser.get(f"{page_of(dossier_id)}/lakken").text, "sha256")
    return digest(written(advice, ()))


def propose_and_adopt(secretary: Browser, chair: Browser, dossier_id: UUID) -> int:
    proposed = value_of(secretary.get(page_of(dossier_id)).text, "sha256")
    assert secretary.post(f"{page_of(dossier_id)}/voorleggen", {"sha256": proposed}).status_code == 303
    seen = value_of(chair.get(page_of(dossier_id)).text, "sha256")
    return chair.post(f"{page_of(dossier_id)}/vaststellen", {"sha256": seen}).status_code


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def kept(writing: Writing) -> list[tuple[str, str, str, str]]:
    with writing() as session:
        rows = session.scalars(select(PublicRedaction).order_by(PublicRedaction.id)).all()
        return [(row.ground, row.document, row.pointer, row.passage) for row in rows]


def test_copy_is_marked_previewed_adopted_by_two_and_read_by_all_involved(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.ARCHIVED)
    sem, chris, noor, aisha = (sign_in(name) for name in ("Sem", "Chris", "Noor", "Aisha"))
    assert "Public copy" in noor.get(f"/dossiers/{dossier_id}/rapport").text
    assert leave_out_everywhere(sem, dossier_id, "Mila") == 303
    assert leave_out(sem, dossier_id, {"part": "/dossier/title", "ground": "5.1.2.b"}) == 303
    preview = text_of(chris.get(f"{page_of(dossier_id)}/voorbeeld.pdf").data)
    assert ("Mila" in preview, TITLE in preview, "Chris" in preview) == (False, False, True)
    assert "Preview, not adopted yet" in preview or "Voorbeeld, nog niet vastgesteld" in preview

    assert propose_and_adopt(sem, chris, dossier_id) == 303

    adopted = noor.get(f"{page_of(dossier_id)}/1.pdf")
    text = text_of(adopted.data)
    assert adopted.headers["Content-Disposition"].endswith('-openbaar-1.pdf"')
    assert ("Mila" in text, TITLE in text, "5.1.2.b" in text, "Versie 1" in text) == (
        False,
        False,
        True,
        True,
    )
    with writing() as session:
        copy_id = session.scalars(select(PublicCopy.id)).one()
        actions = set(session.scalars(select(AuditEvent.action)).all())
    archived = f"/archief/openbaar/{copy_id}.pdf"
    assert archived in aisha.get("/archief").text
    assert aisha.get(archived).data == adopted.data
    assert {"redact", "propose_public_copy", "adopt_public_copy", "read_public_copy"} <= actions


@only_sqlite
def test_marking_again_gives_a_second_version_and_the_first_stays(
    dossier_in: MakeDossier, sign_in: SignIn
) -> None:
    dossier_id, sem, chris = dossier_in(Status.ARCHIVED), sign_in("Sem"), sign_in("Chris")
    assert propose_and_adopt(sem, chris, dossier_id) == 303
    first = chris.get(f"{page_of(dossier_id)}/1.pdf").data
    assert (
        sem.post(f"{page_of(dossier_id)}/voorleggen", {"sha256": sha256_of(sem, dossier_id)}).status_code
        == 409
    )
    leave_out_everywhere(sem, dossier_id, "Mila")
    assert propose_and_adopt(sem, chris, dossier_id) == 303
    again = chris.get(f"{page_of(dossier_id)}/1.pdf").data
    assert (again == first, "Mila" in text_of(again)) == (True, True)
    assert "Mila" not in text_of(chris.get(f"{page_of(dossier_id)}/2.pdf").data)
    assert chris.get(f"{page_of(dossier_id)}/3.pdf").status_code == 404


@only_sqlite
def test_page_to_mark_shows_every_text_once_and_takes_few_statements(
    dossier_in: MakeDossier, sign_in: SignIn, count_statements: CountStatements
) -> None:
    dossier_id, sem = dossier_in(Status.ARCHIVED), sign_in("Sem")
    url = f"{page_of(dossier_id)}/lakken"
    page = sem.get(url).text
    for text in ("Motivering van Mila.", "Zet een bord bij de camera.", "Weten hoe druk het is."):
        assert page.count(text) == 1, text
    assert page.count("<form") == page.count("data-redact-form") + 4
    few = count_statements(lambda: sem.get(url))
    for name in ("Mila", "Noor", "Chris"):
        leave_out_everywhere(sem, dossier_id, name)
    sem.get(url)  # shows, and so forgets, what was done
    assert count_statements(lambda: sem.get(url)) == few
    assert few <= 16


@only_sqlite
@pytest.mark.parametrize(
    ("passage", "message"),
    [
        ("Willem-Alexander", "This was not found there."),
        ("", "Fill this in."),
        ("  ", "Use at least two letters or digits."),
        ("!", "Use at least two letters or digits."),
        ("x" * 2001, "Use at most 2000 characters."),
        ("a\x00b", "This text holds characters that cannot be stored."),
    ],
)
def test_passage_that_cannot_be_left_out_is_refused_at_its_field_and_kept(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing, passage: str, message: str
) -> None:
    dossier_id, sem = dossier_in(Status.ARCHIVED), sign_in("Sem")
    sha256 = value_of(sem.get(f"{page_of(dossier_id)}/lakken").text, "sha256")
    answer = sem.post(
        f"{page_of(dossier_id)}/overal", {"passage": passage, "ground": "5.2", "sha256": sha256}
    )
    assert (answer.status_code, message in answer.text, kept(writing)) == (422, True, [])
    assert html.escape(passage.strip()[:50]) in answer.text or "\x00" in passage
    assert re.search(r'<option selected value="5.2"', answer.text)


@only_sqlite
def test_passage_at_a_text_that_is_not_there_keeps_what_was_typed(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, sem = dossier_in(Status.ARCHIVED), sign_in("Sem")
    url = f"{page_of(dossier_id)}/lakken?plek=snapshot-dossier"
    sha256 = value_of(sem.get(url).text, "sha256")
    given = {"document": "snapshot", "part": "/dossier/purpose", "passage": "<b>Mila</b>", "ground": "5.1.5"}
    answer = sem.post(url, {**given, "sha256": sha256})
    assert (answer.status_code, kept(writing)) == (422, [])
    assert "&lt;b&gt;Mila&lt;/b&gt;</textarea>" in answer.text
    assert re.search(r'<option selected value="/dossier/purpose"', answer.text)


@only_sqlite
def test_html_in_a_passage_is_shown_as_text_everywhere(
    writing: Writing, dossier_in: MakeDossier, sign_in: SignIn
) -> None:
    title = "<script>alert(1)</script> en Jan"
    dossier_id, sem, chris = dossier_in(Status.ARCHIVED, title=title), sign_in("Sem"), sign_in("Chris")
    assert leave_out_everywhere(sem, dossier_id, "<script>alert(1)</script>") == 303
    assert [row[3] for row in kept(writing)] == ["<script>alert(1)</script>"]
    for page in (sem.get(f"{page_of(dossier_id)}/lakken").text, chris.get(page_of(dossier_id)).text):
        assert "<script>alert" not in page
        assert "<q>&lt;script&gt;alert(1)&lt;/script&gt;</q>" in page
    assert "alert" not in text_of(sem.get(f"{page_of(dossier_id)}/voorbeeld.pdf").data)


@only_sqlite
def test_taking_back_gives_the_text_back(dossier_in: MakeDossier, sign_in: SignIn, writing: Writing) -> None:
    dossier_id, sem = dossier_in(Status.ARCHIVED), sign_in("Sem")
    leave_out_everywhere(sem, dossier_id, "Mila")
    page = sem.get(f"{page_of(dossier_id)}/lakken").text
    assert "Motivering van Mila." not in page
    found = re.search(r'action="([^"]+/terug)"', page)
    assert found
    given = {"sha256": value_of(page, "sha256")}
    assert [sem.post(found[1], given).status_code for _twice in range(2)] == [303, 303]
    assert kept(writing) == []
    assert "Motivering van Mila." in sem.get(f"{page_of(dossier_id)}/lakken").text


@only_sqlite
def test_names_are_offered_until_they_are_left_out_and_leftovers_are_pointed_out(
    dossier_in: MakeDossier, sign_in: SignIn
) -> None:
    dossier_id, sem = dossier_in(Status.ARCHIVED, title="Noor en 06-12345678"), sign_in("Sem")
    url = f"{page_of(dossier_id)}/lakken"
    before = re.findall(r'name="passage" value="([^"]+)"', sem.get(url).text)
    assert before == ["Noor", "Chris", "Mila", "Sem", "06-12345678"]
    leave_out_everywhere(sem, dossier_id, "Noor")
    leave_out(sem, dossier_id, {"part": "/reviews/0/by", "passage": "Mila"}, ("advice", "/reviews/0"))
    page = sem.get(url).text
    assert re.findall(r'name="passage" value="([^"]+)"', page) == ["Chris", "Sem", "Mila", "06-12345678"]
    assert "still stands in 1 other texts." in page
    assert "looks like a telephone number." in page


@only_sqlite
def test_adoption_needs_a_proposal_of_exactly_this_by_somebody_else(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id = dossier_in(Status.ARCHIVED)
    sem, chris, robin = (sign_in(name) for name in ("Sem", "Chris", "Robin"))
    adoption, proposal = (f"{page_of(dossier_id)}/{step}" for step in ("vaststellen", "voorleggen"))
    nothing = {"sha256": sha256_of(sem, dossier_id)}
    assert chris.post(adoption, nothing).status_code == 409
    assert robin.post(proposal, nothing).status_code == 303
    assert robin.post(adoption, nothing).status_code == 409
    leave_out_everywhere(sem, dossier_id, "Mila")
    assert chris.post(adoption, nothing).status_code == 409
    assert "still working on it" in chris.get(page_of(dossier_id)).text
    with writing() as session:
        assert session.scalars(select(PublicCopy)).all() == []


@only_sqlite
def test_somebody_else_s_report_has_no_public_copy_for_strangers(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    dossier_id, sem, chris = dossier_in(Status.ARCHIVED), sign_in("Sem"), sign_in("Chris")
    assert propose_and_adopt(sem, chris, dossier_id) == 303
    with writing() as session:
        copy_id, record_id = (
            session.scalars(select(PublicCopy.id)).one(),
            session.scalars(select(ArchiveRecord.id)).one(),
        )
    for who in ("Omar", "Daan", "Ada"):
        stranger = sign_in(who)
        assert [stranger.get(f"{page_of(dossier_id)}{rest}").status_code for rest in ("", "/1.pdf")] == [
            404,
            404,
        ], who
        assert stranger.get(f"/archief/openbaar/{copy_id}.pdf").status_code == 403
    aisha = sign_in("Aisha")
    assert [
        aisha.get(f"/archief/openbaar/{one}.pdf").status_code for one in (copy_id, record_id, uuid4())
    ] == [200, 404, 404]
    assert aisha.get(f"{page_of(dossier_id)}/1.pdf").status_code == 404
