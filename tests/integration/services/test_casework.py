from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ethiek.domain.advice import Verdict
from ethiek.domain.answers import Slot
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import EDITABLE, Status
from ethiek.errors import (
    ConcurrentEditError,
    GuardFailedError,
    InputError,
    NotFoundError,
    PermissionDeniedError,
    TransitionNotAllowedError,
)
from ethiek.models.dossiers import Dossier
from ethiek.models.reviews import Assignment, Remark, Reply, Review
from ethiek.services import casework, dossiers, remarks, reviews, rounds, worklists
from ethiek.services.access import open_dossier
from ethiek.services.remarks import MAX_LENGTH, RemarkInput
from tests import builders
from tests.builders import World
from tests.conftest import AT
from tests.integration.services.conftest import By, Events

SOON = date(2026, 4, 1)
TEXTS = [
    ("", "required"),
    (" \n\t", "required"),
    ("x" * (MAX_LENGTH + 1), "too_long"),
    ("a\x00b", "not_text"),
]
BAD_TEXTS = [*TEXTS, ("\ud800", "not_text"), ("\x1b[31m", "not_text")]


def status_of(session: Session, dossier_id: UUID) -> Status:
    return session.get_one(Dossier, dossier_id).status


def write(session: Session, dossier_id: UUID, by: By, who: str, body: str, token: str = "t1") -> Remark:
    return remarks.write(session, dossier_id, RemarkInput(Slot("1.1.1"), body, token), by(who))


def readable(session: Session, dossier_id: UUID, by: By, who: str) -> list[str]:
    access = open_dossier(session, dossier_id, by(who).actor, Permission.ROUND_READ)
    return [row.body for row in remarks.visible(session, access)]


def test_take_up_begins_the_review(session: Session, world: World, by: By, new_events: Events) -> None:
    dossier_id = builders.a_dossier(session, world, Status.SUBMITTED)
    new_events()
    casework.take_up(session, dossier_id, by("Sem"))
    assert (status_of(session, dossier_id), new_events()) == (Status.IN_REVIEW, [("take_up", "done")])
    with pytest.raises(TransitionNotAllowedError):
        casework.take_up(session, dossier_id, by("Sem"))


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        ("Chris", PermissionDeniedError),
        ("Noor", PermissionDeniedError),
        ("Mila", NotFoundError),
        ("Aisha", NotFoundError),
        ("Ada", NotFoundError),
        ("Omar", NotFoundError),
    ],
)
def test_case_when_managed_by_anybody_but_the_secretary_is_refused(
    session: Session, world: World, by: By, who: str, refused: type[Exception]
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.SUBMITTED)
    members = frozenset({world.ids["Mila"]})
    with pytest.raises(refused):
        casework.take_up(session, dossier_id, by(who))
    with pytest.raises(refused):
        casework.plan(session, dossier_id, members, SOON, by(who))
    with pytest.raises(refused):
        casework.release_remarks(session, dossier_id, frozenset({uuid4()}), by(who))
    with pytest.raises(refused):
        casework.request_changes(session, dossier_id, by(who))
    assert status_of(session, dossier_id) is Status.SUBMITTED


def test_plan_assigns_exactly_these_and_sets_the_date(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.SUBMITTED)
    mila, daan = world.ids["Mila"], world.ids["Daan"]
    new_events()
    casework.plan(session, dossier_id, frozenset({mila, daan}), SOON, by("Sem"))
    casework.plan(session, dossier_id, frozenset({daan}), None, by("Sem"))
    assert [user.name for user in casework.assigned(session, dossier_id)] == ["Daan"]
    assert session.get_one(Assignment, (dossier_id, mila)).ended_at == AT
    assert session.get_one(Dossier, dossier_id).due_on is None
    assert new_events() == [("plan_review", "done")] * 2
    casework.plan(session, dossier_id, frozenset({mila}), SOON, by("Sem"))
    assert [user.name for user in casework.assigned(session, dossier_id)] == ["Mila"]


def test_member_sees_a_dossier_while_assigned(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, Status.SUBMITTED)
    seen = []
    for members in (frozenset[UUID](), frozenset({world.ids["Mila"]}), frozenset[UUID]()):
        casework.plan(session, dossier_id, members, None, by("Sem"))
        seen.append([row.id for row in worklists.of_committee(session, by("Mila").actor).dossiers])
    assert seen == [[], [dossier_id], []]
    with pytest.raises(NotFoundError):
        open_dossier(session, dossier_id, by("Mila").actor, Permission.DOSSIER_READ)


