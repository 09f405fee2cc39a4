"""Conditions and references of an assessment definition, as far as they can be asked here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ethiek.questionnaires.exchange.assessment_fields import Shape, normal
from ethiek.questionnaires.exchange.entries import Entry
from ethiek.questionnaires.exchange.imported import Losses, What
from ethiek.questionnaires.model import Check, Combine, Group, Kind, ShowWhen, Test

_OPERATORS: Final = frozenset({"equals", "contains", "any", "all"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer to a field of the file is asked: in which question, and how early."""

    question: str
    position: int
    shape: Shape


Places = Mapping[str, Place]
"""Id of a field in the file -> where it is asked; a column of a table has the shape of its table."""


def condition(
    dependencies: Iterable[Entry], places: Places, before: int, at: str, losses: Losses
) -> ShowWhen | None:
    """Return when something is shown: when all its conditions hold. What cannot be asked is noted and left out.

    Args:
        before: position of the first question that it is about; only earlier ones can be looked at.
    """
    found = []
    for dependency in dependencies:
        if dependency.text("type") != "conditional":
            continue
        looked_at = _one(dependency, places, before)
        if looked_at is None:
            losses.add(What.CONDITION, dependency, at, described(dependency))
        else:
            found.append(looked_at)
    return together(found)


def described(dependency: Entry) -> str:
    """Return a condition in the words of the file."""
    test = dependency.entry("condition")
    if test is None:
        return dependency.text("action")
    values = ", ".join(test.texts("value"))
    return f"{dependency.text('action')}: {test.text('id')} {test.text('operator')} {values}".strip()


def _one(dependency: Entry, places: Places, before: int) -> ShowWhen | None:
    test, action = dependency.entry("condition"), dependency.text("action") or "show"
    if test is None or action not in {"show", "hide"}:
        return None
    place = places.get(test.text("id"))
    operator = test.text("operator") or "equals"
    if place is None or place.position >= before or operator not in _OPERATORS:
        return None
    nothing = test.is_null("value") and operator in {"equals", "contains"}
    wanted = ("null",) if nothing else test.texts("value")
    holds = look(place, operator, wanted)
    return holds if action == "show" else negated(holds, places)


def look(place: Place, operator: str, wanted: tuple[str, ...]) -> ShowWhen | None:
    """Return a look at one answer; None if its kind cannot be looked at, or has no such option.

    ``any`` without values: any answer at all.
    """
    shape = place.shape
    if operator == "any" and not wanted:
        ids: tuple[str, ...] = shape.option_ids
    else:
        ids = tuple(
            dict.fromkeys(shape.values.get(value, shape.values.get(normal(value), "")) for value in wanted)
        )
    if not ids or "" in ids:
        return None
    if shape.kind in {Kind.YES_NO, Kind.CHOICE}:
        return Check(place.question, Test.IS, ids)
    if shape.kind is not Kind.MULTI_CHOICE:
        return None
    if operator == "all":
        return together([Check(place.question, Test.HAS, (id_,)) for id_ in ids])
    return Check(place.question, Test.HAS, ids)


def negated(condition: ShowWhen | None, places: Places) -> ShowWhen | None:
    """Return the opposite of a condition; of a choice: that one of the other options was chosen."""
    match condition:
        case Group(combine=combine, members=members):
            opposites = [negated(member, places) for member in members]
            known = tuple(one for one in opposites if one is not None)
            other = Combine.ANY if combine is Combine.ALL else Combine.ALL
            return Group(other, known) if len(known) == len(members) else None
        case Check(question=question, test=Test.IS, values=values):
            options = next(place.shape.option_ids for place in places.values() if place.question == question)
            rest = tuple(id_ for id_ in options if id_ not in values)
            return Check(question, Test.IS, rest) if rest else None
        case Check(question=question, test=test, values=values):
            return Check(question, Test.LACKS if test is Test.HAS else Test.HAS, values)
    return None


def together(conditions: Iterable[ShowWhen | None], combine: Combine = Combine.ALL) -> ShowWhen | None:
    """Return conditions as one, without a group of one or groups of the same sort in each other."""
    members: list[ShowWhen] = []
    for one in conditions:
        inner = one.members if isinstance(one, Group) and one.combine is combine else (one,)
        members += [member for member in inner if member is not None and member not in members]
    if len(members) > 1:
        return Group(combine, tuple(members))
    return members[0] if members else None
