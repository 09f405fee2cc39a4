"""What the page before a move shows, as plain values for the template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from ethiek.domain.carried import CarriedState
from ethiek.domain.versions import Change, Difference, Place
from ethiek.services.earlier import Pieces, changed_texts
from ethiek.services.migration import Affected, Line, Preview
from ethiek.web.labels import CHANGED

WHAT: Final = {
    Change.WORDING: _l("other words"),
    Change.SHAPE: _l("answered in another way"),
    Change.ASKED_WHEN: _l("asked in other cases"),
    Change.MOVED: _l("in another place"),
    Change.NEW: _l("new"),
    Change.REMOVED: _l("no longer asked"),
}
BECOMES: Final = {
    CarriedState.PENDING: _l("comes along; confirm it afterwards"),
    CarriedState.FITTED: _l("comes along as it is"),
    CarriedState.NOT_USED: _l("does not fit; stays readable beside the question"),
    CarriedState.UNPLACED: _l("has no place; stays readable under the earlier answers"),
}
_UNFILLED: Final = (CarriedState.UNPLACED, CarriedState.NOT_USED)


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer and what becomes of it."""

    item_label: str
    text: str
    becomes: LazyString


@dataclass(frozen=True, slots=True)
class LineView:
    """One question that changes, with the answers it is about."""

    title: str
    what: tuple[LazyString, ...]
    changed: tuple[tuple[LazyString, Pieces], ...]
    note: str
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """The lines of a comparison, by what they ask of the reader."""

    to_confirm: tuple[LineView, ...]
    no_place: tuple[LineView, ...]
    new: tuple[LineView, ...]
    other: tuple[LineView, ...]
    same: tuple[LineView, ...]


def groups_of(preview: Preview) -> Groups:
    """Sort the lines: what gets lost out of sight first, then what has to be confirmed."""
    found: dict[str, list[LineView]] = {"no_place": [], "to_confirm": [], "new": [], "other": [], "same": []}
    for line in preview.lines:
        found[_group(line)].append(_view(line))
    return Groups(**{name: tuple(lines) for name, lines in found.items()})


def _group(line: Line) -> str:
    if line.has(*_UNFILLED):
        return "no_place"
    if line.has(CarriedState.PENDING):
        return "to_confirm"
    if Change.NEW in line.difference.changes:
        return "new"
    return "other" if line.difference.changes else "same"


def _view(line: Line) -> LineView:
    one = line.difference
    return LineView(
        _title(one.new or one.old),
        tuple(WHAT[change] for change in Change if change in one.changes),
        tuple(_changed(one)),
        one.note,
        tuple(_answer(answer) for answer in line.answers),
    )


def _title(place: Place | None) -> str:
    return f"{place.question.number} {place.question.text}".strip() if place else ""


def _changed(one: Difference) -> Iterator[tuple[LazyString, Pieces]]:
    if one.old and one.new:
        for name, pieces in changed_texts(one.old.question, one.new.question):
            yield CHANGED[name], pieces


def _answer(answer: Affected) -> AnswerView:
    return AnswerView(answer.item_label, answer.text, BECOMES[answer.state])
