"""Changes to a question set that is being written. Every change gives a new set; nothing is changed in place.

What can be changed by itself is an *element*: the set (its title, source, roles), a part, a section or a question.
An element that holds others is changed without touching those. Ids are given once, when something is added.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

import rfc8785

from ethiek.errors import InputError, NotFoundError
from ethiek.questionnaires.canonical import to_plain
from ethiek.questionnaires.model import Part, Question, Questionnaire, Section
from ethiek.questionnaires.problems import Scope

Child = TypeVar("Child", Part, Section, Question)
Element = Questionnaire | Part | Section | Question


class Direction(StrEnum):
    """Where something moves to: one place up or down, past the edge into the neighbour."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Target:
    """Which element; the id of the set itself is empty."""

    scope: Scope
    id: str = ""


WHOLE_SET = Target(Scope.SET)


def element(questionnaire: Questionnaire, target: Target) -> Element:
    """Return an element with all that is in it.

    Raises:
        NotFoundError: the set has no such part, section or question.
    """
    if target.scope is Scope.SET:
        return questionnaire
    found: Mapping[Scope, Sequence[Element]] = {
        Scope.PART: questionnaire.parts,
        Scope.SECTION: tuple(section for _, section in questionnaire.sections()),
        Scope.QUESTION: tuple(questionnaire.questions()),
    }
    for one in found[target.scope]:
        if one.id == target.id:
            return one
    raise NotFoundError


def fingerprint(questionnaire: Questionnaire, target: Target) -> str:
    """Return the SHA-256 of the canonical form of an element, without the elements in it."""
    return _sha256(to_plain(_alone(element(questionnaire, target))))


def whole_fingerprint(questionnaire: Questionnaire, target: Target) -> str:
    """Return the SHA-256 of the canonical form of an element with all that is in it."""
    return _sha256(to_plain(element(questionnaire, target)))


def order_fingerprint(questionnaire: Questionnaire, target: Target) -> str:
    """Return the SHA-256 of where an element stands: what it is in, and what stands beside it, in order."""
    return _sha256([str(target.scope), *(one.id for one in _siblings(questionnaire, target))])


def _sha256(plain: Any) -> str:
    return hashlib.sha256(rfc8785.dumps(plain)).hexdigest()


def _alone(one: Element) -> Element:
    match one:
        case Questionnaire():
            return replace(one, parts=())
        case Part():
            return replace(one, sections=())
        case Section():
            return replace(one, questions=())
        case Question():
            return one


def changed(questionnaire: Questionnaire, target: Target, new: Element) -> Questionnaire:
    """Return the set with one element replaced; its id and the elements in it stay as they are.

    Raises:
        NotFoundError: the set has no such part, section or question.
        InputError: the id was changed.
    """
    old = element(questionnaire, target)
    if old.id != new.id:
        raise InputError("id", "fixed")
    match old, new:
        case Questionnaire(), Questionnaire():
            return replace(new, parts=old.parts)
        case Part(), Part():
            kept: Any = replace(new, sections=old.sections)
        case Section(), Section():
            kept = replace(new, questions=old.questions)
        case Question(), Question():
            kept = new
        case _:
            raise TypeError(f"{type(new).__name__} is no {target.scope}")
    return _replaced(questionnaire, target, lambda one: (kept,) if one.id == target.id else (one,))


def added(questionnaire: Questionnaire, parent: Target, new: Part | Section | Question) -> Questionnaire:
    """Return the set with a new element at the end of what it is put in.

    Raises:
        NotFoundError: there is no such part or section to put it in.
        InputError: the id is in use already in this set.
    """
    if new.id in ids_of(questionnaire, type(new)):
        raise InputError("id", "taken")
    match element(questionnaire, parent), new:
        case Questionnaire(), Part():
            return replace(questionnaire, parts=(*questionnaire.parts, new))
        case Part() as part, Section():
            longer: Any = replace(part, sections=(*part.sections, new))
        case Section() as section, Question():
            longer = replace(section, questions=(*section.questions, new))
        case _:
            raise TypeError(f"a {type(new).__name__} cannot be put in a {parent.scope}")
    return _replaced(questionnaire, parent, lambda one: (longer,) if one.id == parent.id else (one,))


