"""What differs between two versions of a question set, question by question, and where answers go.

Questions are the same when they have the same id, unless a ``Correspondence`` says otherwise: then only its pairs
count, because the same number may ask something else in the other edition (IAMA 2021 and 2026).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ethiek.questionnaires.correspondences import Correspondence, Pair, Relation
from ethiek.questionnaires.model import Check, Part, Question, Questionnaire, Section, ShowWhen


class Change(StrEnum):
    """What happened to one question; one question can have several."""

    WORDING = "wording"
    """Its texts differ: question, help, labels of options or columns."""
    MOVED = "moved"
    """It stands in another part or section, has another number, or its order among its neighbours changed."""
    SHAPE = "shape"
    """It is answered otherwise: kind, options, columns, limits."""
    ASKED_WHEN = "asked_when"
    """It is asked under other conditions, or repeated for something else, or made (un)optional."""
    NEW = "new"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Place:
    """A question where it stands."""

    part: Part
    section: Section
    question: Question


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of a comparison. Without ``old`` it is new, without ``new`` removed; no ``changes``: the same."""

    old: Place | None
    new: Place | None
    changes: frozenset[Change]
    relation: Relation = Relation.SAME
    note: str = ""

    @property
    def needs_confirmation(self) -> bool:
        """An answer that comes along has to be read again by the team."""
        return bool(self.changes - {Change.MOVED}) or self.relation is not Relation.SAME


def numbers_of(key: str) -> tuple[int, ...]:
    """Return the numbers in the version of a key, by which 2.10 comes after 2.9.

    >>> numbers_of("iama/2.10"), numbers_of("deda/nl-2025")
    ((2, 10), (2025,))
    """
    _instrument, _slash, version = key.partition("/")
    return tuple(map(int, re.findall(r"[0-9]+", version)))


def places(questionnaire: Questionnaire) -> dict[str, Place]:
    """Return question id -> where it stands, in order."""
    return {
        question.id: Place(part, section, question)
        for part, section in questionnaire.sections()
        for question in section.questions
    }


def compare(
    old: Questionnaire, new: Questionnaire, correspondence: Correspondence | None = None
) -> tuple[Difference, ...]:
    """Return one line per pair of questions, in the order of ``new``; removed ones follow, in the order of ``old``.

    A question that is split, or merged with another, has a line for each pair.
    """
    before, after = places(old), places(new)
    pairs = tuple(_pairs(before, after, correspondence))
    moved = _moved(pairs, before, after)
    names = {pair.source: pair.target for pair in reversed(pairs)}
    by_target: dict[str, list[Pair]] = {id_: [] for id_ in after}
    for pair in pairs:
        by_target[pair.target].append(pair)
    reasons = correspondence.unmapped if correspondence else {}
    return (
        *(
            line
            for id_, place in after.items()
            for line in _lines(place, by_target[id_], before, moved, names)
        ),
        *(
            Difference(place, None, frozenset({Change.REMOVED}), note=reasons.get(id_, ""))
            for id_, place in before.items()
            if id_ not in names
        ),
    )


def _pairs(
    before: Mapping[str, Place], after: Mapping[str, Place], correspondence: Correspondence | None
) -> Iterable[Pair]:
    """Yield each pair once; what a correspondence says about questions that are not there counts for nothing."""
    if correspondence is None:
        return (Pair(id_, id_, Relation.SAME) for id_ in after if id_ in before)
    known = (pair for pair in correspondence.pairs if pair.source in before and pair.target in after)
    return {(pair.source, pair.target): pair for pair in known}.values()


def _lines(
    new: Place,
    pairs: Sequence[Pair],
    before: Mapping[str, Place],
    moved: frozenset[Pair],
    names: Mapping[str, str],
) -> Iterator[Difference]:
    if not pairs:
        yield Difference(None, new, frozenset({Change.NEW}))
    for pair in pairs:
        old = before[pair.source]
        changes = frozenset(_changes(old, new, names)) | ({Change.MOVED} if pair in moved else frozenset())
        yield Difference(old, new, changes, pair.relation, pair.note)


