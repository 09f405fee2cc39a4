from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek import db
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.workflow import Status
from ethiek.errors import (
    ConcurrentEditError,
    GuardFailedError,
    NotFoundError,
    PermissionDeniedError,
    RuleError,
    TransitionNotAllowedError,
)
from ethiek.models.dossiers import Dossier, Snapshot
from ethiek.questionnaires.catalogue import parse
from ethiek.questionnaires.catalogue import sha256 as set_sha256
from ethiek.services import answers, audit, dossiers, questionnaires, remarks, submission
from ethiek.services.answers import Sent
from tests import builders
from tests.builders import World
from tests.conftest import AT, Database
from tests.integration.services.conftest import By, Events
from tests.unit.questionnaires.small import SMALL

IN_USE = {Slot("1.1.2"): Answer(choice="yes")}


def snapshots(session: Session) -> list[tuple[int, str]]:
    rows = session.execute(
        select(Snapshot.round, Snapshot.sha256).order_by(Snapshot.dossier_id, Snapshot.round)
    )
    return [(row.round, row.sha256) for row in rows]


def state(session: Session, dossier_id: UUID) -> tuple[Status, int, int]:
    session.expire_all()
    dossier = session.get_one(Dossier, dossier_id)
    return dossier.status, dossier.round, dossier.revision


