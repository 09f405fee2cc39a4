"""What of the English DEDA belongs where in the Dutch one."""

from __future__ import annotations

from typing import Final

from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.correspondences import Correspondence, Relation, correspondence
from ethiek.questionnaires.model import Question

ENGLISH: Final = load_catalogue().get("deda/en-2023")
DUTCH: Final = load_catalogue().get("deda/nl-2025")
OLD: Final = {question.id: question for question in ENGLISH.questions()}
NEW: Final = {question.id: question for question in DUTCH.questions()}


def the_file() -> Correspondence:
    found = correspondence(ENGLISH.key, DUTCH.key)
    assert found is not None
    return found


def answered_with(question: Question) -> tuple[object, ...]:
    columns = [(column.id, column.kind, [one.id for one in column.options]) for column in question.columns]
    return question.kind, question.explain, question.option_ids, columns


def test_every_english_question_has_a_place_or_a_reason_and_not_both() -> None:
    placed = {pair.source for pair in the_file().pairs}
    assert sorted((*placed, *the_file().unmapped)) == sorted(OLD)
    assert (len(placed), len(the_file().unmapped)) == (37, 7)


def test_every_place_exists_in_the_dutch_edition() -> None:
    assert {pair.target for pair in the_file().pairs} <= set(NEW)


def test_the_same_question_is_answered_in_the_same_way() -> None:
    same = [pair for pair in the_file().pairs if pair.relation is Relation.SAME]
    assert len(same) == 22
    assert [p for p in same if answered_with(OLD[p.source]) != answered_with(NEW[p.target])] == []


def test_what_is_not_the_same_says_what_differs() -> None:
    assert [
        pair for pair in the_file().pairs if (pair.relation is Relation.SAME) == pair.note.endswith(".")
    ] == []
