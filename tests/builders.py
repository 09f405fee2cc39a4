"""People and dossiers for tests: valid by default, made by the same services that the pages call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from ethiek.domain.actors import COMMITTEE_ROLES, Actor, Role, Stamp
from ethiek.domain.advice import AdviceInput, Condition, Verdict
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.decisions import ConditionDecision, DecisionInput, Follows, Outcome
from ethiek.domain.gatherings import Gathering, Participant
from ethiek.domain.permissions import Permission
from ethiek.domain.projects import Phase, ProjectKind
from ethiek.domain.workflow import Status
from ethiek.models.advice import Advice
from ethiek.models.decisions import Decision
from ethiek.models.dossiers import Dossier
from ethiek.models.users import Committee, RoleGrant, Unit, User
from ethiek.questionnaires.model import Questionnaire
from ethiek.reports.archive import Archive, ArchivedFile
from ethiek.services import (
    advice,
    answers,
    casework,
    decision_editions,
    decision_requests,
    decisions,
    dossiers,
    gatherings,
    passwords,
    questionnaires,
    remarks,
    report_status,
    reporting,
    reviews,
    submission,
    users,
)
from ethiek.services.access import open_dossier
from ethiek.services.remarks import RemarkInput
from tests.question_sets import FIRST, a_questionnaire, complete_answers

PASSWORD: Final = "vier rustige paarden in de wei"
AT: Final = datetime.fromisoformat("2026-03-02T09:30:00+00:00")


@dataclass(frozen=True, slots=True)
class World:
    """An organisation with one committee and the people of every test.

    Noor leads projects, Sem is secretary, Mila and Daan are members, Chris is chair, Aisha is auditor. Robin has
    every role of the committee, Tess has no role and joins teams, Omar leads other projects, Ada administers.
    Vera and Wout write question sets. Otto and Olga are officials, who decide.
    """

    committee_id: UUID
    unit_id: UUID
    questionnaire: Questionnaire
    ids: Mapping[str, UUID]

    def actor(self, session: Session, name: str) -> Actor:
        """Return somebody with the rights of this moment."""
        account = users.account(session, self.ids[name])
        assert account is not None
        return account.actor

    def stamp(self, session: Session, name: str, at: datetime = AT, seen: int | None = None) -> Stamp:
        """Return the stamp of a change by somebody, who looked at the present state (or at revision ``seen``)."""
        return Stamp(self.actor(session, name), at, seen, "test")


ROLES: Final[Mapping[str, tuple[Role, ...]]] = {
    "Noor": (Role.SUBMITTER,),
    "Sem": (Role.SECRETARY,),
    "Mila": (Role.MEMBER,),
    "Daan": (Role.MEMBER,),
    "Chris": (Role.CHAIR,),
    "Robin": (Role.MEMBER, Role.CHAIR, Role.SECRETARY),
    "Aisha": (Role.AUDITOR,),
    "Tess": (),
    "Omar": (Role.SUBMITTER,),
    "Ada": (Role.ADMINISTRATOR,),
    "Vera": (Role.CONTENT_OWNER,),
    "Wout": (Role.CONTENT_OWNER,),
    "Otto": (Role.OFFICIAL,),
    "Olga": (Role.OFFICIAL,),
}


def a_world(session: Session, questionnaire: Questionnaire | None = None, *, quorum: int = 1) -> World:
    """Make the organisation, its people and its question set."""
    questionnaire = questionnaire or a_questionnaire()
    questionnaires.publish(session, [questionnaire], AT)
    committee, unit = Committee(name="Ethische commissie", quorum=quorum), Unit(name="Mobiliteit")
    session.add_all((committee, unit))
    session.flush()
    people = {name: _a_user(name, roles, committee.id) for name, roles in ROLES.items()}
    session.add_all(people.values())
    session.flush()
    return World(committee.id, unit.id, questionnaire, {name: user.id for name, user in people.items()})


def _a_user(name: str, roles: tuple[Role, ...], committee_id: UUID) -> User:
    return User(
        email=email_of(name),
        name=name,
        password_hash=_password_hash(),
        locale="en",
        created_at=AT,
        role_grants=[
            RoleGrant(role=role, committee_id=committee_id if role in COMMITTEE_ROLES else None)
            for role in roles
        ],
    )


def email_of(name: str) -> str:
    """Return the address with which somebody signs in."""
    return f"{name.lower()}@voorbeeld.example"


@cache
def _password_hash() -> str:
    return passwords.new_hash(PASSWORD)


def a_dossier(
    session: Session,
    world: World,
    status: Status = Status.DRAFT,
    *,
    title: str = "Slimme camera",
    given: Mapping[Slot, Answer] | None = None,
    members: tuple[str, ...] = ("Mila",),
) -> UUID:
    """Make a dossier of Noor's, and bring it where it should be (ARCHIVED with a file: see ``archive``).

    Args:
        given: answers that matter to the test; the others are filled in.
        members: who is assigned to review it, from IN_REVIEW on.
    """
    details = dossiers.Details(
        title, "Weten hoe druk het is.", world.unit_id, ProjectKind.SENSOR, Phase.PILOT
    )
    start = dossiers.StartInput(details, world.questionnaire.key, world.committee_id, "Projectleider")
    dossier_id = dossiers.start(session, start, world.stamp(session, "Noor")).id
    fill_in(session, world, dossier_id, complete_answers(world.questionnaire, given))
    advance(session, world, dossier_id, status, members=members)
    return dossier_id


def advance(
    session: Session, world: World, dossier_id: UUID, status: Status, *, members: tuple[str, ...] = ("Mila",)
) -> None:
    """Bring a complete dossier further, from a draft or from SUBMITTED."""
    submitted = session.get_one(Dossier, dossier_id).status is Status.SUBMITTED
    for step in _STEPS[status]:
        if not (submitted and step is hand_in):
            step(session, world, dossier_id, members)


def fill_in(session: Session, world: World, dossier_id: UUID, given: Mapping[Slot, Answer]) -> None:
    """Save these answers over what is there now."""
    present = answers.present_answers(session, dossier_id)
    sent = [
        answers.Sent(slot, answer, present[slot].revision if slot in present else 0, f"{slot}-{len(present)}")
        for slot, answer in given.items()
    ]
    answers.save(session, dossier_id, sent, world.stamp(session, "Noor"))


def a_gathering(
    session: Session, world: World, dossier_id: UUID, title: str = "DEDA-sessie", *, token: str = "g1"
) -> UUID:
    """Record a gathering of the team, as Noor."""
    people = (Participant("Noor", "projectleider"), Participant("Yara", "jurist"))
    given = Gathering(date(2026, 2, 10), title, people, "Met **gespreksleider**.")
    gatherings.add(session, dossier_id, given, f"{title}-{token}", world.stamp(session, "Noor"))
    return gatherings.present(session, dossier_id)[-1].id


def hand_in(session: Session, world: World, dossier_id: UUID, _members: tuple[str, ...] = ()) -> None:
    """Hand a dossier in, as Noor."""
    submission.submit(session, dossier_id, world.stamp(session, "Noor"))


def take_up(session: Session, world: World, dossier_id: UUID, members: tuple[str, ...] = ("Mila",)) -> None:
    """Take a dossier up and assign members, as Sem."""
    casework.take_up(session, dossier_id, world.stamp(session, "Sem"))
    ids = frozenset(world.ids[name] for name in members)
    casework.plan(session, dossier_id, ids, date(2026, 4, 1), world.stamp(session, "Sem"))


def a_remark(
    session: Session,
    world: World,
    dossier_id: UUID,
    body: str = "Waarom deze camera?",
    *,
    slot: Slot = FIRST,
    by: str = "Mila",
    released: bool = False,
) -> UUID:
    """Write a remark on the present round, and release it if asked."""
    given = RemarkInput(slot, body, f"token-{body}"[:64])
    remark_id = remarks.write(session, dossier_id, given, world.stamp(session, by)).id
    if released:
        casework.release_remarks(session, dossier_id, frozenset({remark_id}), world.stamp(session, "Sem"))
    return remark_id


def give_back(session: Session, world: World, dossier_id: UUID, _members: tuple[str, ...] = ()) -> None:
    """Ask the team for changes, with one released remark of Chris."""
    a_remark(session, world, dossier_id, "Leg uit waarom.", by="Chris", released=True)
    casework.request_changes(session, dossier_id, world.stamp(session, "Sem"))


def reply_to_all(session: Session, world: World, dossier_id: UUID) -> None:
    """Answer every released remark, as Noor."""
    access = open_dossier(session, dossier_id, world.actor(session, "Noor"), Permission.REMARK_REPLY)
    for remark in remarks.visible(session, access):
        remarks.reply(
            session, dossier_id, remark.id, "Zo zit dat.", f"reply-{remark.id}", world.stamp(session, "Noor")
        )


def judge(session: Session, world: World, dossier_id: UUID, members: tuple[str, ...] = ("Mila",)) -> None:
    """Record a verdict of every member."""
    for name in members:
        stamp = world.stamp(session, name)
        reviews.record_verdict(session, dossier_id, Verdict.CONDITIONAL, f"Motivering van {name}.", stamp)


def adopt(session: Session, world: World, dossier_id: UUID, _members: tuple[str, ...] = ()) -> None:
    """Adopt an advice with one condition, as Chris."""
    condition = Condition("Zet een bord bij de camera.", "Noor", date(2026, 6, 1))
    given = AdviceInput(Verdict.CONDITIONAL, "De commissie ziet meer baten dan risico.", (condition,))
    advice.adopt(session, dossier_id, given, "Provincie Voorbeeld", world.stamp(session, "Chris"))


def approve(session: Session, world: World, dossier_id: UUID, _members: tuple[str, ...] = ()) -> None:
    """Approve the advice, as Chris and as Sem."""
    for name in ("Chris", "Sem"):
        advice.approve(
            session, dossier_id, present_advice(session, dossier_id).sha256, world.stamp(session, name)
        )


def present_advice(session: Session, dossier_id: UUID) -> Advice:
    """Return the advice that counts now."""
    found = advice.present_advice(session, dossier_id)
    assert found is not None
    return found


def withdraw(session: Session, world: World, dossier_id: UUID, _members: tuple[str, ...] = ()) -> None:
    """Take a dossier back for good, as Noor."""
    dossiers.withdraw(session, dossier_id, world.stamp(session, "Noor"))


def add_colleague(session: Session, world: World, dossier_id: UUID, name: str = "Tess") -> None:
    """Put somebody in the team, as Noor."""
    dossiers.add_team_member(session, dossier_id, email_of(name), "jurist", world.stamp(session, "Noor"))


def archive(session: Session, dossier_id: UUID, folder: Archive, pdf: bytes = b"%PDF-1.7 sealed") -> None:
    """Put a file in the archive as the signed report of an approved advice."""
    advice_id = present_advice(session, dossier_id).id
    reporting.store(session, advice_id, folder.put(pdf), AT, test_seal=True)


def close(session: Session, _world: World, dossier_id: UUID, _members: tuple[str, ...] = ()) -> None:
    """Record a signed report of which there is no file."""
    sha256 = dossier_id.hex * 2
    file = ArchivedFile(f"{sha256}.pdf", sha256, 1234)
    reporting.store(session, present_advice(session, dossier_id).id, file, AT, test_seal=True)


DECIDED: Final = DecisionInput(
    Follows.YES,
    Outcome.WITH_CONDITIONS,
    "De commissie heeft goed gekeken.",
    "Directeur Mobiliteit",
    (ConditionDecision(adopted=True),),
)
"""A decision that follows the advice of ``adopt``."""


def put_before(session: Session, world: World, dossier_id: UUID, name: str = "Otto") -> None:
    """Put a signed advice before an official, as Sem."""
    decision_requests.put_before(session, dossier_id, world.ids[name], world.stamp(session, "Sem"))


def revision_now(session: Session, dossier_id: UUID) -> int:
    """Return the revision that a page made now has in it."""
    return session.get_one(Dossier, dossier_id).revision


def read_sha256(session: Session, dossier_id: UUID) -> str:
    """Return the SHA-256 of the report that somebody reads now."""
    record = report_status.last_record(session, dossier_id)
    assert record is not None
    return record.newest_sha256


def decide(
    session: Session,
    world: World,
    dossier_id: UUID,
    given: DecisionInput = DECIDED,
    *,
    token: str = "token-0001",
    seen: int = 0,
    by: str = "Otto",
) -> Decision:
    """Decide on what there is to read now, as Otto."""
    stamp = world.stamp(session, by, seen=seen)
    return decisions.decide(session, dossier_id, given, read_sha256(session, dossier_id), token, stamp)


def issue_decision(session: Session, decision: Decision) -> None:
    """Record the report with a decision, of which there is no file."""
    sha256 = decision.id.hex * 2
    file = ArchivedFile(f"{sha256}.pdf", sha256, 2345)
    at = AT + timedelta(hours=decision.number)
    decision_editions.store(session, decision.id, file, at, test_seal=True)


_Step = Callable[[Session, World, UUID, tuple[str, ...]], None]
_REVIEW: Final[tuple[_Step, ...]] = (hand_in, take_up)
_STEPS: Final[Mapping[Status, tuple[_Step, ...]]] = {
    Status.DRAFT: (),
    Status.SUBMITTED: (hand_in,),
    Status.IN_REVIEW: _REVIEW,
    Status.CHANGES_REQUESTED: (*_REVIEW, give_back),
    Status.ADVISED: (*_REVIEW, judge, adopt),
    Status.AWAITING_SIGNATURE: (*_REVIEW, judge, adopt, approve),
    Status.ARCHIVED: (*_REVIEW, judge, adopt, approve, close),
    Status.WITHDRAWN: (withdraw,),
}