def ids_of(questionnaire: Questionnaire, kind: type[Part | Section | Question]) -> frozenset[str]:
    """Return the ids in use for parts, sections or questions."""
    if kind is Part:
        return frozenset(part.id for part in questionnaire.parts)
    if kind is Section:
        return frozenset(section.id for _, section in questionnaire.sections())
    return frozenset(question.id for question in questionnaire.questions())


def removed(questionnaire: Questionnaire, target: Target) -> Questionnaire:
    """Return the set without an element and all that is in it.

    Raises:
        NotFoundError: the set has no such part, section or question.
    """
    element(questionnaire, target)
    return _replaced(questionnaire, target, lambda one: () if one.id == target.id else (one,))


def _replaced(
    questionnaire: Questionnaire, target: Target, change: Callable[[Any], tuple[Any, ...]]
) -> Questionnaire:
    """Return the set in which each element of the target's kind was replaced by what ``change`` gives."""

    def questions(section: Section) -> Section:
        return replace(section, questions=_each(section.questions, change))

    def sections(part: Part) -> Part:
        if target.scope is Scope.SECTION:
            return replace(part, sections=_each(part.sections, change))
        return replace(part, sections=tuple(map(questions, part.sections)))

    if target.scope is Scope.PART:
        return replace(questionnaire, parts=_each(questionnaire.parts, change))
    return replace(questionnaire, parts=tuple(map(sections, questionnaire.parts)))


def _each(children: tuple[Child, ...], change: Callable[[Child], tuple[Child, ...]]) -> tuple[Child, ...]:
    return tuple(new for child in children for new in change(child))


def moved(questionnaire: Questionnaire, target: Target, direction: Direction) -> Questionnaire:
    """Return the set with an element one place up or down; from the edge it goes into the part or section beside.

    Raises:
        NotFoundError: the set has no such part, section or question.
        InputError: it is the first (or last) of all already.
    """
    element(questionnaire, target)
    step = -1 if direction is Direction.UP else 1
    if target.scope is Scope.PART:
        order = _stepped([list(questionnaire.parts)], target.id, step)
        return replace(questionnaire, parts=tuple(order[0]))
    if target.scope is Scope.SECTION:
        in_parts = _stepped([list(part.sections) for part in questionnaire.parts], target.id, step)
        return replace(
            questionnaire,
            parts=tuple(
                replace(part, sections=tuple(sections))
                for part, sections in zip(questionnaire.parts, in_parts, strict=True)
            ),
        )
    groups = [list(section.questions) for _, section in questionnaire.sections()]
    in_sections = iter(_stepped(groups, target.id, step))
    return replace(
        questionnaire,
        parts=tuple(
            replace(
                part,
                sections=tuple(
                    replace(section, questions=tuple(next(in_sections))) for section in part.sections
                ),
            )
            for part in questionnaire.parts
        ),
    )


def _stepped(groups: list[list[Child]], id_: str, step: int) -> list[list[Child]]:
    """Move one child a place, within its group or into the group beside it."""
    at, place = next(
        (at, place) for at, group in enumerate(groups) for place, one in enumerate(group) if one.id == id_
    )
    child = groups[at].pop(place)
    if 0 <= place + step <= len(groups[at]):
        groups[at].insert(place + step, child)
    elif 0 <= at + step < len(groups):
        beside = groups[at + step]
        beside.insert(len(beside) if step < 0 else 0, child)
    else:
        raise InputError("direction", "edge")
    return groups


def parent_of(questionnaire: Questionnaire, target: Target) -> Target:
    """Return what an element is in.

    Raises:
        NotFoundError: the set has no such part, section or question.
    """
    for part, section in questionnaire.sections():
        if target == Target(Scope.SECTION, section.id):
            return Target(Scope.PART, part.id)
        if target.scope is Scope.QUESTION and any(one.id == target.id for one in section.questions):
            return Target(Scope.SECTION, section.id)
    element(questionnaire, target)
    return WHOLE_SET


def _siblings(questionnaire: Questionnaire, target: Target) -> Sequence[Element]:
    """Return what an element is in, and everything that is in that, in order."""
    match parent := element(questionnaire, parent_of(questionnaire, target)):
        case Questionnaire():
            return (parent, *parent.parts)
        case Part():
            return (parent, *parent.sections)
        case Section():
            return (parent, *parent.questions)
        case Question():
            raise TypeError("nothing is in a question")
