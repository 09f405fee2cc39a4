from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.carried import CarriedState, Origin
from ethiek.domain.permissions import Permission
from ethiek.domain.workflow import EDITABLE, Status
from ethiek.errors import (
    ConcurrentEditError,
    NotFoundError,
    NotRestoredError,
    PermissionDeniedError,
    TransitionNotAllowedError,
)
from ethiek.models.dossiers import AnswerRevision, Dossier, StoredAnswer
from ethiek.models.questionnaires import QuestionnaireOffer
from ethiek.services import (
    advice,
    answers,
    carrying,
    comparison,
    migration,
    questionnaires,
    rounds,
    submission,
    versions,
)
from ethiek.services.access import open_dossier
from ethiek.services.answers import Sent
from tests import builders
from tests.builders import AT, World
from tests.integration.services.conftest import By, Events
from tests.question_sets import a_newer_version

OLD, NEW = "proef/1.0", "proef/1.1"
WHY, USED, LONG, RIGHTS = Slot("1.1.1"), Slot("1.1.2"), Slot("1.1.3"), Slot("1.1.4")
PRIVACY, EQUALITY = Slot("2.1.1", "privacy"), Slot("2.1.1", "equality")
GIVEN = {
    WHY: Answer(text="Drukte."),
    USED: Answer(choice="yes"),
    LONG: Answer(text="Een jaar."),
    RIGHTS: Answer(choices=("privacy", "equality")),
}


@pytest.fixture
def newer(session: Session, world: World) -> str:
    """The newer version, published."""
    assert world
    questionnaires.publish(session, [a_newer_version()], AT)
    return NEW


@pytest.fixture
def dossier(session: Session, world: World, newer: str) -> Dossier:
    """Noor's, filled in under the version before ``newer``."""
    assert newer
    return session.get_one(Dossier, builders.a_dossier(session, world, given=GIVEN))


def filled(session: Session, dossier: Dossier) -> dict[Slot, Answer]:
    present = answers.present_answers(session, dossier.id)
    return {slot: one.answer for slot, one in present.items()}


def rows_under(session: Session, dossier: Dossier, key: str) -> list[tuple[object, ...]]:
    """Everything that stands under one version, as the database has it."""
    stored = session.execute(
        select(StoredAnswer.__table__)
        .where(StoredAnswer.dossier_id == dossier.id, StoredAnswer.questionnaire_key == key)
        .order_by(StoredAnswer.id)
    )
    sent = session.execute(
        select(AnswerRevision.__table__)
        .where(AnswerRevision.dossier_id == dossier.id, AnswerRevision.questionnaire_key == key)
        .order_by(AnswerRevision.id)
    )
    return [tuple(row) for row in (*stored, *sent)]


def write(session: Session, dossier: Dossier, by: By, slot: Slot, answer: Answer) -> None:
    present = answers.present_answers(session, dossier.id).get(slot, answers.NOTHING)
    token = f"{dossier.questionnaire_key}-{slot}-{present.revision}"
    answers.save(session, dossier.id, [Sent(slot, answer, present.revision, token)], by("Noor"))


def confirm_all(session: Session, dossier: Dossier, by: By) -> None:
    carrying.confirm(session, dossier.id, carrying.pending(session, dossier), by("Noor"))


def test_newer_versions_are_offered_higher_and_in_the_same_language(
    session: Session, world: World, dossier: Dossier
) -> None:
    newest = replace(a_newer_version(), version="1.10", title="Proeftoets 1.10")
    older = replace(newest, version="0.9", title="Proeftoets 0.9")
    english = replace(newest, version="2.0", language="en")
    other = replace(newest, id="proef2", version="9.0")
    questionnaires.publish(session, [newest, older, english, other], AT)
    found = versions.newer_versions(session, dossier, AT.date())
    assert [one.key for one in found] == ["proef/1.10", NEW]
    assert versions.newer_versions(session, dossier, AT.date() - timedelta(days=1)) == []
    offer = session.get_one(QuestionnaireOffer, "proef/1.10")
    offer.withdrawn_at, offer.withdrawn_by_id = AT, world.ids["Noor"]
    session.flush()
    assert [one.key for one in versions.newer_versions(session, dossier, date(2030, 1, 1))] == [NEW]


