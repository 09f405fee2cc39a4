from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ethiek.domain.versions import Change, Difference, compare, places
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.correspondences import Correspondence, Pair, Relation
from ethiek.questionnaires.model import (
    Check,
    Combine,
    Group,
    Kind,
    Marker,
    Option,
    Part,
    Question,
    Questionnaire,
    Section,
    Test,
    TextLimits,
)
from tests.question_sets import a_newer_version, a_questionnaire, with_questions

OLD = a_questionnaire()
Line = tuple[str, str, frozenset[Change]]


def lines(found: Sequence[Difference]) -> list[Line]:
    return [
        (one.old.question.id if one.old else "", one.new.question.id if one.new else "", one.changes)
        for one in found
    ]


def a_set(*sections: Sequence[str]) -> Questionnaire:
    """One section for each list of question ids."""
    made = tuple(
        Section(f"1.{number}", "", tuple(Question(id_, f"Vraag {id_}?", Kind.OPEN_TEXT) for id_ in ids))
        for number, ids in enumerate(sections, 1)
    )
    return replace(OLD, parts=(Part("1", "", made),))


def test_compare_same_version_finds_nothing() -> None:
    found = compare(OLD, OLD)
    assert [one.changes for one in found] == [frozenset()] * len(places(OLD))
    assert not any(one.needs_confirmation for one in found)


def test_compare_names_what_happened_to_each_question_in_the_new_order() -> None:
    found = compare(OLD, a_newer_version())
    assert lines(found) == [
        ("1.1.1", "1.1.1", {Change.WORDING}),
        ("1.1.4", "1.1.4", {Change.WORDING, Change.SHAPE}),
        ("", "1.1.5", {Change.NEW}),
        ("2.1.1", "2.1.1", frozenset()),
        ("1.1.2", "1.1.2", {Change.MOVED}),
        ("2.2.1", "2.2.1", frozenset()),
        ("1.1.3", "", {Change.REMOVED}),
    ]
    asks = {one.new.question.id for one in found if one.new and one.old and one.needs_confirmation}
    assert asks == {"1.1.1", "1.1.4"}


QUESTION = Question("1.1.1", "Wat?", Kind.OPEN_TEXT, number="1")


@pytest.mark.parametrize(
    ("changed", "change"),
    [
        ({"text": "Wat dan?"}, Change.WORDING),
        ({"why": "Daarom."}, Change.WORDING),
        ({"help": "Zo."}, Change.WORDING),
        ({"markers": (Marker("AVG", "5"),)}, Change.WORDING),
        ({"who": ("jurist",)}, Change.WORDING),
        ({"kind": Kind.SHORT_TEXT}, Change.SHAPE),
        ({"explain": True}, Change.SHAPE),
        ({"limits": TextLimits(max_words=15)}, Change.SHAPE),
        ({"options": (Option("a", "A"),)}, Change.SHAPE),
        ({"optional": True}, Change.ASKED_WHEN),
        ({"show_when": Check("1.1.1", Test.IS, ("yes",))}, Change.ASKED_WHEN),
        ({"number": "2"}, Change.MOVED),
    ],
)
def test_compare_names_the_kind_of_change(changed: dict[str, object], change: Change) -> None:
    old = with_questions(OLD, {"1.1.1": QUESTION})
    new = with_questions(OLD, {"1.1.1": replace(QUESTION, **changed)})  # type: ignore[arg-type]
    line = compare(old, new)[0]
    assert change in line.changes
    assert line.needs_confirmation is (change is not Change.MOVED)


def test_compare_order_within_a_section_names_only_what_moved() -> None:
    found = compare(a_set(["a", "b", "c", "d"]), a_set(["d", "a", "b", "c"]))
    assert {one.new.question.id for one in found if one.new and Change.MOVED in one.changes} == {"d"}


def test_compare_with_a_correspondence_counts_its_pairs_alone() -> None:
    old, new = a_set(["a", "b", "c"]), a_set(["a", "x", "y"])
    pairs = (
        Pair("b", "x", Relation.CLOSE, "Bijna."),
        Pair("b", "y", Relation.PARTLY),
        Pair("c", "x", Relation.SAME),
        Pair("weg", "x", Relation.SAME),
    )
    found = compare(old, new, Correspondence("o/1", "n/1", pairs, {"a": "Geen plaats."}))
    assert [
        (
            one.old.question.id if one.old else "",
            one.new.question.id if one.new else "",
            one.relation,
            one.note,
        )
        for one in found
    ] == [
        ("", "a", Relation.SAME, ""),
        ("b", "x", Relation.CLOSE, "Bijna."),
        ("c", "x", Relation.SAME, ""),
        ("b", "y", Relation.PARTLY, ""),
        ("a", "", Relation.SAME, "Geen plaats."),
    ]


def test_compare_condition_on_a_renumbered_question_is_the_same_condition() -> None:
    old, new = a_set(["a", "b"]), a_set(["x", "y"])
    text = "Vraag?"

    def asked_after(questionnaire: Questionnaire, first: str, second: str) -> Questionnaire:
        when = Group(Combine.ANY, (Check(first, Test.IS, ("yes",)),))
        return with_questions(
            questionnaire,
            {
                first: Question(first, text, Kind.YES_NO),
                second: Question(second, text, Kind.OPEN_TEXT, show_when=when, recalls=(first,)),
            },
        )

    pairs = (Pair("a", "x", Relation.SAME), Pair("b", "y", Relation.SAME))
    found = compare(
        asked_after(old, "a", "b"), asked_after(new, "x", "y"), Correspondence("o/1", "n/1", pairs)
    )
    assert [one.changes for one in found] == [frozenset(), frozenset()]


IDS = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1)


@given(IDS, IDS)
def test_compare_accounts_for_every_question_once(before: list[str], after: list[str]) -> None:
    found = compare(a_set(before), a_set(after))
    assert [one.new.question.id for one in found if one.new] == after
    assert {one.old.question.id for one in found if one.old} == set(before)
    assert [one.old.question.id for one in found if not one.new and one.old] == [
        id_ for id_ in before if id_ not in after
    ]


@given(st.permutations("abcdef"))
def test_what_did_not_move_is_a_longest_run_that_kept_its_order(after: Sequence[str]) -> None:
    found = compare(a_set("abcdef"), a_set(after))
    stayed = [one.new.question.id for one in found if one.new and Change.MOVED not in one.changes]
    assert stayed == sorted(stayed)
    longest = next(
        size for size in range(6, 0, -1) if any(list(run) == sorted(run) for run in combinations(after, size))
    )
    assert len(stayed) == longest


def test_compare_thousand_shuffled_questions_stays_quick() -> None:
    ids = [f"v{number}" for number in range(1000)]
    shuffled = ids[::2] + ids[1::2][::-1]
    begin = time.process_time()
    compare(a_set(ids), a_set(shuffled))
    assert time.process_time() - begin < 2


@pytest.mark.parametrize("questionnaire", load_catalogue().questionnaires, ids=lambda one: one.key)
def test_compare_published_set_with_itself_finds_nothing(questionnaire: Questionnaire) -> None:
    assert not any(one.changes for one in compare(questionnaire, questionnaire))
