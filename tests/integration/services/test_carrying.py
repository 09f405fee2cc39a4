from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.answers import Answer, Outcome, Slot
from ethiek.domain.carried import CarriedState, Origin, ToCarry
from ethiek.domain.workflow import Status
from ethiek.errors import GuardFailedError, NotFoundError, TransitionNotAllowedError
from ethiek.models.dossiers import AnswerRevision, Dossier
from ethiek.services import answers, carrying, submission
from ethiek.services.answers import Sent
from tests import builders
from tests.builders import World
from tests.integration.services.conftest import By, Events

THEN = datetime(2025, 5, 1, 12, tzinfo=UTC)
WHY, RIGHTS, ACTIONS = Slot("1.1.1"), Slot("1.1.4"), Slot("2.2.1")
PRIVACY = Slot("2.1.1", "privacy")
TEXT = Answer(text="Van elders.")
PENDING, FITTED = CarriedState.PENDING, CarriedState.FITTED
UNPLACED, NOT_USED = CarriedState.UNPLACED, CarriedState.NOT_USED


def an_item(slot: Slot | None, answer: Answer = TEXT, *, asks: bool = True) -> ToCarry:
    return ToCarry(slot, answer, asks, Slot("9"), "9 Wat was het?", THEN)


@pytest.fixture
def dossier(session: Session, world: World) -> Dossier:
    """Noor's, without answers."""
    made = builders.a_dossier(session, world)
    empty = {slot: Answer() for slot in answers.present_answers(session, made)}
    builders.fill_in(session, world, made, empty)
    return session.get_one(Dossier, made)


@pytest.fixture
def carry(session: Session, dossier: Dossier, by: By) -> Callable[..., tuple[CarriedState, ...]]:
    def carry(*items: ToCarry, origin: Origin = Origin.DOSSIER) -> tuple[CarriedState, ...]:
        return carrying.carry(session, dossier, items, origin, "ETH-2025-0001 (DEDA)", by("Noor"))

    return carry


Carry = Callable[..., tuple[CarriedState, ...]]


def texts(session: Session, dossier: Dossier) -> dict[Slot, Answer]:
    present = answers.present_answers(session, dossier.id)
    return {slot: one.answer for slot, one in present.items() if one.answer != Answer()}


def write(session: Session, dossier_id: UUID, slot: Slot, answer: Answer, stamp: Stamp) -> None:
    """Save an answer over what stands there now."""
    revision = answers.present_answers(session, dossier_id)[slot].revision
    answers.save(session, dossier_id, [Sent(slot, answer, revision, f"write-{revision}")], stamp)


def carried(session: Session, dossier: Dossier) -> list[tuple[str, str, CarriedState, dict[str, object]]]:
    rows = carrying.carried_into(session, dossier)
    return [(row.question_id, row.item, row.state, row.content) for row in rows]


def test_carry_fills_in_what_has_a_place_and_keeps_the_rest(
    session: Session, dossier: Dossier, carry: Carry, new_events: Events
) -> None:
    new_events()
    wrong = Answer(choices=("verdwenen",))
    found = carry(
        an_item(WHY),
        an_item(PRIVACY, asks=False),
        an_item(None),
        an_item(Slot("5.5")),
        an_item(RIGHTS, wrong),
    )
    assert found == (PENDING, FITTED, UNPLACED, UNPLACED, NOT_USED)
    assert texts(session, dossier) == {WHY: TEXT, PRIVACY: TEXT}
    assert carried(session, dossier) == [
        ("1.1.1", "", PENDING, {"text": "Van elders."}),
        ("2.1.1", "privacy", FITTED, {"text": "Van elders."}),
        ("", "", UNPLACED, {"text": "Van elders."}),
        ("", "", UNPLACED, {"text": "Van elders."}),
        ("1.1.4", "", NOT_USED, {"choices": ["verdwenen"]}),
    ]
    assert carrying.pending(session, dossier) == {WHY}
    assert new_events() == [("carry_answers", "done")]


def test_carried_answer_is_a_revision_by_who_brought_it(
    session: Session, dossier: Dossier, carry: Carry, world: World
) -> None:
    carry(an_item(WHY))
    present = answers.present_answers(session, dossier.id)[WHY]
    assert (present.revision, present.by) == (3, "Noor")
    last = answers.history(session, dossier.id, WHY)[0]
    assert (last.revision, last.based_on, last.outcome) == (3, 2, Outcome.SAVED)
    assert last.author_id == world.ids["Noor"]
    row = carrying.carried_into(session, dossier)[0]
    assert (row.origin, row.origin_label, row.origin_at) == (Origin.DOSSIER, "ETH-2025-0001 (DEDA)", THEN)
    assert (row.source_slot, row.source_question) == ("9", "9 Wat was het?")


def test_carry_when_there_is_an_answer_keeps_it_and_shows_the_other_beside_it(
    session: Session, dossier: Dossier, by: By, carry: Carry
) -> None:
    ours = Answer(text="Van ons.")
    write(session, dossier.id, WHY, ours, by("Noor"))
    assert carry(an_item(WHY)) == (NOT_USED,)
    assert texts(session, dossier) == {WHY: ours}
    assert carrying.pending(session, dossier) == set()


def test_carry_when_two_want_one_place_fills_in_the_first(
    session: Session, dossier: Dossier, carry: Carry
) -> None:
    assert carry(an_item(WHY), an_item(WHY, Answer(text="Tweede."))) == (PENDING, NOT_USED)
    assert texts(session, dossier) == {WHY: TEXT}


