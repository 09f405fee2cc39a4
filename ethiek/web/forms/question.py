"""The form of one question of a draft: all kinds, with answers, columns, articles and stop rules as rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from ethiek.questionnaires.checks import LOOKS_AT, TEXTS
from ethiek.questionnaires.editing import Target
from ethiek.questionnaires.model import (
    Check,
    Column,
    Effect,
    Kind,
    Marker,
    Option,
    Question,
    Questionnaire,
    StopRule,
    Test,
    TextLimits,
)
from ethiek.web.forms.conditions import (
    MOST_ROWS,
    ConditionFields,
    answers_of,
    condition_data,
    sources_for,
    to_condition,
)
from ethiek.web.forms.elements import ID, LONG_TEXT, NUMBER, TEXT, ElementForm, new_id, words
from ethiek.web.forms.inner import InnerForm
from ethiek.web.set_labels import EFFECT, QUESTION_KIND

CELL_KINDS: Final = (Kind.SHORT_TEXT, Kind.OPEN_TEXT, Kind.DATE, Kind.CHOICE)
_CHECKBOXES: Final[Mapping[str, Any]] = {
    "validate_choice": False,
    "choices": [],
    "widget": ListWidget(prefix_label=False),
    "option_widget": CheckboxInput(),
}


class OptionForm(InnerForm):
    """An answer to choose; a row without a label does not count."""

    id = StringField(_l("Id (is made for you)"), validators=ID)
    label = StringField(_l("Label"), validators=TEXT)
    group = StringField(_l("Heading above it"), validators=TEXT)
    help = TextAreaField(_l("Explanation"), validators=TEXT)
    exclusive = BooleanField(_l("Rules out the others"))

    def to_option(self) -> Option:
        """Return the plain value of a row that is filled."""
        label = words(self.label.data)
        return Option(
            words(self.id.data) or new_id(label),
            label,
            words(self.help.data),
            words(self.group.data),
            bool(self.exclusive.data),
        )


class ColumnForm(InnerForm):
    """A column of a table; a row without a label does not count."""

    id = StringField(_l("Id (is made for you)"), validators=ID)
    label = StringField(_l("Label"), validators=TEXT)
    kind = SelectField(
        _l("Kind of answer"), choices=[SelectChoice(kind.value, QUESTION_KIND[kind]) for kind in CELL_KINDS]
    )
    answers = TextAreaField(_l("Answers to choose from, one per line"), validators=TEXT)
    required = BooleanField(_l("Must be filled in"))

    def to_column(self, present: Mapping[str, Column]) -> Column:
        """Return the plain value of a row that is filled; what it does not show stays as it was."""
        label = words(self.label.data)
        id_ = words(self.id.data) or new_id(label)
        before = present.get(id_, Column(id_, label))
        labels = [line.strip() for line in words(self.answers.data).split("\n") if line.strip()]
        return replace(
            before,
            label=label,
            kind=Kind(self.kind.data),
            options=_relabelled(before.options, labels),
            required=bool(self.required.data),
        )


def _relabelled(before: tuple[Option, ...], labels: list[str]) -> tuple[Option, ...]:
    """Return the answers of a column: as many as before keep their ids in order, else those with the same label."""
    if len(labels) == len(before):
        return tuple(replace(option, label=label) for option, label in zip(before, labels, strict=True))
    known = {option.label: option for option in before}
    return tuple(known.get(label) or Option(new_id(label), label) for label in labels)


class MarkerForm(InnerForm):
    """An article of law; a row without a law does not count."""

    law = StringField(_l("Law"), validators=TEXT)
    article = StringField(_l("Article"), validators=TEXT)
    note = StringField(_l("Note"), validators=TEXT)


class StopForm(InnerForm):
    """What happens on certain answers to this question; a row without answers does not count."""

    values = SelectMultipleField(_l("On these answers"), **_CHECKBOXES)
    effect = SelectField(
        _l("What happens"), choices=[SelectChoice(one.value, label) for one, label in EFFECT.items()]
    )
    reason = TextAreaField(_l("Reason"), validators=TEXT)


class QuestionForm(ElementForm, ConditionFields):
    """One question. Its id is given once, when it is added."""

    number = StringField(_l("Official number"), validators=NUMBER)
    text = TextAreaField(_l("Question"), validators=TEXT)
    kind = SelectField(
        _l("Kind of answer"),
        choices=[SelectChoice(kind.value, label) for kind, label in QUESTION_KIND.items()],
        validators=(InputRequired(_l("Choose a kind.")),),
    )
    help = TextAreaField(_l("Explanation with the question"), validators=LONG_TEXT)
    why = TextAreaField(_l("Why this is asked"), validators=TEXT)
    note = TextAreaField(_l("Note about the source"), validators=TEXT)
    who = SelectMultipleField(_l("At the table"), **_CHECKBOXES)
    options = FieldList(FormField(OptionForm), label=_l("Answers to choose from"), max_entries=MOST_ROWS)
    columns = FieldList(FormField(ColumnForm), label=_l("Columns"), max_entries=MOST_ROWS)
    optional = BooleanField(_l("May be skipped"))
    explain = BooleanField(_l("Explanation is required"))
    actions = BooleanField(_l("This table holds action points"))
    max_items = IntegerField(
        _l("At most so many answers or rows"),
        validators=(Optional(), NumberRange(1, 1000, _l("Give a number between 1 and 1000."))),
    )
    max_words = IntegerField(
        _l("At most so many words"),
        validators=(Optional(), NumberRange(1, 1000, _l("Give a number between 1 and 1000."))),
    )
    one_sentence = BooleanField(_l("It must be one sentence"))
    without = TextAreaField(
        _l("Words and signs that may not be in it"), description=_l("One per line."), validators=TEXT
    )
    recalls = StringField(
        _l("Earlier answers shown here"),
        description=_l("Ids of earlier questions, with spaces between them."),
        validators=TEXT,
    )
    markers = FieldList(FormField(MarkerForm), label=_l("Articles of law"), max_entries=MOST_ROWS)
    stops = FieldList(FormField(StopForm), label=_l("Stop rules"), max_entries=MOST_ROWS)

    lists = ("looks", "options", "columns", "markers", "stops")

    @staticmethod
    def data_of(one: Question) -> dict[str, Any]:
        """Return the data of the form for a question; lists that go with its kind have an empty row."""
        same = ("number", "text", "help", "why", "note", "optional", "explain", "actions", "max_items")
        return {
            **{name: getattr(one, name) for name in same},
            "kind": one.kind.value,
            "who": list(one.who),
            "options": [
                *({name: getattr(option, name) for name in _OPTION} for option in one.options),
                *_empty(one.kind in {Kind.CHOICE, Kind.MULTI_CHOICE}),
            ],
            "columns": [*map(_column_data, one.columns), *_empty(one.kind is Kind.TABLE)],
            **_limits_data(one.limits or TextLimits()),
            "recalls": " ".join(one.recalls),
            "markers": [
                {"law": marker.law, "article": marker.article, "note": marker.note} for marker in one.markers
            ],
            "stops": [
                {"values": list(stop.when.values), "effect": stop.effect.value, "reason": stop.reason}
                for stop in one.stops
                if is_own(stop, one)
            ],
            **condition_data(one.show_when),
        }

    def offer(self, questionnaire: Questionnaire, target: Target) -> None:
        """Fill what can be looked at, who can be at the table, and what a stop rule can look at."""
        self.sources = sources_for(questionnaire, target)
        self.who.choices = [SelectChoice(role.id, role.label) for role in questionnaire.roles]
        for row in self.looks.entries:
            row.form.offer(self.sources)
        own = Question("", "", self._kind(), options=self._options())
        for row in self.stops.entries:
            row.form.values.choices = answers_of(own)

    def _kind(self) -> Kind:
        return Kind(self.kind.data) if self.kind.data in set(Kind) else Kind.OPEN_TEXT

    def _options(self) -> tuple[Option, ...]:
        return tuple(row.form.to_option() for row in self.options.entries if words(row.form.label.data))

    def to_element(self, present: Question, _within: Questionnaire) -> Question:
        """Return the question with what was filled in; what the form does not show stays as it is."""
        columns = {column.id: column for column in present.columns}
        return replace(
            present,
            number=words(self.number.data),
            text=words(self.text.data),
            kind=self._kind(),
            help=words(self.help.data),
            why=words(self.why.data),
            note=words(self.note.data),
            who=tuple(self.who.data or ()),
            options=self._options(),
            columns=tuple(
                row.form.to_column(columns) for row in self.columns.entries if words(row.form.label.data)
            ),
            optional=bool(self.optional.data),
            explain=bool(self.explain.data),
            actions=bool(self.actions.data),
            max_items=self.max_items.data,
            show_when=to_condition(self, present.show_when, self.sources),
            recalls=tuple(words(self.recalls.data).split()),
            markers=tuple(
                Marker(*(words(row.form[name].data) for name in ("law", "article", "note")))
                for row in self.markers.entries
                if words(row.form.law.data)
            ),
            stops=self._stops(present),
            limits=self._limits(),
        )

    def _limits(self) -> TextLimits | None:
        """Return what a text must keep to; None if that is nothing, or if this is no text."""
        if self._kind() not in TEXTS:
            return None
        lines = (line.strip().lower() for line in words(self.without.data).split("\n"))
        limits = TextLimits(
            self.max_words.data, bool(self.one_sentence.data), tuple(line for line in lines if line)
        )
        return limits if limits != TextLimits() else None

    def _stops(self, present: Question) -> tuple[StopRule, ...]:
        """Return the stop rules: those that were filled in, and those that look at another question."""
        kept = tuple(stop for stop in present.stops if not is_own(stop, present))
        tests = [test for test in (Test.IS, Test.HAS) if self._kind() in LOOKS_AT[test]]
        own = Question(present.id, "", self._kind(), options=self._options())
        filled = tuple(
            StopRule(
                Check(present.id, tests[0], values), Effect(row.form.effect.data), words(row.form.reason.data)
            )
            for row in self.stops.entries
            if tests
            and (values := tuple(id_ for id_ in own.option_ids if id_ in (row.form.values.data or ())))
        )
        return (*filled, *kept)


_OPTION: Final = ("id", "label", "group", "help", "exclusive")


def is_own(stop: StopRule, question: Question) -> bool:
    """Tell whether the form can show a stop rule: it looks at what was chosen at its own question."""
    return stop.when.question == question.id and stop.when.test is not Test.LACKS


def _empty(wanted: bool) -> list[dict[str, Any]]:  # noqa: FBT001
    return [{}] if wanted else []


def _limits_data(limits: TextLimits) -> dict[str, Any]:
    return {
        "max_words": limits.max_words,
        "one_sentence": limits.one_sentence,
        "without": "\n".join(limits.without),
    }


def _column_data(column: Column) -> dict[str, Any]:
    return {
        "id": column.id,
        "label": column.label,
        "kind": column.kind.value,
        "answers": "\n".join(option.label for option in column.options),
        "required": column.required,
    }
