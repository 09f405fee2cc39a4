from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ethiek.domain.answer_text import plain_text, whole_text
from ethiek.domain.answers import Answer, Slot
from ethiek.questionnaires.model import Kind, Question

TEXT = st.text(max_size=10)
ROWS = st.lists(st.dictionaries(TEXT, TEXT, min_size=1, max_size=2), max_size=2).map(tuple)
ANSWER = st.builds(
    Answer,
    text=TEXT,
    choice=TEXT,
    choices=st.lists(TEXT, max_size=3).map(tuple),
    date=TEXT,
    number=TEXT,
    rows=ROWS,
    considerations=TEXT,
    dissent=TEXT,
)


@given(ANSWER)
def test_from_json_gives_back_what_to_json_wrote(answer: Answer) -> None:
    assert Answer.from_json(json.loads(json.dumps(answer.to_json()))) == answer


def test_to_json_of_an_empty_answer_holds_nothing() -> None:
    assert Answer().to_json() == {}


def test_whole_text_names_the_dissent() -> None:
    answer = Answer(text="Ja.", considerations="Omdat.", dissent="Yara vindt van niet.")
    question = Question("1", "Mag het?", Kind.OPEN_TEXT)
    assert whole_text(question, answer) == "Ja.\n\nOmdat.\n\nAfwijkend standpunt: Yara vindt van niet."
    assert plain_text(question, answer) == "Ja."


@pytest.mark.parametrize(
    ("slot", "text"), [(Slot("1.1.1"), "1.1.1"), (Slot("4.3.1", "privacy"), "4.3.1@privacy")]
)
def test_slot_names_question_and_item(slot: Slot, text: str) -> None:
    assert str(slot) == text
