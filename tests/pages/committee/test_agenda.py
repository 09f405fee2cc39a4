"""Papers for a meeting: the secretary chooses dossiers and their order."""

from __future__ import annotations

import io
import json
import re
from uuid import UUID

import pypdf
from sqlalchemy import select

from ethiek.domain.workflow import Status
from ethiek.models.audit import AuditEvent
from tests.pages.conftest import Browser, CountStatements, MakeDossier, SignIn, Writing

ADDRESS = "/commissie/vergaderstukken"
TITLE = {"title": "Vergadering"}


def rows(*places: tuple[UUID, str]) -> dict[str, str]:
    """Dossiers and their places, as the form sends them."""
    return {
        f"rows-{index}-{name}": value
        for index, (dossier_id, place) in enumerate(places)
        for name, value in (("dossier", str(dossier_id)), ("place", place))
    }


def first_page(pdf: bytes) -> str:
    return " ".join(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())


def places_on(page: str) -> list[str]:
    return re.findall(r'name="rows-\d+-place"[^>]* value="([^"]*)"', page)


def test_page_offers_what_is_in_review_the_first_due_first_with_a_place(
    dossier_in: MakeDossier, sign_in: SignIn
) -> None:
    dossier_in(Status.IN_REVIEW, title="Eerste camera")
    dossier_in(Status.ADVISED, title="Al geadviseerd")
    dossier_in(Status.IN_REVIEW, title="Tweede camera")
    sem = sign_in("Sem")
    assert f'href="{ADDRESS}"' in sem.get("/commissie").text
    page = sem.get(ADDRESS).text
    shown = [title in page for title in ("Eerste camera", "Tweede camera", "Al geadviseerd")]
    assert (shown, places_on(page)) == ([True, True, False], ["1", "2"])


def test_chosen_dossiers_are_printed_in_the_order_of_their_places_and_written_down(
    dossier_in: MakeDossier, sign_in: SignIn, writing: Writing
) -> None:
    first, second, third = (dossier_in(Status.IN_REVIEW, title=f"Camera {name}") for name in "ABC")
    sem = sign_in("Sem")
    sem.get(ADDRESS)
    given = {"title": "Vergadering", "on": "2026-12-03", **rows((first, "2"), (second, ""), (third, "1"))}
    answer = sem.post(ADDRESS, given)

    assert answer.headers["Content-Disposition"] == 'attachment; filename="vergaderstukken-2026-12-03.pdf"'
    words = first_page(answer.data)
    assert "Vergadering, 3 december 2026" in words
    assert words.index("Camera C") < words.index("Camera A")
    assert "Camera B" not in words
    with writing() as session:
        query = select(AuditEvent).where(AuditEvent.action == "export_dossier").order_by(AuditEvent.seq)
        taken = [json.loads(event.body)["object"]["id"] for event in session.scalars(query)]
    assert taken == [str(third), str(first)]


def refused(sem: Browser, given: dict[str, str]) -> str:
    answer = sem.post(ADDRESS, given)
    assert answer.status_code == 422
    return answer.text


def test_form_that_is_wrong_says_so_and_keeps_what_was_typed(
    dossier_in: MakeDossier, sign_in: SignIn
) -> None:
    dossier_id, sem = dossier_in(Status.IN_REVIEW), sign_in("Sem")
    sem.get(ADDRESS)
    page = refused(sem, {"title": "Onze avond", **rows((dossier_id, ""))})
    assert ("Give at least one dossier a place." in page, 'value="Onze avond"' in page) == (True, True)
    page = refused(sem, {"title": "", **rows((dossier_id, "7"))})
    assert ("Fill this in." in page, places_on(page)) == (True, ["7"])
    assert "Use a number from 1 to 99." in refused(sem, TITLE | rows((dossier_id, "100")))
    many = rows(*((dossier_id, "1") for _ in range(11)))
    assert "At most ten dossiers fit in one file." in refused(sem, TITLE | many)


def test_dossier_that_is_not_in_review_or_not_theirs_is_refused(
    dossier_in: MakeDossier, sign_in: SignIn
) -> None:
    advised, sem = dossier_in(Status.ADVISED), sign_in("Sem")
    assert "Nothing is in review now." in sem.get(ADDRESS).text
    answers = [
        sem.post(ADDRESS, TITLE | rows((dossier_id, "1"))).status_code
        for dossier_id in (advised, dossier_in(Status.DRAFT), UUID(int=1))
    ]
    assert answers == [409, 404, 404]
    nonsense = TITLE | {"rows-0-dossier": "x", "rows-0-place": "1"}
    assert sem.post(ADDRESS, nonsense).status_code == 404
    assert [sign_in(name).get(ADDRESS).status_code for name in ("Chris", "Mila", "Noor")] == [403] * 3


def test_page_costs_as_many_statements_however_many_dossiers_there_are(
    dossier_in: MakeDossier, sign_in: SignIn, count_statements: CountStatements
) -> None:
    sem, counts = sign_in("Sem"), []
    for number in range(3):
        dossier_in(Status.IN_REVIEW, title=f"Camera {number}")
        counts.append(count_statements(lambda: sem.get(ADDRESS)))
    assert len(set(counts)) == 1
