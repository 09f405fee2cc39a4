"""Changes to a question set: each gives a new one, and touches nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ethiek.errors import InputError, NotFoundError
from ethiek.questionnaires.catalogue import parse
from ethiek.questionnaires.editing import (
    WHOLE_SET,
    Direction,
    Target,
    added,
    changed,
    element,
    fingerprint,
    moved,
    order_fingerprint,
    parent_of,
    removed,
    whole_fingerprint,
)
from ethiek.questionnaires.model import Kind, Part, Question, Questionnaire, Section
from ethiek.questionnaires.problems import Scope
from tests.unit.questionnaires.generated import valid_sets
from tests.unit.questionnaires.small import SMALL

ONE = parse(SMALL, "toets/1.0.yaml")
PART, SECTION, QUESTION = (
    Target(Scope.PART, "1"),
    Target(Scope.SECTION, "1.1"),
    Target(Scope.QUESTION, "1.1.3"),
)
NEW = Question("1.1.4", "En nu?", Kind.OPEN_TEXT)


def order(one: Questionnaire) -> list[list[str]]:
    return [[question.id for question in section.questions] for _, section in one.sections()]


@pytest.mark.parametrize("target", [WHOLE_SET, PART, SECTION])
def test_changed_keeps_what_is_inside(target: Target) -> None:
    one = element(ONE, target)
    assert not isinstance(one, Question)
    bare = replace(one, title="Anders")
    emptied = {
        Questionnaire: {"parts": ()},
        Part: {"sections": ()},
        Section: {"questions": ()},
    }[type(bare)]
    after = changed(ONE, target, replace(bare, **emptied))  # type: ignore[arg-type]

    assert element(after, target) == bare
    assert order(after) == order(ONE)


def test_changed_question_leaves_all_others() -> None:
    question = element(ONE, QUESTION)
    assert isinstance(question, Question)
    after = changed(ONE, QUESTION, replace(question, text="Waarom wel?"))

    assert [question.text for question in after.questions()] == [
        "Mag dit?",
        "Wie raakt dit?",
        "Waarom wel?",
        "Hoe erg?",
    ]
    assert fingerprint(after, QUESTION) != fingerprint(ONE, QUESTION)
    assert [fingerprint(after, one) for one in (WHOLE_SET, PART, SECTION)] == [
        fingerprint(ONE, one) for one in (WHOLE_SET, PART, SECTION)
    ]
    assert whole_fingerprint(after, SECTION) != whole_fingerprint(ONE, SECTION)


def test_changed_id_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        changed(ONE, QUESTION, replace(element(ONE, QUESTION), id="9"))
    assert (caught.value.field, caught.value.reason) == ("id", "fixed")


def test_added_stands_last_and_has_an_id_of_its_own() -> None:
    assert order(added(ONE, SECTION, NEW)) == [["1.1.1", "1.1.2", "1.1.3", "1.1.4"], ["1.2.1"]]
    assert [one.id for one in added(ONE, WHOLE_SET, Part("2", "Dan", ())).parts] == ["1", "2"]
    assert order(added(ONE, PART, Section("1.3", "Dan", ())))[-1] == []
    again: list[tuple[Target, Section | Question]] = [
        (SECTION, replace(NEW, id="1.2.1")),
        (PART, Section("1.1", "Dan", ())),
    ]
    for parent, taken in again:
        with pytest.raises(InputError) as caught:
            added(ONE, parent, taken)
        assert (caught.value.field, caught.value.reason) == ("id", "taken")


def test_removed_goes_with_all_that_is_in_it() -> None:
    assert order(removed(ONE, QUESTION)) == [["1.1.1", "1.1.2"], ["1.2.1"]]
    assert order(removed(ONE, SECTION)) == [["1.2.1"]]
    assert removed(ONE, PART).parts == ()
    with pytest.raises(NotFoundError):
        removed(ONE, Target(Scope.QUESTION, "9"))


def test_moved_goes_one_place_and_past_the_edge_into_the_section_beside() -> None:
    up = moved(ONE, QUESTION, Direction.UP)
    assert order(up) == [["1.1.1", "1.1.3", "1.1.2"], ["1.2.1"]]
    down = moved(ONE, QUESTION, Direction.DOWN)
    assert order(down) == [["1.1.1", "1.1.2"], ["1.1.3", "1.2.1"]]
    assert moved(down, QUESTION, Direction.UP) == ONE
    assert order(moved(ONE, SECTION, Direction.DOWN)) == [["1.2.1"], ["1.1.1", "1.1.2", "1.1.3"]]
    two = added(ONE, WHOLE_SET, Part("2", "Dan", ()))
    assert [one.id for one in moved(two, PART, Direction.DOWN).parts] == ["2", "1"]
    assert order(moved(moved(two, SECTION, Direction.DOWN), SECTION, Direction.DOWN))[-1] == order(ONE)[0]
    with pytest.raises(InputError) as caught:
        moved(ONE, PART, Direction.UP)
    assert (caught.value.field, caught.value.reason) == ("direction", "edge")
    assert order_fingerprint(up, QUESTION) != order_fingerprint(ONE, QUESTION)


def test_parent_of_names_what_an_element_is_in() -> None:
    assert [parent_of(ONE, one) for one in (QUESTION, SECTION, PART, WHOLE_SET)] == [
        SECTION,
        PART,
        WHOLE_SET,
        WHOLE_SET,
    ]


@given(valid_sets(), st.data())
@settings(max_examples=40, deadline=None)
def test_every_move_can_be_taken_back(one: Questionnaire, data: st.DataObject) -> None:
    id_ = data.draw(st.sampled_from([question.id for question in one.questions()]))
    target = Target(Scope.QUESTION, id_)
    try:
        down = moved(one, target, Direction.DOWN)
    except InputError:
        assert id_ == [question.id for question in one.questions()][-1]
        return
    assert {question.id for question in down.questions()} == {question.id for question in one.questions()}
    assert moved(down, target, Direction.UP) == one
