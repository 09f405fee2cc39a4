"""Question sets made at random: valid ones, and ones whose conditions may be impossible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import strategies as st

from ethiek.questionnaires.model import (
    YES_AND_NO,
    Check,
    Column,
    Combine,
    Group,
    Kind,
    Option,
    Part,
    Question,
    Questionnaire,
    Role,
    Section,
    ShowWhen,
    Source,
    Test,
)

OPTIONS = (Option("a", "Aap"), Option("b", "Beer"), Option("none", "Geen"))
LOOKED_AT = (Kind.YES_NO, Kind.CHOICE, Kind.MULTI_CHOICE)
Witness = Mapping[str, frozenset[str]]
"""Question id -> what is chosen; with these answers every question of a valid set is asked."""


@st.composite
def valid_sets(draw: st.DrawFn) -> Questionnaire:
    """A set in which everything can be asked: every condition holds for one and the same answers."""
    return draw(_sets(possible=True))


@st.composite
def doubtful_sets(draw: st.DrawFn) -> Questionnaire:
    """A set that is built well, but whose conditions may exclude each other."""
    return draw(_sets(possible=False))


@st.composite
def _sets(draw: st.DrawFn, *, possible: bool) -> Questionnaire:
    earlier: dict[str, Question] = {}
    witness: dict[str, frozenset[str]] = {}
    sections = []
    for number in range(1, draw(st.integers(2, 3)) + 1):
        condition = draw(_conditions(earlier, witness, possible=possible))
        multi = [id_ for id_, one in earlier.items() if one.kind is Kind.MULTI_CHOICE]
        repeat_for = draw(st.sampled_from(["", *multi]))
        here = dict(earlier)
        questions = []
        for place in range(1, draw(st.integers(1, 3)) + 1):
            question = draw(_questions(f"{number}.{place}"))
            question = replace(question, show_when=draw(_conditions(here, witness, possible=possible)))
            witness[question.id] = draw(_chosen(question))
            here[question.id] = question
            questions.append(question)
        sections.append(
            Section(f"{number}", "Deel", tuple(questions), show_when=condition, repeat_for=repeat_for)
        )
        if not repeat_for:
            earlier = here
    first = Part("A", "Eerst", tuple(sections[:1]))
    second = Part("B", "Dan", tuple(sections[1:]))
    return Questionnaire(
        "proef",
        "1",
        "Proef",
        "Proef",
        "nl",
        ("Om te proberen.", "Altijd."),
        Source("Proef", "Wij", 2026, "Eerste", "Van ons."),
        (Role("jurist", "Jurist"),),
        (first, second),
    )


@st.composite
def _questions(draw: st.DrawFn, id_: str) -> Question:
    kind = draw(st.sampled_from([*LOOKED_AT, *LOOKED_AT, Kind.OPEN_TEXT, Kind.TABLE]))
    options: tuple[Option, ...] = ()
    if kind in {Kind.CHOICE, Kind.MULTI_CHOICE}:
        alone = kind is Kind.MULTI_CHOICE and draw(st.booleans())
        options = (*OPTIONS[:2], replace(OPTIONS[2], exclusive=alone))
    columns = (Column("what", "Wat"),) if kind is Kind.TABLE else ()
    most = draw(st.sampled_from([None, 1])) if kind is Kind.MULTI_CHOICE else None
    return Question(id_, "Wat?", kind, options=options, columns=columns, max_items=most)


def _chosen(question: Question) -> st.SearchStrategy[frozenset[str]]:
    """Something that can be answered, with which a section can be repeated."""
    choosable = [option.id for option in question.options if not option.exclusive]
    if question.kind is Kind.YES_NO:
        choosable = list(YES_AND_NO)
    if not choosable:
        return st.just(frozenset())
    most = len(choosable) if question.kind is Kind.MULTI_CHOICE and question.max_items is None else 1
    return st.frozensets(st.sampled_from(choosable), min_size=1, max_size=most)


@st.composite
def _conditions(
    draw: st.DrawFn, earlier: Mapping[str, Question], witness: Witness, *, possible: bool
) -> ShowWhen | None:
    candidates = [one for one in earlier.values() if one.kind in LOOKED_AT]
    if not candidates or draw(st.integers(0, 2)) == 0:
        return None
    looks = st.sampled_from(candidates).flatmap(
        lambda one: _looks(one, witness[one.id] if possible else None)
    )
    members = tuple(draw(st.lists(looks, min_size=1, max_size=3)))
    if len(members) == 1:
        return members[0]
    return Group(draw(st.sampled_from(Combine)), members)


@st.composite
def _looks(draw: st.DrawFn, question: Question, chosen: frozenset[str] | None) -> Check:
    multi = question.kind is Kind.MULTI_CHOICE
    test = draw(st.sampled_from([Test.HAS, Test.LACKS])) if multi else Test.IS
    values = draw(st.frozensets(st.sampled_from(question.option_ids), min_size=1, max_size=2))
    if chosen is not None and test is Test.LACKS:
        values = frozenset(question.option_ids) - chosen or values
        test = Test.LACKS if not values & chosen else Test.HAS
    elif chosen is not None:
        values = values | {min(chosen)}
    return Check(question.id, test, tuple(sorted(values)))