def test_preview_shows_every_answer_and_changes_nothing(session: Session, dossier: Dossier, by: By) -> None:
    before = rows_under(session, dossier, OLD)
    found = migration.preview(session, dossier.id, NEW, by("Noor"))
    assert {str(one.item.source_slot): one.state for one in found.affected} == {
        "1.1.1": CarriedState.PENDING,
        "1.1.2": CarriedState.FITTED,
        "1.1.3": CarriedState.UNPLACED,
        "1.1.4": CarriedState.NOT_USED,
        "2.1.1@privacy": CarriedState.FITTED,
        "2.1.1@equality": CarriedState.UNPLACED,
    }
    assert sum(len(line.answers) for line in found.lines) == len(found.affected)
    assert found.count(CarriedState.UNPLACED, CarriedState.NOT_USED) == 3
    assert (rows_under(session, dossier, OLD), rows_under(session, dossier, NEW)) == (before, [])
    assert dossier.questionnaire_key == OLD


def test_migrate_brings_answers_along_and_leaves_the_earlier_ones_as_they_were(
    session: Session, dossier: Dossier, by: By, new_events: Events
) -> None:
    before = rows_under(session, dossier, OLD)
    new_events()
    row = migration.migrate(session, dossier.id, NEW, by("Noor", dossier.revision))
    assert dossier.questionnaire_key == NEW
    assert filled(session, dossier) == {
        WHY: Answer(text="Drukte."),
        USED: Answer(choice="yes"),
        PRIVACY: Answer(text="Antwoord op 2.1.1."),
    }
    assert rows_under(session, dossier, OLD) == before
    assert carrying.pending(session, dossier) == {WHY}
    carried = carrying.carried_into(session, dossier)
    assert {one.source_slot: one.state.value for one in carried} == {
        "1.1.1": "pending",
        "1.1.2": "fitted",
        "1.1.3": "unplaced",
        "1.1.4": "not_used",
        "2.1.1@privacy": "fitted",
        "2.1.1@equality": "unplaced",
    }
    assert {(one.origin, one.origin_label) for one in carried} == {(Origin.MIGRATION, "Proeftoets 1.0")}
    assert (row.source_key, row.target_key, row.round, row.places["1.1.1"]) == (OLD, NEW, 0, ["1.1.1"])
    assert new_events() == [("move_to_version", "done")]


def test_undo_gives_back_exactly_what_was_there(
    session: Session, dossier: Dossier, by: By, new_events: Events
) -> None:
    before, rows = migration.state_sha256(session, dossier), rows_under(session, dossier, OLD)
    migration.migrate(session, dossier.id, NEW, by("Noor"))
    assert migration.state_sha256(session, dossier) != before
    write(session, dossier, by, WHY, Answer(text="Onder de nieuwe versie."))
    new_events()
    row = migration.undo(session, dossier.id, by("Noor"))
    assert (dossier.questionnaire_key, row.undone_at, row.before_sha256) == (OLD, AT, before)
    assert migration.state_sha256(session, dossier) == before
    assert rows_under(session, dossier, OLD) == rows
    assert new_events() == [("undo_move", "done")]
    with pytest.raises(TransitionNotAllowedError):
        migration.undo(session, dossier.id, by("Noor"))


def test_migrate_again_after_undo_brings_the_present_answers_and_keeps_the_others_in_history(
    session: Session, dossier: Dossier, by: By
) -> None:
    migration.migrate(session, dossier.id, NEW, by("Noor"))
    write(session, dossier, by, WHY, Answer(text="Onder de nieuwe versie."))
    migration.undo(session, dossier.id, by("Noor"))
    write(session, dossier, by, WHY, Answer(text="Later, onder de oude."))
    write(session, dossier, by, PRIVACY, Answer())
    migration.migrate(session, dossier.id, NEW, by("Noor"))
    assert filled(session, dossier)[WHY] == Answer(text="Later, onder de oude.")
    assert filled(session, dossier)[PRIVACY] == Answer()
    texts = [answers.decode(row.content).text for row in answers.history(session, dossier.id, WHY)]
    assert texts == ["Later, onder de oude.", "Onder de nieuwe versie.", "Drukte."]
    assert carrying.pending(session, dossier) == {WHY}
    carried = carrying.carried_into(session, dossier)
    assert [one.source_slot for one in carried if one.state is CarriedState.UNPLACED] == [
        "1.1.3",
        "2.1.1@equality",
    ]


def test_undo_after_the_next_hand_in_is_refused(
    session: Session, world: World, dossier: Dossier, by: By
) -> None:
    migration.migrate(session, dossier.id, NEW, by("Noor"))
    write(session, dossier, by, RIGHTS, Answer(choices=("privacy",)))
    confirm_all(session, dossier, by)
    builders.advance(session, world, dossier.id, Status.CHANGES_REQUESTED)
    with pytest.raises(TransitionNotAllowedError):
        migration.undo(session, dossier.id, by("Noor"))
    assert dossier.questionnaire_key == NEW


