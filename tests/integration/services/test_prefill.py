from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.carried import CarriedState, Origin
from ethiek.domain.projects import Phase, ProjectKind
from ethiek.domain.workflow import Status
from ethiek.errors import (
    ConcurrentEditError,
    InputError,
    NotFoundError,
    PermissionDeniedError,
    TransitionNotAllowedError,
)
from ethiek.exchange.answers_file import Why
from ethiek.models.carried import CarriedAnswer
from ethiek.models.dossiers import Dossier
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.services import answers, carrying, dossiers, exporting, prefill, questionnaires
from ethiek.services.answers import Sent, present_answers
from tests import builders
from tests.builders import World
from tests.conftest import AT
from tests.integration.services.conftest import By, Events
from tests.question_sets import FIRST

EDITED = datetime(2026, 2, 1, 8, 15, tzinfo=UTC)
IMAGE = {"data": "data:image/png;base64,AAAA"}


def an_empty_dossier(session: Session, world: World, by: By, key: str = "") -> UUID:
    details = dossiers.Details("Leeg", "Nog niets.", world.unit_id, ProjectKind.SENSOR, Phase.IDEA)
    given = dossiers.StartInput(details, key or world.questionnaire.key, world.committee_id, "Projectleider")
    return dossiers.start(session, given, by("Noor")).id


def a_file(values: Mapping[str, object], urn: str = "urn:nl:proef:1.0") -> bytes:
    at = "2026-02-01T08:15:00Z"
    given = {key: {"value": value, "lastEditedAt": at} for key, value in values.items()}
    return json.dumps({"metadata": {"urn": urn, "createdAt": at}, "answers": given}).encode()


def now_in(session: Session, dossier_id: UUID) -> dict[Slot, Answer]:
    return {slot: one.answer for slot, one in present_answers(session, dossier_id).items()}


def carried(session: Session, dossier_id: UUID) -> list[CarriedAnswer]:
    return carrying.carried_into(session, session.get_one(Dossier, dossier_id))


def test_choice_offers_the_other_dossiers_that_one_works_on(session: Session, world: World, by: By) -> None:
    mine = builders.a_dossier(session, world)
    target = an_empty_dossier(session, world, by)
    builders.add_colleague(session, world, mine)
    builders.add_colleague(session, world, target)
    assert [one.id for one in prefill.choice(session, target, by("Noor")).candidates] == [mine]
    assert [one.id for one in prefill.choice(session, target, by("Tess")).candidates] == [mine]
    dossiers.remove_team_member(session, mine, world.ids["Tess"], by("Noor"))
    assert prefill.choice(session, target, by("Tess")).candidates == ()
    assert prefill.choice(session, target, by("Tess")).takes_files