def test_submit_freezes_what_the_committee_will_read(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    dossier_id = builders.a_dossier(session, world, given=IN_USE)
    builders.add_colleague(session, world, dossier_id)
    new_events()
    snapshot = submission.submit(session, dossier_id, by("Noor"))
    found: dict[str, Any] = json.loads(snapshot.content)
    assert found == {
        "format": "ethiek-snapshot/2",
        "dossier": {
            "id": str(dossier_id),
            "reference": "ETH-2026-0001",
            "title": "Slimme camera",
            "purpose": "Weten hoe druk het is.",
            "unit": "Mobiliteit",
            "kind": "Sensor",
            "phase": "Proef",
            "committee": "Ethische commissie",
        },
        "round": 1,
        "questionnaire": {
            "key": "proef/1.0",
            "title": "Proeftoets 1.0",
            "language": "nl",
            "sha256": set_sha256(world.questionnaire),
        },
        "team": [{"name": "Noor", "role": "Projectleider"}, {"name": "Tess", "role": "Jurist"}],
        "submitted": {"at": "2026-03-02T09:30:00Z", "by": "Noor"},
        "answers": [
            {"question": "1.1.1", "item": "", "answer": {"text": "Antwoord op 1.1.1."}},
            {"question": "1.1.2", "item": "", "answer": {"choice": "yes"}},
            {"question": "1.1.3", "item": "", "answer": {"text": "Antwoord op 1.1.3."}},
            {"question": "1.1.4", "item": "", "answer": {"choices": ["privacy"]}},
            {"question": "2.1.1", "item": "privacy", "answer": {"text": "Antwoord op 2.1.1."}},
        ],
        "warnings": [
            {
                "question": "1.1.2",
                "item": "",
                "effect": "warn",
                "reason": "Toets liever voor het gebruik.",
            }
        ],
        "not_asked": [],
    }
    assert snapshot.content.encode() == rfc8785.dumps(found)
    assert snapshot.sha256 == sha256(snapshot.content.encode()).hexdigest()
    assert new_events() == [("submit", "done")]
    assert state(session, dossier_id)[:2] == (Status.SUBMITTED, 1)


def test_snapshot_leaves_out_answers_to_what_is_not_asked(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, given=IN_USE)
    builders.fill_in(session, world, dossier_id, {Slot("1.1.2"): Answer(choice="no")})
    found = json.loads(submission.submit(session, dossier_id, by("Noor")).content)
    assert "1.1.3" not in {row["question"] for row in found["answers"]}
    assert (found["not_asked"], found["warnings"]) == (["1.1.3"], [])


def test_trial_renders_what_submit_freezes(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world)
    draft = submission.draft_of(session, dossier_id, by("Noor"))
    tried = submission.trial_of(session, draft, by("Noor")).snapshot
    assert submission.submit(session, dossier_id, by("Noor")).content.encode() == tried


def test_submit_incomplete_dossier_changes_nothing(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    dossier_id = builders.a_dossier(session, world)
    builders.fill_in(session, world, dossier_id, {Slot("1.1.1"): Answer(text="  ")})
    new_events()
    before = state(session, dossier_id)
    with pytest.raises(GuardFailedError) as caught:
        submission.submit(session, dossier_id, by("Noor"))
    assert caught.value.guard == "answers_complete"
    assert (state(session, dossier_id), snapshots(session), new_events()) == (before, [], [])


def test_submit_when_a_stop_rule_holds_is_refused(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    strict = parse(SMALL, "toets.yaml")
    questionnaires.publish(session, [strict], AT)
    world = replace(world, questionnaire=strict)
    dossier_id = builders.a_dossier(session, world, given={Slot("1.1.1"): Answer(choice="no")})
    new_events()
    with pytest.raises(GuardFailedError) as caught:
        submission.submit(session, dossier_id, by("Noor"))
    assert caught.value.guard == "not_stopped"
    assert (state(session, dossier_id)[0], snapshots(session), new_events()) == (Status.DRAFT, [], [])


def test_submit_when_a_warning_holds_goes_on(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, given=IN_USE)
    submission.submit(session, dossier_id, by("Noor"))
    assert state(session, dossier_id)[0] is Status.SUBMITTED


def test_submit_twice_freezes_once(session: Session, world: World, by: By, new_events: Events) -> None:
    dossier_id = builders.a_dossier(session, world)
    seen = state(session, dossier_id)[2]
    submission.submit(session, dossier_id, by("Noor", seen))
    new_events()
    with pytest.raises(ConcurrentEditError):
        submission.submit(session, dossier_id, by("Noor", seen))
    with pytest.raises(TransitionNotAllowedError):
        submission.submit(session, dossier_id, by("Noor"))
    assert ([number for number, _sha256 in snapshots(session)], new_events()) == ([1], [])


def test_submit_from_a_page_older_than_the_details_is_refused(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world)
    seen = state(session, dossier_id)[2]
    builders.add_colleague(session, world, dossier_id)
    with pytest.raises(ConcurrentEditError):
        submission.submit(session, dossier_id, by("Noor", seen))
    assert snapshots(session) == []


@pytest.mark.parametrize("who", ["Sem", "Mila", "Chris", "Robin", "Aisha", "Ada", "Omar", "Tess"])
def test_submit_by_anybody_but_the_lead_is_refused(session: Session, world: World, by: By, who: str) -> None:
    dossier_id = builders.a_dossier(session, world)
    builders.add_colleague(session, world, dossier_id)
    with pytest.raises(PermissionDeniedError if who == "Tess" else NotFoundError):
        submission.submit(session, dossier_id, by(who))
    assert snapshots(session) == []


def test_submit_again_needs_a_reply_to_every_released_remark(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, Status.CHANGES_REQUESTED)
    with pytest.raises(GuardFailedError) as caught:
        submission.submit(session, dossier_id, by("Noor"))
    assert caught.value.guard == "remarks_answered"
    builders.reply_to_all(session, world, dossier_id)
    assert submission.submit(session, dossier_id, by("Noor")).round == 2
    assert [number for number, _sha256 in snapshots(session)] == [1, 2]


def test_round_that_was_handed_in_stays_as_it_was(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, Status.CHANGES_REQUESTED)
    first = submission.snapshot_of(session, dossier_id, 1).content
    builders.fill_in(session, world, dossier_id, {Slot("1.1.1"): Answer(text="Nu beter.")})
    builders.reply_to_all(session, world, dossier_id)
    second = submission.submit(session, dossier_id, by("Noor")).content
    session.expire_all()
    assert submission.snapshot_of(session, dossier_id, 1).content == first
    assert json.loads(second)["answers"][0]["answer"] == {"text": "Nu beter."}


def test_snapshot_of_a_round_that_never_was_is_not_found(session: Session, world: World) -> None:
    dossier_id = builders.a_dossier(session, world, Status.SUBMITTED)
    with pytest.raises(NotFoundError):
        submission.snapshot_of(session, dossier_id, 2)


def test_unanswered_remarks_count_released_ones_without_reply(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    builders.a_remark(session, world, dossier_id, "Intern.")
    assert submission.unanswered_remarks(session, dossier_id) == 0
    builders.give_back(session, world, dossier_id)
    assert submission.unanswered_remarks(session, dossier_id) == 1
    remark = remarks.visible(session, submission.draft_of(session, dossier_id, by("Noor")).access)[0]
    remarks.reply(session, dossier_id, remark.id, "Zo.", "t1", by("Noor"))
    assert submission.unanswered_remarks(session, dossier_id) == 0


def test_submit_from_two_tabs_at_once_is_one_submitted_version(database: Database) -> None:
    """A16."""
    with Session(database.engine) as session, db.writing(session, database.engine):
        world = builders.a_world(session)
        dossier_id = builders.a_dossier(session, world)
        seen = session.get_one(Dossier, dossier_id).revision
    together = Barrier(2)

    def hand_in(_number: int) -> str:
        together.wait()
        try:
            with Session(database.engine) as session, db.writing(session, database.engine):
                submission.submit(session, dossier_id, world.stamp(session, "Noor", seen=seen))
        except RuleError as error:
            return type(error).__name__
        return "submitted"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(hand_in, range(2)))
    assert outcomes == ["ConcurrentEditError", "submitted"]
    with Session(database.engine) as session:
        assert [number for number, _sha256 in snapshots(session)] == [1]
        assert audit.verify_chain(session).ok


def test_save_and_submit_at_once_freeze_what_was_saved_or_refuse_it_as_late(database: Database) -> None:
    """A save is in the snapshot, or its sender is told that it came too late; never neither."""
    with Session(database.engine) as session, db.writing(session, database.engine):
        world = builders.a_world(session)
        dossier_id = builders.a_dossier(session, world)
    together = Barrier(2)

    def save(_number: int) -> str:
        sent = Sent(Slot("1.1.1"), Answer(text="Op het nippertje."), 1, "token-nip")
        together.wait()
        with Session(database.engine) as session, db.writing(session, database.engine):
            return answers.save(session, dossier_id, [sent], world.stamp(session, "Noor"))[1][0].outcome

    def hand_in(_number: int) -> str:
        together.wait()
        with Session(database.engine) as session, db.writing(session, database.engine):
            return submission.submit(session, dossier_id, world.stamp(session, "Noor")).content

    with ThreadPoolExecutor(2) as pool:
        outcome, content = (job.result() for job in (pool.submit(save, 0), pool.submit(hand_in, 0)))
    assert outcome == ("saved" if "Op het nippertje." in content else "too_late")


def test_withdraw_and_submit_at_once_end_in_one_of_both(database: Database) -> None:
    with Session(database.engine) as session, db.writing(session, database.engine):
        world = builders.a_world(session)
        dossier_id = builders.a_dossier(session, world)
        seen = session.get_one(Dossier, dossier_id).revision
    together = Barrier(2)

    def act(step: str) -> str:
        together.wait()
        try:
            with Session(database.engine) as session, db.writing(session, database.engine):
                stamp = world.stamp(session, "Noor", seen=seen)
                if step == "submit":
                    submission.submit(session, dossier_id, stamp)
                else:
                    dossiers.withdraw(session, dossier_id, stamp)
        except ConcurrentEditError:
            return "refused"
        return step

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(act, ["submit", "withdraw"]))
    assert sorted(one == "refused" for one in outcomes) == [False, True]
    with Session(database.engine) as session:
        ended = session.get_one(Dossier, dossier_id).status
        assert ended is (Status.SUBMITTED if "submit" in outcomes else Status.WITHDRAWN)
