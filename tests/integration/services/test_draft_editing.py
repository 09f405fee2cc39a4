"""Writing along on a draft: what is kept, what is refused, and who stands in nobody's way."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from ethiek.domain.drafts import DraftStatus
from ethiek.errors import ConcurrentEditError, GuardFailedError, InputError, NotFoundError
from ethiek.questionnaires import editing
from ethiek.questionnaires.editing import WHOLE_SET, Direction, Target
from ethiek.questionnaires.model import Kind, Part, Question, Questionnaire, Section
from ethiek.questionnaires.problems import Scope
from ethiek.services import draft_editing, drafts, proposals
from tests import drafts as made
from tests.builders import World
from tests.integration.services.conftest import By, Events

SECTION = Target(Scope.SECTION, "1.1")
THIRD = Target(Scope.QUESTION, "1.1.3")


@pytest.fixture
def draft_id(session: Session, world: World) -> UUID:
    return made.a_draft(session, world)


def content(session: Session, world: World, draft_id: UUID) -> Questionnaire:
    return drafts.content_of(made.load(session, world, draft_id))


def refused(error: InputError) -> tuple[str, str]:
    return error.field, error.reason


def test_begin_copies_the_published_version(session: Session, world: World, draft_id: UUID) -> None:
    draft = made.load(session, world, draft_id)
    assert (draft.based_on, draft.key) == (world.questionnaire.key, f"{world.questionnaire.id}/2.0")
    assert content(session, world, draft_id) == replace(world.questionnaire, version="2.0")
    found = drafts.view(session, draft)
    assert (found.base, found.problems, found.renamed, found.changed) == (world.questionnaire, (), (), ())
    with pytest.raises(NotFoundError):
        drafts.begin(session, "test/0", "1", world.stamp(session, "Vera"))
    with pytest.raises(InputError) as caught:
        drafts.begin(session, world.questionnaire.key, "twee punt nul", world.stamp(session, "Vera"))
    assert refused(caught.value) == ("version", "invalid")


def test_two_people_change_different_questions_from_the_same_page(
    session: Session, world: World, draft_id: UUID, by: By
) -> None:
    present = content(session, world, draft_id)
    for name, target in (("Vera", made.FIRST), ("Wout", THIRD)):
        new = replace(made.question(session, world, draft_id, target), text=f"Van {name}")
        draft_editing.change(session, draft_id, target, new, editing.fingerprint(present, target), by(name))

    texts = [question.text for question in content(session, world, draft_id).questions()]
    assert (texts[0], texts[2]) == ("Van Vera", "Van Wout")


def test_a_question_that_somebody_changed_meanwhile_is_refused(
    session: Session, world: World, draft_id: UUID, by: By
) -> None:
    before = content(session, world, draft_id)
    mine = replace(made.question(session, world, draft_id), text="Van Wout")
    made.rewrite(session, world, draft_id)
    with pytest.raises(ConcurrentEditError):
        draft_editing.change(
            session, draft_id, made.FIRST, mine, editing.fingerprint(before, made.FIRST), by("Wout")
        )
    assert made.question(session, world, draft_id).text == "Waarom nu?"


def test_the_same_form_sent_twice_changes_once(
    session: Session, world: World, draft_id: UUID, by: By, new_events: Events
) -> None:
    before = editing.fingerprint(content(session, world, draft_id), made.FIRST)
    new = replace(made.question(session, world, draft_id), text="Een keer")
    new_events()
    for _ in range(2):
        draft_editing.change(session, draft_id, made.FIRST, new, before, by("Vera"))
    assert new_events() == [("change_draft", "done")]


def test_what_is_added_gets_an_id_that_was_never_used(
    session: Session, world: World, draft_id: UUID, by: By
) -> None:
    new = Question("1.1.9", "En verder?", Kind.OPEN_TEXT)
    draft_editing.add(session, draft_id, SECTION, new, by("Vera"))
    draft_editing.add(session, draft_id, WHOLE_SET, Part("9", "Tot slot", ()), by("Vera"))
    draft_editing.add(session, draft_id, Target(Scope.PART, "9"), Section("9.1", "Slot", ()), by("Vera"))
    assert editing.element(content(session, world, draft_id), Target(Scope.QUESTION, "1.1.9")) == new

    made_id = Target(Scope.QUESTION, "1.1.4")
    seen = editing.whole_fingerprint(content(session, world, draft_id), made_id)
    draft_editing.remove(session, draft_id, made_id, seen, by("Vera"))
    for id_, reason in (("1.1.9", "taken"), ("een vraag", "invalid"), ("1.1.4", "used_before")):
        with pytest.raises(InputError) as caught:
            draft_editing.add(session, draft_id, SECTION, replace(new, id=id_), by("Vera"))
        assert refused(caught.value) == ("id", reason)


def test_a_removed_question_can_be_put_back(session: Session, world: World, draft_id: UUID, by: By) -> None:
    seen = editing.whole_fingerprint(content(session, world, draft_id), THIRD)
    draft_editing.remove(session, draft_id, THIRD, seen, by("Vera"))
    found = drafts.view(session, made.load(session, world, draft_id))
    assert [line.question_id for line in found.changed] == ["1.1.3"]

    draft_editing.put_back(session, draft_id, "1.1.3", by("Vera"))
    ids = [question.id for question in content(session, world, draft_id).questions()]
    assert ids[:4] == ["1.1.1", "1.1.2", "1.1.4", "1.1.3"]
    with pytest.raises(InputError) as caught:
        draft_editing.put_back(session, draft_id, "1.1.3", by("Vera"))
    assert refused(caught.value) == ("id", "taken")
    with pytest.raises(NotFoundError):
        draft_editing.put_back(session, draft_id, "8.8.8", by("Vera"))


def test_a_question_whose_section_is_gone_is_put_back_in_the_last(
    session: Session, world: World, draft_id: UUID, by: By
) -> None:
    seen = editing.whole_fingerprint(content(session, world, draft_id), SECTION)
    draft_editing.remove(session, draft_id, SECTION, seen, by("Vera"))
    draft_editing.put_back(session, draft_id, "1.1.3", by("Vera"))
    last = list(content(session, world, draft_id).sections())[-1][1]
    assert last.questions[-1].id == "1.1.3"


def test_removing_needs_the_whole_as_it_is_now(
    session: Session, world: World, draft_id: UUID, by: By
) -> None:
    seen = editing.whole_fingerprint(content(session, world, draft_id), SECTION)
    made.rewrite(session, world, draft_id)
    with pytest.raises(ConcurrentEditError):
        draft_editing.remove(session, draft_id, SECTION, seen, by("Wout"))
    with pytest.raises(NotFoundError):
        draft_editing.remove(session, draft_id, WHOLE_SET, seen, by("Wout"))


def test_moving_needs_the_order_as_it_is_now(session: Session, world: World, draft_id: UUID, by: By) -> None:
    seen = editing.order_fingerprint(content(session, world, draft_id), THIRD)
    draft_editing.move(session, draft_id, THIRD, Direction.UP, seen, by("Vera"))
    ids = [question.id for question in content(session, world, draft_id).questions()]
    assert ids[:3] == ["1.1.1", "1.1.3", "1.1.2"]
    with pytest.raises(ConcurrentEditError):
        draft_editing.move(session, draft_id, THIRD, Direction.UP, seen, by("Wout"))
    with pytest.raises(NotFoundError):
        draft_editing.move(session, draft_id, WHOLE_SET, Direction.UP, seen, by("Wout"))


def test_the_set_can_get_another_version_that_is_free(
    session: Session, world: World, draft_id: UUID, by: By
) -> None:
    made.a_draft(session, world, version="3.0")
    present = content(session, world, draft_id)
    seen = editing.fingerprint(present, WHOLE_SET)
    taken = {"twee!": "invalid", world.questionnaire.version: "published", "3.0": "taken"}
    for version, reason in taken.items():
        with pytest.raises(InputError) as caught, session.begin_nested():
            draft_editing.change(
                session, draft_id, WHOLE_SET, replace(present, version=version), seen, by("Vera")
            )
        assert refused(caught.value) == ("version", reason)
    draft_editing.change(session, draft_id, WHOLE_SET, replace(present, version="2.1"), seen, by("Vera"))
    assert made.load(session, world, draft_id).key == f"{present.id}/2.1"


def test_a_proposed_draft_is_not_changed(session: Session, world: World, by: By) -> None:
    draft_id = made.a_proposal(session, world)
    with pytest.raises(GuardFailedError) as caught:
        made.rewrite(session, world, draft_id, lambda one: replace(one, text="Toch anders"))
    assert caught.value.guard == "being_written"
    proposals.send_back(session, draft_id, by("Wout"))
    made.rewrite(session, world, draft_id, lambda one: replace(one, text="Toch anders"))
    assert made.load(session, world, draft_id).status is DraftStatus.WRITING