def test_preview_from_a_dossier_changes_nothing_and_says_what_would_happen(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    source = builders.a_dossier(session, world, given={FIRST: Answer(text="Drukte.")})
    target = an_empty_dossier(session, world, by)
    new_events()
    found = prefill.from_dossier(session, target, source, by("Noor"))
    assert {one.item.slot for one in found.of(CarriedState.PENDING)} == set(now_in(session, source))
    first = found.of(CarriedState.PENDING)[0]
    assert (first.question, first.text, first.item.origin_at) == (
        "1.1.1 Wat is de aanleiding?",
        "Drukte.",
        AT,
    )
    assert found.label == "ETH-2026-0001 (Proeftoets)"
    assert (now_in(session, target), new_events()) == ({}, [])


def test_filling_in_from_a_dossier_waits_to_be_confirmed_and_overwrites_nothing(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    source = builders.a_dossier(session, world, given={FIRST: Answer(text="Drukte.")})
    target = an_empty_dossier(session, world, by)
    answers.save(session, target, [Sent(FIRST, Answer(text="Eigen."), 0, "token-een")], by("Noor"))
    new_events()
    preview = prefill.from_dossier(session, target, source, by("Noor"))
    states = prefill.carry_out(session, preview, by("Noor"))
    expected = {**now_in(session, source), FIRST: Answer(text="Eigen.")}
    assert now_in(session, target) == expected
    assert states.count(CarriedState.NOT_USED) == 1
    waiting = carrying.pending(session, session.get_one(Dossier, target))
    assert waiting == expected.keys() - {FIRST}
    assert new_events() == [("carry_answers", "done")]
    rows = carried(session, target)
    assert {(row.origin, row.origin_label) for row in rows} == {
        (Origin.DOSSIER, "ETH-2026-0001 (Proeftoets)")
    }


def test_the_same_page_sent_twice_fills_in_once(session: Session, world: World, by: By) -> None:
    source = builders.a_dossier(session, world)
    target = an_empty_dossier(session, world, by)
    seen = session.get_one(Dossier, target).revision
    prefill.carry_out(session, prefill.from_dossier(session, target, source, by("Noor", seen)), by("Noor"))
    with pytest.raises(ConcurrentEditError):
        prefill.from_dossier(session, target, source, by("Noor", seen))


def test_answers_of_the_iama_of_2021_go_where_the_new_one_asks_for_them(
    session: Session, world: World, by: By
) -> None:
    old, new = (load_catalogue().get(key) for key in ("iama/1.0", "iama/2.0"))
    questionnaires.publish(session, [old, new], AT - timedelta(days=1))
    source, target = (an_empty_dossier(session, world, by, key) for key in ("iama/1.0", "iama/2.0"))
    answers.save(session, source, [Sent(Slot("1.1.1"), Answer(text="Drukte."), 0, "token-een")], by("Noor"))
    assert [one.id for one in prefill.choice(session, target, by("Noor")).candidates] == [source]
    prefill.carry_out(session, prefill.from_dossier(session, target, source, by("Noor")), by("Noor"))
    assert now_in(session, target) == {Slot("1.1.1"): Answer(text="Drukte.")}
    assert carrying.pending(session, session.get_one(Dossier, target)) == {Slot("1.1.1")}


def test_an_answer_without_a_place_keeps_its_words(session: Session, world: World, by: By) -> None:
    old, new = (load_catalogue().get(key) for key in ("iama/1.0", "iama/2.0"))
    questionnaires.publish(session, [old, new], AT - timedelta(days=1))
    source, target = (an_empty_dossier(session, world, by, key) for key in ("iama/2.0", "iama/1.0"))
    given = Answer(choice="no", text="Getoetst.")
    answers.save(session, source, [Sent(Slot("3.5.5"), given, 0, "token-een")], by("Noor"))
    found = prefill.from_dossier(session, target, source, by("Noor"))
    prefill.carry_out(session, found, by("Noor"))
    texts = [row.content for row in carried(session, target) if row.state is CarriedState.UNPLACED]
    assert texts == [{"text": "Nee\n\nGetoetst."}]


@pytest.mark.parametrize("name", ["Omar", "Mila", "Sem"])
def test_only_answers_of_ones_own_dossiers_can_be_taken(
    session: Session, world: World, by: By, name: str
) -> None:
    source = builders.a_dossier(session, world, Status.IN_REVIEW)
    theirs = builders.a_dossier(session, world)
    with pytest.raises(NotFoundError):
        prefill.from_dossier(session, theirs, source, by(name))


def test_a_member_of_the_committee_cannot_take_what_it_reads(session: Session, world: World, by: By) -> None:
    read = builders.a_dossier(session, world, Status.IN_REVIEW)
    own = builders.a_dossier(session, world)
    session.flush()
    dossiers.add_team_member(session, own, builders.email_of("Daan"), "jurist", by("Noor"))
    with pytest.raises((PermissionDeniedError, NotFoundError)):
        prefill.from_dossier(session, own, read, by("Daan"))


def test_a_dossier_does_not_go_with_itself_or_with_another_instrument(
    session: Session, world: World, by: By
) -> None:
    questionnaires.publish(session, [load_catalogue().get("iama/2.0")], AT - timedelta(days=1))
    other = an_empty_dossier(session, world, by, "iama/2.0")
    target = an_empty_dossier(session, world, by)
    assert prefill.choice(session, target, by("Noor")).candidates == ()
    for source in (other, target):
        with pytest.raises(NotFoundError):
            prefill.from_dossier(session, target, source, by("Noor"))


def test_a_dossier_that_was_handed_in_is_not_filled_in(session: Session, world: World, by: By) -> None:
    source, target = builders.a_dossier(session, world), builders.a_dossier(session, world, Status.SUBMITTED)
    with pytest.raises(TransitionNotAllowedError):
        prefill.choice(session, target, by("Noor"))
    with pytest.raises(TransitionNotAllowedError):
        prefill.from_dossier(session, target, source, by("Noor"))
    with pytest.raises(TransitionNotAllowedError):
        prefill.from_file(session, target, "a.json", a_file({}), by("Noor"))


def test_filling_in_from_a_file_keeps_what_has_no_place(session: Session, world: World, by: By) -> None:
    target = an_empty_dossier(session, world, by)
    data = a_file({"1.1.1": "Drukte.", "9.9": "Iets anders.", "1.1.3": IMAGE})
    preview = prefill.from_file(session, target, "C:\\map\\antwoorden.json", data, by("Noor"))
    assert [(one.field, one.why) for one in preview.losses] == [
        ("9.9", Why.UNKNOWN_FIELD),
        ("1.1.3", Why.IMAGE),
    ]
    prefill.carry_out(session, preview, by("Noor"))
    assert now_in(session, target) == {FIRST: Answer(text="Drukte.")}
    rows = [
        (row.state, row.origin_label, row.source_question, row.content) for row in carried(session, target)
    ]
    assert rows == [
        (CarriedState.PENDING, "antwoorden.json", "1.1.1 Wat is de aanleiding?", {"text": "Drukte."}),
        (CarriedState.UNPLACED, "antwoorden.json", "9.9", {"text": "Iets anders."}),
    ]
    assert {row.origin_at for row in carried(session, target)} == {EDITED}
    earlier = json.loads(exporting.export(session, target, "json", by("Noor"))[2])["earlier_answers"]
    assert [(one["question"], one["text"], one["why"]) for one in earlier] == [
        ("9.9", "Iets anders.", "no_place")
    ]


def test_answers_go_to_another_dossier_by_file(session: Session, world: World, by: By) -> None:
    given = {
        FIRST: Answer(text="Drukte."),
        Slot("1.1.2"): Answer(choice="yes"),
        Slot("1.1.3"): Answer(text="Kort."),
    }
    source = builders.a_dossier(session, world, given=given)
    target = an_empty_dossier(session, world, by)
    name, data = exporting.answers_file(session, source, by("Noor"))
    assert name == "ETH-2026-0001-antwoorden.json"
    prefill.carry_out(session, prefill.from_file(session, target, name, data, by("Noor")), by("Noor"))
    assert now_in(session, target) == now_in(session, source)


def test_a_file_of_another_set_is_refused_at_its_field(session: Session, world: World, by: By) -> None:
    target = an_empty_dossier(session, world, by)
    with pytest.raises(InputError) as refused:
        prefill.from_file(session, target, "a.json", a_file({}, "urn:nl:dpia:3.0"), by("Noor"))
    assert (refused.value.field, refused.value.reason) == ("file", "other_instrument")


def test_the_committee_takes_the_answers_that_were_handed_in(session: Session, world: World, by: By) -> None:
    given = {FIRST: Answer(text="Drukte.")}
    dossier_id = builders.a_dossier(session, world, Status.CHANGES_REQUESTED, given=given)
    builders.fill_in(session, world, dossier_id, {FIRST: Answer(text="Anders.")})
    _name, data = exporting.answers_file(session, dossier_id, by("Mila"))
    assert json.loads(data)["answers"]["1.1.1"]["value"] == "Drukte."
    assert session.scalar(select(CarriedAnswer.id)) is None
