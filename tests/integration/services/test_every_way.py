"""No sequence of steps by anybody leads to a signed report past hand-in, quorum and two different approvers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Role
from ethiek.domain.advice import AdviceInput, Condition, Verdict
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.workflow import TRANSITIONS, Status
from ethiek.errors import EthiekError
from ethiek.models.advice import Advice, AdviceCondition, Approval
from ethiek.models.archive import ArchiveRecord
from ethiek.models.audit import AuditEvent
from ethiek.models.dossiers import AnswerRevision, Dossier, Snapshot, TeamMember
from ethiek.models.reviews import RecusalEvent, Remark, Reply, Review
from ethiek.reports.archive import ArchivedFile
from ethiek.services import (
    advice,
    answers,
    audit,
    casework,
    dossiers,
    recusals,
    remarks,
    reporting,
    reviews,
    submission,
)
from ethiek.services.remarks import RemarkInput
from tests import builders
from tests.builders import World
from tests.conftest import AT, only_sqlite

STEPS = {(source, row.target) for row in TRANSITIONS for source in row.sources}
RECORD = (
    Snapshot,
    AnswerRevision,
    Remark,
    Reply,
    Review,
    RecusalEvent,
    Advice,
    AdviceCondition,
    Approval,
    AuditEvent,
    ArchiveRecord,
)
PEOPLE = ("Noor", "Tess", "Sem", "Mila", "Daan", "Chris", "Robin", "Aisha", "Ada", "Omar")
LIKELY = {
    Status.DRAFT: ("submit", "save", "withdraw", "join"),
    Status.SUBMITTED: ("take_up", "plan", "remark"),
    Status.IN_REVIEW: ("plan", "judge", "adopt", "remark", "release", "give_back", "recuse", "undo"),
    Status.CHANGES_REQUESTED: ("reply", "submit", "save", "join"),
    Status.ADVISED: ("approve", "approve", "revoke"),
    Status.AWAITING_SIGNATURE: ("store",),
    Status.ARCHIVED: ("store", "approve", "revoke"),
    Status.WITHDRAWN: ("submit", "take_up"),
}
FITTING = {
    **dict.fromkeys(("submit", "save", "withdraw", "join", "reply"), ("Noor",)),
    **dict.fromkeys(("take_up", "plan", "release", "give_back"), ("Sem", "Robin")),
    **dict.fromkeys(("remark",), ("Sem", "Mila", "Chris")),
    "judge": ("Mila", "Daan", "Robin"),
    "recuse": ("Mila", "Daan", "Chris"),
    "undo": ("Sem", "Robin"),
    "adopt": ("Chris", "Robin"),
    "revoke": ("Chris", "Robin"),
    "approve": ("Chris", "Sem", "Robin"),
    "store": ("Chris",),
}
STARTS = (Status.DRAFT, Status.IN_REVIEW, Status.CHANGES_REQUESTED, Status.ADVISED)
"""Where an example begins, so that each stretch of the way is walked often."""
GIVEN = AdviceInput(Verdict.CONDITIONAL, "Goed, mits.", (Condition("Meet.", "Noor", date(2026, 6, 1)),))


class Committee(RuleBasedStateMachine):
    """Everybody tries everything, mostly what could succeed."""

    engine: Engine

    @initialize(quorum=st.integers(1, 2), start=st.sampled_from(STARTS))
    def begin(self, quorum: int, start: Status) -> None:
        self.connection = self.engine.connect()
        self.outer = self.connection.begin()
        self.session = Session(self.connection, join_transaction_mode="create_savepoint")
        self.quorum = quorum
        self.world: World = builders.a_world(self.session, quorum=quorum)
        self.dossier_id: UUID = builders.a_dossier(self.session, self.world)
        builders.advance(self.session, self.world, self.dossier_id, start, members=("Mila", "Daan"))
        self.session.commit()
        self.status = start
        self.counts = self._counts()
        self.number = 0

    @rule(data=st.data())
    def somebody_does_something(self, data: st.DataObject) -> None:
        sensible = data.draw(st.integers(0, 7)) != 1
        step = data.draw(st.sampled_from(LIKELY[self.status] if sensible else sorted(FITTING)))
        who = data.draw(st.sampled_from(FITTING[step] if sensible else PEOPLE))
        action: Callable[[str, st.DataObject], object] = getattr(self, f"_{step}")
        try:
            with self.session.begin_nested():
                action(who, data)
            self.session.commit()
        except EthiekError:
            self.session.rollback()
        self.session.expire_all()

    def _by(self, who: str, seen: int | None = None) -> Any:
        return self.world.stamp(self.session, who, seen=seen)

    def _token(self) -> str:
        self.number += 1
        return f"token-{self.number}"

    def _submit(self, who: str, _data: st.DataObject) -> None:
        submission.submit(self.session, self.dossier_id, self._by(who))

    def _save(self, who: str, data: st.DataObject) -> None:
        text = data.draw(st.sampled_from(["", "Tekst.", "Andere tekst."]))
        sent = answers.Sent(Slot("1.1.1"), Answer(text=text), data.draw(st.integers(0, 3)), self._token())
        answers.save(self.session, self.dossier_id, [sent], self._by(who))

    def _withdraw(self, who: str, data: st.DataObject) -> None:
        if data.draw(st.integers(0, 9)) == 0:  # an end: seldom
            dossiers.withdraw(self.session, self.dossier_id, self._by(who))

    def _join(self, who: str, data: st.DataObject) -> None:
        whom = data.draw(st.sampled_from(["Tess", "Daan", "Robin", "Aisha"]))
        dossiers.add_team_member(
            self.session, self.dossier_id, builders.email_of(whom), "jurist", self._by(who)
        )

    def _take_up(self, who: str, _data: st.DataObject) -> None:
        casework.take_up(self.session, self.dossier_id, self._by(who))

    def _plan(self, who: str, data: st.DataObject) -> None:
        names = data.draw(st.sets(st.sampled_from(["Mila", "Daan", "Robin"])))
        members = frozenset(self.world.ids[name] for name in names)
        casework.plan(self.session, self.dossier_id, members, None, self._by(who))

    def _remark(self, who: str, _data: st.DataObject) -> None:
        given = RemarkInput(Slot("1.1.1"), "Waarom?", self._token())
        remarks.write(self.session, self.dossier_id, given, self._by(who))

    def _release(self, who: str, _data: st.DataObject) -> None:
        every = frozenset(self.session.scalars(select(Remark.id)))
        casework.release_remarks(self.session, self.dossier_id, every, self._by(who))

    def _give_back(self, who: str, _data: st.DataObject) -> None:
        casework.request_changes(self.session, self.dossier_id, self._by(who))

    def _reply(self, who: str, _data: st.DataObject) -> None:
        for remark_id in self.session.scalars(select(Remark.id).where(Remark.released_at.is_not(None))).all():
            remarks.reply(self.session, self.dossier_id, remark_id, "Zo.", self._token(), self._by(who))

    def _judge(self, who: str, data: st.DataObject) -> None:
        verdict = data.draw(st.sampled_from(Verdict))
        reviews.record_verdict(
            self.session, self.dossier_id, verdict, "Want.", self._by(who, data.draw(st.integers(0, 1)))
        )

    def _recuse(self, who: str, _data: st.DataObject) -> None:
        recusals.recuse(self.session, self.dossier_id, "Belang.", self._by(who))
        WITHDREW.add(who)

    def _undo(self, who: str, data: st.DataObject) -> None:
        whom = data.draw(st.sampled_from(["Mila", "Daan", "Chris"]))
        recusals.undo(self.session, self.dossier_id, self.world.ids[whom], "Toch niet.", self._by(who))

    def _adopt(self, who: str, _data: st.DataObject) -> None:
        advice.adopt(self.session, self.dossier_id, GIVEN, "Provincie Voorbeeld", self._by(who))

    def _revoke(self, who: str, data: st.DataObject) -> None:
        if data.draw(st.integers(0, 2)) == 0:
            advice.revoke(self.session, self.dossier_id, self._by(who))

    def _approve(self, who: str, _data: st.DataObject) -> None:
        found = advice.present_advice(self.session, self.dossier_id)
        advice.approve(self.session, self.dossier_id, found.sha256 if found else "0" * 64, self._by(who))

    def _store(self, _who: str, data: st.DataObject) -> None:
        every = self.session.scalars(select(Advice.id)).all()
        if every:
            sha256 = self.dossier_id.hex * 2
            file = ArchivedFile(f"{sha256}.pdf", sha256, 1)
            reporting.store(self.session, data.draw(st.sampled_from(every)), file, AT, test_seal=True)

    def _counts(self) -> list[int]:
        return [self.session.scalar(select(func.count()).select_from(table)) or 0 for table in RECORD]

    @invariant()
    def status_moves_along_the_table(self) -> None:
        now = self.session.get_one(Dossier, self.dossier_id).status
        assert now is self.status or (self.status, now) in STEPS
        self.status = now
        REACHED.add(now)

    @invariant()
    def nothing_on_record_disappears(self) -> None:
        counts = self._counts()
        assert all(now >= before for now, before in zip(counts, self.counts, strict=True))
        self.counts = counts

    @invariant()
    def audit_trail_verifies(self) -> None:
        assert audit.verify_chain(self.session).ok
        self.session.expire_all()

    @invariant()
    def archived_means_handed_in_judged_and_approved_by_two(self) -> None:
        signed = self.session.scalar(select(ArchiveRecord))
        status = self.session.get_one(Dossier, self.dossier_id).status
        assert (signed is not None) == (status is Status.ARCHIVED)
        if signed is None:
            return
        made = self.session.get_one(Advice, signed.advice_id)
        snapshot = self.session.get_one(Snapshot, made.snapshot_id)
        content = json.loads(made.content)
        judged = {review["by"] for review in content["reviews"]}
        withdrew = {row.user_id: row.user.name for row in recusals.of_dossier(self.session, self.dossier_id)}
        approvals = self.session.execute(
            select(Approval.role, Approval.user_id).where(Approval.advice_id == made.id)
        ).all()
        assert snapshot.round == self.session.get_one(Dossier, self.dossier_id).round
        assert made.revoked_at is None
        assert len(judged) >= self.quorum
        assert judged.isdisjoint(withdrew.values())
        assert {row["by"] for row in content.get("recusals", ())} == set(withdrew.values())
        assert {person for _role, person in approvals}.isdisjoint(withdrew)
        assert {role for role, _person in approvals} == {Role.CHAIR, Role.SECRETARY}
        assert len({person for _role, person in approvals}) == 2
        team = self.session.scalars(select(TeamMember.user_id)).all()
        assert {person for _role, person in approvals}.isdisjoint(team)

    def teardown(self) -> None:
        if hasattr(self, "session"):
            REACHED.add(self.status)
            self.session.close()
            self.outer.rollback()
            self.connection.close()


REACHED: set[Status] = set()
WITHDREW: set[str] = set()


@pytest.fixture
def machine(shared_engine: Engine) -> type[Committee]:
    Committee.engine = shared_engine
    REACHED.clear()
    WITHDREW.clear()
    return Committee


@only_sqlite
def test_no_way_leads_past_the_rules(machine: type[Committee]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),  # making a failure smaller takes minutes here
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {Status.ARCHIVED, Status.ADVISED, Status.SUBMITTED} <= REACHED  # or the machine proved nothing
    assert {"Mila", "Chris"} <= WITHDREW