@pytest.mark.parametrize("who", ["Noor", "Sem", "Chris", "Aisha", "Omar"])
def test_plan_with_somebody_who_is_no_member_is_refused(
    session: Session, world: World, by: By, who: str
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.SUBMITTED)
    with pytest.raises(InputError) as caught:
        casework.plan(session, dossier_id, frozenset({world.ids[who]}), SOON, by("Sem"))
    assert (caught.value.field, caught.value.reason) == ("members", "not_assignable")
    assert casework.assigned(session, dossier_id) == []


def test_who_wrote_along_is_never_assigned_not_even_after_leaving(
    session: Session, world: World, by: By
) -> None:
    dossier_id = builders.a_dossier(session, world)
    builders.add_colleague(session, world, dossier_id, "Daan")
    dossiers.remove_team_member(session, dossier_id, world.ids["Daan"], by("Noor"))
    builders.advance(session, world, dossier_id, Status.SUBMITTED)
    names = [user.name for user in casework.assignable(session, session.get_one(Dossier, dossier_id))]
    assert names == ["Mila", "Robin"]
    with pytest.raises(InputError):
        casework.plan(session, dossier_id, frozenset({world.ids["Daan"]}), SOON, by("Sem"))


def test_plan_with_a_date_that_is_past_is_refused(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, Status.SUBMITTED)
    with pytest.raises(InputError) as caught:
        casework.plan(session, dossier_id, frozenset(), date(2026, 3, 1), by("Sem"))
    assert (caught.value.field, caught.value.reason) == ("due_on", "past")
    casework.plan(session, dossier_id, frozenset(), AT.date(), by("Sem"))


def test_plan_from_an_old_page_is_refused(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, Status.SUBMITTED)
    seen = session.get_one(Dossier, dossier_id).revision
    casework.plan(session, dossier_id, frozenset(), SOON, by("Sem", seen))
    with pytest.raises(ConcurrentEditError):
        casework.plan(session, dossier_id, frozenset({world.ids["Mila"]}), None, by("Sem", seen))
    assert casework.assigned(session, dossier_id) == []


@pytest.mark.parametrize("status", [s for s in Status if s not in casework.WITH_COMMITTEE | {Status.DRAFT}])
def test_case_when_not_with_the_committee_cannot_be_planned(
    session: Session, world: World, by: By, status: Status
) -> None:
    dossier_id = builders.a_dossier(
        session, world, Status.SUBMITTED if status is Status.WITHDRAWN else status
    )
    if status is Status.WITHDRAWN:
        builders.withdraw(session, world, dossier_id)
    with pytest.raises(TransitionNotAllowedError):
        casework.plan(session, dossier_id, frozenset(), SOON, by("Sem"))
    with pytest.raises(TransitionNotAllowedError):
        write(session, dossier_id, by, "Sem", "Te laat.")


