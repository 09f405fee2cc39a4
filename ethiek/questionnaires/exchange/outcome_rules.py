"""The small language of outcome rules: ``bool(answers('6.1.2')) && answers('2.1.3') == 'Buiten EER'``.

Understood is what can be said as conditions: looks at choices, and, or, not. Of a rule with *or* the parts that
cannot be said are left out: what is left never claims too much. Any other rule is not understood as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ethiek.questionnaires.exchange.assessment_fields import normal
from ethiek.questionnaires.exchange.assessment_rules import Places, look, negated, together
from ethiek.questionnaires.model import Check, Combine, Kind, ShowWhen, Test

_SIGN: Final = re.compile(
    r"\s*(?:(?P<mark>&&|\|\||==|!=|>=|<=|[!()\[\],<>])|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<number>[0-9]+)|(?P<word>[A-Za-z_][A-Za-z0-9_.-]*))"
)
_MOST_SIGNS: Final = 400
_DEEPEST: Final = 20


class NotUnderstood(Exception):  # noqa: N818  # it is no error: the rule is noted as a loss
    """The rule, or a part of it that cannot be missed, cannot be said as a condition."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One way in which a rule can hold. ``criteria``: ids of the named criteria it goes back to."""

    when: ShowWhen
    criteria: tuple[str, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What a rule came to: the ways in which it holds, and the parts that were not understood."""

    branches: list[Branch] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def outcome(expression: str, criteria: Mapping[str, str], places: Places) -> Outcome:
    """Read one rule. ``criteria``: id -> expression of the parts that the rule names.

    Nothing is raised: a rule that is not understood has no branches, and is among what was left out.
    """
    found = Outcome()
    try:
        parts = list(_alternatives(_signs(expression)))
    except NotUnderstood:
        found.left_out.append(expression)
        return found
    for part in parts:
        reader = _Reader(part, criteria, places)
        try:
            found.branches.append(Branch(reader.whole(), tuple(dict.fromkeys(reader.used))))
        except NotUnderstood:
            name = part[0].removeprefix("criteria.") if len(part) == 1 else ""
            found.left_out.append(f"{name}: {criteria[name]}" if name in criteria else " ".join(part))
    return found


def _signs(expression: str) -> list[str]:
    found: list[str] = []
    at = 0
    expression = expression.strip()
    while at < len(expression):
        sign = _SIGN.match(expression, at)
        if sign is None or len(found) == _MOST_SIGNS:
            raise NotUnderstood
        found.append(sign[0].strip())
        at = sign.end()
    return found


def _alternatives(signs: list[str]) -> Iterator[list[str]]:
    """Split at every ``||`` that stands in no brackets."""
    depth = 0
    part: list[str] = []
    for sign in signs:
        depth += (sign in "([") - (sign in ")]")
        if sign == "||" and depth == 0:
            yield part
            part = []
        else:
            part.append(sign)
    yield part


class _Reader:
    """Reads signs from left to right."""

    def __init__(self, signs: list[str], criteria: Mapping[str, str], places: Places, depth: int = 0) -> None:
        if depth > _DEEPEST:
            raise NotUnderstood
        self._signs = signs
        self._at = 0
        self._criteria = criteria
        self._places = places
        self._depth = depth
        self.used: list[str] = []

    def whole(self) -> ShowWhen:
        found = self._either()
        if self._at != len(self._signs):
            raise NotUnderstood
        return found

    def _either(self) -> ShowWhen:
        return self._joined("||", Combine.ANY, self._both)

    def _both(self) -> ShowWhen:
        return self._joined("&&", Combine.ALL, self._single)

    def _joined(self, mark: str, combine: Combine, read: Callable[[], ShowWhen]) -> ShowWhen:
        members = [read()]
        while self._next() == mark:
            self._at += 1
            members.append(read())
        return _certain(together(members, combine))

    def _single(self) -> ShowWhen:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotUnderstood
        sign = self._take()
        try:
            if sign == "!":
                return _certain(negated(self._single(), self._places))
            if sign == "(":
                found = self._either()
                self._take(")")
                return found
            if sign.startswith("criteria."):
                return self._criterion(sign.removeprefix("criteria."))
            return self._comparison(sign)
        finally:
            self._depth -= 1

    def _criterion(self, name: str) -> ShowWhen:
        self.used.append(name)
        if name not in self._criteria:
            raise NotUnderstood
        return _Reader(_signs(self._criteria[name]), self._criteria, self._places, self._depth + 1).whole()

    def _comparison(self, sign: str) -> ShowWhen:
        if sign.startswith(("'", '"')):  # 'x' in answers('1')
            self._take("in")
            return self._look(self._answers(self._take()), "contains", (sign,))
        if sign == "countSelectedOptions":
            return self._counted(self._argument())
        id_ = self._answers(sign)
        operator = self._next()
        if operator in {"==", "!="}:
            self._at += 1
            found = self._look(id_, "equals", (self._take(),))
            return found if operator == "==" else _certain(negated(found, self._places))
        if operator == "in":
            self._at += 1
            return self._look(id_, "any", self._list())
        return self._look(id_, "equals", ("true",))

    def _answers(self, sign: str) -> str:
        if sign == "bool":
            self._take("(")
            id_ = self._answers(self._take())
            self._take(")")
            return id_
        if sign != "answers":
            raise NotUnderstood
        return self._argument()

    def _argument(self) -> str:
        self._take("(")
        id_ = normal(self._take())
        self._take(")")
        return id_

    def _list(self) -> tuple[str, ...]:
        self._take("[")
        found = [self._take()]
        while self._next() == ",":
            self._at += 1
            found.append(self._take())
        self._take("]")
        return tuple(found)

    def _counted(self, id_: str) -> ShowWhen:
        """At least one ticked option, or none: more cannot be counted."""
        place = self._places.get(id_)
        how = (self._take(), self._take())
        if place is None or place.shape.kind is not Kind.MULTI_CHOICE:
            raise NotUnderstood
        if how in {(">=", "1"), (">", "0"), ("!=", "0")}:
            return Check(place.question, Test.HAS, place.shape.option_ids)
        if how in {("==", "0"), ("<", "1")}:
            return Check(place.question, Test.LACKS, place.shape.option_ids)
        raise NotUnderstood

    def _look(self, id_: str, operator: str, values: tuple[str, ...]) -> ShowWhen:
        place = self._places.get(id_)
        if place is None or any(
            not value.startswith(("'", '"')) and normal(value) not in _WORDS for value in values
        ):
            raise NotUnderstood
        return _certain(look(place, operator, tuple(normal(value) for value in values)))

    def _next(self) -> str:
        return self._signs[self._at] if self._at < len(self._signs) else ""

    def _take(self, wanted: str = "") -> str:
        sign = self._next()
        if not sign or (wanted and sign != wanted):
            raise NotUnderstood
        self._at += 1
        return sign


_WORDS: Final = frozenset({"true", "false", "null"})


def _certain(found: ShowWhen | None) -> ShowWhen:
    if found is None:
        raise NotUnderstood
    return found
