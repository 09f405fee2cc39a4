"""Questions that can never be asked, whatever is answered.

A question is asked when the conditions of its part, section and itself hold, when something was ticked for which its
section is repeated, when the questions that all these look at can be asked too (and so on), and when no section above
it ended the questions. Per question this looks for one way to answer that leads there. It errs on one side only:

* a stop rule above counts only if its own question is always asked;
* after ``MAX_STEPS`` steps the search gives up and takes the question for reachable.

The set must be built well: what refers to nothing, or to what comes later, is found by ``checks`` before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ethiek.questionnaires.model import (
    ENDING,
    Check,
    Combine,
    Kind,
    Question,
    Questionnaire,
    Section,
    ShowWhen,
    Test,
)
from ethiek.questionnaires.problems import Code, Problem, Scope

MAX_STEPS: Final = 2_000
"""Per question; the sets that come with Ethiek need some tens."""

_ONE_CHOICE: Final = {Kind.YES_NO, Kind.CHOICE}


def unreachable(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Yield one problem per part, section or question that can never be asked; what lies inside follows from it."""
    world = _World(questionnaire)
    ended: tuple[Check, ...] = ()
    for part in questionnaire.parts:
        if not world.can_hold(Demand.of(part.show_when), ended):
            yield Problem(Scope.PART, part.id, "", "show_when", Code.UNREACHABLE)
            continue
        for section in part.sections:
            above = Demand.of(part.show_when, section.show_when, world.repetition(section))
            if not world.can_hold(above, ended):
                yield Problem(Scope.SECTION, section.id, "", "show_when", Code.UNREACHABLE)
                continue
            for question in section.questions:
                if question.show_when and not world.can_hold(above.and_(question.show_when), ended):
                    yield Problem(Scope.QUESTION, question.id, "", "show_when", Code.UNREACHABLE)
            ended = (*ended, *world.endings(above, section))


@dataclass(frozen=True, slots=True)
class Demand:
    """Conditions that must hold together."""

    conditions: tuple[ShowWhen, ...]

    @classmethod
    def of(cls, *conditions: ShowWhen | None) -> Demand:
        """Leave out what is always so."""
        return cls(tuple(condition for condition in conditions if condition is not None))

    def and_(self, condition: ShowWhen) -> Demand:
        """Return this and one more."""
        return Demand((*self.conditions, condition))


@dataclass(frozen=True, slots=True)
class _Choice:
    """What an answer must be: one of ``allowed``; of several also something of each of ``has``."""

    allowed: frozenset[str]
    has: frozenset[frozenset[str]] = frozenset()


class _World:
    """A question set, and whether demands on its answers can be met together."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questions: Mapping[str, Question] = {one.id: one for one in questionnaire.questions()}
        self._needs: dict[str, Demand] = {}
        for part, section in questionnaire.sections():
            repetition = self.repetition(section)
            for question in section.questions:
                self._needs[question.id] = Demand.of(
                    part.show_when, section.show_when, repetition, question.show_when
                )

    def repetition(self, section: Section) -> Check | None:
        """Return what must be ticked for a repeated section to be asked at all."""
        if not section.repeat_for:
            return None
        source = self._questions[section.repeat_for]
        items = tuple(option.id for option in source.options if not option.exclusive)
        return Check(source.id, Test.HAS, items)

    def endings(self, above: Demand, section: Section) -> Iterator[Check]:
        """Yield the looks of which none may hold below this section, for what is always asked here."""
        if above.conditions:
            return
        for question in section.questions:
            if question.show_when is None:
                yield from (stop.when for stop in question.stops if stop.effect in ENDING)

    def can_hold(self, demand: Demand, ended: tuple[Check, ...]) -> bool:
        """Tell whether there are answers with which all this holds, and nothing above ended the questions."""
        if not demand.conditions:
            return True
        search = _Search(self._questions, self._needs)
        start: _State | None = _State()
        for look in ended:
            start = start and search.never(start, look)
        return start is None or search.meets(demand.conditions, start)


@dataclass(frozen=True, slots=True)
class _State:
    """What is known of the answers so far: choices by question, and which questions must have been asked."""

    choices: Mapping[str, _Choice] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()


class _Search:
    """Looks for answers that meet demands; every step costs one."""

    def __init__(self, questions: Mapping[str, Question], needs: Mapping[str, Demand]) -> None:
        self._questions = questions
        self._needs = needs

    def meets(self, todo: tuple[ShowWhen, ...], state: _State) -> bool:
        """Tell whether all of ``todo`` can hold from here."""
        ways = [(todo, state)]
        for _step in range(MAX_STEPS):
            if not ways:
                return False
            todo, state = ways.pop()
            if not todo:
                return True
            ways += self._further(todo[0], todo[1:], state)
        return True

    def _further(
        self, condition: ShowWhen, rest: tuple[ShowWhen, ...], state: _State
    ) -> Iterator[tuple[tuple[ShowWhen, ...], _State]]:
        """Yield every way to go on after ``condition``."""
        if isinstance(condition, Check):
            if following := self._look(condition, state):
                yield (*self._newly_needed(state, following), *rest), following
        elif condition.combine is Combine.ANY:
            yield from (((member, *rest), state) for member in condition.members)
        else:
            yield (*condition.members, *rest), state

    def _newly_needed(self, before: _State, after: _State) -> Iterator[ShowWhen]:
        for id_ in after.asked - before.asked:
            yield from self._needs[id_].conditions

    def _look(self, look: Check, state: _State) -> _State | None:
        """Return what is known once this look holds; None if it cannot."""
        if look.test is Test.LACKS:
            return self.never(state, replace(look, test=Test.HAS))
        question = self._questions[look.question]
        before = self._choice(state, question)
        values = frozenset(look.values)
        if question.kind in _ONE_CHOICE:
            after = _Choice(before.allowed & values)
        else:
            after = _Choice(before.allowed, before.has | {values})
        state = _State({**state.choices, question.id: after}, state.asked | {question.id})
        return state if _possible(question, after) else None

    def never(self, state: _State, look: Check) -> _State | None:
        """Return what is known once this look does not hold; None if it cannot but hold."""
        if look.test is Test.LACKS:
            return state
        question = self._questions[look.question]
        before = self._choice(state, question)
        after = _Choice(before.allowed - set(look.values), before.has)
        if question.id in state.asked and not _possible(question, after):
            return None
        return _State({**state.choices, question.id: after}, state.asked)

    def _choice(self, state: _State, question: Question) -> _Choice:
        return state.choices.get(question.id, _Choice(frozenset(question.option_ids)))


def _possible(question: Question, wanted: _Choice) -> bool:
    """Tell whether one answer can be all this."""
    if question.kind in _ONE_CHOICE:
        return bool(wanted.allowed)
    alone = {option.id for option in question.options if option.exclusive}
    if any(all(id_ in one for one in wanted.has) for id_ in wanted.allowed & alone):
        return True
    together = wanted.allowed - alone
    at_most = len(together) if question.max_items is None else question.max_items
    return _covers([one & together for one in wanted.has], at_most)


def _covers(wanted: list[frozenset[str]], at_most: int) -> bool:
    """Tell whether ``at_most`` ticks touch every group.

    >>> _covers([frozenset("ab"), frozenset("bc")], 1), _covers([frozenset("a"), frozenset("c")], 1)
    (True, False)
    """
    if not wanted:
        return True
    if at_most >= len(wanted) or at_most == 0:
        return at_most > 0 and all(wanted)
    first, *others = wanted
    return any(_covers([one for one in others if tick not in one], at_most - 1) for tick in first)
