"""An edition in another language asks exactly the same: only its words may differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ethiek.questionnaires.canonical import to_plain
from ethiek.questionnaires.model import Part, Question, Questionnaire, Section
from ethiek.questionnaires.problems import Code, Problem, Scope

ORDER: Final = "order"
"""What differs when a part, section or question is absent, too much, or stands elsewhere."""

Shape = Mapping[str, Any]


def translation_problems(
    questionnaire: Questionnaire, published: Mapping[str, Questionnaire]
) -> Iterator[Problem]:
    """Yield where a set differs from the one that it translates in more than words."""
    if not questionnaire.translates:
        return
    original = published.get(questionnaire.translates)
    if original is None:
        facts = {"original": questionnaire.translates}
        yield Problem(Scope.SET, "", "", "translates", Code.NO_ORIGINAL, facts)
        return
    theirs, ours = _shapes(original), _shapes(questionnaire)
    if list(theirs) != list(ours):
        yield from _order(list(theirs), list(ours), original.key)
    for place, shape in ours.items():
        for field in shape:
            if place in theirs and shape[field] != theirs[place][field]:
                yield Problem(*place, "", field, Code.DIFFERS, {"original": original.key})


def _order(
    theirs: list[tuple[Scope, str]], ours: list[tuple[Scope, str]], original: str
) -> Iterator[Problem]:
    """Yield what is too much, what is absent and, if it is neither, the first that stands elsewhere."""
    odd = [place for place in (*ours, *theirs) if (place in ours) != (place in theirs)]
    if not odd:
        odd = [mine for mine, other in zip(ours, theirs, strict=True) if mine != other][:1]
    for place in odd:
        yield Problem(*place, "", ORDER, Code.DIFFERS, {"original": original})


def _shapes(questionnaire: Questionnaire) -> dict[tuple[Scope, str], Shape]:
    """Everything but the words, by place and in order."""
    found: dict[tuple[Scope, str], Shape] = {}
    for part in questionnaire.parts:
        found[Scope.PART, part.id] = _of_part(part)
        for section in part.sections:
            found[Scope.SECTION, section.id] = _of_section(section)
            for question in section.questions:
                found[Scope.QUESTION, question.id] = _of_question(question)
    return found


def _of_part(part: Part) -> Shape:
    return {"show_when": to_plain(part.show_when)}


def _of_section(section: Section) -> Shape:
    return {"show_when": to_plain(section.show_when), "repeat_for": section.repeat_for}


def _of_question(question: Question) -> Shape:
    return {
        "kind": question.kind,
        "options": [(option.id, option.exclusive) for option in question.options],
        "columns": [
            (column.id, column.kind, column.required, [option.id for option in column.options])
            for column in question.columns
        ],
        "optional": question.optional,
        "explain": question.explain,
        "max_items": question.max_items,
        "show_when": to_plain(question.show_when),
        "recalls": question.recalls,
        "stops": [(to_plain(stop.when), stop.effect) for stop in question.stops],
        "actions": question.actions,
    }
