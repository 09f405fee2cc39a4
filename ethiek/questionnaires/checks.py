"""What the schema cannot say: unique ids, references that exist, conditions that only look back and can hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.cycles import cycle_through
from ethiek.questionnaires.model import (
    Check,
    Column,
    Conclusion,
    Group,
    Kind,
    Question,
    Questionnaire,
    Section,
    ShowWhen,
    Test,
    TextLimits,
)
from ethiek.questionnaires.problems import Code, Problem, Scope
from ethiek.questionnaires.reach import unreachable
from ethiek.questionnaires.translated import translation_problems
from ethiek.questionnaires.wording import wording_problems

WITH_OPTIONS: Final = {Kind.CHOICE, Kind.MULTI_CHOICE}
TEXTS: Final = {Kind.OPEN_TEXT, Kind.SHORT_TEXT}
WITHOUT_EXPLANATION: Final = {Kind.TABLE} | TEXTS
LOOKS_AT: Final = {
    Test.IS: {Kind.YES_NO, Kind.CHOICE},
    Test.HAS: {Kind.MULTI_CHOICE},
    Test.LACKS: {Kind.MULTI_CHOICE},
}


def check(questionnaire: Questionnaire, where: str) -> None:
    """Check a whole question set.

    Raises:
        QuestionnaireError: the first thing that is wrong; names the file and the part, section or question.
    """
    for problem in problems(questionnaire):
        raise QuestionnaireError(f"{where}{problem.place}", problem.sentence)


def problems(
    questionnaire: Questionnaire, published: Mapping[str, Questionnaire] | None = None
) -> tuple[Problem, ...]:
    """Return everything that is wrong with a question set: how it is built, its words, and what is asked when.

    What can never be asked is told of a set that is built well: of another it would mostly follow from the rest.

    Args:
        published: key -> set, among which the one that this one translates; None leaves the translation unchecked.
    """
    built = (*_whole(questionnaire), *_Reader(questionnaire).problems())
    return (
        *built,
        *wording_problems(questionnaire),
        *(() if built else unreachable(questionnaire)),
        *(() if published is None else translation_problems(questionnaire, published)),
    )


def _whole(questionnaire: Questionnaire) -> Iterator[Problem]:
    whole = _Place(Scope.SET)
    yield from whole.duplicates("role", (role.id for role in questionnaire.roles))
    yield from whole.duplicates("part", (part.id for part in questionnaire.parts))
    yield from whole.duplicates("section", (section.id for _, section in questionnaire.sections()))
    yield from whole.duplicates("question", (question.id for question in questionnaire.questions()))
    if questionnaire.translates == questionnaire.key:
        yield whole.problem("translates", Code.ITSELF)
    yield from _one_title_each(questionnaire.conclusions)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a set we are reading."""

    scope: Scope
    id: str = ""
    inside: str = ""

    def within(self, inside: str) -> _Place:
        return _Place(self.scope, self.id, inside)

    def problem(self, field: str, code: Code, **facts: str) -> Problem:
        return Problem(self.scope, self.id, self.inside, field, code, facts)

    def duplicates(self, thing: str, ids: Iterable[str]) -> Iterator[Problem]:
        for id_, count in Counter(ids).items():
            if count > 1:
                yield self.problem(f"{thing}s", Code.DUPLICATE, thing=thing, id=id_)


