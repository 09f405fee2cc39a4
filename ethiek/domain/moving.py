"""Where the answers of a dossier go when it moves to another version of its question set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.carried import ToCarry
from ethiek.domain.versions import Difference, Place, places
from ethiek.questionnaires.correspondences import Relation
from ethiek.questionnaires.model import Questionnaire

Route = Mapping[str, Sequence[str]]
"""Question id of the old version -> ids of the questions in the new one that go with it."""

_RANK: Final = {Relation.SAME: 0, Relation.CLOSE: 1, Relation.PARTLY: 2}


@dataclass(frozen=True, slots=True)
class Written:
    """An answer, and when it was written."""

    answer: Answer
    at: datetime


def route(differences: Sequence[Difference]) -> dict[str, list[str]]:
    """Return which questions go with which, the closest first; a question that was removed is not in it."""
    found: dict[str, list[str]] = {}
    for line in _closest_first(differences):
        if line.old and line.new:
            found.setdefault(line.old.question.id, []).append(line.new.question.id)
    return found


def _closest_first(differences: Sequence[Difference]) -> list[Difference]:
    return sorted(differences, key=lambda line: _RANK[line.relation])


@dataclass(frozen=True)
class Move:
    """One step from a version to another."""

    old: Questionnaire
    new: Questionnaire
    route: Route

    @cached_property
    def before(self) -> Mapping[str, Place]:
        """The questions of the old version."""
        return places(self.old)

    @cached_property
    def after(self) -> Mapping[str, Place]:
        """The questions of the new version."""
        return places(self.new)

    def follow(self, slot: Slot) -> tuple[Slot, ...]:
        """Return where a slot of the old version went; nowhere if nothing there goes with it.

        In a repeated section the item comes along if the section is repeated for the same question, and if that
        still has the option.
        """
        old = self.before.get(slot.question)
        targets = self.route.get(slot.question, ()) if old else ()
        return tuple(
            Slot(target, slot.item)
            for target in targets
            if old and target in self.after and self._item_fits(slot.item, old, self.after[target])
        )

    def _item_fits(self, item: str, old: Place, new: Place) -> bool:
        before, after = old.section.repeat_for, new.section.repeat_for
        if not before or not after:
            return not before and not after and not item
        return after in self.route.get(before, ()) and item in self.after[after].question.option_ids


def plan(
    move: Move, differences: Sequence[Difference], answers: Mapping[Slot, Written]
) -> tuple[ToCarry, ...]:
    """Return every answer with where it goes; what fits best first, so that it gets the place.

    An answer that goes to several questions is in it once for each.
    """
    lines = _by_pair(differences)
    order = {id_: index for index, id_ in enumerate(move.before)}
    found = [
        (rank, item)
        for slot, written in sorted(answers.items(), key=lambda one: (order.get(one[0].question, -1), one[0]))
        for rank, item in _carry(move, lines, slot, written)
    ]
    return tuple(item for _rank, item in sorted(found, key=lambda one: one[0]))


def _by_pair(differences: Sequence[Difference]) -> dict[tuple[str, str], Difference]:
    return {
        (line.old.question.id, line.new.question.id): line for line in differences if line.old and line.new
    }


def _carry(
    move: Move, lines: Mapping[tuple[str, str], Difference], slot: Slot, written: Written
) -> Iterator[tuple[int, ToCarry]]:
    label = name_of(move.before, slot)
    targets = move.follow(slot)
    for target in targets:
        line = lines[slot.question, target.question]
        item = ToCarry(target, written.answer, line.needs_confirmation, slot, label, written.at)
        yield _RANK[line.relation], item
    if not targets:
        yield len(_RANK), ToCarry(None, written.answer, False, slot, label, written.at)  # noqa: FBT003


def name_of(known: Mapping[str, Place], slot: Slot) -> str:
    """Return number and text of a question, and the label of the item it is asked for."""
    place = known.get(slot.question)
    if place is None:
        return str(slot)
    words = f"{place.question.number} {place.question.text}".strip()
    label = item_label(known, slot)
    return f"{words} ({label})" if label else words


def item_label(known: Mapping[str, Place], slot: Slot) -> str:
    """Return what the item of a slot is called; its id where it is not known (any more)."""
    repeat_for = known[slot.question].section.repeat_for
    options = known[repeat_for].question.options if slot.item and repeat_for else ()
    return next((option.label for option in options if option.id == slot.item), slot.item)
