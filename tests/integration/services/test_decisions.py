"""The decision of the official: who may take it, what it is bound to, and the edition of the report that it gets."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ethiek.domain.actors import Role
from ethiek.domain.decisions import ConditionDecision, DecisionInput, Follows, Outcome
from ethiek.domain.permissions import Permission
from ethiek.domain.report_status import ReportStatus
from ethiek.domain.workflow import Status
from ethiek.errors import (
    ConcurrentEditError,
    InputError,
    NotFoundError,
    PermissionDeniedError,
    TransitionNotAllowedError,
)
from ethiek.models.archive import ArchiveRecord
from ethiek.models.audit import AuditEvent
from ethiek.models.decisions import Decision, DecisionRequest
from ethiek.models.dossiers import Dossier
from ethiek.models.jobs import Job
from ethiek.models.users import RoleGrant
from ethiek.reports.archive import ArchivedFile
from ethiek.reports.source import read
from ethiek.services import (
    decision_editions,
    decision_requests,
    decisions,
    dossiers,
    overview,
    report_status,
    reporting,
    worklists,
)
from ethiek.services.access import open_dossier
from tests import builders
from tests.builders import AT, DECIDED, World

ENOUGH = "Wij wijken af, omdat het register nog niet bestaat en de proef anders een jaar moet wachten."
DEPARTS = DecisionInput(
    Follows.PARTLY,
    Outcome.WITH_CONDITIONS,
    ENOUGH,
    "Directeur Mobiliteit",
    (ConditionDecision(adopted=False, reason="Er komt geen bord."),),
)


@pytest.fixture
def world(session: Session) -> World:
    return builders.a_world(session)


@pytest.fixture
def signed(session: Session, world: World) -> UUID:
    """A dossier with a signed report, which nobody was asked to decide on."""
    return builders.a_dossier(session, world, Status.ARCHIVED)


@pytest.fixture
def put(session: Session, world: World, signed: UUID) -> UUID:
    """The same, put before Otto."""
    builders.put_before(session, world, signed)
    return signed


def names(session: Session, dossier_id: UUID) -> list[str]:
    return [user.name for user in decision_requests.candidates(session, session.get_one(Dossier, dossier_id))]


def last_event(session: Session, action: str) -> dict[str, Any]:
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.seq.desc())
    ).first()
    assert event is not None
    details: dict[str, Any] = json.loads(event.body)["details"]
    return details


def test_official_sees_a_dossier_only_after_it_was_put_before_him(
    session: Session, world: World, signed: UUID
) -> None:
    otto = world.stamp(session, "Otto")
    with pytest.raises(NotFoundError):
        overview.of(session, signed, otto)
    builders.put_before(session, world, signed)

    assert overview.of(session, signed, otto).access.roles == {Role.OFFICIAL}
    assert last_event(session, "request_decision") == {"official": str(world.ids["Otto"])}
    with pytest.raises(NotFoundError):
        overview.of(session, signed, world.stamp(session, "Olga"))


def test_official_without_the_role_any_more_sees_nothing(session: Session, world: World, put: UUID) -> None:
    session.execute(delete(RoleGrant).where(RoleGrant.user_id == world.ids["Otto"]))
    with pytest.raises(NotFoundError):
        open_dossier(session, put, world.actor(session, "Otto"), Permission.DOSSIER_READ)


def test_advice_put_before_another_official_leaves_the_first(
    session: Session, world: World, put: UUID
) -> None:
    builders.put_before(session, world, put, "Olga")

    assert overview.of(session, put, world.stamp(session, "Olga")).access.roles == {Role.OFFICIAL}
    with pytest.raises(NotFoundError):
        builders.decide(session, world, put)
    builders.put_before(session, world, put, "Otto")
    assert builders.decide(session, world, put).number == 1


def test_advice_put_before_the_same_official_again_changes_nothing(
    session: Session, world: World, put: UUID
) -> None:
    before = session.get_one(Dossier, put).revision, session.scalars(select(AuditEvent.hash)).all()
    builders.put_before(session, world, put)
    assert (session.get_one(Dossier, put).revision, session.scalars(select(AuditEvent.hash)).all()) == before


def test_candidates_are_officials_without_a_part_in_dossier_or_committee(
    session: Session, world: World, signed: UUID
) -> None:
    assert names(session, signed) == ["Olga", "Otto"]
    grants = {"Tess": None, "Mila": None, "Chris": None, "Sem": None, "Omar": None}
    session.add_all(RoleGrant(user_id=world.ids[name], role=Role.OFFICIAL) for name in grants)
    session.add(RoleGrant(user_id=world.ids["Olga"], role=Role.MEMBER, committee_id=world.committee_id))
    session.flush()
    assert names(session, signed) == ["Omar", "Otto", "Tess"]


@pytest.mark.parametrize("name", ["Mila", "Chris", "Sem"])
def test_candidates_leave_out_who_judged_or_approved_also_after_leaving_the_committee(
    session: Session, world: World, signed: UUID, name: str
) -> None:
    session.execute(delete(RoleGrant).where(RoleGrant.user_id == world.ids[name]))
    session.add(RoleGrant(user_id=world.ids[name], role=Role.OFFICIAL))
    session.flush()
    assert names(session, signed) == ["Olga", "Otto"]
    with pytest.raises(InputError, match="not_an_official"):
        decision_requests.put_before(session, signed, world.ids[name], world.stamp(session, "Robin"))


def test_candidates_leave_out_who_ever_was_in_the_team(session: Session, world: World) -> None:
    dossier_id = builders.a_dossier(session, world)
    for name in ("Olga", "Tess"):
        builders.add_colleague(session, world, dossier_id, name)
    dossiers.remove_team_member(session, dossier_id, world.ids["Olga"], world.stamp(session, "Noor"))
    builders.advance(session, world, dossier_id, Status.ARCHIVED)
    assert names(session, dossier_id) == ["Otto"]


def test_member_of_the_committee_by_now_decides_no_longer(session: Session, world: World, put: UUID) -> None:
    session.add(RoleGrant(user_id=world.ids["Otto"], role=Role.SECRETARY, committee_id=world.committee_id))
    session.flush()
    with pytest.raises(PermissionDeniedError):
        builders.decide(session, world, put)
    page = decision_requests.of_official(session, world.actor(session, "Otto"))
    assert (page.rows, page.next) == ([], None)


BEFORE = (Status.SUBMITTED, Status.IN_REVIEW, Status.ADVISED, Status.AWAITING_SIGNATURE)


@pytest.mark.parametrize("status", BEFORE)
def test_advice_is_put_before_nobody_before_it_is_signed(
    session: Session, world: World, status: Status
) -> None:
    dossier_id = builders.a_dossier(session, world, status)
    with pytest.raises(TransitionNotAllowedError):
        builders.put_before(session, world, dossier_id)
    assert session.scalars(select(DecisionRequest)).all() == []


def test_withdrawn_report_is_put_before_nobody_and_not_decided_on(
    session: Session, world: World, put: UUID
) -> None:
    report_status.change(session, put, "Fout.", world.stamp(session, "Chris", seen=0))
    with pytest.raises(TransitionNotAllowedError):
        builders.put_before(session, world, put, "Olga")
    with pytest.raises(TransitionNotAllowedError):
        builders.decide(session, world, put)
    assert session.scalars(select(Decision)).all() == []


@pytest.mark.parametrize("name", ["Noor", "Mila", "Chris", "Otto"])
def test_nobody_but_the_secretary_puts_an_advice_before_somebody(
    session: Session, world: World, put: UUID, name: str
) -> None:
    with pytest.raises(PermissionDeniedError):
        decision_requests.put_before(session, put, world.ids["Olga"], world.stamp(session, name))


def test_decision_holds_what_was_read_and_decided(session: Session, world: World, put: UUID) -> None:
    decision = builders.decide(session, world, put, DEPARTS)

    advice = builders.present_advice(session, put)
    expected = {
        "format": "ethiek-decision/1",
        "organisation": "Provincie Voorbeeld",
        "dossier": json.loads(advice.content)["dossier"],
        "advice_sha256": advice.sha256,
        "report_sha256": builders.read_sha256(session, put),
        "number": 1,
        "follows": "partly",
        "outcome": "with_conditions",
        "reason": ENOUGH,
        "conditions": [{"number": 1, "adopted": False, "reason": "Er komt geen bord."}],
        "decided": {"by": "Otto", "capacity": "Directeur Mobiliteit", "at": "2026-03-02T09:30:00Z"},
    }
    assert json.loads(decision.content) == expected
    assert decision.sha256 == sha256(decision.content.encode()).hexdigest()
    assert last_event(session, "take_decision") == {
        "number": 1,
        "follows": "partly",
        "outcome": "with_conditions",
        "sha256": decision.sha256,
        "report_sha256": builders.read_sha256(session, put),
    }
    job = session.scalars(select(Job).where(Job.kind == "seal_decision")).one()
    assert job.payload == {"decision": str(decision.id)}


def test_decision_on_another_report_than_was_read_is_refused(
    session: Session, world: World, put: UUID
) -> None:
    stamp = world.stamp(session, "Otto", seen=0)
    with pytest.raises(ConcurrentEditError):
        decisions.decide(session, put, DECIDED, "0" * 64, "token-0001", stamp)
    assert session.scalars(select(Decision)).all() == []


def test_decision_sent_twice_is_one(session: Session, world: World, put: UUID) -> None:
    first = builders.decide(session, world, put)
    assert builders.decide(session, world, put) is first
    assert session.scalars(select(Decision)).all() == [first]
    assert len(session.scalars(select(Job).where(Job.kind == "seal_decision")).all()) == 1


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"reason": "  "}, "reason", "required"),
        ({"capacity": ""}, "capacity", "required"),
        ({"conditions": ()}, "conditions", "one_each"),
        ({"conditions": (ConditionDecision(adopted=False),)}, "conditions", "why_not"),
        ({"conditions": DEPARTS.conditions}, "follows", "not_all_adopted"),
        ({"outcome": Outcome.PROCEED}, "outcome", "has_conditions"),
        ({"follows": Follows.NO}, "reason", "explain_more"),
    ],
)
def test_decision_that_is_not_explained_or_contradicts_itself_is_refused(
    session: Session, world: World, put: UUID, changes: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(InputError) as caught:
        builders.decide(session, world, put, replace(DECIDED, **changes))
    assert (caught.value.field, caught.value.reason) == (field, reason)
    assert session.scalars(select(Decision)).all() == []


def test_edition_with_the_decision_supersedes_the_first_report(
    session: Session, world: World, put: UUID
) -> None:
    first = session.scalars(select(ArchiveRecord)).one()
    decision = builders.decide(session, world, put)
    sheet = decisions.of(session, put, world.stamp(session, "Otto"), Permission.REPORT_READ)
    assert (sheet.issued, sheet.revision, sheet.state) == (False, 1, ReportStatus.VALID)
    builders.issue_decision(session, decision)

    second = decision_editions.archived(session, decision.id)
    assert second is not None
    assert (second.decision_id, second.outcome) == (decision.id, Outcome.WITH_CONDITIONS)
    assert report_status.states(session, [first, second]) == {
        first.id: ReportStatus.SUPERSEDED,
        second.id: ReportStatus.VALID,
    }
    old, new = (report_status.status_of(session, one.sha256) for one in (first, second))
    assert old is not None
    assert new is not None
    assert (old.state, old.has_decision, old.decided_later) == (ReportStatus.SUPERSEDED, False, True)
    assert (new.state, new.has_decision, new.decided_later) == (ReportStatus.VALID, True, False)
    assert report_status.status_of_code(session, first.advice_sha256[:20]) == new
    assert reporting.read(session, put, world.stamp(session, "Noor")) is second
    assert reporting.archived(session, first.advice_id) is first
    assert session.get_one(Dossier, put).status is Status.ARCHIVED
    assert last_event(session, "archive_decision") == {
        "number": 1,
        "decision": decision.sha256,
        "sha256": second.sha256,
    }


def test_edition_stored_twice_is_one(session: Session, world: World, put: UUID) -> None:
    decision = builders.decide(session, world, put)
    file = ArchivedFile("x.pdf", "d" * 64, 10)
    first = decision_editions.store(session, decision.id, file, AT + timedelta(hours=1), test_seal=True)
    again = decision_editions.store(session, decision.id, file, AT + timedelta(hours=2), test_seal=True)
    assert again is first
    assert len(session.scalars(select(ArchiveRecord)).all()) == 2


def test_database_keeps_one_report_per_advice_and_one_per_decision(
    session: Session, world: World, put: UUID
) -> None:
    decision = builders.decide(session, world, put)
    advice_id = decision.advice_id
    builders.issue_decision(session, decision)
    for decision_id, outcome in ((None, None), (decision.id, decision.outcome)):
        file = ArchivedFile("x.pdf", "e" * 64, 10)
        record = reporting.new_record(session, advice_id, file, AT, test_seal=True)
        record.decision_id, record.outcome = decision_id, outcome
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(record)
            session.flush()


def test_decision_is_revised_by_a_new_one_after_its_edition_is_there(
    session: Session, world: World, put: UUID
) -> None:
    first = builders.decide(session, world, put)
    revised = replace(DEPARTS, replaces_reason="De leverancier haakte af.")
    with pytest.raises(TransitionNotAllowedError):
        builders.decide(session, world, put, revised, token="token-0002", seen=1)
    builders.issue_decision(session, first)
    with pytest.raises(ConcurrentEditError):
        builders.decide(session, world, put, revised, token="token-0002", seen=0)
    with pytest.raises(InputError) as caught:
        builders.decide(session, world, put, DEPARTS, token="token-0002", seen=1)
    assert (caught.value.field, caught.value.reason) == ("replaces_reason", "required")

    second = builders.decide(session, world, put, revised, token="token-0002", seen=1)
    assert (second.number, second.replaces_id) == (2, first.id)
    content = json.loads(second.content)
    assert content["replaces"] == {"sha256": first.sha256, "reason": "De leverancier haakte af."}
    assert content["report_sha256"] == first.id.hex * 2
    builders.issue_decision(session, second)
    records = session.scalars(select(ArchiveRecord).order_by(ArchiveRecord.signed_at)).all()
    assert list(report_status.states(session, records).values()) == [
        ReportStatus.SUPERSEDED,
        ReportStatus.SUPERSEDED,
        ReportStatus.VALID,
    ]
    middle = report_status.status_of(session, records[1].sha256)
    assert middle is not None
    assert (middle.has_decision, middle.decided_later) == (True, True)


def test_decision_cannot_be_changed_or_removed(session: Session, world: World, put: UUID) -> None:
    builders.decide(session, world, put)
    for statement in ("UPDATE decision SET number = 2", "DELETE FROM decision"):
        with pytest.raises(IntegrityError, match="append-only"), session.begin_nested():
            session.execute(text(statement))


def test_source_of_an_edition_holds_five_documents_that_belong_together(
    session: Session, world: World, put: UUID
) -> None:
    decision = builders.decide(session, world, put)
    first = reporting.source_of(session, decision.advice_id, test_seal=True)
    source = decision_editions.source_of(session, decision.id, {"test_seal": True})
    assert source == replace(first, decision=decision.content.encode())
    assert read(source).decision == json.loads(decision.content)
    with pytest.raises(NotFoundError):
        decision_editions.source_of(session, UUID(int=1), {"test_seal": True})


def test_retry_of_what_does_not_wait_is_refused(session: Session, world: World, put: UUID) -> None:
    with pytest.raises(TransitionNotAllowedError):
        decisions.retry(session, put, world.stamp(session, "Sem"))
    decision = builders.decide(session, world, put)
    decisions.retry(session, put, world.stamp(session, "Sem"))
    builders.issue_decision(session, decision)
    with pytest.raises(TransitionNotAllowedError):
        decisions.retry(session, put, world.stamp(session, "Sem"))


def test_worklist_of_an_official_pages_by_key(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decision_requests, "PAGE_SIZE", 2)
    ids = [builders.a_dossier(session, world, Status.ARCHIVED, title=f"Dossier {n}") for n in range(5)]
    for hours, dossier_id in zip((0, 1, 1, 2, 3), ids, strict=True):
        stamp = world.stamp(session, "Sem", AT + timedelta(hours=hours))
        decision_requests.put_before(session, dossier_id, world.ids["Otto"], stamp)
    builders.decide(session, world, ids[0])
    otto = world.actor(session, "Otto")
    pages = [decision_requests.of_official(session, otto)]
    while pages[-1].next:
        pages.append(decision_requests.of_official(session, otto, pages[-1].next))

    found = [[(row.dossier.title, row.outcome) for row in page.rows] for page in pages]
    assert found == [
        [("Dossier 4", None), ("Dossier 3", None)],
        [("Dossier 2", None), ("Dossier 1", None)],
        [("Dossier 0", Outcome.WITH_CONDITIONS)],
    ]
    with pytest.raises(PermissionDeniedError):
        decision_requests.of_official(session, world.actor(session, "Noor"))


def test_official_is_in_no_other_worklist(session: Session, world: World, put: UUID) -> None:
    otto = world.actor(session, "Otto")
    assert worklists.of_team(session, otto).dossiers == ()
    with pytest.raises(PermissionDeniedError):
        worklists.of_committee(session, otto)
    assert open_dossier(session, put, otto, Permission.REPORT_READ).roles == {Role.OFFICIAL}