def test_undo_when_the_earlier_answers_differ_is_refused(session: Session, dossier: Dossier, by: By) -> None:
    migration.migrate(session, dossier.id, NEW, by("Noor"))
    session.execute(
        text("UPDATE answer SET content = '{}' WHERE questionnaire_key = :key AND question_id = '1.1.1'"),
        {"key": OLD},
    )
    with pytest.raises(NotRestoredError):
        migration.undo(session, dossier.id, by("Noor"))


def test_state_is_canonical_json_of_version_and_answers(session: Session, dossier: Dossier) -> None:
    present = answers.present_answers(session, dossier.id)
    assert json.loads(migration.canonical_state(OLD, {WHY: present[WHY]})) == {
        "format": "ethiek-state/1",
        "questionnaire": OLD,
        "answers": [{"question": "1.1.1", "item": "", "answer": {"text": "Drukte."}, "revision": 1}],
    }


def test_move_from_an_old_page_is_refused(session: Session, dossier: Dossier, by: By) -> None:
    with pytest.raises(ConcurrentEditError):
        migration.migrate(session, dossier.id, NEW, by("Noor", dossier.revision - 1))


def test_undo_from_an_old_page_is_refused(session: Session, dossier: Dossier, by: By) -> None:
    migration.migrate(session, dossier.id, NEW, by("Noor"))
    with pytest.raises(ConcurrentEditError):
        migration.undo(session, dossier.id, by("Noor", dossier.revision - 1))
    assert dossier.questionnaire_key == NEW


@pytest.mark.parametrize("key", [OLD, "proef/9.9", "iama/2.0", ""])
def test_move_to_what_is_not_a_newer_version_is_not_found(
    session: Session, dossier: Dossier, by: By, key: str
) -> None:
    with pytest.raises(NotFoundError):
        migration.migrate(session, dossier.id, key, by("Noor"))


def test_only_the_project_lead_moves_and_undoes(
    session: Session, world: World, dossier: Dossier, by: By
) -> None:
    builders.add_colleague(session, world, dossier.id)
    for act in (
        lambda name: migration.preview(session, dossier.id, NEW, by(name)),
        lambda name: migration.migrate(session, dossier.id, NEW, by(name)),
        lambda name: migration.undo(session, dossier.id, by(name)),
    ):
        with pytest.raises(PermissionDeniedError):
            act("Tess")
        with pytest.raises(NotFoundError):
            act("Omar")


@pytest.mark.parametrize("status", sorted(set(Status) - EDITABLE))
def test_dossier_that_is_not_with_the_team_cannot_move_and_the_database_refuses_it(
    session: Session, world: World, newer: str, by: By, status: Status
) -> None:
    dossier = session.get_one(Dossier, builders.a_dossier(session, world, status))
    for act in (migration.preview, migration.migrate):
        with pytest.raises(TransitionNotAllowedError):
            act(session, dossier.id, newer, by("Noor"))
    with pytest.raises(TransitionNotAllowedError):
        migration.undo(session, dossier.id, by("Noor"))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("UPDATE dossier SET questionnaire_key = :key"), {"key": newer})
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("UPDATE dossier SET questionnaire_key = :key, status = 'draft'"), {"key": newer})
    session.refresh(dossier)
    assert (dossier.questionnaire_key, dossier.status) == (OLD, status)


@pytest.fixture
def returned(session: Session, world: World, newer: str) -> Dossier:
    """Handed in under the old version and given back, with a remark on the whole of it at a place and one without."""
    assert newer
    dossier_id = builders.a_dossier(session, world, Status.IN_REVIEW, given=GIVEN)
    for slot, body in ((WHY, "Waarom?"), (LONG, "Hoe dan?"), (PRIVACY, "En dit?")):
        builders.a_remark(session, world, dossier_id, body, slot=slot, released=True)
    builders.give_back(session, world, dossier_id)
    return session.get_one(Dossier, dossier_id)


