"""Conditions that wait for each other: question a is asked after an answer to b, and b after an answer to a."""

from __future__ import annotations

from collections.abc import Iterator

from ethiek.questionnaires.model import Group, Part, Question, Questionnaire, Section, ShowWhen
from ethiek.questionnaires.problems import Scope


def cycle_through(questionnaire: Questionnaire, scope: Scope, id_: str, looked_at: str) -> tuple[str, ...]:
    """Return the questions of a cycle that the look at ``looked_at`` closes, first and last the same; or nothing.

    Args:
        scope, id_: the part, section or question whose condition looks there.
    """
    waits_for = {
        question.id: tuple(_waits_for(part, section, question))
        for part, section in questionnaire.sections()
        for question in section.questions
    }
    for start in _questions_in(questionnaire, scope, id_):
        if path := _path(waits_for, looked_at, start):
            return (start, *path)
    return ()


def _waits_for(part: Part, section: Section, question: Question) -> Iterator[str]:
    for condition in (part.show_when, section.show_when, question.show_when):
        yield from _mentioned(condition)
    if section.repeat_for:
        yield section.repeat_for


def _mentioned(condition: ShowWhen | None) -> Iterator[str]:
    if isinstance(condition, Group):
        for member in condition.members:
            yield from _mentioned(member)
    elif condition is not None:
        yield condition.question


def _questions_in(questionnaire: Questionnaire, scope: Scope, id_: str) -> Iterator[str]:
    for part, section in questionnaire.sections():
        for question in section.questions:
            here = {Scope.PART: part.id, Scope.SECTION: section.id, Scope.QUESTION: question.id}
            if here[scope] == id_:
                yield question.id


def _path(waits_for: dict[str, tuple[str, ...]], start: str, goal: str) -> tuple[str, ...]:
    """Return a shortest way along what waits for what, ends included; nothing if there is none."""
    came_from: dict[str, str] = {start: ""}
    line = [start]
    for here in line:
        if here == goal:
            way = [here]
            while came_from[way[0]]:
                way.insert(0, came_from[way[0]])
            return tuple(way)
        for following in waits_for.get(here, ()):
            if following not in came_from:
                came_from[following] = here
                line.append(following)
    return ()
