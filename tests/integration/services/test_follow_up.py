"""What a snapshot keeps of the conclusions, and what a next dossier starts from."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.projects import Phase, ProjectKind
from ethiek.domain.workflow import Status
from ethiek.errors import NotFoundError
from ethiek.models.questionnaires import QuestionnaireOffer
from ethiek.services import follow_up, questionnaires, submission
from ethiek.services.dossiers import Details
from ethiek.services.follow_up import Example
from tests import builders
from tests.builders import AT, World
from tests.integration.services.conftest import By
from tests.question_sets import a_questionnaire, a_scan

TODAY = AT.date()
PEOPLE = {Slot("people"): Answer(choice="yes")}


@pytest.fixture
def world(session: Session) -> World:
    world = builders.a_world(session, a_scan())
    questionnaires.publish(session, [a_questionnaire()], AT)
    return world


def publish(session: Session, version: str, language: str = "nl", offered_from: date = TODAY) -> str:
    one = replace(a_questionnaire(), version=version, language=language)
    questionnaires.publish(session, [one], AT)
    session.execute(
        update(QuestionnaireOffer).where(QuestionnaireOffer.key == one.key).values(offered_from=offered_from)
    )
    return one.key


def offered_key(session: Session, language: str = "nl") -> str | None:
    found = follow_up.offered(session, {"proef"}, language, TODAY).get("proef")
    return found.key if found else None


def test_snapshot_keeps_what_was_concluded(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, given=PEOPLE)
    found = json.loads(submission.submit(session, dossier_id, by("Noor")).content)
    assert found["conclusions"] == [
        {"id": "proef", "title": "De proeftoets", "level": "recommended", "reason": "Het raakt mensen."},
        {"id": "elsewhere", "title": "Een andere toets", "level": "not_needed", "reason": "Dat hoeft niet."},
    ]


def test_snapshot_of_a_set_that_concludes_keeps_that_nothing_followed(
    session: Session, world: World, by: By
) -> None:
    dossier_id = builders.a_dossier(session, world)
    assert json.loads(submission.submit(session, dossier_id, by("Noor")).content)["conclusions"] == []


def test_offered_is_the_newest_version_in_the_language(session: Session, world: World) -> None:
    assert (world.questionnaire.key, offered_key(session)) == ("scan/1.0", "proef/1.0")
    publish(session, "2.9")
    publish(session, "2.10")
    publish(session, "en-3", "en")
    publish(session, "4.0", offered_from=TODAY + timedelta(days=1))
    assert (offered_key(session), offered_key(session, "en")) == ("proef/2.10", "proef/en-3")


@pytest.mark.usefixtures("world")
def test_offered_leaves_out_what_was_withdrawn_and_takes_another_language(session: Session, by: By) -> None:
    session.execute(
        update(QuestionnaireOffer)
        .where(QuestionnaireOffer.key == "proef/1.0")
        .values(withdrawn_at=AT, withdrawn_by_id=by("Sem").actor.user_id)
    )
    assert offered_key(session) is None
    publish(session, "en-3", "en")
    assert offered_key(session) == "proef/en-3"


@pytest.mark.parametrize(("instrument", "key"), [("proef", "proef/1.0"), ("weg", ""), ("", "")])
def test_example_is_what_the_other_dossier_says_of_the_project(
    session: Session, world: World, by: By, instrument: str, key: str
) -> None:
    dossier_id = builders.a_dossier(session, world)
    assert follow_up.example(session, dossier_id, instrument, by("Noor")) == Example(
        dossier_id,
        "ETH-2026-0001",
        Details("Slimme camera", "Weten hoe druk het is.", world.unit_id, ProjectKind.SENSOR, Phase.PILOT),
        world.committee_id,
        key,
    )


@pytest.mark.parametrize("name", ["Omar", "Tess", "Aisha", "Mila"])
def test_example_of_a_dossier_one_may_not_read_is_not_there(
    session: Session, world: World, by: By, name: str
) -> None:
    dossier_id = builders.a_dossier(session, world, Status.DRAFT)
    with pytest.raises(NotFoundError):
        follow_up.example(session, dossier_id, "proef", by(name))
