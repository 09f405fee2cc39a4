"""The meeting of the committee in the advice: optional, with who was there; who withdrew was not."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from ethiek.domain.actors import Role
from ethiek.domain.advice import AdviceInput, MeetingInput, Verdict
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import Status
from ethiek.errors import InputError
from ethiek.models.dossiers import Dossier
from ethiek.services import advice, advice_sheet, meetings, recusals
from ethiek.services.meetings import Meeting
from tests import builders
from tests.builders import World
from tests.integration.services.conftest import By

ON = date(2026, 3, 2)


@pytest.fixture
def dossier_id(session: Session, world: World) -> UUID:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW, members=("Mila",))
    builders.judge(session, world, dossier_id)
    return dossier_id


def adopt(session: Session, dossier_id: UUID, by: By, meeting: MeetingInput | None) -> Any:
    given = AdviceInput(Verdict.POSITIVE, "Goed.", (), meeting)
    return json.loads(advice.adopt(session, dossier_id, given, "Provincie", by("Chris")).content)


def test_attendees_are_chairs_secretaries_and_assigned_members(
    session: Session, by: By, dossier_id: UUID
) -> None:
    dossier = session.get_one(Dossier, dossier_id)
    assert [(one.name, one.role) for one in meetings.attendees(session, dossier)] == [
        ("Chris", Role.CHAIR),
        ("Mila", Role.MEMBER),
        ("Robin", Role.CHAIR),
        ("Sem", Role.SECRETARY),
    ]
    recusals.recuse(session, dossier_id, "Belang.", by("Robin"))
    assert [one.name for one in meetings.attendees(session, dossier)] == ["Chris", "Mila", "Sem"]


def test_advice_holds_who_was_there_and_who_was_not(
    session: Session, world: World, by: By, dossier_id: UUID
) -> None:
    recusals.recuse(session, dossier_id, "Belang.", by("Robin"))
    present = frozenset({world.ids["Chris"], world.ids["Mila"]})
    content = adopt(session, dossier_id, by, MeetingInput(ON, present))
    assert content["meeting"] == {
        "on": "2026-03-02",
        "present": [{"name": "Chris", "role": "chair"}, {"name": "Mila", "role": "member"}],
        "absent": [{"name": "Sem", "role": "secretary"}],
    }
    sheet = advice_sheet.of(session, dossier_id, Permission.ADVICE_APPROVE, by("Sem"))
    assert sheet.meeting == Meeting(
        ON, (("Chris", Role.CHAIR), ("Mila", Role.MEMBER)), (("Sem", Role.SECRETARY),)
    )


def test_advice_without_a_meeting_has_no_such_member(session: Session, by: By, dossier_id: UUID) -> None:
    assert set(adopt(session, dossier_id, by, None)) == {
        "format", "organisation", "committee", "dossier", "round", "snapshot_sha256", "verdict", "motivation",
        "conditions", "reviews", "quorum", "remarks", "rounds", "adopted",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("on", "who", "field", "why"),
    [
        (date(2026, 3, 3), ("Chris",), "meeting_on", "future"),
        (date(2025, 3, 2), ("Chris",), "meeting_on", "before_dossier"),
        (None, ("Chris",), "meeting_on", "required"),
        (ON, (), "present", "required"),
        (ON, ("Chris", "Daan"), "present", "not_attending"),
        (ON, ("Noor",), "present", "not_attending"),
        (ON, ("Robin",), "present", "not_attending"),
    ],
)
def test_meeting_that_cannot_be_is_refused_at_its_field(
    session: Session,
    world: World,
    by: By,
    dossier_id: UUID,
    on: date | None,
    who: tuple[str, ...],
    field: str,
    why: str,
) -> None:
    recusals.recuse(session, dossier_id, "Belang.", by("Robin"))
    meeting = MeetingInput(on, frozenset(world.ids[name] for name in who))
    with pytest.raises(InputError) as caught:
        adopt(session, dossier_id, by, meeting)
    assert (caught.value.field, caught.value.reason) == (field, why)
    assert session.get_one(Dossier, dossier_id).status is Status.IN_REVIEW
