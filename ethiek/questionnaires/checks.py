"""What the schema cannot say: unique ids, references that exist, conditions that only look back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from ethiek.errors import QuestionnaireError
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
    _unique(where, "role", (role.id for role in questionnaire.roles))
    _unique(where, "part", (part.id for part in questionnaire.parts))
    _unique(where, "section", (section.id for _, section in questionnaire.sections()))
    _unique(where, "question", (question.id for question in questionnaire.questions()))
    if questionnaire.translates == questionnaire.key:
        raise QuestionnaireError(where, "translates: itself")
    _one_title_each(where, questionnaire.conclusions)
    _Reader(questionnaire, where).check()


class _Reader:
    """Reads a question set from top to bottom and remembers which questions came before."""

    def __init__(self, questionnaire: Questionnaire, where: str) -> None:
        self._questionnaire = questionnaire
        self._where = where
        self._roles = {role.id for role in questionnaire.roles}
        self._all = {question.id for question in questionnaire.questions()}
        self._earlier: dict[str, Question] = {}
        self._repeated_in: dict[str, str] = {}
        self._section = ""

    def check(self) -> None:
        for part in self._questionnaire.parts:
            self._section = ""
            self._condition(f"{self._where}, part {part.id}", part.show_when)
            for section in part.sections:
                self._check_section(section)
        self._section = ""
        for conclusion in self._questionnaire.conclusions:
            self._condition(f"{self._where}, conclusion {conclusion.id}", conclusion.when, "when")

    def _check_section(self, section: Section) -> None:
        where = f"{self._where}, section {section.id}"
        self._section = section.id
        self._condition(where, section.show_when)
        if section.repeat_for:
            self._repetition(where, section.repeat_for)
        for question in section.questions:
            self._check_question(question, repeated=bool(section.repeat_for))

    def _check_question(self, question: Question, *, repeated: bool) -> None:
        where = f"{self._where}, question {question.id}"
        _shape(where, question)
        for role in question.who:
            if role not in self._roles:
                raise QuestionnaireError(where, f"who: there is no role {role}")
        self._condition(where, question.show_when)
        for recalled in question.recalls:
            self._look_back(where, "recalls", recalled)
        self._earlier[question.id] = question
        if repeated:
            self._repeated_in[question.id] = self._section
        for stop in question.stops:  # a stop rule may look at its own question
            self._check(f"{where}, stops", stop.when)

    def _repetition(self, where: str, id_: str) -> None:
        question = self._look_back(where, "repeat_for", id_)
        if question.kind is not Kind.MULTI_CHOICE:
            raise QuestionnaireError(where, f"repeat_for: question {id_} is not a multi_choice")
        if id_ in self._repeated_in:
            raise QuestionnaireError(where, f"repeat_for: question {id_} is itself repeated")

    def _condition(self, where: str, condition: ShowWhen | None, field: str = "show_when") -> None:
        for look in looks(condition):
            self._check(f"{where}, {field}", look)

    def _check(self, where: str, look: Check) -> None:
        question = self._look_back(where, "question", look.question)
        if question.kind not in LOOKS_AT[look.test]:
            raise QuestionnaireError(where, f"{look.test} cannot look at the {question.kind} {question.id}")
        if self._repeated_in.get(question.id, self._section) != self._section:
            raise QuestionnaireError(where, f"question {question.id} is in another repeated section")
        for value in look.values:
            if value not in question.option_ids:
                raise QuestionnaireError(where, f"question {question.id} has no option {value}")

    def _look_back(self, where: str, field: str, id_: str) -> Question:
        if id_ not in self._all:
            raise QuestionnaireError(where, f"{field}: there is no question {id_}")
        if id_ not in self._earlier:
            raise QuestionnaireError(where, f"{field}: question {id_} does not come earlier")
        return self._earlier[id_]


def looks(condition: ShowWhen | None) -> Iterator[Check]:
    """Every single look in a condition, however deep."""
    if isinstance(condition, Group):
        for member in condition.members:
            yield from looks(member)
    elif condition is not None:
        yield condition


def _shape(where: str, question: Question) -> None:
    kind = question.kind
    _only(where, "options", kind, bool(question.options), kind in WITH_OPTIONS)
    _only(where, "columns", kind, bool(question.columns), kind is Kind.TABLE)
    _allowed(where, "actions", kind, question.actions, kind is Kind.TABLE)
    _allowed(where, "explain", kind, question.explain, kind not in WITHOUT_EXPLANATION)
    _allowed(
        where, "max_items", kind, question.max_items is not None, kind in {Kind.MULTI_CHOICE, Kind.TABLE}
    )
    _texts_only(where, kind, question.suggests, question.limits)
    exclusive = any(option.exclusive for option in question.options)
    _allowed(where, "exclusive", kind, exclusive, kind is Kind.MULTI_CHOICE)
    _unique(where, "option", (option.id for option in question.options))
    _unique(where, "column", (column.id for column in question.columns))
    for column in question.columns:
        _column(f"{where}, column {column.id}", column)


def _column(where: str, column: Column) -> None:
    _only(where, "options", column.kind, bool(column.options), column.kind is Kind.CHOICE)
    _texts_only(where, column.kind, column.suggests, None)
    _unique(where, "option", (option.id for option in column.options))


def _texts_only(where: str, kind: Kind, suggests: str, limits: TextLimits | None) -> None:
    _allowed(where, "suggests", kind, bool(suggests), kind in TEXTS)
    _allowed(where, "limits", kind, limits is not None, kind in TEXTS)
    for word in limits.without if limits else ():
        if word != word.lower():
            raise QuestionnaireError(where, f"limits: without: {word} is not in lower case")


def _one_title_each(where: str, conclusions: Iterable[Conclusion]) -> None:
    """Refuse two titles for one conclusion; its level and reason may differ per answer."""
    titles: dict[str, str] = {}
    for conclusion in conclusions:
        if titles.setdefault(conclusion.id, conclusion.title) != conclusion.title:
            raise QuestionnaireError(f"{where}, conclusion {conclusion.id}", "title: has two")


def _only(where: str, field: str, kind: Kind, given: bool, wanted: bool) -> None:  # noqa: FBT001
    _allowed(where, field, kind, given, wanted)
    if wanted and not given:
        raise QuestionnaireError(where, f"{field}: {kind} needs them")


def _allowed(where: str, field: str, kind: Kind, given: bool, allowed: bool) -> None:  # noqa: FBT001
    if given and not allowed:
        raise QuestionnaireError(where, f"{field}: not for {kind}")


def _unique(where: str, thing: str, ids: Iterable[str]) -> None:
    for id_, count in Counter(ids).items():
        if count > 1:
            raise QuestionnaireError(where, f"{thing} {id_} appears twice")
