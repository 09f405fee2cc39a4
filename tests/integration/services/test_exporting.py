from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.carried import CarriedState, Origin, ToCarry
from ethiek.domain.workflow import Status
from ethiek.errors import NotFoundError
from ethiek.models.carried import CarriedAnswer
from ethiek.models.dossiers import Dossier
from ethiek.services import carrying, exporting
from tests import builders
from tests.builders import World
from tests.conftest import AT
from tests.integration.services.conftest import By, Events
from tests.question_sets import FIRST

IN_USE = {Slot("1.1.2"): Answer(choice="yes"), Slot("1.1.3"): Answer(text="Twee jaar.")}


def exported(session: Session, dossier_id: UUID, stamp: Stamp) -> dict[str, Any]:
    _name, _kind, data = exporting.export(session, dossier_id, "json", stamp)
    found: dict[str, Any] = json.loads(data)
    return found


def first_answer(found: dict[str, Any]) -> str:
    entry = found["parts"][0]["sections"][0]["groups"][0]["questions"][0]
    return str(entry["answer"].get("text", ""))


def test_export_of_a_draft_gives_the_team_what_is_there_now(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, given={FIRST: Answer(text="Drukte.")})
    found = exported(session, dossier_id, by("Noor"))
    assert (found["state"], found["round"], found["submitted"], first_answer(found)) == (
        "draft",
        0,
        None,
        "Drukte.",
    )
    assert found["exported_at"] == "2026-03-02T09:30:00Z"


def test_export_after_changes_were_asked_differs_for_team_and_committee(
    session: Session, world: World, by: By
) -> None:
    given = {FIRST: Answer(text="Drukte.")}
    dossier_id = builders.a_dossier(session, world, Status.CHANGES_REQUESTED, given=given)
    builders.fill_in(session, world, dossier_id, {FIRST: Answer(text="Drukte en onrust.")})
    team, committee = (exported(session, dossier_id, by(name)) for name in ("Noor", "Mila"))
    assert (team["state"], team["round"], first_answer(team)) == ("draft", 1, "Drukte en onrust.")
    assert (committee["state"], committee["round"], first_answer(committee)) == ("submitted", 1, "Drukte.")
    assert committee["submitted"] == {"at": "2026-03-02T09:30:00Z", "by": "Noor"}


@pytest.mark.parametrize("name", ["Noor", "Sem", "Mila", "Chris"])
def test_export_holds_released_remarks_only(session: Session, world: World, by: By, name: str) -> None:
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW)
    builders.a_remark(session, world, dossier_id, "Alleen voor ons.")
    builders.a_remark(session, world, dossier_id, "Voor het team.", released=True)
    data = json.dumps(exported(session, dossier_id, by(name)))
    assert ("Voor het team." in data, "Alleen voor ons." in data) == (True, False)


def test_export_holds_answers_to_questions_that_are_not_asked_now(
    session: Session, world: World, by: By
) -> None:
    dossier_id = builders.a_dossier(session, world, given=IN_USE)
    builders.fill_in(session, world, dossier_id, {Slot("1.1.2"): Answer(choice="no")})
    assert exported(session, dossier_id, by("Noor"))["earlier_answers"] == [
        {
            "question": "1.1.3 Hoe lang al?",
            "text": "Twee jaar.",
            "why": "not_asked",
            "origin": "",
            "at": "",
            "answer": {"text": "Twee jaar."},
        }
    ]


def test_export_holds_carried_answers_that_stand_at_no_question(
    session: Session, world: World, by: By
) -> None:
    dossier_id = builders.a_dossier(session, world)
    for state in (CarriedState.UNPLACED, CarriedState.NOT_USED, CarriedState.CONFIRMED):
        session.add(
            CarriedAnswer(
                dossier_id=dossier_id,
                questionnaire_key=world.questionnaire.key,
                question_id="" if state is CarriedState.UNPLACED else "1.1.1",
                state=state,
                origin=Origin.FILE,
                origin_label="antwoorden.json",
                origin_at=AT,
                source_question=f"1 Vraag {state}",
                source_slot="1",
                content={"choices": ["een", "twee"], "rows": [{"a": "x", "b": "y"}], "text": "Tekst."},
                carried_by_id=world.ids["Noor"],
                carried_at=AT,
            )
        )
        session.flush()
    found = exported(session, dossier_id, by("Noor"))["earlier_answers"]
    assert [(one["question"], one["text"], one["why"], one["origin"]) for one in found] == [
        ("1 Vraag unplaced", "een\ntwee\n\nx | y\n\nTekst.", "no_place", "antwoorden.json"),
        ("1 Vraag not_used", "een\ntwee\n\nx | y\n\nTekst.", "not_used", "antwoorden.json"),
    ]


def test_export_of_a_draft_marks_answers_that_wait_to_be_confirmed(
    session: Session, world: World, by: By
) -> None:
    dossier_id = builders.a_dossier(session, world)
    builders.fill_in(session, world, dossier_id, {FIRST: Answer()})
    came = ToCarry(
        FIRST,
        Answer(text="*Drukte.*"),
        needs_confirmation=True,
        source_slot=Slot("7"),
        source_question="7 Waarom?",
        origin_at=AT,
    )
    dossier = session.get_one(Dossier, dossier_id)
    carrying.carry(session, dossier, [came], Origin.FILE, "antwoorden.json", by("Noor"))

    def first() -> Any:
        part = exported(session, dossier_id, by("Noor"))["parts"][0]
        return part["sections"][0]["groups"][0]["questions"][0]

    waits = {"origin": "antwoorden.json", "question": "7 Waarom?", "at": "2026-03-02T09:30:00Z"}
    assert (first()["to_confirm"], first()["answer"]) == (waits, {"text": "*Drukte.*"})
    carrying.confirm(session, dossier_id, [FIRST], by("Noor"))
    assert first()["to_confirm"] is None


def test_export_is_an_event(session: Session, world: World, by: By, new_events: Events) -> None:
    dossier_id = builders.a_dossier(session, world)
    new_events()
    name, kind, data = exporting.export(session, dossier_id, "odt", by("Noor"))
    assert (name, kind.extension, data[:2]) == ("ETH-2026-0001.odt", "odt", b"PK")
    assert new_events() == [("export_dossier", "done")]


@pytest.mark.parametrize("name", ["Mila", "Omar", "Aisha", "Ada"])
def test_export_of_a_draft_is_for_nobody_outside_the_team(
    session: Session, world: World, by: By, name: str
) -> None:
    dossier_id = builders.a_dossier(session, world)
    with pytest.raises(NotFoundError):
        exporting.export(session, dossier_id, "json", by(name))


def test_export_in_an_unknown_kind_does_not_exist(session: Session, world: World, by: By) -> None:
    with pytest.raises(NotFoundError):
        exporting.export(session, builders.a_dossier(session, world), "exe", by("Noor"))