def test_remarks_travel_with_their_question_or_keep_the_words_it_had(
    session: Session, returned: Dossier, by: By
) -> None:
    migration.migrate(session, returned.id, NEW, by("Noor"))
    found = rounds.reply_list(session, returned.id, by("Noor"))
    named = {
        row.body: (found.places[row.id].text, found.places[row.id].item, found.places[row.id].section_id)
        for row in found.open
    }
    assert named == {
        "Waarom?": ("Wat is de aanleiding, en voor wie?", "", "1.1"),
        "Hoe dan?": ("Hoe lang al?", "", ""),
        "En dit?": ("Hoe zwaar is de inbreuk?", "Privacy", "2.1"),
        "Leg uit waarom.": ("Wat is de aanleiding, en voor wie?", "", "1.1"),
    }
    first = rounds.read(session, returned.id, 1, by("Noor"))
    assert {str(slot) for slot in first.remarks} == {"1.1.1", "1.1.3", "2.1.1@privacy"}
    assert first.parts[0].sections[0].groups[0].entries[0].text == "Wat is de aanleiding?"


def test_round_under_another_version_is_read_and_compared_by_its_own_questions(
    session: Session, world: World, returned: Dossier, by: By
) -> None:
    migration.migrate(session, returned.id, NEW, by("Noor"))
    write(session, returned, by, RIGHTS, Answer(choices=("privacy",)))
    confirm_all(session, returned, by)
    builders.reply_to_all(session, world, returned.id)
    builders.hand_in(session, world, returned.id)
    second = rounds.read(session, returned.id, 2, by("Sem"))
    assert second.parts[0].sections[0].groups[0].entries[0].text == "Wat is de aanleiding, en voor wie?"
    assert {str(slot): len(rows) for slot, rows in second.remarks.items()} == {
        "1.1.1": 2,
        "": 1,
        "2.1.1@privacy": 1,
    }
    assert {place.text for place in second.places.values()} == {"Hoe lang al?"}
    found = comparison.compare(session, returned.id, 2, by("Sem"))
    assert found.versions == ("Proeftoets 1.0", "Proeftoets 1.1")
    assert [(str(one.slot), one.kind.value) for one in found.changes] == [
        ("1.1.4", "changed"),
        ("1.1.3", "vanished"),
        ("2.1.1@equality", "vanished"),
    ]
    assert found.unchanged == 3


def test_advice_puts_remarks_where_their_questions_stand_now(
    session: Session, world: World, returned: Dossier, by: By
) -> None:
    migration.migrate(session, returned.id, NEW, by("Noor"))
    write(session, returned, by, RIGHTS, Answer(choices=("privacy",)))
    confirm_all(session, returned, by)
    builders.reply_to_all(session, world, returned.id)
    builders.advance(session, world, returned.id, Status.ADVISED)
    found = advice.present_advice(session, returned.id)
    assert found is not None
    content = json.loads(found.content)
    assert sorted((one["question"], one["item"], one["text"]) for one in content["remarks"]) == [
        ("", "", "Hoe dan?"),
        ("1.1.1", "", "Leg uit waarom."),
        ("1.1.1", "", "Waarom?"),
        ("2.1.1", "privacy", "En dit?"),
    ]
    first, second = content["rounds"]
    assert ("changes" in first, second["changes"]) == (
        False,
        [
            {"question": "1.1.4", "item": "", "kind": "changed"},
            {"question": "", "item": "", "kind": "removed", "text": "1.1.3 Hoe lang al?"},
            {
                "question": "",
                "item": "",
                "kind": "removed",
                "text": "2.1.1 Hoe zwaar is de inbreuk? (Gelijke behandeling)",
            },
        ],
    )
    snapshot = submission.snapshot_of(session, returned.id, 2)
    assert submission.pinned_by(snapshot) == NEW


def test_moving_takes_as_many_statements_for_a_few_answers_as_for_many(
    session: Session, world: World, dossier: Dossier, by: By
) -> None:
    few = session.get_one(Dossier, builders.a_dossier(session, world, given={WHY: Answer(text="Kort.")}))
    counts = []
    for one in (few, dossier):
        stamp = by("Noor")
        with counting(session) as found:
            migration.preview(session, one.id, NEW, stamp)
            migration.migrate(session, one.id, NEW, stamp)
            migration.undo(session, one.id, stamp)
        counts.append(len(found))
    assert counts[0] == counts[1]


@contextmanager
def counting(session: Session) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield found
    event.remove(connection, "before_cursor_execute", note)


def test_team_may_read_what_moved(session: Session, dossier: Dossier, by: By) -> None:
    migration.migrate(session, dossier.id, NEW, by("Noor"))
    access = open_dossier(session, dossier.id, by("Noor").actor, Permission.ANSWER_EDIT)
    assert [row.target_key for row in versions.moves_of(session, access.dossier)] == [NEW]
    assert versions.keys_ever(session, access.dossier) == {OLD, NEW}