def test_request_changes_without_a_released_remark_is_refused(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    builders.a_remark(session, world, dossier_id, "Intern.")
    with pytest.raises(GuardFailedError) as caught:
        casework.request_changes(session, dossier_id, by("Sem"))
    assert (caught.value.guard, status_of(session, dossier_id)) == ("remark_released", Status.IN_REVIEW)


def test_remark_of_an_earlier_round_is_no_reason_to_give_it_back_again(
    session: Session, world: World, by: By
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.CHANGES_REQUESTED)
    builders.reply_to_all(session, world, dossier_id)
    builders.hand_in(session, world, dossier_id)
    casework.take_up(session, dossier_id, by("Sem"))
    with pytest.raises(GuardFailedError):
        casework.request_changes(session, dossier_id, by("Sem"))


def test_remark_is_internal_until_released_and_then_the_teams_for_good(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    new_events()
    first = write(session, dossier_id, by, "Mila", "Eerste.", "t1")
    write(session, dossier_id, by, "Chris", "Tweede.", "t2")
    assert readable(session, dossier_id, by, "Noor") == []
    assert readable(session, dossier_id, by, "Sem") == ["Eerste.", "Tweede."]
    assert casework.release_remarks(session, dossier_id, frozenset({first.id}), by("Sem")) == 1
    assert readable(session, dossier_id, by, "Noor") == ["Eerste."]
    assert casework.release_remarks(session, dossier_id, frozenset({first.id}), by("Sem")) == 0
    assert new_events() == [("write_remark", "done")] * 2 + [("release_remarks", "done")] * 2


def test_remark_when_sent_twice_is_one(session: Session, world: World, by: By, new_events: Events) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    new_events()
    assert write(session, dossier_id, by, "Mila", "Eens.") is write(session, dossier_id, by, "Mila", "Eens.")
    write(session, dossier_id, by, "Chris", "Ook met dit token.")
    assert readable(session, dossier_id, by, "Sem") == ["Eens.", "Ook met dit token."]
    assert new_events() == [("write_remark", "done")] * 2


@pytest.mark.parametrize(("body", "reason"), BAD_TEXTS)
def test_text_that_cannot_be_kept_is_refused_everywhere(
    session: Session, world: World, by: By, body: str, reason: str
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    with pytest.raises(InputError) as caught:
        write(session, dossier_id, by, "Mila", body)
    assert caught.value.reason == reason
    with pytest.raises(InputError) as caught:
        reviews.record_verdict(session, dossier_id, Verdict.POSITIVE, body, by("Mila", 0))
    assert caught.value.reason == reason
    builders.give_back(session, world, dossier_id)
    access = open_dossier(session, dossier_id, by("Noor").actor, Permission.REMARK_REPLY)
    (remark,) = remarks.visible(session, access)
    with pytest.raises(InputError) as caught:
        remarks.reply(session, dossier_id, remark.id, body, "t1", by("Noor"))
    assert caught.value.reason == reason


def test_remark_at_the_longest_is_kept_with_plain_line_ends(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    assert write(session, dossier_id, by, "Mila", " een\r\ntwee \n", "t1").body == "een\ntwee"
    assert len(write(session, dossier_id, by, "Mila", "x" * MAX_LENGTH, "t2").body) == MAX_LENGTH


@pytest.mark.parametrize("slot", [Slot("9.9"), Slot("1.1.1", "privacy"), Slot("2.1.1"), Slot("", "privacy")])
def test_remark_at_a_question_that_was_not_handed_in_is_refused(
    session: Session, world: World, by: By, slot: Slot
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    with pytest.raises(InputError) as caught:
        rounds.remark(session, dossier_id, 1, RemarkInput(slot, "Waarom?", "t1"), by("Mila"))
    assert (caught.value.field, caught.value.reason) == ("at", "unknown")


def test_remark_on_a_round_that_is_past_is_refused(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, Status.CHANGES_REQUESTED)
    builders.reply_to_all(session, world, dossier_id)
    builders.hand_in(session, world, dossier_id)
    with pytest.raises(ConcurrentEditError):
        rounds.remark(session, dossier_id, 1, RemarkInput(Slot("1.1.1"), "Waarom?", "t1"), by("Sem"))


@pytest.mark.parametrize("slot", [Slot(""), Slot("1.1.1"), Slot("2.1.1", "privacy"), Slot("2.2.1")])
def test_remark_at_a_question_that_was_asked_is_kept(
    session: Session, world: World, by: By, slot: Slot
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    made = rounds.remark(session, dossier_id, 1, RemarkInput(slot, "Waarom?", "t1"), by("Mila"))
    assert (made.question_id, made.item) == slot


def test_release_of_another_dossiers_remark_is_refused(session: Session, world: World, by: By) -> None:
    mine, other = (builders.a_dossier(session, world, Status.IN_REVIEW) for _ in range(2))
    foreign = builders.a_remark(session, world, other)
    for chosen, reason in ((frozenset({foreign}), "unknown"), (frozenset[UUID](), "required")):
        with pytest.raises(InputError) as caught:
            casework.release_remarks(session, mine, chosen, by("Sem"))
        assert (caught.value.field, caught.value.reason) == ("remarks", reason)
    assert session.get_one(Remark, foreign).released_at is None


def test_reply_answers_a_released_remark_once(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.CHANGES_REQUESTED)
    access = open_dossier(session, dossier_id, by("Noor").actor, Permission.REMARK_REPLY)
    (remark,) = remarks.visible(session, access)
    new_events()
    for _ in range(2):
        remarks.reply(session, dossier_id, remark.id, "Omdat.", "t1", by("Noor"))
    remarks.reply(session, dossier_id, remark.id, "En ook.", "t2", by("Noor"))
    bodies = list(session.scalars(select(Reply.body).order_by(Reply.id)))
    assert (bodies, new_events()) == (["Omdat.", "En ook."], [("reply_to_remark", "done")] * 2)


def test_reply_to_an_internal_or_foreign_remark_is_not_found(session: Session, world: World, by: By) -> None:
    mine, other = (builders.a_dossier(session, world, Status.IN_REVIEW) for _ in range(2))
    internal = builders.a_remark(session, world, mine, "Intern.")
    builders.give_back(session, world, mine)
    foreign = builders.a_remark(session, world, other, released=True)
    for remark_id in (internal, foreign, uuid4()):
        with pytest.raises(NotFoundError):
            remarks.reply(session, mine, remark_id, "Ja?", "t1", by("Noor"))
    assert session.scalar(select(func.count()).select_from(Reply)) == 0


@pytest.mark.parametrize("status", [s for s in Status if s not in EDITABLE | {Status.WITHDRAWN}])
def test_reply_when_not_with_the_team_is_refused(
    session: Session, world: World, by: By, status: Status
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.SUBMITTED)
    remark = builders.a_remark(session, world, dossier_id, by="Sem", released=True)
    builders.advance(session, world, dossier_id, status)
    with pytest.raises(TransitionNotAllowedError):
        remarks.reply(session, dossier_id, remark, "Alvast.", "t1", by("Noor"))


def test_verdict_is_recorded_once_per_round_and_may_be_revised(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    new_events()
    first = reviews.record_verdict(session, dossier_id, Verdict.NEGATIVE, "Nee.", by("Mila", 0))
    revised = reviews.record_verdict(session, dossier_id, Verdict.POSITIVE, "Toch wel.", by("Mila", 1))
    assert (revised is first, revised.verdict, revised.revision) == (True, Verdict.POSITIVE, 2)
    assert reviews.count(session, dossier_id, 1) == 1
    assert new_events() == [("record_verdict", "done")] * 2


def test_verdict_from_an_old_page_is_refused_and_the_later_stays(
    session: Session, world: World, by: By
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    reviews.record_verdict(session, dossier_id, Verdict.NEGATIVE, "Nee.", by("Mila", 0))
    with pytest.raises(ConcurrentEditError):
        reviews.record_verdict(session, dossier_id, Verdict.POSITIVE, "Ja.", by("Mila", 0))
    assert [row.motivation for row in reviews.of_round(session, dossier_id, 1)] == ["Nee."]


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.IN_REVIEW and s is not Status.DRAFT])
def test_verdict_when_not_in_review_is_refused(
    session: Session, world: World, by: By, status: Status
) -> None:
    if status in {Status.SUBMITTED, Status.WITHDRAWN}:
        dossier_id = builders.a_dossier(session, world, Status.SUBMITTED)
        casework.plan(session, dossier_id, frozenset({world.ids["Mila"]}), None, by("Sem"))
    else:
        dossier_id = builders.a_dossier(session, world, status)
    if status is Status.WITHDRAWN:
        builders.withdraw(session, world, dossier_id)
    before = session.scalar(select(func.count()).select_from(Review))
    with pytest.raises(TransitionNotAllowedError):
        reviews.record_verdict(session, dossier_id, Verdict.POSITIVE, "Ja.", by("Mila", 0))
    assert session.scalar(select(func.count()).select_from(Review)) == before


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        ("Sem", PermissionDeniedError),
        ("Chris", PermissionDeniedError),
        ("Daan", NotFoundError),
        ("Aisha", NotFoundError),
    ],
)
def test_verdict_of_who_was_not_asked_is_refused(
    session: Session, world: World, by: By, who: str, refused: type[Exception]
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    with pytest.raises(refused):
        reviews.record_verdict(session, dossier_id, Verdict.POSITIVE, "Ja.", by(who, 0))
    assert reviews.count(session, dossier_id, 1) == 0


def test_verdict_of_an_earlier_round_does_not_count_for_the_next(session: Session, world: World) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    builders.judge(session, world, dossier_id)
    builders.give_back(session, world, dossier_id)
    builders.reply_to_all(session, world, dossier_id)
    builders.hand_in(session, world, dossier_id)
    counts = [reviews.count(session, dossier_id, number) for number in (1, 2)]
    assert counts == [1, 0]
