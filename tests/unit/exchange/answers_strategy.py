"""Answers to any question set, as people could have stored them."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ethiek.domain.answer_rules import normalise, problems
from ethiek.domain.answers import Answer, Slot
from ethiek.domain.carried import slots_of
from ethiek.questionnaires.model import Column, Kind, Question, Questionnaire

LINES = st.sampled_from(
    [
        "Ja.",
        "",
        "== Keuze ==",
        "== Overwegingen ==",
        "\\== x ==",
        "== 1. Waarde ==",
        "  twee",
        "é\u0301",
        "🙂",
        "1. x",
    ]
)
TEXTS = st.lists(LINES | st.text(max_size=6), max_size=4).map("\n".join)


def cells(column: Column) -> SearchStrategy[str]:
    if column.kind is Kind.CHOICE:
        return st.sampled_from(["", *(option.id for option in column.options)])
    return st.sampled_from(["", "2027-03-01"]) if column.kind is Kind.DATE else TEXTS


@st.composite
def an_answer(draw: DrawFn, question: Question) -> Answer:
    """A valid answer in its canonical form; may be empty."""
    ids = question.option_ids
    answer = Answer(
        text=draw(TEXTS),
        considerations=draw(TEXTS),
        dissent=draw(TEXTS),
        choice=draw(st.sampled_from(["", *ids])) if ids else "",
        choices=tuple(draw(st.lists(st.sampled_from(ids), unique=True))) if ids else (),
        date=draw(st.sampled_from(["", "2026-11-22"])),
        number=draw(st.sampled_from(["", "12.5", "-3"])),
        rows=tuple(
            draw(
                st.lists(st.fixed_dictionaries({one.id: cells(one) for one in question.columns}), max_size=3)
            )
        ),
    )
    clean = normalise(question, answer)
    return clean if not problems(question, clean) else Answer()


@st.composite
def answers_to(draw: DrawFn, questionnaire: Questionnaire, *, most: int = 12) -> dict[Slot, Answer]:
    """Answers at some slots, asked or not; none of them is empty."""
    slots = slots_of(questionnaire)
    chosen = draw(st.lists(st.sampled_from(sorted(slots)), unique=True, max_size=most))
    given = {slot: draw(an_answer(slots[slot])) for slot in chosen}
    return {slot: answer for slot, answer in given.items() if answer != Answer()}