def _changes(old: Place, new: Place, names: Mapping[str, str]) -> Iterator[Change]:
    """Yield what changed; ``names``: what the questions of the old version are called in the new one."""
    same = {question: question for question in names.values()}
    if _texts(old.question, names) != _texts(new.question, same):
        yield Change.WORDING
    if _shape(old.question) != _shape(new.question):
        yield Change.SHAPE
    if _asked_when(old, names) != _asked_when(new, same):
        yield Change.ASKED_WHEN
    if old.question.number != new.question.number:
        yield Change.MOVED


def _texts(question: Question, names: Mapping[str, str]) -> tuple[object, ...]:
    return (
        question.text,
        question.why,
        question.help,
        question.note,
        question.who,
        question.markers,
        tuple(_name(id_, names) for id_ in question.recalls),
        tuple((_renamed(rule.when, names), rule.effect, rule.reason) for rule in question.stops),
        question.suggests,
        question.source,
        tuple((option.label, option.help, option.group) for option in question.options),
        tuple(
            (column.label, column.suggests, tuple(option.label for option in column.options))
            for column in question.columns
        ),
    )


def _shape(question: Question) -> tuple[object, ...]:
    return (
        question.kind,
        question.explain,
        question.max_items,
        question.actions,
        question.limits,
        tuple((option.id, option.exclusive) for option in question.options),
        tuple(
            (column.id, column.kind, column.required, tuple(option.id for option in column.options))
            for column in question.columns
        ),
    )


def _asked_when(place: Place, names: Mapping[str, str]) -> tuple[object, ...]:
    conditions = (place.part.show_when, place.section.show_when, place.question.show_when)
    repeated = _name(place.section.repeat_for, names) if place.section.repeat_for else ""
    return (*(_renamed(one, names) for one in conditions), repeated, place.question.optional)


def _name(id_: str, names: Mapping[str, str]) -> str:
    """Return what a question is called in the new version; of one that is not there nothing is the same."""
    return names.get(id_, f"not there: {id_}")


def _renamed(condition: ShowWhen | None, names: Mapping[str, str]) -> ShowWhen | None:
    if condition is None:
        return None
    if isinstance(condition, Check):
        return replace(condition, question=_name(condition.question, names))
    members = (_renamed(member, names) for member in condition.members)
    return replace(condition, members=tuple(member for member in members if member))


def _moved(pairs: Sequence[Pair], before: Mapping[str, Place], after: Mapping[str, Place]) -> frozenset[Pair]:
    """Return the pairs that changed section, or whose order among the pairs of their section changed."""
    order = {id_: index for index, id_ in enumerate(before)}
    place = {id_: index for index, id_ in enumerate(after)}
    stayed: dict[str, list[Pair]] = {}
    found = set()
    for pair in sorted(pairs, key=lambda pair: (place[pair.target], order[pair.source])):
        old, new = before[pair.source], after[pair.target]
        if (old.part.id, old.section.id) != (new.part.id, new.section.id):
            found.add(pair)
        else:
            stayed.setdefault(new.section.id, []).append(pair)
    for of_section in stayed.values():
        keeps = _longest_rise([order[pair.source] for pair in of_section])
        found |= {pair for pair in of_section if order[pair.source] not in keeps}
    return frozenset(found)


def _longest_rise(ranks: Sequence[int]) -> set[int]:
    """Return the members of a longest increasing run through ``ranks``: what did not have to move.

    >>> sorted(_longest_rise([2, 0, 1, 3]))
    [0, 1, 3]
    """
    ends: list[int] = []  # the lowest rank with which a run of that length can end
    before: dict[int, int | None] = {}
    for rank in ranks:
        length = bisect_left(ends, rank)
        before[rank] = ends[length - 1] if length else None
        ends[length : length + 1] = [rank]
    found, last = set(), ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found
