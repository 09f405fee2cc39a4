"""What a public copy leaves out, who may mark and adopt it, and that it stays as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ethiek.domain.permissions import Permission
from ethiek.domain.redactions import Redaction
from ethiek.domain.workflow import Status
from ethiek.errors import (
    ConcurrentEditError,
    GuardFailedError,
    InputError,
    NotFoundError,
    PermissionDeniedError,
)
from ethiek.models.audit import AuditEvent
from ethiek.models.public import PublicCopy, PublicProposal, PublicRedaction
from ethiek.reports.archive import Archive
from ethiek.reports.house import PLAIN
from ethiek.services import archive_files, public_copies, public_texts, publishing
from ethiek.services.publishing import Presented, Publication
from tests import builders
from tests.builders import AT, World

MILA = Redaction("5.1.2.e", passage="Mila")
TITLE = Redaction("5.1.2.b", "snapshot", "/dossier/title")
HERE = Presented("https://ethiek.example.nl", PLAIN)


@pytest.fixture
def world(session: Session) -> World:
    return builders.a_world(session)


@pytest.fixture
def dossier_id(session: Session, world: World) -> UUID:
    return builders.a_dossier(session, world, Status.ARCHIVED)


def publication(session: Session, world: World, dossier_id: UUID, who: str = "Sem") -> Publication:
    stamp = world.stamp(session, who)
    return publishing.publication(session, dossier_id, stamp, Permission.PUBLICATION_PREVIEW)


def add(session: Session, world: World, dossier_id: UUID, given: Redaction, who: str = "Sem") -> int:
    advice = builders.present_advice(session, dossier_id).sha256
    return publishing.add(session, dossier_id, given, advice, world.stamp(session, who))


def propose(session: Session, world: World, dossier_id: UUID, who: str = "Sem") -> str:
    sha256 = publication(session, world, dossier_id).sha256
    publishing.propose(session, dossier_id, sha256, world.stamp(session, who))
    return sha256


def adopt(session: Session, world: World, dossier_id: UUID, folder: Path, who: str = "Chris") -> PublicCopy:
    sha256, stamp = publication(session, world, dossier_id).sha256, world.stamp(session, who)
    source = public_copies.to_adopt(session, dossier_id, sha256, HERE, stamp)
    file = Archive(folder).put(source.redactions + bytes([source.version]))
    return public_copies.adopt(session, dossier_id, source, file, stamp)


def test_marked_twice_is_kept_once_and_taken_back_twice_is_gone_once(
    session: Session, world: World, dossier_id: UUID
) -> None:
    assert [add(session, world, dossier_id, one) for one in (MILA, MILA, TITLE)] == [2, 2, 1]
    found = publication(session, world, dossier_id)
    assert found.redactions == (MILA, TITLE)
    for _twice in range(2):
        stamp = world.stamp(session, "Sem")
        publishing.remove(session, dossier_id, found.rows[0].id, found.record.advice_sha256, stamp)
    assert publication(session, world, dossier_id).redactions == (TITLE,)
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(3)).all()
    assert [event.action for event in events] == ["unredact", "redact", "redact"]
    assert not any("Mila" in event.body for event in events)


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        (Redaction("5.2", passage="Willem-Alexander"), "passage", "not_found"),
        (Redaction("5.2", "snapshot", "/nowhere"), "passage", "not_found"),
        (Redaction("5.2", "nothing", "/dossier"), "passage", "not_found"),
        (Redaction("6.1", passage="Mila"), "ground", "unknown"),
        (Redaction("5.2", passage="?"), "passage", "too_few_letters"),
    ],
)
def test_what_stands_nowhere_is_refused(
    session: Session, world: World, dossier_id: UUID, given: Redaction, field: str, reason: str
) -> None:
    with pytest.raises(InputError) as caught:
        add(session, world, dossier_id, given)
    assert (caught.value.field, caught.value.reason) == (field, reason)


def test_more_than_the_most_are_refused(
    session: Session, world: World, dossier_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "MOST", 1)
    add(session, world, dossier_id, MILA)
    with pytest.raises(InputError, match="too_many_redactions"):
        add(session, world, dossier_id, TITLE)


def test_adoption_keeps_file_redactions_and_both_people_for_ever(
    session: Session, world: World, dossier_id: UUID, tmp_path: Path
) -> None:
    add(session, world, dossier_id, MILA)
    propose(session, world, dossier_id)
    copy = adopt(session, world, dossier_id, tmp_path)
    found = publication(session, world, dossier_id)
    assert (copy.version, copy.redactions) == (1, found.content.decode())
    assert (copy.proposed_by_id, copy.adopted_by_id) == (world.ids["Sem"], world.ids["Chris"])
    assert (found.is_adopted, found.is_proposed, found.next_version) == (True, False, 2)
    assert archive_files.verify_files(session, Archive(tmp_path)).unrecorded == ()
    Path(tmp_path / f"{copy.sha256}.pdf").write_bytes(b"other")
    corrupt = archive_files.verify_files(session, Archive(tmp_path)).corrupt
    assert (f"{copy.sha256}.pdf", "changed") in [(one.name, one.reason) for one in corrupt]
    for statement in ("UPDATE public_copy SET version = 2", "DELETE FROM public_proposal"):
        with pytest.raises(IntegrityError, match="append-only"), session.begin_nested():
            session.execute(text(statement))


def test_adoption_without_a_proposal_of_exactly_this_or_by_who_worked_on_it_is_refused(
    session: Session, world: World, dossier_id: UUID, tmp_path: Path
) -> None:
    with pytest.raises(GuardFailedError, match="copy_proposed"):
        adopt(session, world, dossier_id, tmp_path)
    add(session, world, dossier_id, MILA, who="Robin")
    propose(session, world, dossier_id)
    with pytest.raises(GuardFailedError, match="copy_second_person"):
        adopt(session, world, dossier_id, tmp_path, who="Robin")
    add(session, world, dossier_id, TITLE)
    with pytest.raises(GuardFailedError, match="copy_proposed"):
        adopt(session, world, dossier_id, tmp_path)
    propose(session, world, dossier_id, who="Robin")
    with pytest.raises(GuardFailedError, match="copy_second_person"):
        adopt(session, world, dossier_id, tmp_path, who="Robin")
    assert adopt(session, world, dossier_id, tmp_path).version == 1
    with pytest.raises(GuardFailedError, match="copy_differs"):
        propose(session, world, dossier_id)


def test_proposing_twice_is_one_proposal(session: Session, world: World, dossier_id: UUID) -> None:
    assert propose(session, world, dossier_id) == propose(session, world, dossier_id)
    assert [row.number for row in session.scalars(select(PublicProposal))] == [1]


def test_what_changed_while_it_was_rendered_is_not_adopted(
    session: Session, world: World, dossier_id: UUID, tmp_path: Path
) -> None:
    sha256, stamp = propose(session, world, dossier_id), world.stamp(session, "Chris")
    source = public_copies.to_adopt(session, dossier_id, sha256, HERE, stamp)
    file = Archive(tmp_path).put(b"copy")
    with pytest.raises(ConcurrentEditError):
        public_copies.adopt(session, dossier_id, replace(source, version=2), file, stamp)
    add(session, world, dossier_id, MILA)
    with pytest.raises(ConcurrentEditError):
        public_copies.adopt(session, dossier_id, source, file, stamp)
    assert session.scalars(select(PublicCopy)).all() == []


def test_later_copy_has_the_next_number_and_the_first_can_still_be_read(
    session: Session, world: World, dossier_id: UUID, tmp_path: Path
) -> None:
    propose(session, world, dossier_id)
    first = adopt(session, world, dossier_id, tmp_path)
    add(session, world, dossier_id, MILA)
    propose(session, world, dossier_id)
    second = adopt(session, world, dossier_id, tmp_path)
    noor, aisha = world.stamp(session, "Noor"), world.stamp(session, "Aisha")
    assert [copy.version for copy in publication(session, world, dossier_id).copies] == [2, 1]
    read = [public_copies.read(session, dossier_id, number, noor)[0] for number in (1, 2)]
    assert read == [first, second]
    assert public_copies.read_archived(session, first.id, aisha)[0] == first
    record = publication(session, world, dossier_id).record
    assert public_copies.copies_of(session, [record]) == {record.id: [second, first]}
    with pytest.raises(NotFoundError):
        public_copies.read(session, dossier_id, 3, noor)
    with pytest.raises(NotFoundError):
        public_copies.read_archived(session, uuid4(), aisha)
    with pytest.raises(PermissionDeniedError):
        public_copies.read_archived(session, first.id, noor)


def test_later_report_starts_anew_and_an_older_page_is_told(
    session: Session, world: World, dossier_id: UUID
) -> None:
    add(session, world, dossier_id, MILA)
    with pytest.raises(ConcurrentEditError):
        publishing.add(session, dossier_id, TITLE, "0" * 64, world.stamp(session, "Sem"))
    with pytest.raises(ConcurrentEditError):
        publishing.remove(session, dossier_id, uuid4(), "0" * 64, world.stamp(session, "Sem"))
    with pytest.raises(ConcurrentEditError):
        publishing.propose(session, dossier_id, "0" * 64, world.stamp(session, "Sem"))
    assert publication(session, world, dossier_id).redactions == (MILA,)


@pytest.mark.parametrize(
    ("who", "error"),
    [("Noor", PermissionDeniedError), ("Chris", PermissionDeniedError), ("Omar", NotFoundError)],
)
def test_others_mark_nothing(
    session: Session, world: World, dossier_id: UUID, who: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        add(session, world, dossier_id, MILA, who)
    assert session.scalars(select(PublicRedaction)).all() == []


def test_dossier_without_a_signed_report_has_no_public_copy(session: Session, world: World) -> None:
    waiting = builders.a_dossier(session, world, Status.AWAITING_SIGNATURE)
    with pytest.raises(NotFoundError):
        add(session, world, waiting, MILA)


def test_sheet_holds_every_text_of_the_report_and_where_it_stands(
    session: Session, world: World, dossier_id: UUID
) -> None:
    add(session, world, dossier_id, MILA)
    stamp = world.stamp(session, "Sem", at=AT + timedelta(hours=1))
    sheet = public_texts.sheet(session, dossier_id, stamp, Permission.REPORT_PUBLISH)
    documents = publishing.documents_of(session, sheet.publication.record)
    pointers = {
        (entry.document, leaf.pointer)
        for chapter in sheet.chapters
        for entry in chapter.entries
        for leaf in (
            *entry.leaves,
            *(cell for row in (entry.table.rows if entry.table else ()) for cell in row),
        )
    }
    for document, pointer, words in (
        ("snapshot", "/dossier/title", "Slimme camera"),
        ("advice", "/reviews/0/motivation", "Motivering van Mila."),
        ("advice", "/conditions/0/owner", "Noor"),
        ("approvals", "/approvals/1/by", "Sem"),
    ):
        value = documents[document]
        for step in pointer.strip("/").split("/"):
            value = value[int(step)] if step.isdigit() else value[step]
        assert (value, (document, pointer) in pointers) == (words, True)
    assert len({entry.key for chapter in sheet.chapters for entry in chapter.entries}) == sum(
        len(chapter.entries) for chapter in sheet.chapters
    )
    assert (sheet.hits, "Mila" in sheet.names, "Noor" in sheet.names) == ((2,), False, True)
