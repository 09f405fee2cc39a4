"""Who withdraws from a dossier takes no part in it: not in lists, not in the quorum, not in the advice."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ethiek.domain.actors import Role
from ethiek.domain.permissions import Permission
from ethiek.domain.recusals import RECUSABLE, RecusalStep, Shortage
from ethiek.domain.workflow import Status
from ethiek.errors import (
    ConcurrentEditError,
    GuardFailedError,
    InputError,
    NotFoundError,
    PermissionDeniedError,
    TransitionNotAllowedError,
)
from ethiek.models.audit import AuditEvent
from ethiek.models.dossiers import Dossier
from ethiek.models.reviews import RecusalEvent
from ethiek.services import advice, casework, recusals, reviews, worklists
from ethiek.services.access import open_dossier
from tests import builders
from tests.builders import World
from tests.conftest import AT
from tests.integration.services.conftest import By, Events

REASON = "Ik werk één dag per week bij de leverancier."
AFTER = (Status.ADVISED, Status.AWAITING_SIGNATURE, Status.ARCHIVED)


def dossier_in(session: Session, world: World, status: Status = Status.IN_REVIEW) -> UUID:
    dossier_id = builders.a_dossier(session, world, status, members=("Mila", "Daan"))
    if status is Status.SUBMITTED:
        members = frozenset({world.ids["Mila"], world.ids["Daan"]})
        casework.plan(session, dossier_id, members, None, world.stamp(session, "Sem"))
    return dossier_id


def content_of(session: Session, dossier_id: UUID) -> Any:
    return json.loads(builders.present_advice(session, dossier_id).content)


@pytest.mark.parametrize("status", sorted(RECUSABLE))
@pytest.mark.parametrize("who", ["Mila", "Chris", "Sem"])
def test_recuse_takes_every_role_and_the_dossier_leaves_the_lists(
    session: Session, world: World, by: By, new_events: Events, status: Status, who: str
) -> None:
    dossier_id = dossier_in(session, world, status)
    new_events()
    assert [row.id for row in worklists.of_committee(session, by(who).actor).dossiers] == [dossier_id]
    recusals.recuse(session, dossier_id, REASON, by(who))
    assert new_events() == [("recuse", "done")]
    assert worklists.of_committee(session, by(who).actor).dossiers == ()
    for permission in Permission:
        with pytest.raises(NotFoundError):
            open_dossier(session, dossier_id, by(who).actor, permission)
    with pytest.raises(NotFoundError):
        recusals.recuse(session, dossier_id, REASON, by(who))


def test_recuse_concerns_one_dossier_and_one_person(session: Session, world: World, by: By) -> None:
    one, other = dossier_in(session, world), dossier_in(session, world)
    recusals.recuse(session, one, REASON, by("Mila"))
    assert [row.id for row in worklists.of_committee(session, by("Mila").actor).dossiers] == [other]
    assert len(worklists.of_committee(session, by("Daan").actor).dossiers) == 2
    assert open_dossier(session, other, by("Mila").actor, Permission.REVIEW_WRITE).roles == {Role.MEMBER}


@pytest.mark.parametrize("status", [one for one in Status if one not in RECUSABLE])
@pytest.mark.parametrize("who", ["Mila", "Chris", "Sem"])
def test_recuse_at_another_moment_is_refused(
    session: Session, world: World, by: By, status: Status, who: str
) -> None:
    dossier_id = dossier_in(session, world, status)
    with pytest.raises(TransitionNotAllowedError if status in AFTER else NotFoundError):
        recusals.recuse(session, dossier_id, REASON, by(who))
    with pytest.raises(TransitionNotAllowedError if status in AFTER else NotFoundError):
        recusals.recuse_other(session, dossier_id, world.ids["Mila"], REASON, by("Sem"))
    with pytest.raises(TransitionNotAllowedError if status in AFTER else NotFoundError):
        recusals.undo(session, dossier_id, world.ids["Mila"], REASON, by("Sem"))
    assert session.scalars(select(RecusalEvent)).all() == []


def test_recuse_when_the_advice_was_taken_back(session: Session, world: World, by: By) -> None:
    dossier_id = dossier_in(session, world, Status.ADVISED)
    advice.revoke(session, dossier_id, by("Chris"))
    recusals.recuse(session, dossier_id, REASON, by("Chris"))
    with pytest.raises(NotFoundError):
        builders.adopt(session, world, dossier_id)


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        ("Noor", PermissionDeniedError),
        ("Omar", NotFoundError),
        ("Aisha", NotFoundError),
        ("Ada", NotFoundError),
    ],
)
def test_recuse_by_somebody_outside_the_committee_is_refused(
    session: Session, world: World, by: By, who: str, refused: type[Exception]
) -> None:
    dossier_id = dossier_in(session, world)
    with pytest.raises(refused):
        recusals.recuse(session, dossier_id, REASON, by(who))


@pytest.mark.parametrize("who", ["Noor", "Chris", "Mila"])
def test_only_the_secretary_records_for_others_and_undoes(
    session: Session, world: World, by: By, who: str
) -> None:
    dossier_id = dossier_in(session, world)
    for act in (recusals.recuse_other, recusals.undo):
        with pytest.raises(PermissionDeniedError):
            act(session, dossier_id, world.ids["Daan"], REASON, by(who))


@pytest.mark.parametrize("who", ["Sem", "Noor", "Omar", "Aisha"])
def test_recuse_other_when_it_is_nobody_else_of_the_committee_is_refused(
    session: Session, world: World, by: By, who: str
) -> None:
    dossier_id = dossier_in(session, world)
    with pytest.raises(InputError) as caught:
        recusals.recuse_other(session, dossier_id, world.ids[who], REASON, by("Sem"))
    assert (caught.value.field, caught.value.reason) == ("person", "unknown")


@pytest.mark.parametrize(
    ("reason", "why"), [(" \n", "required"), ("x" * 2001, "too_long"), ("a\x00b", "not_text")]
)
def test_recusal_without_a_reason_is_refused(
    session: Session, world: World, by: By, reason: str, why: str
) -> None:
    dossier_id = dossier_in(session, world)
    recusals.recuse(session, dossier_id, REASON, by("Daan"))
    acts: tuple[Callable[[], None], ...] = (
        lambda: recusals.recuse(session, dossier_id, reason, by("Mila")),
        lambda: recusals.recuse_other(session, dossier_id, world.ids["Mila"], reason, by("Sem")),
        lambda: recusals.undo(session, dossier_id, world.ids["Daan"], reason, by("Sem")),
    )
    for act in acts:
        with pytest.raises(InputError) as caught:
            act()
        assert (caught.value.field, caught.value.reason) == ("reason", why)
    assert [row.user.name for row in recusals.of_dossier(session, dossier_id)] == ["Daan"]


def test_recusal_from_an_older_page_is_refused(session: Session, world: World, by: By) -> None:
    dossier_id = dossier_in(session, world)
    seen = session.get_one(Dossier, dossier_id).revision
    recusals.recuse(session, dossier_id, REASON, by("Daan", seen))
    with pytest.raises(ConcurrentEditError):
        recusals.recuse(session, dossier_id, REASON, by("Mila", seen))
    with pytest.raises(ConcurrentEditError):
        recusals.undo(session, dossier_id, world.ids["Daan"], REASON, by("Sem", seen))


def test_verdict_of_who_withdrew_does_not_count_until_it_is_undone(
    session: Session, world: World, by: By
) -> None:
    dossier_id = dossier_in(session, world)
    builders.judge(session, world, dossier_id)
    recusals.recuse_other(session, dossier_id, world.ids["Mila"], REASON, by("Sem"))
    assert (reviews.count(session, dossier_id, 1), list(reviews.of_round(session, dossier_id, 1))) == (0, [])
    with pytest.raises(GuardFailedError):
        builders.adopt(session, world, dossier_id)
    assert [user.name for user in casework.assigned(session, dossier_id)] == ["Daan"]

    recusals.undo(session, dossier_id, world.ids["Mila"], "De baan is opgezegd.", by("Sem"))
    assert [row.member.name for row in reviews.of_round(session, dossier_id, 1)] == ["Mila"]
    assert [user.name for user in casework.assigned(session, dossier_id)] == ["Daan", "Mila"]
    builders.adopt(session, world, dossier_id)
    assert "recusals" not in content_of(session, dossier_id)


def test_who_withdrew_cannot_be_assigned(session: Session, world: World, by: By) -> None:
    dossier_id = dossier_in(session, world)
    recusals.recuse(session, dossier_id, REASON, by("Mila"))
    names = [user.name for user in casework.assignable(session, session.get_one(Dossier, dossier_id))]
    assert names == ["Daan", "Robin"]
    with pytest.raises(InputError):
        casework.plan(session, dossier_id, frozenset({world.ids["Mila"]}), None, by("Sem"))


def test_advice_names_who_withdrew_and_leaves_their_verdict_out(
    session: Session, world: World, by: By
) -> None:
    dossier_id = dossier_in(session, world)
    builders.judge(session, world, dossier_id, ("Mila", "Daan"))
    recusals.recuse(session, dossier_id, REASON, by("Mila"))
    recusals.recuse_other(session, dossier_id, world.ids["Robin"], "Familie.", by("Sem"))
    builders.adopt(session, world, dossier_id)
    content = content_of(session, dossier_id)
    at = "2026-03-02T09:30:00Z"
    assert content["recusals"] == [
        {"by": "Mila", "role": "member", "reason": REASON, "at": at},
        {"by": "Robin", "role": "chair", "reason": "Familie.", "at": at},
    ]
    assert [review["by"] for review in content["reviews"]] == ["Daan"]
    builders.approve(session, world, dossier_id)
    assert session.get_one(Dossier, dossier_id).status is Status.AWAITING_SIGNATURE


def test_recusal_lasts_over_rounds(session: Session, world: World, by: By) -> None:
    dossier_id = dossier_in(session, world, Status.CHANGES_REQUESTED)
    recusals.recuse(session, dossier_id, REASON, by("Mila"))
    builders.reply_to_all(session, world, dossier_id)
    builders.hand_in(session, world, dossier_id)
    with pytest.raises(NotFoundError):
        open_dossier(session, dossier_id, by("Mila").actor, Permission.DOSSIER_READ)


def test_another_chair_adopts_when_one_withdrew_and_nobody_when_all_did(
    session: Session, world: World, by: By
) -> None:
    dossier_id = dossier_in(session, world)
    builders.judge(session, world, dossier_id)
    dossier = session.get_one(Dossier, dossier_id)
    assert recusals.own(session, dossier_id, by("Chris")).shortage is None
    recusals.recuse(session, dossier_id, REASON, by("Chris"))
    assert recusals.shortage_in(session, dossier) is None
    assert open_dossier(session, dossier_id, by("Robin").actor, Permission.ADVICE_ADOPT).may(
        Permission.ADVICE_ADOPT
    )
    assert recusals.own(session, dossier_id, by("Robin")).shortage is Shortage.NO_CHAIR
    recusals.recuse_other(session, dossier_id, world.ids["Robin"], REASON, by("Sem"))
    assert recusals.board(session, dossier_id, by("Sem")).shortage is Shortage.NO_CHAIR
    assert casework.case_of(session, dossier_id, by("Sem")).shortage is Shortage.NO_CHAIR


def test_shortage_when_one_person_is_left_for_two_roles(session: Session, world: World, by: By) -> None:
    dossier_id = dossier_in(session, world)
    recusals.recuse(session, dossier_id, REASON, by("Chris"))
    recusals.recuse(session, dossier_id, REASON, by("Sem"))
    assert recusals.board(session, dossier_id, by("Robin")).shortage is Shortage.ONE_PERSON


def test_board_lists_everything_that_was_recorded(session: Session, world: World, by: By) -> None:
    dossier_id = dossier_in(session, world)
    recusals.recuse(session, dossier_id, REASON, by("Mila"))
    recusals.undo(session, dossier_id, world.ids["Mila"], "Vergissing.", by("Sem"))
    recusals.recuse_other(session, dossier_id, world.ids["Mila"], "Toch wel.", by("Sem"))
    found = recusals.board(session, dossier_id, by("Sem"))
    assert [(row.number, row.step, row.reason, row.by.name, row.at) for row in found.events] == [
        (3, RecusalStep.RECUSED, "Toch wel.", "Sem", AT),
        (2, RecusalStep.UNDONE, "Vergissing.", "Sem", AT),
        (1, RecusalStep.RECUSED, REASON, "Mila", AT),
    ]
    assert [row.number for row in found.recused] == [3]
    assert [user.name for user in found.others] == ["Chris", "Daan", "Robin"]


def test_event_names_person_and_capacity_and_never_the_reason(session: Session, world: World, by: By) -> None:
    dossier_id = dossier_in(session, world)
    recusals.recuse_other(session, dossier_id, world.ids["Mila"], REASON, by("Sem"))
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert (event.action, event.object_id, event.actor_id) == ("recuse", str(dossier_id), world.ids["Sem"])
    details = json.loads(event.body)["details"]
    assert details == {"user": str(world.ids["Mila"]), "role": "member", "number": 1}


def test_database_refuses_what_the_rules_do(session: Session, world: World, by: By) -> None:
    dossier_id = dossier_in(session, world)
    recusals.recuse(session, dossier_id, REASON, by("Mila"))
    facts = {"dossier_id": dossier_id, "user_id": world.ids["Mila"], "by_id": world.ids["Sem"], "at": AT}
    for number, step, role in (
        (1, RecusalStep.RECUSED, Role.MEMBER),
        (2, RecusalStep.RECUSED, Role.MEMBER),
        (3, RecusalStep.RECUSED, Role.AUDITOR),
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(RecusalEvent(**facts, number=number, step=step, role=role, reason="x"))
            session.flush()
    for statement in ("UPDATE recusal_event SET reason = 'y'", "DELETE FROM recusal_event"):
        with pytest.raises(IntegrityError, match="append-only"), session.begin_nested():
            session.execute(text(statement))
