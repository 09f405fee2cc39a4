"""Files of a team: adding, taking away, handing in, and what stays of them."""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.attachments import LARGEST_TOTAL, MOST_FILES, FileKind, Scan
from ethiek.domain.workflow import Status
from ethiek.errors import (
    ArchiveError,
    ConcurrentEditError,
    GuardFailedError,
    InputError,
    NotFoundError,
    PermissionDeniedError,
    TransitionNotAllowedError,
)
from ethiek.files.store import FileStore
from ethiek.models.attachments import Attachment, SnapshotAttachment
from ethiek.models.dossiers import Dossier, Snapshot
from ethiek.models.jobs import Job
from ethiek.reports.archive import Archive
from ethiek.reports.bundle import zip_stream
from ethiek.services import archive as archive_service
from ethiek.services import attachment_files, attachments, migration, questionnaires, scanning, submission
from ethiek.services.archive import Filter
from ethiek.services.attachment_files import CorruptFile, Readable
from ethiek.services.attachments import WHOLE, Given
from tests import builders, files
from tests.builders import AT, World
from tests.files import attach
from tests.integration.services.conftest import By, Events
from tests.question_sets import a_newer_version

WHY, LONG = Slot("1.1.1"), Slot("1.1.3")
PER_RIGHT = Slot("2.1.1", "privacy")
TXT_SHA = sha256(files.TXT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "attachments")


@pytest.fixture
def dossier_id(session: Session, world: World) -> UUID:
    return builders.a_dossier(session, world)


def revision(session: Session, dossier_id: UUID) -> int:
    return session.get_one(Dossier, dossier_id).revision


def send(
    session: Session, dossier_id: UUID, store: FileStore, by: By, given: Given, who: str = "Noor"
) -> Attachment:
    with store.staged(files.TXT) as staged:
        return attachments.add(session, dossier_id, given, staged, store, by(who))


def a_file(slot: Slot = WHOLE, token: str = "token-0001", description: str = "De notulen.") -> Given:
    return Given(slot, "../notulen.txt", FileKind.TXT, description, token)


def handed_in(session: Session, dossier_id: UUID, number: int) -> list[dict[str, object]]:
    content = session.scalars(
        select(Snapshot.content).where(Snapshot.dossier_id == dossier_id, Snapshot.round == number)
    ).one()
    found: list[dict[str, object]] = json.loads(content).get("attachments", [])
    return found


def test_add_keeps_file_row_job_and_event_and_counts_as_a_change(
    session: Session, dossier_id: UUID, store: FileStore, by: By, new_events: Events
) -> None:
    before = revision(session, dossier_id)
    new_events()
    row = send(session, dossier_id, store, by, a_file(WHY))
    assert (row.name, row.question_id, row.kind, row.size) == ("notulen.txt", "1.1.1", FileKind.TXT, 36)
    assert (row.sha256, row.scan, row.added_at) == (TXT_SHA, Scan.WAITING, AT)
    assert store.read(TXT_SHA) == files.TXT
    job = session.scalars(select(Job).where(Job.dedupe_key == f"scan:{row.id}")).one()
    assert (job.kind, job.payload) == ("scan_attachment", {"attachment": str(row.id)})
    assert new_events() == [("add_attachment", "done")]
    assert revision(session, dossier_id) == before + 1


def test_add_twice_with_one_token_adds_once(
    session: Session, dossier_id: UUID, store: FileStore, by: By, new_events: Events
) -> None:
    first = send(session, dossier_id, store, by, a_file())
    new_events()
    assert send(session, dossier_id, store, by, a_file(WHY)).id == first.id
    assert new_events() == []


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        (a_file(Slot("9.9")), "place", "unknown"),
        (a_file(LONG), "place", "unknown"),
        (a_file(Slot("1.1.1", "privacy")), "place", "unknown"),
        (a_file(description=""), "description", "required"),
        (a_file(description="x" * 301), "description", "too_long"),
        (a_file(description="a\x00b"), "description", "not_text"),
        (a_file(description="a\ud800b"), "description", "not_text"),
    ],
)
def test_add_of_what_cannot_be_stored_is_refused_and_leaves_no_file(
    session: Session, dossier_id: UUID, store: FileStore, by: By, given: Given, field: str, reason: str
) -> None:
    with pytest.raises(InputError) as caught:
        send(session, dossier_id, store, by, given)
    assert (caught.value.field, caught.value.reason) == (field, reason)
    assert list(store.folder.iterdir()) == []


