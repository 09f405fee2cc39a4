from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from hashlib import sha256
from threading import Barrier
from uuid import UUID

import pytest
import rfc8785
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ethiek import db
from ethiek.domain.actors import Role
from ethiek.domain.advice import AdviceInput, Condition, Verdict
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import Status
from ethiek.errors import (
    ConcurrentEditError,
    GuardFailedError,
    InputError,
    NotFoundError,
    PermissionDeniedError,
    RuleError,
    TransitionNotAllowedError,
)
from ethiek.models.advice import Advice, Approval
from ethiek.models.archive import ArchiveRecord
from ethiek.models.audit import AuditEvent
from ethiek.models.dossiers import Dossier
from ethiek.models.jobs import Job
from ethiek.models.users import RoleGrant
from ethiek.reports.archive import ArchivedFile
from ethiek.services import advice, advice_sheet, advised_rounds, audit, casework, dossiers, reporting
from ethiek.services.access import open_dossier
from tests import builders
from tests.builders import World
from tests.conftest import AT, Database
from tests.integration.services.conftest import By, Events

GIVEN = AdviceInput(Verdict.CONDITIONAL, "Goed, mits.", (Condition("Meet.", "Noor", date(2026, 6, 1)),))
FILE = ArchivedFile("a" * 64 + ".pdf", "a" * 64, 1234)


def adopt(session: Session, dossier_id: UUID, by: By, who: str = "Chris", seen: int | None = None) -> Advice:
    return advice.adopt(session, dossier_id, GIVEN, "Provincie Voorbeeld", by(who, seen))


def approve(session: Session, dossier_id: UUID, by: By, who: str) -> None:
    advice.approve(session, dossier_id, builders.present_advice(session, dossier_id).sha256, by(who))


def status_of(session: Session, dossier_id: UUID) -> Status:
    return session.get_one(Dossier, dossier_id).status


