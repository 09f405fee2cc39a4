"""What differs between two versions of a question set, question by question, and where answers go.

Questions are the same when they have the same id, unless a ``Correspondence`` says otherwise: then only its pairs
count, because the same number may ask something else in the other edition (IAMA 2021 and 2026).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ethiek.questionnaires.correspondences import Correspondence, Pair, Relation
from ethiek.questionnaires.model import Part, Question, Questionnaire, Section


class Change(StrEnum):
    """What happened to one question; one question can have several."""

    WORDING = "wording"
    """Its texts differ: question, help, labels of options or columns."""
    MOVED = "moved"
    """It stands in another part or section, or its order among its neighbours changed."""
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
    pairs = correspondence.pairs if correspondence else tuple(_by_id(before, after))
    moved = _moved(pairs, before, after)
    lines = {id_: [pair for pair in pairs if pair.target == id_] for id_ in after}
    found = [line for id_, place in after.items() for line in _lines(place, lines[id_], before, moved)]
    gone = before.keys() - {pair.source for pair in pairs}
    reasons = correspondence.unmapped if correspondence else {}
    return (
        *found,
        *(
            Difference(place, None, frozenset({Change.REMOVED}), note=reasons.get(id_, ""))
            for id_, place in before.items()
            if id_ in gone
        ),
    )


def _by_id(before: Mapping[str, Place], after: Mapping[str, Place]) -> Iterator[Pair]:
    return (Pair(id_, id_, Relation.SAME) for id_ in after if id_ in before)


def _lines(
    new: Place, pairs: list[Pair], before: Mapping[str, Place], moved: frozenset[Pair]
) -> Iterator[Difference]:
    if not pairs:
        yield Difference(None, new, frozenset({Change.NEW}))
    for pair in pairs:
        old = before[pair.source]
        changes = frozenset(_changes(old, new)) | ({Change.MOVED} if pair in moved else frozenset())
        yield Difference(old, new, changes, pair.relation, pair.note)


def _changes(old: Place, new: Place) -> Iterator[Change]:
    if _texts(old.question) != _texts(new.question):
        yield Change.WORDING
    if _shape(old.question) != _shape(new.question):
        yield Change.SHAPE
    if _asked_when(old) != _asked_when(new):
        yield Change.ASKED_WHEN


def _texts(question: Question) -> tuple[object, ...]:
    return (
        question.text,
        question.why,
        question.help,
        question.note,
        question.number,
        question.who,
        question.markers,
        question.recalls,
        question.stops,
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


def _asked_when(place: Place) -> tuple[object, ...]:
    return (
        place.part.show_when,
        place.section.show_when,
        place.section.repeat_for,
        place.question.show_when,
        place.question.optional,
    )


def _moved(
    pairs: tuple[Pair, ...], before: Mapping[str, Place], after: Mapping[str, Place]
) -> frozenset[Pair]:
    """Return the pairs that changed section, or whose order among the pairs of their section changed."""
    order = {id_: index for index, id_ in enumerate(before)}
    stayed: dict[str, list[Pair]] = {}
    found = set()
    for pair in sorted(pairs, key=lambda pair: list(after).index(pair.target)):
        old, new = before[pair.source], after[pair.target]
        if (old.part.id, old.section.id) != (new.part.id, new.section.id):
            found.add(pair)
        else:
            stayed.setdefault(new.section.id, []).append(pair)
    for of_section in stayed.values():
        ranked = [order[pair.source] for pair in of_section]
        found |= {
            pair for pair, rank in zip(of_section, ranked, strict=True) if rank not in _longest_rise(ranked)
        }
    return frozenset(found)


def _longest_rise(ranks: list[int]) -> set[int]:
    """Return the members of a longest increasing run through ``ranks``: what did not have to move.

    >>> sorted(_longest_rise([2, 0, 1, 3]))
    [0, 1, 3]
    """
    runs: list[list[int]] = []
    for rank in ranks:
        shorter = [run for run in runs if run[-1] < rank]
        runs.append([*_longest(shorter), rank])
    return set(_longest(runs))


def _longest(runs: list[list[int]]) -> list[int]:
    return max(runs, key=len) if runs else []


def with_questions(questionnaire: Questionnaire, changed: Mapping[str, Question]) -> Questionnaire:
    """Return the same set with some questions replaced, by id."""
    return replace(
        questionnaire,
        parts=tuple(
            replace(
                part,
                sections=tuple(
                    replace(
                        section,
                        questions=tuple(changed.get(one.id, one) for one in section.questions),
                    )
                    for section in part.sections
                ),
            )
            for part in questionnaire.parts
        ),
    )