def test_full_dossier_takes_no_more_until_something_is_removed(
    session: Session, world: World, dossier_id: UUID, store: FileStore, by: By
) -> None:
    big = attach(session, world, dossier_id, store, files.PDF, "groot.pdf")
    row = session.get_one(Attachment, big)
    other = Attachment(
        **{
            name: getattr(row, name)
            for name in ("dossier_id", "questionnaire_key", "question_id", "item", "name", "description")
        },
        kind=row.kind,
        size=LARGEST_TOTAL - row.size,
        sha256="0" * 64,
        token="token-big-0",
        added_by_id=row.added_by_id,
        added_at=AT,
    )
    session.add(other)
    session.flush()
    with pytest.raises(InputError) as caught:
        send(session, dossier_id, store, by, a_file())
    assert (caught.value.field, caught.value.reason) == ("file", "dossier_full")
    attachments.remove(session, dossier_id, other.id, by("Noor"))
    assert send(session, dossier_id, store, by, a_file()).name == "notulen.txt"


def test_dossier_takes_a_hundred_files(
    session: Session, world: World, dossier_id: UUID, store: FileStore, by: By
) -> None:
    for number in range(MOST_FILES):
        attach(session, world, dossier_id, store, b"%d keer" % number, scan=Scan.WAITING)
    with pytest.raises(InputError) as caught:
        send(session, dossier_id, store, by, a_file())
    assert caught.value.reason == "too_many"


def test_only_the_team_adds_and_removes(
    session: Session, world: World, dossier_id: UUID, store: FileStore, by: By
) -> None:
    id_ = attach(session, world, dossier_id, store)
    builders.advance(session, world, dossier_id, Status.CHANGES_REQUESTED)
    for who, error in (
        ("Sem", PermissionDeniedError),
        ("Mila", PermissionDeniedError),
        ("Omar", NotFoundError),
    ):
        with pytest.raises(error):
            send(session, dossier_id, store, by, a_file(), who)
        with pytest.raises(error):
            attachments.remove(session, dossier_id, id_, by(who))


def test_remove_wants_the_present_page_and_a_file_of_this_dossier(
    session: Session, world: World, dossier_id: UUID, store: FileStore, by: By, new_events: Events
) -> None:
    id_ = attach(session, world, dossier_id, store)
    other = builders.a_dossier(session, world)
    with pytest.raises(ConcurrentEditError):
        attachments.remove(session, dossier_id, id_, by("Noor", revision(session, dossier_id) - 1))
    for wrong in (uuid4(), attach(session, world, other, store, files.PDF, "plan.pdf")):
        with pytest.raises(NotFoundError):
            attachments.remove(session, dossier_id, wrong, by("Noor"))
    new_events()
    attachments.remove(session, dossier_id, id_, by("Noor", revision(session, dossier_id)))
    assert new_events() == [("remove_attachment", "done")]
    with pytest.raises(NotFoundError):
        attachments.remove(session, dossier_id, id_, by("Noor"))


@pytest.mark.parametrize("scan", [Scan.WAITING, Scan.NOT_SCANNED, Scan.INFECTED])
def test_submit_waits_for_a_clean_answer_about_every_file(
    session: Session, world: World, dossier_id: UUID, store: FileStore, by: By, scan: Scan
) -> None:
    id_ = attach(session, world, dossier_id, store, scan=scan)
    with pytest.raises(GuardFailedError) as caught:
        submission.submit(session, dossier_id, by("Noor"))
    assert caught.value.guard == "attachments_clean"
    attachments.remove(session, dossier_id, id_, by("Noor"))
    assert "attachments" not in json.loads(submission.submit(session, dossier_id, by("Noor")).content)


def test_submit_freezes_names_and_checksums_in_the_order_asked(
    session: Session, world: World, dossier_id: UUID, store: FileStore, by: By
) -> None:
    plan = attach(session, world, dossier_id, store, files.PDF, "plan.pdf", slot=PER_RIGHT)
    at_why = attach(session, world, dossier_id, store, files.CSV, "lijst.csv", slot=WHY)
    whole = attach(session, world, dossier_id, store)
    snapshot = submission.submit(session, dossier_id, by("Noor"))
    assert handed_in(session, dossier_id, 1) == [
        {
            "question": slot.question,
            "item": slot.item,
            "name": name,
            "description": f"Dit is {name}.",
            "type": kind.media_type,
            "size": len(data),
            "sha256": sha256(data).hexdigest(),
        }
        for slot, name, kind, data in (
            (WHOLE, "notulen.txt", FileKind.TXT, files.TXT),
            (WHY, "lijst.csv", FileKind.CSV, files.CSV),
            (PER_RIGHT, "plan.pdf", FileKind.PDF, files.PDF),
        )
    ]
    rows = session.execute(
        select(SnapshotAttachment.number, SnapshotAttachment.attachment_id)
        .where(SnapshotAttachment.snapshot_id == snapshot.id)
        .order_by(SnapshotAttachment.number)
    )
    assert [tuple(row) for row in rows] == [(1, whole), (2, at_why), (3, plan)]


