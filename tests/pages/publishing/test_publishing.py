"""From a signed report to a public copy, on pages: marked by the secretary, adopted by the chair, read by all involved."""

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
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, CountStatements, MakeDossier, SignIn, Writing

PLACE = "snapshot:/dossier"
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


def leave_out(browser: Browser, dossier_id: UUID, given: dict[str, str], place: str = PLACE) -> int:
    url = f"{page_of(dossier_id)}/lakken"
    sha256 = value_of(browser.get(url, query_string={"plek": place}).text, "sha256")
    document, pointer = place.split(":", 1)
    fields = {"document": document, "part": pointer, "ground": "5.1.2.e", "passage": "", "sha256": sha256}
    return browser.post(f"{url}?plek={place}", {**fields, **given}).status_code


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
    assert ("Mila" in text, TITLE in text, "5.1.2.b" in text, "Versie 1" in text) == (False, False, True, True)
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
    assert sem.post(f"{page_of(dossier_id)}/voorleggen", {"sha256": _digest(sem, dossier_id)}).status_code == 409
    leave_out_everywhere(sem, dossier_id, "Mila")
    assert propose_and_adopt(sem, chris, dossier_id) == 303
    again = chris.get(f"{page_of(dossier_id)}/1.pdf").data
    assert (again == first, "Mila" in text_of(again)) == (True, True)
    assert "Mila" not in text_of(chris.get(f"{page_of(dossier_id)}/2.pdf").data)
    assert chris.get(f"{page_of(dossier_id)}/3.pdf").status_code == 404


def _digest(browser: Browser, dossier_id: UUID) -> str:
    from ethiek.reports.public_source import written  # noqa: PLC0415

    advice = value_of(browser.get(f"{page_of(dossier_id)}/lakken").text, "sha256")
    import hashlib  # noqa: PLC0415

    return hashlib.sha256(written(advice, ())).hexdigest()
