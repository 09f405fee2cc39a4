"""What of a DEDA can be a start for an IAMA: every question has a place, or a reason why not."""

from __future__ import annotations

from collections import Counter
from typing import Final

from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.correspondences import Correspondence, Relation, correspondence

DEDA: Final = load_catalogue().get("deda/nl-2025")
IAMA: Final = load_catalogue().get("iama/2.0")


def the_file() -> Correspondence:
    found = correspondence(DEDA.key, IAMA.key)
    assert found is not None
    return found


def test_every_question_of_the_deda_has_a_place_or_a_reason_and_not_both() -> None:
    placed = {pair.source for pair in the_file().pairs}
    assert sorted((*placed, *the_file().unmapped)) == sorted(question.id for question in DEDA.questions())
    assert (len(placed), len(the_file().unmapped)) == (33, 22)


def test_places_exist_once_each_and_are_not_asked_per_right() -> None:
    places = {question.id for _, section in IAMA.sections() for question in section.questions}
    repeated = {
        question.id for _, section in IAMA.sections() if section.repeat_for for question in section.questions
    }
    assert {pair.target for pair in the_file().pairs} <= places - repeated
    counted = Counter((pair.source, pair.target) for pair in the_file().pairs)
    assert set(counted.values()) == {1}


def test_no_answer_fits_as_it_is_and_only_four_nearly_do() -> None:
    assert {
        pair.source: pair.target for pair in the_file().pairs if pair.relation is not Relation.PARTLY
    } == {"q29": "1.4.2", "q34": "3.3.3", "q39": "3.5.5", "q42": "4.2.2"}
    assert {pair.relation for pair in the_file().pairs} == {Relation.PARTLY, Relation.CLOSE}


def test_every_pair_says_what_differs() -> None:
    assert [pair for pair in the_file().pairs if not pair.note.endswith(".")] == []


def test_the_advice_of_the_iama_is_not_filled_in_from_elsewhere() -> None:
    part_five = {question.id for section in IAMA.parts[4].sections for question in section.questions}
    assert {pair.target for pair in the_file().pairs} & part_five == set()
