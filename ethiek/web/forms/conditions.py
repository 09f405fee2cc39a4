"""When something is asked, as a form: looks at earlier answers, of which all or one must hold.

One level only. A condition that is deeper is shown in words, and kept as it is unless its writer takes it away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from ethiek.questionnaires.checks import LOOKS_AT
from ethiek.questionnaires.editing import Target
from ethiek.questionnaires.model import (
    Check,
    Combine,
    Group,
    Kind,
    Question,
    Questionnaire,
    ShowWhen,
    Test,
)
from ethiek.questionnaires.problems import Scope
from ethiek.web.forms.inner import InnerForm
from ethiek.web.set_labels import COMBINE, TEST

MOST_ROWS: Final = 60
LONGEST_LABEL: Final = 90
CHOSEN_FROM: Final = frozenset(kind for kinds in LOOKS_AT.values() for kind in kinds)


class LookForm(InnerForm):
    """One look at an earlier answer; a row without a question does not count."""

    question = SelectField(_l("Question"), validate_choice=False, choices=[])
    test = SelectField(_l("Test"), validate_choice=False, choices=[])
    values = SelectMultipleField(
        _l("Answers"),
        validate_choice=False,
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, sources: Mapping[str, Question]) -> None:
        """Fill the questions to look at, and the tests and answers of the one that is chosen."""
        self.question.choices = [
            SelectChoice("", _("Choose")),
            *(SelectChoice(id_, _short(one)) for id_, one in sources.items()),
        ]
        chosen = sources.get(self.question.data or "")
        self.test.choices = _tests(chosen)
        self.values.choices = answers_of(chosen)

    def to_check(self, sources: Mapping[str, Question]) -> Check | None:
        """Return the look; None if no question is chosen."""
        question = sources.get(self.question.data or "")
        if question is None:
            return None
        tests = [test for test in Test if question.kind in LOOKS_AT[test]]
        test = Test(self.test.data) if self.test.data in tests else tests[0]
        ticked = set(self.values.data or ())
        return Check(question.id, test, tuple(id_ for id_ in question.option_ids if id_ in ticked))


def _short(question: Question) -> str:
    words = f"{question.id} {question.text}"
    return words if len(words) <= LONGEST_LABEL else f"{words[: LONGEST_LABEL - 1]}…"


def _tests(question: Question | None) -> list[SelectChoice]:
    return [
        SelectChoice(test.value, str(TEST[test]))
        for test in Test
        if question and question.kind in LOOKS_AT[test]
    ]


def answers_of(question: Question | None) -> list[SelectChoice]:
    """Return what can be chosen at a question."""
    if question is None:
        return []
    if question.kind is Kind.YES_NO:
        return [SelectChoice("yes", _("Yes")), SelectChoice("no", _("No"))]
    return [SelectChoice(option.id, option.label or option.id) for option in question.options]


class ConditionFields(Form):
    """The fields of a condition, for the form of a part, section or question."""

    combine = RadioField(
        _l("If there are more conditions"),
        choices=[SelectChoice(combine.value, label) for combine, label in COMBINE.items()],
        default=Combine.ALL.value,
        validate_choice=False,
    )
    looks = FieldList(FormField(LookForm), label=_l("When it is asked"), max_entries=MOST_ROWS)
    remove_condition = BooleanField(_l("Take this condition away"))


def condition_data(condition: ShowWhen | None) -> dict[str, Any]:
    """Return the data of the fields for a condition, with one empty row."""
    shallow = condition if is_shallow(condition) else None
    checks = shallow.members if isinstance(shallow, Group) else (shallow,) if shallow else ()
    rows = [
        {"question": one.question, "test": one.test.value, "values": list(one.values)}
        for one in checks
        if isinstance(one, Check)
    ]
    combine = shallow.combine.value if isinstance(shallow, Group) else Combine.ALL.value
    return {"combine": combine, "looks": [*rows, {}]}


def is_shallow(condition: ShowWhen | None) -> bool:
    """Tell whether the form can show a condition."""
    return not isinstance(condition, Group) or all(isinstance(one, Check) for one in condition.members)


def to_condition(
    form: ConditionFields, present: ShowWhen | None, sources: Mapping[str, Question]
) -> ShowWhen | None:
    """Return the condition that was filled in; a deeper one stays as it is."""
    if not is_shallow(present):
        return None if form.remove_condition.data else present
    looks = tuple(_checks(form.looks.entries, sources))
    if len(looks) < 2:  # noqa: PLR2004  # a group has at least two members
        return looks[0] if looks else None
    combine = Combine.ANY if form.combine.data == Combine.ANY.value else Combine.ALL
    return Group(combine, looks)


def _checks(entries: Sequence[Any], sources: Mapping[str, Question]) -> Iterator[Check]:
    for entry in entries:
        look = entry.form.to_check(sources)
        if look is not None:
            yield look


def sources_for(questionnaire: Questionnaire, target: Target) -> dict[str, Question]:
    """Return the questions that a condition of this element may look at: those before it that have choices."""
    found: dict[str, Question] = {}
    for part, section in questionnaire.sections():
        if target in (Target(Scope.PART, part.id), Target(Scope.SECTION, section.id)):
            break
        here = found
        for question in section.questions:
            if target == Target(Scope.QUESTION, question.id):
                return here
            if question.kind in CHOSEN_FROM:
                here = {**here, question.id: question}
        if not section.repeat_for:
            found = here
    return found