def test_after_submission_nothing_is_added_or_removed_until_changes_are_requested(
    session: Session, world: World, dossier_id: UUID, store: FileStore, by: By
) -> None:
    first = attach(session, world, dossier_id, store)
    for status in (Status.SUBMITTED, Status.IN_REVIEW):
        builders.advance(session, world, dossier_id, status)
        with pytest.raises(TransitionNotAllowedError):
            send(session, dossier_id, store, by, a_file())
        with pytest.raises(TransitionNotAllowedError):
            attachments.remove(session, dossier_id, first, by("Noor"))
    builders.give_back(session, world, dossier_id)
    attachments.remove(session, dossier_id, first, by("Noor"))
    attach(session, world, dossier_id, store, files.PDF, "plan.pdf")
    builders.reply_to_all(session, world, dossier_id)
    submission.submit(session, dossier_id, by("Noor"))
    assert [[row["name"] for row in handed_in(session, dossier_id, number)] for number in (1, 2)] == [
        ["notulen.txt"],
        ["plan.pdf"],
    ]
    assert attachment_files.of_round(session, dossier_id, 1, 1, by("Mila")) == Readable(
        "notulen.txt", FileKind.TXT, TXT_SHA
    )
    assert attachment_files.discard_unused(session, [store], 1e12) == 0
    assert store.read(TXT_SHA) == files.TXT


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE attachment SET removed_at = '2026-03-02 10:00:00', removed_by_id = added_by_id",
        "UPDATE attachment SET name = 'ander.txt'",
        "UPDATE attachment SET sha256 = '0'",
        "UPDATE attachment SET size = 1",
        "UPDATE attachment SET question_id = 'x'",
        "DELETE FROM attachment",
        "DELETE FROM snapshot_attachment",
        "UPDATE snapshot_attachment SET number = 2",
        "INSERT INTO attachment SELECT * FROM attachment",
    ],
)
def test_database_itself_refuses_to_change_what_was_handed_in(
    session: Session, world: World, dossier_id: UUID, store: FileStore, statement: str
) -> None:
    attach(session, world, dossier_id, store)
    builders.hand_in(session, world, dossier_id)
    session.flush()
    with pytest.raises(IntegrityError, match=r"handed in|fixed|never removed|append-only"):
        session.execute(text(statement))


def test_infected_file_never_becomes_clean_again(
    session: Session, world: World, dossier_id: UUID, store: FileStore
) -> None:
    attach(session, world, dossier_id, store, scan=Scan.INFECTED)
    session.flush()
    with pytest.raises(IntegrityError, match="fixed"):
        session.execute(text("UPDATE attachment SET scan = 'clean', virus = ''"))


def test_virus_is_found_in_every_dossier_that_has_the_same_file(
    session: Session, world: World, dossier_id: UUID, store: FileStore, by: By, new_events: Events
) -> None:
    other = builders.a_dossier(session, world)
    mine, theirs = (attach(session, world, one, store) for one in (dossier_id, other))
    clean = attach(session, world, other, store, files.PDF, "plan.pdf")
    builders.hand_in(session, world, other)
    assert attachment_files.of_round(session, other, 1, 1, by("Noor")).sha256 == TXT_SHA
    new_events()
    scanning.note_infected(session, TXT_SHA, "Eicar", AT)
    assert new_events() == [("scan_attachment", "done")] * 2
    assert [session.get_one(Attachment, one).scan for one in (mine, theirs, clean)] == [
        Scan.INFECTED,
        Scan.INFECTED,
        Scan.CLEAN,
    ]
    with pytest.raises(NotFoundError):
        attachment_files.of_team(session, dossier_id, mine, by("Noor"))
    with pytest.raises(NotFoundError):
        attachment_files.of_round(session, other, 1, 1, by("Noor"))
    assert (attachments.infected(session, dossier_id), attachments.infected(session, other)) == (1, 1)


