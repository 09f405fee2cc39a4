"""Whether an issued report still counts: withdrawn and restored by a chair, superseded by a later one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ethiek.domain.permissions import Permission
from ethiek.domain.report_status import ReportStatus, StatusChange
from ethiek.domain.workflow import Status
from ethiek.errors import ConcurrentEditError, InputError, NotFoundError, PermissionDeniedError
from ethiek.models.advice import Advice
from ethiek.models.archive import ArchiveRecord, ReportStatusEvent
from ethiek.models.audit import AuditEvent
from ethiek.services import report_status
from ethiek.services.report_status import Status as ReportFacts
from tests import builders
from tests.builders import AT, World

REASON = "Er stond een verkeerde voorwaarde in."


@pytest.fixture
def world(session: Session) -> World:
    return builders.a_world(session)


@pytest.fixture
def dossier_id(session: Session, world: World) -> UUID:
    return builders.a_dossier(session, world, Status.ARCHIVED)


def record_of(session: Session, dossier_id: UUID) -> ArchiveRecord:
    return session.scalars(select(ArchiveRecord).where(ArchiveRecord.dossier_id == dossier_id)).one()


def state_of(session: Session, record: ArchiveRecord) -> ReportStatus:
    found = report_status.status_of(session, record.sha256)
    assert found is not None
    return found.state


def change(session: Session, world: World, dossier_id: UUID, seen: int, who: str = "Chris") -> StatusChange:
    return report_status.change(session, dossier_id, REASON, world.stamp(session, who, seen=seen))


def test_status_of_an_issued_report_tells_who_when_and_nothing_of_its_contents(
    session: Session, dossier_id: UUID
) -> None:
    record = record_of(session, dossier_id)
    expected = ReportFacts(
        state=ReportStatus.VALID,
        organisation="Provincie Voorbeeld",
        committee="Ethische commissie",
        signed_at=AT,
        changed_at=None,
        test_seal=True,
        sha256=record.sha256,
        advice_sha256=record.advice_sha256,
    )
    assert report_status.status_of(session, record.sha256) == expected
    assert report_status.status_of(session, record.sha256.upper()) == expected
    assert report_status.status_of_code(session, record.advice_sha256[:20]) == expected
    assert report_status.status_of_code(session, record.advice_sha256[:20].upper()) == expected


def test_status_of_what_was_not_issued_here_is_none(session: Session, dossier_id: UUID) -> None:
    record = record_of(session, dossier_id)
    code = record.advice_sha256[:20]
    other = ("0" if code[-1] != "0" else "1").join([code[:-1], ""])
    for sha256 in ("", "0" * 64, record.sha256[:-1], f"{record.sha256}\n", "%" * 64, record.advice_sha256):
        assert report_status.status_of(session, sha256) is None
    for wrong in ("", other, code[:-1], record.advice_sha256, f"{code}\n", "%" * 20, "_" * 20, "é" * 20):
        assert report_status.status_of_code(session, wrong) is None


def test_withdrawn_report_is_withdrawn_until_it_is_restored(
    session: Session, world: World, dossier_id: UUID
) -> None:
    record = record_of(session, dossier_id)
    assert change(session, world, dossier_id, seen=0) is StatusChange.WITHDRAWN
    found = report_status.status_of(session, record.sha256)
    assert found is not None
    assert (found.state, found.changed_at) == (ReportStatus.WITHDRAWN, AT)

    assert change(session, world, dossier_id, seen=1) is StatusChange.RESTORED
    found = report_status.status_of(session, record.sha256)
    assert found is not None
    assert (found.state, found.changed_at) == (ReportStatus.VALID, None)
    issued = report_status.issued(session, dossier_id, world.stamp(session, "Noor"), Permission.REPORT_READ)
    assert [(event.number, event.kind, event.reason, event.by.name) for event in issued.events] == [
        (2, StatusChange.RESTORED, REASON, "Chris"),
        (1, StatusChange.WITHDRAWN, REASON, "Chris"),
    ]
    assert (issued.revision, issued.next_change) == (2, StatusChange.WITHDRAWN)


def test_change_is_one_event_without_the_reason(session: Session, world: World, dossier_id: UUID) -> None:
    record = record_of(session, dossier_id)
    change(session, world, dossier_id, seen=0)
    change(session, world, dossier_id, seen=1)
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.object_type == "archive_record").order_by(AuditEvent.seq)
    ).all()
    assert [(event.action, event.object_id) for event in events] == [
        ("withdraw_report", str(record.id)),
        ("restore_report", str(record.id)),
    ]
    assert [REASON in event.body for event in events] == [False, False]


@pytest.mark.parametrize("who", ["Noor", "Sem", "Mila"])
def test_change_by_somebody_else_than_the_chair_is_refused(
    session: Session, world: World, dossier_id: UUID, who: str
) -> None:
    with pytest.raises(PermissionDeniedError):
        change(session, world, dossier_id, seen=0, who=who)
    assert state_of(session, record_of(session, dossier_id)) is ReportStatus.VALID


@pytest.mark.parametrize("who", ["Omar", "Daan", "Aisha"])
def test_change_by_a_stranger_does_not_exist(
    session: Session, world: World, dossier_id: UUID, who: str
) -> None:
    with pytest.raises(NotFoundError):
        change(session, world, dossier_id, seen=0, who=who)


def test_change_of_what_was_not_issued_does_not_exist(session: Session, world: World) -> None:
    with pytest.raises(NotFoundError):
        change(session, world, builders.a_dossier(session, world, Status.AWAITING_SIGNATURE), seen=0)


def test_change_from_an_older_page_is_refused(session: Session, world: World, dossier_id: UUID) -> None:
    change(session, world, dossier_id, seen=0)
    with pytest.raises(ConcurrentEditError):
        change(session, world, dossier_id, seen=0)
    assert state_of(session, record_of(session, dossier_id)) is ReportStatus.WITHDRAWN


@pytest.mark.parametrize(
    ("reason", "why"), [(" \n", "required"), ("x" * 2001, "too_long"), ("a\x00b", "not_text")]
)
def test_change_without_a_reason_is_refused(
    session: Session, world: World, dossier_id: UUID, reason: str, why: str
) -> None:
    with pytest.raises(InputError) as refusal:
        report_status.change(session, dossier_id, reason, world.stamp(session, "Chris", seen=0))
    assert (refusal.value.field, refusal.value.reason) == ("reason", why)


def later_report(session: Session, record: ArchiveRecord) -> ArchiveRecord:
    """Another report of the same dossier, an hour later."""
    first = session.get_one(Advice, record.advice_id)
    kept = ("dossier_id", "snapshot_id", "verdict", "motivation", "content", "adopted_by_id", "adopted_at")
    advice = Advice(
        **{name: getattr(first, name) for name in kept},
        version=first.version + 1,
        sha256="5" * 64,
        revoked_at=AT,
    )
    session.add(advice)
    session.flush()
    names = [column.key for column in ArchiveRecord.__table__.columns if column.key != "id"]
    facts = {name: getattr(record, name) for name in names}
    facts |= {"advice_id": advice.id, "advice_sha256": "5" * 64, "sha256": "6" * 64}
    later = ArchiveRecord(**{**facts, "signed_at": record.signed_at + timedelta(hours=1)})
    session.add(later)
    session.flush()
    return later


def test_report_is_superseded_by_a_later_one_of_the_same_dossier(
    session: Session, world: World, dossier_id: UUID
) -> None:
    first = record_of(session, dossier_id)
    other = record_of(session, builders.a_dossier(session, world, Status.ARCHIVED))
    later = later_report(session, first)
    states = [state_of(session, one) for one in (first, later, other)]
    assert states == [ReportStatus.SUPERSEDED, ReportStatus.VALID, ReportStatus.VALID]

    change(session, world, dossier_id, seen=0)  # of the last one
    states = [state_of(session, one) for one in (first, later)]
    assert states == [ReportStatus.SUPERSEDED, ReportStatus.WITHDRAWN]


def test_database_refuses_two_withdrawals_in_a_row(session: Session, world: World, dossier_id: UUID) -> None:
    change(session, world, dossier_id, seen=0)
    record = record_of(session, dossier_id)
    for number, kind in (
        (1, StatusChange.WITHDRAWN),
        (2, StatusChange.WITHDRAWN),
        (3, StatusChange.RESTORED),
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            event = ReportStatusEvent(record_id=record.id, number=number, kind=kind, reason="x", at=AT)
            event.by_id = world.ids["Chris"]
            session.add(event)
            session.flush()
    for statement in ("UPDATE report_status_event SET reason = 'y'", "DELETE FROM report_status_event"):
        with pytest.raises(IntegrityError, match="append-only"), session.begin_nested():
            session.execute(text(statement))