class _Reader:
    """Reads a question set from top to bottom and remembers which questions came before."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questionnaire = questionnaire
        self._roles = {role.id for role in questionnaire.roles}
        self._all = {question.id for question in questionnaire.questions()}
        self._earlier: dict[str, Question] = {}
        self._repeated_in: dict[str, str] = {}
        self._section = ""

    def problems(self) -> Iterator[Problem]:
        for part in self._questionnaire.parts:
            self._section = ""
            yield from self._condition(_Place(Scope.PART, part.id), part.show_when)
            for section in part.sections:
                yield from self._check_section(section)
        self._section = ""
        whole = _Place(Scope.SET)
        for conclusion in self._questionnaire.conclusions:
            yield from self._condition(whole, conclusion.when, f"conclusion {conclusion.id}, when")

    def _check_section(self, section: Section) -> Iterator[Problem]:
        place = _Place(Scope.SECTION, section.id)
        self._section = section.id
        yield from self._condition(place, section.show_when)
        if section.repeat_for:
            yield from self._repetition(place, section.repeat_for)
        for question in section.questions:
            yield from self._check_question(question, repeated=bool(section.repeat_for))

    def _check_question(self, question: Question, *, repeated: bool) -> Iterator[Problem]:
        place = _Place(Scope.QUESTION, question.id)
        yield from _shape(place, question)
        for role in question.who:
            if role not in self._roles:
                yield place.problem("who", Code.NO_ROLE, role=role)
        yield from self._condition(place, question.show_when)
        for recalled in question.recalls:
            yield from self._look_back(place, "recalls", recalled)
        self._earlier[question.id] = question
        if repeated:
            self._repeated_in[question.id] = self._section
        for stop in question.stops:  # a stop rule may look at its own question
            yield from self._check(place.within("stops"), stop.when)

    def _repetition(self, place: _Place, id_: str) -> Iterator[Problem]:
        yield from self._look_back(place, "repeat_for", id_)
        question = self._earlier.get(id_)
        if question and question.kind is not Kind.MULTI_CHOICE:
            yield place.problem("repeat_for", Code.NO_MULTI_CHOICE, question=id_)
        if question and id_ in self._repeated_in:
            yield place.problem("repeat_for", Code.ITSELF_REPEATED, question=id_)

    def _condition(
        self, place: _Place, condition: ShowWhen | None, inside: str = "show_when"
    ) -> Iterator[Problem]:
        for look in looks(condition):
            yield from self._check(place.within(inside), look)

    def _check(self, place: _Place, look: Check) -> Iterator[Problem]:
        yield from self._look_back(place, "question", look.question)
        question = self._earlier.get(look.question)
        if question is None:
            return
        if question.kind not in LOOKS_AT[look.test]:
            yield place.problem(
                "question", Code.CANNOT_LOOK, test=look.test, kind=question.kind, question=question.id
            )
            return
        if self._repeated_in.get(question.id, self._section) != self._section:
            yield place.problem("question", Code.OTHER_REPETITION, question=question.id)
        if not look.values:
            yield place.problem("values", Code.NO_VALUES, question=question.id)
        for value in look.values:
            if value not in question.option_ids:
                yield place.problem("values", Code.NO_OPTION, question=question.id, option=value)

    def _look_back(self, place: _Place, field: str, id_: str) -> Iterator[Problem]:
        if id_ not in self._all:
            yield place.problem(field, Code.NO_QUESTION, question=id_)
        elif id_ not in self._earlier:
            yield place.problem(field, Code.NOT_EARLIER, question=id_)
            if place.inside and (cycle := cycle_through(self._questionnaire, place.scope, place.id, id_)):
                yield place.problem(field, Code.CYCLE, cycle=" > ".join(cycle))


def looks(condition: ShowWhen | None) -> Iterator[Check]:
    """Every single look in a condition, however deep."""
    if isinstance(condition, Group):
        for member in condition.members:
            yield from looks(member)
    elif condition is not None:
        yield condition


def _shape(place: _Place, question: Question) -> Iterator[Problem]:
    kind = question.kind
    yield from _only(place, "options", kind, bool(question.options), kind in WITH_OPTIONS)
    yield from _only(place, "columns", kind, bool(question.columns), kind is Kind.TABLE)
    yield from _allowed(place, "actions", kind, question.actions, kind is Kind.TABLE)
    yield from _allowed(place, "explain", kind, question.explain, kind not in WITHOUT_EXPLANATION)
    yield from _allowed(
        place, "max_items", kind, question.max_items is not None, kind in {Kind.MULTI_CHOICE, Kind.TABLE}
    )
    yield from _texts_only(place, kind, question.suggests, question.limits)
    exclusive = any(option.exclusive for option in question.options)
    yield from _allowed(place, "exclusive", kind, exclusive, kind is Kind.MULTI_CHOICE)
    yield from place.duplicates("option", (option.id for option in question.options))
    yield from place.duplicates("column", (column.id for column in question.columns))
    for column in question.columns:
        yield from _column(place.within(f"column {column.id}"), column)


def _column(place: _Place, column: Column) -> Iterator[Problem]:
    yield from _only(place, "options", column.kind, bool(column.options), column.kind is Kind.CHOICE)
    yield from _texts_only(place, column.kind, column.suggests, None)
    yield from place.duplicates("option", (option.id for option in column.options))


def _texts_only(place: _Place, kind: Kind, suggests: str, limits: TextLimits | None) -> Iterator[Problem]:
    yield from _allowed(place, "suggests", kind, bool(suggests), kind in TEXTS)
    yield from _allowed(place, "limits", kind, limits is not None, kind in TEXTS)
    for word in limits.without if limits else ():
        if word != word.lower():
            yield place.problem("limits", Code.NOT_LOWER_CASE, word=word)


def _one_title_each(conclusions: Iterable[Conclusion]) -> Iterator[Problem]:
    """Two titles for one conclusion are one too many; its level and reason may differ per answer."""
    titles: dict[str, str] = {}
    for conclusion in conclusions:
        if titles.setdefault(conclusion.id, conclusion.title) != conclusion.title:
            yield _Place(Scope.SET, inside=f"conclusion {conclusion.id}").problem("title", Code.TWO_TITLES)


def _only(place: _Place, field: str, kind: Kind, given: bool, wanted: bool) -> Iterator[Problem]:  # noqa: FBT001
    yield from _allowed(place, field, kind, given, wanted)
    if wanted and not given:
        yield place.problem(field, Code.NEEDED, kind=kind)


def _allowed(place: _Place, field: str, kind: Kind, given: bool, allowed: bool) -> Iterator[Problem]:  # noqa: FBT001
    if given and not allowed:
        yield place.problem(field, Code.NOT_FOR_KIND, kind=kind)