def test_reading_is_an_event_and_only_for_who_may(
    session: Session, world: World, dossier_id: UUID, store: FileStore, by: By, new_events: Events
) -> None:
    id_ = attach(session, world, dossier_id, store)
    builders.advance(session, world, dossier_id, Status.IN_REVIEW)
    new_events()
    expected = Readable("notulen.txt", FileKind.TXT, TXT_SHA)
    assert attachment_files.of_team(session, dossier_id, id_, by("Noor")) == expected
    assert attachment_files.of_round(session, dossier_id, 1, 1, by("Mila")) == expected
    assert new_events() == [("read_attachment", "done")] * 2
    for who in ("Omar", "Daan", "Ada", "Aisha"):
        with pytest.raises(NotFoundError):
            attachment_files.of_round(session, dossier_id, 1, 1, by(who))
    for number, place in ((1, 2), (2, 1)):
        with pytest.raises(NotFoundError):
            attachment_files.of_round(session, dossier_id, number, place, by("Mila"))


def test_file_follows_its_question_to_another_version(
    session: Session, world: World, store: FileStore, by: By
) -> None:
    given = {Slot("1.1.2"): Answer(choice="yes")}
    dossier_id = builders.a_dossier(session, world, given=given)
    stays, gone = (
        attach(session, world, dossier_id, store, f"{slot}".encode(), slot=slot) for slot in (WHY, LONG)
    )
    whole = attach(session, world, dossier_id, store)
    questionnaires.publish(session, [a_newer_version()], AT)
    migration.migrate(session, dossier_id, "proef/1.1", by("Noor"))
    later = attach(session, world, dossier_id, store, files.PDF, "plan.pdf", slot=Slot("1.1.5"))

    def places() -> dict[UUID, Slot]:
        found = attachments.overview(session, dossier_id, by("Noor")).files
        return {one.attachment.id: one.slot for one in found}

    assert places() == {stays: WHY, gone: WHOLE, whole: WHOLE, later: Slot("1.1.5")}
    migration.undo(session, dossier_id, by("Noor"))
    assert places() == {stays: WHY, gone: LONG, whole: WHOLE, later: WHOLE}


def test_removed_file_that_was_never_handed_in_is_discarded_after_an_hour(
    session: Session, world: World, dossier_id: UUID, store: FileStore, by: By
) -> None:
    id_ = attach(session, world, dossier_id, store)
    kept = attach(session, world, dossier_id, store, files.PDF, "plan.pdf")
    now = (store.folder / TXT_SHA).stat().st_mtime
    attachments.remove(session, dossier_id, id_, by("Noor"))
    assert attachments.kept_bytes(session, dossier_id) == len(files.PDF)
    assert attachment_files.discard_unused(session, [store], now + 3599) == 0
    assert attachment_files.discard_unused(session, [store], now + 3700) == 1
    assert store.names() == [session.get_one(Attachment, kept).sha256]


def test_bundle_of_the_auditor_holds_what_the_report_names(
    session: Session, world: World, dossier_id: UUID, store: FileStore, by: By, tmp_path: Path
) -> None:
    attach(session, world, dossier_id, store, files.PDF, "plan.pdf", slot=WHY)
    attach(session, world, dossier_id, store)
    builders.advance(session, world, dossier_id, Status.AWAITING_SIGNATURE)
    archive = Archive(tmp_path / "archive")
    builders.archive(session, dossier_id, archive)
    records = archive_service.read_filtered(session, Filter(), by("Aisha"), 10)

    def bundle() -> zipfile.ZipFile:
        entries = attachment_files.with_attachments(session, records, archive, store)
        return zipfile.ZipFile(io.BytesIO(b"".join(zip_stream(entries))))

    names = [f"ETH-2026-0001-bijlagen/{name}" for name in ("01 notulen.txt", "02 plan.pdf")]
    packed = bundle()
    assert packed.namelist() == ["ETH-2026-0001-advies.pdf", *names, "manifest.sha256", "manifest.json"]
    assert [packed.read(name) for name in names] == [files.TXT, files.PDF]
    promised = {row["sha256"] for row in handed_in(session, dossier_id, 1)}
    assert {sha256(packed.read(name)).hexdigest() for name in names} == promised

    scanning.note_infected(session, TXT_SHA, "Eicar", AT)
    assert json.loads(bundle().read("manifest.json"))["failed"] == [
        {"name": names[0], "sha256": TXT_SHA, "reason": "quarantined"}
    ]


def test_corrupt_file_is_named(session: Session, world: World, dossier_id: UUID, store: FileStore) -> None:
    id_ = attach(session, world, dossier_id, store)
    assert attachment_files.corrupt_files(session, store) == []
    builders.hand_in(session, world, dossier_id)
    assert attachment_files.corrupt_files(session, store) == []
    (store.folder / TXT_SHA).write_bytes(b"iets anders")
    assert attachment_files.corrupt_files(session, store) == [CorruptFile(id_, TXT_SHA, "changed")]
    with pytest.raises(ArchiveError):
        store.read(TXT_SHA)
