"""The correspondences that ship: every question of the older edition is accounted for, exactly once."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest

from ethiek.domain.versions import Change, compare
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.correspondences import (
    HOME,
    Correspondence,
    Relation,
    correspondence,
    load_correspondences,
)
from ethiek.questionnaires.model import Questionnaire

SHIPPED: Final = list(load_correspondences().values())

SAME: Final = {
    "1.2.1": "1.1.2",
    "1.5.3": "1.4.2",
    "2B.1.1": "2.1.1",
    "2A.2.1": "2.3.1",
    "2A.2.2": "2.3.2",
    "2A.4.1": "2.5.2",
    "2A.4.2": "2.5.3",
    "3.5.1": "3.1.2",
    "3.5.2": "3.1.4",
}
"""IAMA 1.0 -> 2.0: asks the same in both."""


def ids(questionnaire: Questionnaire) -> list[str]:
    return [question.id for question in questionnaire.questions()]


def from_one_to_two() -> Correspondence:
    found = correspondence("iama/1.0", "iama/2.0")
    assert found is not None
    return found


def repetition(questionnaire: Questionnaire) -> dict[str, bool]:
    return {
        question.id: bool(section.repeat_for)
        for _, section in questionnaire.sections()
        for question in section.questions
    }


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: f"{one.source}--{one.target}")
def test_a_correspondence_speaks_of_questions_that_exist(one: Correspondence) -> None:
    source, target = (ids(load_catalogue().get(key)) for key in (one.source, one.target))
    assert [pair.source for pair in one.pairs if pair.source not in source] == []
    assert [pair.target for pair in one.pairs if pair.target not in target] == []
    assert [id_ for id_ in one.unmapped if id_ not in source] == []


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: f"{one.source}--{one.target}")
def test_no_pair_is_there_twice_and_nothing_is_both_placed_and_unmapped(one: Correspondence) -> None:
    counts = Counter((pair.source, pair.target) for pair in one.pairs)
    assert [pair for pair, count in counts.items() if count > 1] == []
    assert {pair.source for pair in one.pairs} & one.unmapped.keys() == set()


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: f"{one.source}--{one.target}")
def test_an_answer_per_right_goes_to_a_question_per_right_and_no_other_does(one: Correspondence) -> None:
    before, after = (repetition(load_catalogue().get(key)) for key in (one.source, one.target))
    assert [pair for pair in one.pairs if before[pair.source] is not after[pair.target]] == []


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: f"{one.source}--{one.target}")
def test_the_file_has_the_name_of_the_versions(one: Correspondence) -> None:
    name = f"{one.source}--{one.target}".replace("/", "-")
    assert (HOME / f"{name}.yaml").exists()


def test_every_question_of_the_iama_of_2021_has_a_place_or_a_reason() -> None:
    one = from_one_to_two()
    accounted = {pair.source for pair in one.pairs} | one.unmapped.keys()
    assert accounted == set(ids(load_catalogue().get("iama/1.0")))


def test_pairs_that_ask_the_same_are_these() -> None:
    pairs = [pair for pair in from_one_to_two().pairs if pair.relation is Relation.SAME]
    assert {pair.source: pair.target for pair in pairs} == SAME
    assert len(pairs) == len(SAME)


def test_pairs_that_do_not_ask_the_same_say_what_differs() -> None:
    silent = [
        pair for pair in from_one_to_two().pairs if pair.relation is not Relation.SAME and not pair.note
    ]
    assert silent == []


def test_an_answer_that_fits_as_it_is_is_given_in_the_same_way() -> None:
    first, second = (
        {question.id: question for question in load_catalogue().get(key).questions()}
        for key in ("iama/1.0", "iama/2.0")
    )
    ways = {
        old: [(one.kind, one.option_ids, one.columns, one.explain) for one in (first[old], second[new])]
        for old, new in SAME.items()
    }
    assert [id_ for id_, (before, after) in ways.items() if before != after] == []


def test_numbers_that_mean_something_else_in_version_two_are_not_paired() -> None:
    numbers = ("1.3.1", "1.4.1", "1.5.1", "2A.1.1", "3.2.2", "3.3.3", "3.4.1", "3.4.3", "4.2.1", "4.4.1")
    alike = {pair.source for pair in from_one_to_two().pairs if pair.source == pair.target}
    assert alike.isdisjoint(numbers)
    assert alike == {"1.1.1", "3.1.1", "3.2.1"}


def test_a_comparison_lists_every_question_of_both_editions() -> None:
    old, new = (load_catalogue().get(key) for key in ("iama/1.0", "iama/2.0"))
    one = from_one_to_two()
    lines = compare(old, new, one)
    assert {line.old.question.id for line in lines if line.old} == set(ids(old))
    assert {line.new.question.id for line in lines if line.new} == set(ids(new))
    gone = {line.old.question.id: line.note for line in lines if line.old and Change.REMOVED in line.changes}
    assert gone == one.unmapped
