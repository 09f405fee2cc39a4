"""Gatherings of the team: recorded, changed, taken away and handed in; nothing that was typed is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.gatherings import Gathering, Participant
from ethiek.domain.workflow import EDITABLE, Status
from ethiek.errors import (
    ConcurrentEditError,
    InputError,
    NotFoundError,
    PermissionDeniedError,
    TransitionNotAllowedError,
)
from ethiek.models.audit import AuditEvent
from ethiek.models.dossiers import Snapshot
from ethiek.models.gatherings import GatheringRevision
from ethiek.services import casework, gatherings
from tests import builders
from tests.builders import World
from tests.conftest import AT
from tests.integration.services.conftest import By, Events

DEDA = Gathering(
    date(2026, 2, 10),
    "DEDA-sessie",
    (Participant("Noor", "projectleider"), Participant("Yara", "")),
    "Vier uur, met **gespreksleider**.",
)
LATER = replace(DEDA, on=date(2026, 2, 20), title="IAMA deel 1", note="")


def add(session: Session, dossier_id: UUID, by: By, given: Gathering = DEDA, token: str = "t1") -> UUID:
    before = {one.id for one in gatherings.present(session, dossier_id)}
    gatherings.add(session, dossier_id, given, token, by("Noor"))
    return next(one.id for one in gatherings.present(session, dossier_id) if one.id not in before)


def titles(session: Session, dossier_id: UUID) -> list[str]:
    return [one.given.title for one in gatherings.present(session, dossier_id) if one.given]


def sessions_in(session: Session, dossier_id: UUID) -> Any:
    query = select(Snapshot.content).where(Snapshot.dossier_id == dossier_id).order_by(Snapshot.round)
    return [json.loads(content).get("sessions") for content in session.scalars(query)]


def test_gatherings_stand_in_order_of_date(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    dossier_id = builders.a_dossier(session, world)
    new_events()
    add(session, dossier_id, by, LATER, "t1")
    add(session, dossier_id, by, DEDA, "t2")
    assert [one.given for one in gatherings.present(session, dossier_id)] == [DEDA, LATER]
    assert new_events() == [("save_gathering", "done")] * 2
    assert gatherings.sheet(session, dossier_id, by("Noor")).editable


def test_the_same_form_sent_twice_is_one(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world)
    for _ in range(2):
        gatherings.add(session, dossier_id, DEDA, "t1", by("Noor"))
    [one] = gatherings.present(session, dossier_id)
    for _ in range(2):
        gatherings.change(session, dossier_id, one.id, LATER, "t2", by("Noor", 1))
    assert [one.revision for one in gatherings.present(session, dossier_id)] == [2]


def test_change_and_removal_keep_every_version(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world)
    id_ = add(session, dossier_id, by)
    gatherings.change(session, dossier_id, id_, LATER, "t2", by("Noor", 1))
    gatherings.change(session, dossier_id, id_, None, "t3", by("Noor", 2))
    assert titles(session, dossier_id) == []
    found = gatherings.history(session, dossier_id, id_, by("Noor"))
    assert [(one.revision, one.given, one.by, one.at) for one in found.versions] == [
        (3, None, "Noor", AT),
        (2, LATER, "Noor", AT),
        (1, DEDA, "Noor", AT),
    ]
    gatherings.change(session, dossier_id, id_, DEDA, "t4", by("Noor", 3))
    assert titles(session, dossier_id) == ["DEDA-sessie"]


def test_change_from_an_older_page_is_refused(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world)
    id_ = add(session, dossier_id, by)
    gatherings.change(session, dossier_id, id_, LATER, "t2", by("Noor", 1))
    for given in (DEDA, None):
        with pytest.raises(ConcurrentEditError):
            gatherings.change(session, dossier_id, id_, given, "t3", by("Noor", 1))
    assert titles(session, dossier_id) == ["IAMA deel 1"]


def test_change_of_one_that_is_not_of_this_dossier_does_not_exist(
    session: Session, world: World, by: By
) -> None:
    dossier_id = builders.a_dossier(session, world)
    id_ = add(session, dossier_id, by)
    other = builders.a_dossier(session, world)
    for dossier, gathering in ((other, id_), (dossier_id, uuid4())):
        with pytest.raises(NotFoundError):
            gatherings.change(session, dossier, gathering, LATER, "t2", by("Noor", 1))
        with pytest.raises(NotFoundError):
            gatherings.history(session, dossier, gathering, by("Noor"))


@pytest.mark.parametrize(
    ("change", "field", "why"),
    [
        ({"on": date(2026, 3, 3)}, "on", "future"),
        ({"on": date(1026, 3, 3)}, "on", "long_ago"),
        ({"title": " "}, "title", "required"),
        ({"title": "x" * 201}, "title", "over_200"),
        ({"title": "a\x00b"}, "title", "not_text"),
        ({"participants": ()}, "participants", "required"),
        ({"participants": (Participant("", "jurist"),)}, "participants", "no_name"),
        ({"participants": (Participant("x" * 201, ""),)}, "participants", "over_200"),
        ({"participants": (Participant("Noor", "\ud800"),)}, "participants", "not_text"),
        ({"participants": (Participant("Noor", ""),) * 101}, "participants", "too_many_people"),
        ({"note": "x" * 20_001}, "note", "too_long"),
        ({"note": "x\n" * 1_001}, "note", "too_many_lines"),
    ],
)
def test_what_cannot_be_recorded_is_refused_at_its_field(
    session: Session, world: World, by: By, change: dict[str, Any], field: str, why: str
) -> None:
    dossier_id = builders.a_dossier(session, world)
    with pytest.raises(InputError) as caught:
        gatherings.add(session, dossier_id, replace(DEDA, **change), "t1", by("Noor"))
    assert (caught.value.field, caught.value.reason) == (field, why)
    assert gatherings.present(session, dossier_id) == []


def test_today_is_the_date_in_the_netherlands(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world)
    late = datetime.fromisoformat("2026-07-01T22:30:00+00:00")
    stamp = Stamp(by("Noor").actor, late)
    gatherings.add(session, dossier_id, replace(DEDA, on=date(2026, 7, 2)), "t1", stamp)
    assert titles(session, dossier_id) == ["DEDA-sessie"]


def test_a_dossier_holds_a_hundred(
    session: Session, world: World, by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gatherings, "MAX_GATHERINGS", 1)
    dossier_id = builders.a_dossier(session, world)
    add(session, dossier_id, by)
    with pytest.raises(InputError, match="too_many_gatherings"):
        gatherings.add(session, dossier_id, LATER, "t2", by("Noor"))


@pytest.mark.parametrize("status", [one for one in Status if one not in EDITABLE])
def test_recording_when_the_dossier_is_not_with_the_team_is_refused(
    session: Session, world: World, by: By, status: Status
) -> None:
    dossier_id = builders.a_dossier(session, world, status)
    with pytest.raises(TransitionNotAllowedError):
        gatherings.add(session, dossier_id, DEDA, "t1", by("Noor"))
    assert not gatherings.sheet(session, dossier_id, by("Noor")).editable


@pytest.mark.parametrize(
    ("who", "refused"),
    [("Sem", PermissionDeniedError), ("Mila", PermissionDeniedError), ("Omar", NotFoundError)],
)
def test_recording_by_somebody_outside_the_team_is_refused(
    session: Session, world: World, by: By, who: str, refused: type[Exception]
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.CHANGES_REQUESTED)
    id_ = add(session, dossier_id, by)
    for act in (
        lambda: gatherings.add(session, dossier_id, DEDA, "t2", by(who)),
        lambda: gatherings.change(session, dossier_id, id_, DEDA, "t2", by(who, 1)),
        lambda: gatherings.sheet(session, dossier_id, by(who)),
        lambda: gatherings.history(session, dossier_id, id_, by(who)),
    ):
        with pytest.raises(refused):
            act()


def test_snapshot_holds_them_as_they_were_and_is_without_the_member_when_there_are_none(
    session: Session, world: World, by: By
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.CHANGES_REQUESTED)
    id_ = add(session, dossier_id, by)
    add(session, dossier_id, by, LATER, "t2")
    builders.reply_to_all(session, world, dossier_id)
    builders.hand_in(session, world, dossier_id)
    builders.take_up(session, world, dossier_id)
    builders.a_remark(session, world, dossier_id, "Nog iets.", by="Chris", released=True)
    casework.request_changes(session, dossier_id, by("Sem"))
    gatherings.change(session, dossier_id, id_, None, "t3", by("Noor", 1))
    builders.reply_to_all(session, world, dossier_id)
    builders.hand_in(session, world, dossier_id)
    first = {
        "on": "2026-02-10",
        "title": "DEDA-sessie",
        "participants": [{"name": "Noor", "role": "projectleider"}, {"name": "Yara", "role": ""}],
        "note": "Vier uur, met **gespreksleider**.",
    }
    second = {**first, "on": "2026-02-20", "title": "IAMA deel 1", "note": ""}
    assert sessions_in(session, dossier_id) == [None, [first, second], [second]]


def test_event_names_gathering_and_version_and_never_the_text(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world)
    id_ = add(session, dossier_id, by)
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert json.loads(event.body)["details"] == {"gathering": str(id_), "revision": 1}


def test_database_keeps_every_version(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world)
    id_ = add(session, dossier_id, by)
    for number, token in ((1, "t2"), (2, "t1"), (0, "t3")):
        with pytest.raises(IntegrityError), session.begin_nested():
            facts = {"dossier_id": dossier_id, "gathering_id": id_, "at": AT, "author_id": world.ids["Noor"]}
            session.add(GatheringRevision(**facts, number=number, token=token, content=DEDA.to_json()))
            session.flush()
    for statement in ("UPDATE gathering_revision SET number = 9", "DELETE FROM gathering_revision"):
        with pytest.raises(IntegrityError, match="append-only"), session.begin_nested():
            session.execute(text(statement))
