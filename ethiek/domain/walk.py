"""Which questions are asked, given the answers so far.

One pass from top to bottom. Conditions only look back (the catalogue checks that), so a question that is not
asked counts as unanswered for everything below it, whatever was once filled in there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from ethiek.domain.answers import Answer, Answers, Slot
from ethiek.questionnaires.model import (
    ENDING,
    Check,
    Combine,
    Part,
    Question,
    Questionnaire,
    Section,
    ShowWhen,
    StopRule,
    Test,
)

UNANSWERED: Final = Answer()

Lookup = Callable[[str], Answer]
"""From a question id to its answer, as seen from the place of a condition."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question at one place. ``item_label`` is the label of the option it is asked for, or empty."""

    part: Part
    section: Section
    question: Question
    slot: Slot
    item_label: str


@dataclass(frozen=True, slots=True)
class ActiveStop:
    """A stop rule that holds, and where."""

    slot: Slot
    rule: StopRule


class Walked(NamedTuple):
    """Everything that is asked now, in order, and the stop rules that hold among it."""

    asked: tuple[Asked, ...]
    stops: tuple[ActiveStop, ...]


def walk(questionnaire: Questionnaire, answers: Answers) -> tuple[Asked, ...]:
    """Every question that is asked now, in order.

    A section with ``repeat_for`` is asked once per ticked option; an exclusive option ("none of these") gives
    no repetition. After a section in which a rule of ``model.ENDING`` holds, nothing more is asked.
    """
    return walk_through(questionnaire, answers).asked


def active_stops(questionnaire: Questionnaire, answers: Answers) -> tuple[ActiveStop, ...]:
    """The stop rules of asked questions that hold now: those that stop and those that warn."""
    return walk_through(questionnaire, answers).stops


def not_asked(questionnaire: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """The ids of questions that are asked nowhere now, in order."""
    asked = {one.question.id for one in walk(questionnaire, answers)}
    return tuple(question.id for question in questionnaire.questions() if question.id not in asked)


def recalled(asked: tuple[Asked, ...], one: Asked) -> tuple[Asked, ...]:
    """The asked questions whose answers are shown again at ``one``, in the order of ``recalls``.

    Between sections repeated for the same question only the same item is shown, otherwise all items.

    Args:
        asked: the result of :func:`walk`.
        one: the question where the answers are shown.
    """
    return tuple(
        other
        for id_ in one.question.recalls
        for other in asked
        if other.question.id == id_ and _fits(other, one)
    )


def _fits(other: Asked, one: Asked) -> bool:
    same_repetition = other.section.repeat_for == one.section.repeat_for
    return not same_repetition or other.slot.item == one.slot.item


def holds(condition: ShowWhen | None, answer_to: Lookup) -> bool:
    """Whether a condition holds; no condition always does.

    >>> holds(Check("1.3.1", Test.IS, ("no",)), {"1.3.1": Answer(choice="no")}.__getitem__)
    True
    """
    if condition is None:
        return True
    if isinstance(condition, Check):
        return _passes(condition, answer_to(condition.question))
    combine = all if condition.combine is Combine.ALL else any
    return combine(holds(member, answer_to) for member in condition.members)


def _passes(check: Check, answer: Answer) -> bool:
    if check.test is Test.IS:
        return answer.choice in check.values
    ticked = not set(check.values).isdisjoint(answer.choices)
    return ticked if check.test is Test.HAS else not ticked


def walk_through(questionnaire: Questionnaire, answers: Answers) -> Walked:
    """Both :func:`walk` and :func:`active_stops`, for who needs both: walking is what costs."""
    walker = _Walker(questionnaire, answers)
    asked, stops = [], []
    for part, section in questionnaire.sections():
        of_section = list(walker.ask(part, section))
        asked += of_section
        stops += [stop for one in of_section for stop in walker.stops(one)]
        if ending(stops):
            break
    return Walked(tuple(asked), tuple(stops))


def ending(stops: Iterable[ActiveStop]) -> tuple[ActiveStop, ...]:
    """Those after which nothing more is asked: that stop, or that want something found out first."""
    return tuple(stop for stop in stops if stop.rule.effect in ENDING)


def lookup(seen: Mapping[Slot, Answer], item: str = "") -> Lookup:
    """Look answers up as from a place in a repetition for ``item``; what was not seen is unanswered."""

    def answer_to(question: str) -> Answer:
        same_item = seen.get(Slot(question, item))
        return same_item or seen.get(Slot(question), UNANSWERED)

    return answer_to


class _Walker:
    """Goes down the list and remembers what was asked and answered on the way."""

    def __init__(self, questionnaire: Questionnaire, answers: Answers) -> None:
        self._answers = answers
        self._questions = {question.id: question for question in questionnaire.questions()}
        self._seen: dict[Slot, Answer] = {}

    def ask(self, part: Part, section: Section) -> Iterator[Asked]:
        answer_to = self._lookup("")
        if holds(part.show_when, answer_to) and holds(section.show_when, answer_to):
            for item, label in self._items(section):
                yield from self._ask_once(part, section, item, label)

    def stops(self, one: Asked) -> Iterator[ActiveStop]:
        answer_to = self._lookup(one.slot.item)
        for rule in one.question.stops:
            if holds(rule.when, answer_to):
                yield ActiveStop(one.slot, rule)

    def _ask_once(self, part: Part, section: Section, item: str, label: str) -> Iterator[Asked]:
        answer_to = self._lookup(item)
        for question in section.questions:
            if holds(question.show_when, answer_to):
                slot = Slot(question.id, item)
                self._seen[slot] = self._answers.get(slot, UNANSWERED)
                yield Asked(part, section, question, slot, label)

    def _items(self, section: Section) -> Iterator[tuple[str, str]]:
        if not section.repeat_for:
            yield "", ""
            return
        ticked = self._lookup("")(section.repeat_for).choices
        for option in self._questions[section.repeat_for].options:
            if option.id in ticked and not option.exclusive:
                yield option.id, option.label

    def _lookup(self, item: str) -> Lookup:
        return lookup(self._seen, item)