def count(session: Session, table: type[Advice | Approval | Job | ArchiveRecord]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def judged(session: Session, world: World) -> UUID:
    """In review, with the verdict that the quorum asks for, one internal and one released remark."""
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    builders.a_remark(session, world, dossier_id, "Intern.")
    builders.a_remark(session, world, dossier_id, "Waarom?", released=True)
    builders.judge(session, world, dossier_id)
    return dossier_id


def test_adopt_puts_all_that_is_approved_in_canonical_json(
    session: Session, judged: UUID, by: By, new_events: Events
) -> None:
    new_events()
    made = adopt(session, judged, by)
    found = json.loads(made.content)
    snapshot = found["snapshot_sha256"]
    assert found == {
        "format": "ethiek-advice/1",
        "organisation": "Provincie Voorbeeld",
        "committee": "Ethische commissie",
        "dossier": {"id": str(judged), "reference": "ETH-2026-0001", "title": "Slimme camera"},
        "round": 1,
        "snapshot_sha256": snapshot,
        "verdict": "conditional",
        "motivation": "Goed, mits.",
        "conditions": [{"text": "Meet.", "owner": "Noor", "due_on": "2026-06-01"}],
        "reviews": [
            {
                "by": "Mila",
                "verdict": "conditional",
                "motivation": "Motivering van Mila.",
                "at": "2026-03-02T09:30:00Z",
            }
        ],
        "quorum": 1,
        "remarks": [
            {
                "round": 1,
                "question": "1.1.1",
                "item": "",
                "by": "Mila",
                "text": "Waarom?",
                "at": "2026-03-02T09:30:00Z",
                "replies": [],
            }
        ],
        "rounds": [{"round": 1, "submitted_at": "2026-03-02T09:30:00Z", "sha256": snapshot}],
        "adopted": {"by": "Chris", "at": "2026-03-02T09:30:00Z"},
    }
    assert made.content.encode() == rfc8785.dumps(found)
    assert made.sha256 == sha256(made.content.encode()).hexdigest()
    assert (status_of(session, judged), new_events()) == (Status.ADVISED, [("adopt_advice", "done")])


def next_round(session: Session, world: World, dossier_id: UUID, given: Mapping[Slot, Answer]) -> None:
    """Give the dossier back, change some answers, and take it up again."""
    number = session.get_one(Dossier, dossier_id).round
    builders.a_remark(session, world, dossier_id, f"Waarom, in {number}?", released=True)
    casework.request_changes(session, dossier_id, world.stamp(session, "Sem"))
    builders.reply_to_all(session, world, dossier_id)
    builders.fill_in(session, world, dossier_id, given)
    builders.advance(session, world, dossier_id, Status.IN_REVIEW)


def test_adopt_says_of_every_later_round_what_changed_in_it(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    why, used, since = Slot("1.1.1"), Slot("1.1.2"), Slot("1.1.3")
    for given in (
        {why: Answer(text="Nu anders.")},
        {},
        {used: Answer(choice="yes"), since: Answer(text="Een jaar.")},
        {used: Answer(choice="no")},
    ):
        next_round(session, world, dossier_id, given)
    builders.judge(session, world, dossier_id)
    found = json.loads(adopt(session, dossier_id, by).content)["rounds"]
    changes = [[(row["question"], row["kind"]) for row in one.get("changes", ())] for one in found]
    assert changes == [
        [],
        [("1.1.1", "changed")],
        [],
        [("1.1.2", "changed"), ("1.1.3", "added")],
        [("1.1.2", "changed"), ("1.1.3", "removed")],
    ]
    assert ["changes" in one for one in found] == [False, True, True, True, True]


def test_rounds_of_an_advice_cost_as_many_statements_however_many_there_are(
    session: Session, world: World, by: By
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    counts = []
    for _ in range(3):
        next_round(session, world, dossier_id, {})
        access = open_dossier(session, dossier_id, by("Chris").actor, Permission.ADVICE_ADOPT)
        counts.append(statements(session, partial(advised_rounds.rounds_of, session, access)))
    assert len(set(counts)) == 1


def statements(session: Session, action: Callable[[], object]) -> int:
    """How many statements something sends, with nothing remembered."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    action()
    event.remove(connection, "before_cursor_execute", note)
    return len(seen)


def test_adopt_without_quorum_changes_nothing(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    new_events()
    with pytest.raises(GuardFailedError) as caught:
        adopt(session, dossier_id, by)
    assert caught.value.guard == "quorum_reached"
    facts = (status_of(session, dossier_id), count(session, Advice), new_events())
    assert facts == (Status.IN_REVIEW, 0, [])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (AdviceInput(Verdict.CONDITIONAL, "Goed."), "conditions"),
        (AdviceInput(Verdict.POSITIVE, " "), "motivation"),
        (AdviceInput(Verdict.POSITIVE, "Goed.", GIVEN.conditions), "conditions"),
    ],
)
def test_adopt_of_what_does_not_fit_together_changes_nothing(
    session: Session, judged: UUID, by: By, given: AdviceInput, field: str
) -> None:
    with pytest.raises(InputError) as caught:
        advice.adopt(session, judged, given, "Provincie Voorbeeld", by("Chris"))
    facts = (caught.value.field, status_of(session, judged), count(session, Advice))
    assert facts == (field, Status.IN_REVIEW, 0)


def test_adopt_from_an_old_page_is_refused(session: Session, judged: UUID, by: By) -> None:
    with pytest.raises(ConcurrentEditError):
        adopt(session, judged, by, seen=session.get_one(Dossier, judged).revision - 1)
    assert count(session, Advice) == 0


@pytest.mark.parametrize("who", ["Noor", "Sem", "Mila", "Daan", "Aisha", "Ada", "Omar"])
def test_adopt_by_anybody_but_the_chair_is_refused(session: Session, judged: UUID, by: By, who: str) -> None:
    with pytest.raises((PermissionDeniedError, NotFoundError)):
        adopt(session, judged, by, who)
    assert (status_of(session, judged), count(session, Advice)) == (Status.IN_REVIEW, 0)


def test_adopt_by_a_chair_who_wrote_along_is_not_found(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world)
    builders.add_colleague(session, world, dossier_id, "Chris")
    dossiers.remove_team_member(session, dossier_id, world.ids["Chris"], by("Noor"))
    builders.advance(session, world, dossier_id, Status.IN_REVIEW)
    builders.judge(session, world, dossier_id)
    with pytest.raises(NotFoundError):
        adopt(session, dossier_id, by)


def test_author_of_the_dossier_who_becomes_chair_does_not_adopt(
    session: Session, world: World, judged: UUID, by: By
) -> None:
    session.add(RoleGrant(user_id=world.ids["Noor"], role=Role.CHAIR, committee_id=world.committee_id))
    session.flush()
    session.expire_all()
    with pytest.raises(PermissionDeniedError):
        adopt(session, judged, by, "Noor")
    assert status_of(session, judged) is Status.IN_REVIEW


def test_approve_by_chair_and_secretary_sends_it_to_be_signed_once(
    session: Session, judged: UUID, by: By, new_events: Events
) -> None:
    made = adopt(session, judged, by)
    new_events()
    approve(session, judged, by, "Chris")
    assert (status_of(session, judged), count(session, Job)) == (Status.ADVISED, 0)
    approve(session, judged, by, "Sem")
    assert status_of(session, judged) is Status.AWAITING_SIGNATURE
    jobs = [(job.kind, job.payload, job.dedupe_key) for job in session.scalars(select(Job))]
    assert jobs == [("seal_report", {"advice": str(made.id)}, f"seal_report:{made.id}")]
    rows = session.scalars(select(Approval).order_by(Approval.id))
    assert [(row.role, row.advice_sha256) for row in rows] == [
        (Role.CHAIR, made.sha256),
        (Role.SECRETARY, made.sha256),
    ]
    approved = ("approve_advice", "done")
    assert new_events() == [approved, approved, ("send_to_sign", "done")]


def test_approve_twice_by_the_same_person_counts_once(session: Session, judged: UUID, by: By) -> None:
    adopt(session, judged, by)
    approve(session, judged, by, "Chris")
    with pytest.raises(TransitionNotAllowedError):
        approve(session, judged, by, "Chris")
    assert (status_of(session, judged), count(session, Approval)) == (Status.ADVISED, 1)


def test_approve_by_one_person_in_both_roles_needs_a_second_person(
    session: Session, judged: UUID, by: By
) -> None:
    adopt(session, judged, by)
    approve(session, judged, by, "Robin")
    with pytest.raises(TransitionNotAllowedError):
        approve(session, judged, by, "Robin")
    assert status_of(session, judged) is Status.ADVISED
    with pytest.raises(TransitionNotAllowedError):
        approve(session, judged, by, "Chris")  # Robin approved as chair
    approve(session, judged, by, "Sem")
    assert status_of(session, judged) is Status.AWAITING_SIGNATURE


@pytest.mark.parametrize("same", ["person", "role"])
def test_database_refuses_a_second_approval_of_the_same_person_or_role(
    session: Session, world: World, judged: UUID, by: By, same: str
) -> None:
    made = adopt(session, judged, by)
    approve(session, judged, by, "Chris")
    other = {
        "person": (Role.SECRETARY, world.ids["Chris"]),
        "role": (Role.CHAIR, world.ids["Sem"]),
    }
    role, user_id = other[same]
    session.add(
        Approval(advice_id=made.id, role=role, user_id=user_id, approved_at=AT, advice_sha256="x" * 64)
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_approve_of_another_text_than_the_present_is_refused(session: Session, judged: UUID, by: By) -> None:
    adopt(session, judged, by)
    with pytest.raises(ConcurrentEditError):
        advice.approve(session, judged, "0" * 64, by("Chris"))
    assert count(session, Approval) == 0


@pytest.mark.parametrize("who", ["Noor", "Mila", "Daan", "Aisha", "Ada", "Omar"])
def test_approve_by_others_is_refused(session: Session, judged: UUID, by: By, who: str) -> None:
    adopt(session, judged, by)
    with pytest.raises((PermissionDeniedError, NotFoundError)):
        approve(session, judged, by, who)
    assert count(session, Approval) == 0


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.IN_REVIEW, Status.CHANGES_REQUESTED])
def test_approve_before_adoption_is_refused(session: Session, world: World, by: By, status: Status) -> None:
    dossier_id = builders.a_dossier(session, world, status)
    with pytest.raises(TransitionNotAllowedError):
        advice.approve(session, dossier_id, "0" * 64, by("Chris"))


def test_revoke_and_adopt_again_starts_from_no_approvals_and_keeps_the_first(
    session: Session, judged: UUID, by: By, new_events: Events
) -> None:
    first = adopt(session, judged, by)
    approve(session, judged, by, "Chris")
    new_events()
    advice.revoke(session, judged, by("Chris"))
    assert (status_of(session, judged), new_events()) == (Status.IN_REVIEW, [("revoke_advice", "done")])
    second = adopt(session, judged, by)
    assert (first.version, first.revoked_at, second.version, second.revoked_at) == (1, AT, 2, None)
    session.expire_all()
    assert builders.present_advice(session, judged).approvals == []
    approve(session, judged, by, "Sem")
    assert status_of(session, judged) is Status.ADVISED
    approve(session, judged, by, "Chris")
    assert (status_of(session, judged), count(session, Approval)) == (Status.AWAITING_SIGNATURE, 3)


@pytest.mark.parametrize("status", [Status.AWAITING_SIGNATURE, Status.ARCHIVED])
def test_revoke_of_what_is_being_signed_is_refused(
    session: Session, world: World, by: By, status: Status
) -> None:
    dossier_id = builders.a_dossier(session, world, status)
    with pytest.raises(TransitionNotAllowedError):
        advice.revoke(session, dossier_id, by("Chris"))
    assert builders.present_advice(session, dossier_id).revoked_at is None


def test_database_holds_one_present_advice_per_dossier(session: Session, judged: UUID, by: By) -> None:
    first = adopt(session, judged, by)
    session.add(
        Advice(
            dossier_id=judged,
            snapshot_id=first.snapshot_id,
            version=2,
            verdict=Verdict.NEGATIVE,
            motivation="Nee.",
            content="{}",
            sha256="0" * 64,
            adopted_by_id=first.adopted_by_id,
            adopted_at=AT,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_team_reads_the_advice_when_it_is_signed_and_no_sooner(
    session: Session, judged: UUID, by: By
) -> None:
    adopt(session, judged, by)
    permission = Permission.REPORT_READ
    seen = [advice_sheet.of(session, judged, permission, by("Noor")).advice]
    approve(session, judged, by, "Chris")
    approve(session, judged, by, "Sem")
    seen.append(advice_sheet.of(session, judged, permission, by("Noor")).advice)
    reporting.store(session, builders.present_advice(session, judged).id, FILE, AT, test_seal=True)
    assert seen == [None, None]
    shown = advice_sheet.of(session, judged, permission, by("Noor"))
    assert (shown.advice, shown.reviews) == (builders.present_advice(session, judged), ())


def test_store_records_the_signed_report_once_and_closes_the_dossier(
    session: Session, world: World, new_events: Events
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.AWAITING_SIGNATURE)
    made = builders.present_advice(session, dossier_id)
    new_events()
    first = reporting.store(session, made.id, FILE, AT, test_seal=True)
    assert reporting.store(session, made.id, FILE, AT, test_seal=True) is first
    facts = (first.reference, first.sha256, first.advice_sha256, first.year, first.test_seal)
    assert facts == ("ETH-2026-0001", FILE.sha256, made.sha256, 2026, True)
    assert (status_of(session, dossier_id), new_events()) == (Status.ARCHIVED, [("archive", "done")])


@pytest.mark.parametrize("status", [Status.ADVISED])
def test_store_without_two_approvals_is_refused(session: Session, world: World, status: Status) -> None:
    dossier_id = builders.a_dossier(session, world, status)
    made = builders.present_advice(session, dossier_id)
    with pytest.raises(TransitionNotAllowedError), session.begin_nested():
        reporting.store(session, made.id, FILE, AT, test_seal=True)
    assert count(session, ArchiveRecord) == 0


def test_store_of_an_advice_that_was_taken_back_is_not_found(session: Session, judged: UUID, by: By) -> None:
    made = adopt(session, judged, by)
    advice.revoke(session, judged, by("Chris"))
    with pytest.raises(NotFoundError):
        reporting.store(session, made.id, FILE, AT, test_seal=True)


def at_once(database: Database, acts: list[Callable[[Session], object]]) -> list[str]:
    together = Barrier(len(acts))

    def act(step: Callable[[Session], object]) -> str:
        together.wait()
        try:
            with Session(database.engine) as session, db.writing(session, database.engine):
                step(session)
        except RuleError as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(act, acts))


def test_adopt_by_two_chairs_at_once_is_one_adoption(database: Database) -> None:
    """A15."""
    with Session(database.engine) as session, db.writing(session, database.engine):
        world = builders.a_world(session)
        dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
        builders.judge(session, world, dossier_id)
        seen = session.get_one(Dossier, dossier_id).revision

    def by(who: str) -> Callable[[Session], object]:
        return lambda session: advice.adopt(
            session, dossier_id, GIVEN, "Provincie Voorbeeld", world.stamp(session, who, seen=seen)
        )

    outcomes = at_once(database, [by("Chris"), by("Robin")])
    assert outcomes in (["ConcurrentEditError", "done"], ["TransitionNotAllowedError", "done"])
    with Session(database.engine) as session:
        adopted = select(func.count()).select_from(AuditEvent)
        assert session.scalar(adopted.where(AuditEvent.action == "adopt_advice")) == 1
        assert count(session, Advice) == 1
        assert audit.verify_chain(session).ok


def test_approve_by_chair_and_secretary_at_once_sends_it_once(database: Database) -> None:
    with Session(database.engine) as session, db.writing(session, database.engine):
        world = builders.a_world(session)
        dossier_id = builders.a_dossier(session, world, Status.ADVISED)
        digest = builders.present_advice(session, dossier_id).sha256

    def by(who: str) -> Callable[[Session], object]:
        return lambda session: advice.approve(session, dossier_id, digest, world.stamp(session, who))

    assert at_once(database, [by("Chris"), by("Sem")]) == ["done", "done"]
    with Session(database.engine) as session:
        assert status_of(session, dossier_id) is Status.AWAITING_SIGNATURE
        assert (count(session, Approval), count(session, Job)) == (2, 1)


def test_revoke_and_last_approval_at_once_end_in_one_of_both(database: Database) -> None:
    """Never a job to sign an advice that was taken back."""
    with Session(database.engine) as session, db.writing(session, database.engine):
        world = builders.a_world(session)
        dossier_id = builders.a_dossier(session, world, Status.ADVISED)
        found = builders.present_advice(session, dossier_id)
        digest = found.sha256
        advice.approve(session, dossier_id, digest, world.stamp(session, "Chris"))
    steps: list[Callable[[Session], object]] = [
        lambda session: advice.revoke(session, dossier_id, world.stamp(session, "Chris")),
        lambda session: advice.approve(session, dossier_id, digest, world.stamp(session, "Sem")),
    ]
    assert at_once(database, steps) == ["TransitionNotAllowedError", "done"]
    with Session(database.engine) as session:
        ended = status_of(session, dossier_id)
        assert (ended, count(session, Job)) in {(Status.IN_REVIEW, 0), (Status.AWAITING_SIGNATURE, 1)}
