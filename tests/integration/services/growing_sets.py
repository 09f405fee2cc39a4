"""A small question set that gets one version after the other, each with one edit, and random answers to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ethiek.domain.answers import Answer, Slot
from ethiek.questionnaires.model import Kind, Option, Part, Question, Questionnaire, Section
from tests.question_sets import a_questionnaire

_CHOICE: Final = "c"
"""The question for whose choices a section is repeated: it stays where it is."""


def first_version() -> Questionnaire:
    """A set with four kinds of questions, one of them asked per choice. All may stay open."""
    options = tuple(Option(id_, id_.upper()) for id_ in ("x", "y", "z"))
    plain = (
        Question("a", "Wat?", Kind.OPEN_TEXT, optional=True),
        Question("b", "Mag het?", Kind.YES_NO, optional=True),
        Question(_CHOICE, "Welke?", Kind.MULTI_CHOICE, options=options, optional=True),
    )
    each = (Question("r", "Hoe erg?", Kind.OPEN_TEXT, optional=True),)
    last = (Question("d", "Nog iets?", Kind.SHORT_TEXT, optional=True),)
    sections = (
        Section("1", "Begin", plain),
        Section("2", "Per keuze", each, repeat_for=_CHOICE),
        Section("3", "Eind", last),
    )
    return replace(a_questionnaire(), id="los", version="1.0", parts=(Part("1", "", sections),))


def slots(questionnaire: Questionnaire) -> dict[Slot, Question]:
    """Return every place for an answer in such a set."""
    begin, per_choice, end = questionnaire.parts[0].sections
    items = next(one for one in begin.questions if one.id == _CHOICE).option_ids
    return {
        **{Slot(one.id): one for one in (*begin.questions, *end.questions)},
        **{Slot(one.id, item): one for one in per_choice.questions for item in items},
    }


def edited(old: Questionnaire, number: int, seed: int) -> Questionnaire:
    """Return version ``1.number``, with one edit that the seed chooses."""
    edit, seed = EDITS[seed % len(EDITS)], seed // len(EDITS)
    asked = list(old.questions())
    picked = asked[seed % len(asked)]
    sections = tuple(edit(section, picked, number) for section in old.parts[0].sections)
    return replace(old, version=f"1.{number}", parts=(replace(old.parts[0], sections=sections),))


def _instead(section: Section, picked: Question, *others: Question) -> Section:
    """Put other questions where the picked one stands, if it does."""
    questions = tuple(new for one in section.questions for new in (others if one.id == picked.id else (one,)))
    return replace(section, questions=questions)


def reworded(section: Section, picked: Question, number: int) -> Section:
    return _instead(section, picked, replace(picked, text=f"{picked.text} {number}"))


def removed(section: Section, picked: Question, _number: int) -> Section:
    return section if picked.id == _CHOICE else _instead(section, picked)


def added(section: Section, picked: Question, number: int) -> Section:
    new = Question(f"n{number}", f"Nieuw {number}?", Kind.OPEN_TEXT, optional=True)
    return _instead(section, picked, picked, new)


def answered_in_short(section: Section, picked: Question, _number: int) -> Section:
    kind = picked.kind if picked.id == _CHOICE else Kind.SHORT_TEXT
    return _instead(section, picked, replace(picked, kind=kind))


def other_options(section: Section, _picked: Question, number: int) -> Section:
    """The first option goes, another comes."""
    choice = next((one for one in section.questions if one.id == _CHOICE), None)
    if choice is None:
        return section
    options = (*choice.options[1:], Option(f"o{number}", "Extra"))
    return _instead(section, choice, replace(choice, options=options))


def put_last(section: Section, picked: Question, _number: int) -> Section:
    """A question goes to the end of the set; one that is asked per choice is asked once from then on."""
    if picked.id == _CHOICE:
        return section
    without = _instead(section, picked)
    return without if section.id != "3" else replace(section, questions=(*without.questions, picked))


EDITS: Final[tuple[Callable[[Section, Question, int], Section], ...]] = (
    reworded,
    removed,
    added,
    answered_in_short,
    other_options,
    put_last,
)


def random_answer(question: Question, seed: int) -> Answer:
    """Return an answer, now and then an empty one."""
    if question.kind is Kind.YES_NO:
        return Answer(choice=("yes", "no", "")[seed % 3])
    if question.kind is Kind.MULTI_CHOICE:
        chosen = (one for index, one in enumerate(question.option_ids) if seed >> index & 1)
        return Answer(choices=tuple(chosen))
    return Answer(text=f"Tekst {seed % 50}." if seed % 9 else "")