def test_carry_when_moving_writes_over_what_an_undone_move_left(
    session: Session, dossier: Dossier, carry: Carry
) -> None:
    carry(an_item(WHY), an_item(PRIVACY), origin=Origin.MIGRATION)
    assert carry(
        an_item(WHY, Answer(text="Nieuwer."), asks=False),
        an_item(PRIVACY, Answer()),
        origin=Origin.MIGRATION,
    ) == (FITTED, FITTED)
    assert texts(session, dossier) == {WHY: Answer(text="Nieuwer.")}
    assert carrying.pending(session, dossier) == set()
    sent = answers.history(session, dossier.id, WHY)
    assert [answers.decode(row.content).text for row in sent][:2] == ["Nieuwer.", "Van elders."]


def test_carry_empty_answer_leaves_no_trace(session: Session, dossier: Dossier, carry: Carry) -> None:
    before = session.scalars(select(AnswerRevision.id)).all()
    assert carry(an_item(WHY, Answer()), an_item(None, Answer())) == (FITTED, UNPLACED)
    assert carried(session, dossier) == []
    assert session.scalars(select(AnswerRevision.id)).all() == before


def test_confirm_settles_what_was_waiting_once(
    session: Session, dossier: Dossier, carry: Carry, by: By, new_events: Events
) -> None:
    carry(an_item(WHY), an_item(PRIVACY))
    new_events()
    assert carrying.confirm(session, dossier.id, {WHY, RIGHTS}, by("Noor")) == {WHY}
    assert carrying.confirm(session, dossier.id, {WHY, RIGHTS}, by("Noor")) == set()
    assert carrying.pending(session, dossier) == {PRIVACY}
    assert new_events() == [("confirm_answers", "done")]


def test_confirm_when_handed_in_is_refused(session: Session, world: World, by: By) -> None:
    dossier_id = builders.a_dossier(session, world, Status.SUBMITTED)
    with pytest.raises(TransitionNotAllowedError):
        carrying.confirm(session, dossier_id, {WHY}, by("Noor"))


def test_confirm_by_somebody_else_is_not_found(session: Session, dossier: Dossier, by: By) -> None:
    with pytest.raises(NotFoundError):
        carrying.confirm(session, dossier.id, {WHY}, by("Omar"))


def test_saving_a_changed_answer_confirms_it_and_the_same_answer_does_not(
    session: Session, dossier: Dossier, carry: Carry, by: By
) -> None:
    carry(an_item(WHY), an_item(PRIVACY))
    write(session, dossier.id, WHY, TEXT, by("Noor"))
    write(session, dossier.id, PRIVACY, Answer(text="Anders."), by("Noor"))
    assert carrying.pending(session, dossier) == {WHY}


def test_submit_when_an_answer_waits_to_be_confirmed_is_refused(
    session: Session, world: World, by: By
) -> None:
    dossier = session.get_one(Dossier, builders.a_dossier(session, world))
    write(session, dossier.id, WHY, Answer(), by("Noor"))
    items = [an_item(WHY), an_item(Slot("1.1.3"))]
    carrying.carry(session, dossier, items, Origin.FILE, "antwoorden.json", by("Noor"))
    assert carrying.pending(session, dossier) == {WHY, Slot("1.1.3")}
    draft = submission.draft_of(session, dossier.id, by("Noor"))
    assert (draft.ready, draft.unconfirmed) == (False, frozenset({WHY}))  # 1.1.3 is not asked now
    with pytest.raises(GuardFailedError) as caught:
        submission.submit(session, dossier.id, by("Noor"))
    assert caught.value.guard == "answers_confirmed"
    carrying.confirm(session, dossier.id, {WHY}, by("Noor"))
    submission.submit(session, dossier.id, by("Noor"))
    assert dossier.status is Status.SUBMITTED


@contextmanager
def counting(session: Session) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield found
    event.remove(connection, "before_cursor_execute", note)


Counting = Callable[[Session], AbstractContextManager[list[str]]]


def test_statements_do_not_grow_with_the_answers(session: Session, carry: Carry) -> None:
    slots = [WHY, PRIVACY, Slot("2.1.1", "equality"), Slot("1.1.3")]
    with counting(session) as few:
        carry(an_item(WHY), an_item(None), origin=Origin.MIGRATION)
    with counting(session) as many:
        carry(
            *(an_item(slot, Answer(text="Weer.")) for slot in slots),
            *[an_item(None)] * 300,
            origin=Origin.MIGRATION,
        )
    assert len(many) == len(few) + 1  # WHY had no row to change before, or all had


@pytest.mark.parametrize("count", [1, 40])
def test_confirming_takes_one_statement_and_an_event(
    session: Session, dossier: Dossier, carry: Carry, by: By, count: int
) -> None:
    carry(an_item(WHY), an_item(PRIVACY))
    stamp = by("Noor")
    slots = {WHY, *(Slot(f"x{number}") for number in range(count))}
    with counting(session) as found:
        carrying.confirm(session, dossier.id, slots, stamp)
    assert sum("UPDATE carried_answer" in statement for statement in found) == 1


def test_dossier_id_is_enough_to_tell_dossiers_apart(session: Session, carry: Carry, world: World) -> None:
    other: UUID = builders.a_dossier(session, world)
    carry(an_item(WHY))
    assert carrying.pending(session, session.get_one(Dossier, other)) == set()
