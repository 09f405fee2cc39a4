"""One form per question: form data in, :class:`Answer` out. Rules are asked of ``domain.answer_rules``."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, DateInput, ListWidget

from ethiek.domain.answer_rules import FIELDS, Problem, ProblemCode, normalise, problems
from ethiek.domain.answers import Answer
from ethiek.questionnaires.model import Column, Kind, Option, Question

_PROBLEMS: Final = {
    ProblemCode.TOO_LONG: _l("This text is too long: at most %(detail)s characters."),
    ProblemCode.TOO_MANY_LINES: _l("This text has %(found)s lines: at most %(detail)s can be printed."),
    ProblemCode.FORBIDDEN_CHARACTER: _l(
        "This text holds a character that cannot be stored (%(detail)s). Remove it, or paste the text as plain text."
    ),
    ProblemCode.UNKNOWN_OPTION: _l("Choose one of the options."),
    ProblemCode.UNKNOWN_COLUMN: _l("This table has no such column."),
    ProblemCode.EXCLUSIVE_COMBINED: _l("This option cannot be combined with others."),
    ProblemCode.TOO_MANY: _l("This is too many: at most %(detail)s."),
    ProblemCode.BAD_DATE: _l("Give a date that exists, as year-month-day, for example 2026-11-22."),
    ProblemCode.BAD_NUMBER: _l("Give a number in digits, for example 12 or 12,5."),
    ProblemCode.TOO_MANY_WORDS: _l("Use at most %(detail)s words; you have %(found)s."),
    ProblemCode.MORE_SENTENCES: _l("Ask it in one sentence."),
    ProblemCode.BANNED_WORD: _l("Leave out the word ‘%(detail)s’."),
    ProblemCode.BANNED_SIGN: _l("Leave out the sign ‘%(detail)s’."),
}
_NAMED_SIGNS: Final = {
    ",": _l("Leave out the comma."),
    ";": _l("Leave out the semicolon."),
    ":": _l("Leave out the colon."),
}


class AnswerForm(Form):
    """The base of every question's form; ``form_class`` adds the fields of its kind."""

    revision = HiddenField()
    token = HiddenField()

    def to_answer(self, question: Question) -> Answer:
        """Return what was filled in, in the form in which it is stored."""
        values: dict[str, Any] = {name: self[name].data for name in FIELDS[question.kind] if name in self}
        if "rows" in values:
            values["rows"] = tuple(_row(row) for row in values["rows"])
        if "choices" in values:
            values["choices"] = tuple(values["choices"] or ())
        if "number" in values:
            values["number"] = (values["number"] or "").strip().replace(",", ".")
        filled = {name: value for name, value in values.items() if value is not None}
        filled |= {name: self[name].data or "" for name in ("considerations", "dissent")}
        return normalise(question, Answer(**filled))

    def show_text(self, text: str) -> None:
        """Show another text than what was sent, in a form that has one."""
        if "text" in self:
            self["text"].data = text

    def show_problems(self, found: tuple[Problem, ...]) -> None:
        """Put each problem at its field."""
        for problem in found:
            field = _field_at(self, problem.field)
            field.errors = [*field.errors, _message(problem)]


def _message(problem: Problem) -> str:
    if problem.code is ProblemCode.BANNED_SIGN and problem.detail in _NAMED_SIGNS:
        return str(_NAMED_SIGNS[problem.detail])
    return str(_PROBLEMS[problem.code]) % {"detail": problem.detail, "found": problem.found}


def check(form: AnswerForm, question: Question) -> Answer | None:
    """Return the answer, or None after putting its problems at the fields."""
    answer = form.to_answer(question)
    return answer if accepts(form, question, answer) else None


def accepts(form: AnswerForm, question: Question, answer: Answer) -> bool:
    """Tell whether an answer can be stored, after putting its problems at the fields."""
    found = problems(question, answer)
    form.show_problems(found)
    return not found


def _row(data: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in data.items() if isinstance(value, str)}


def _field_at(form: Form, path: str) -> Field:
    """Find a field by the path of a problem, for example ``rows.0.owner``."""
    first, *rest = path.split(".")
    if first not in form:
        return next(field for field in form if field.name.endswith("considerations"))
    field = form[first]
    if not rest:
        return field
    index, column = rest
    row = field.entries[int(index)].form
    return row._fields.get(column, field)


def filled_form(question: Question, key: str, answer: Answer, revision: int) -> AnswerForm:
    """Return a form that shows an answer, with a fresh token and one empty table row."""
    data: dict[str, Any] = {
        "text": answer.text,
        "choice": answer.choice or None,
        "choices": list(answer.choices),
        "date": answer.date,
        "number": answer.number.replace(".", ","),
        "rows": [*map(dict, answer.rows), {}],
        "considerations": answer.considerations,
        "dissent": answer.dissent,
        "revision": str(revision),
        "token": fresh_token(),
    }
    return form_class(question)(prefix=key, data=data)


def sent_form(question: Question, key: str, sent: MultiDict[str, str]) -> AnswerForm:
    """Return a form with what the user sent."""
    form: AnswerForm = form_class(question)(sent, prefix=key)
    return form


def fresh_token() -> str:
    """Return a token for one save."""
    return secrets.token_urlsafe(16)


@lru_cache(maxsize=4096)
def form_class(question: Question) -> type[AnswerForm]:
    """Return the form class of a question; labels are translated when shown."""
    fields: dict[str, object] = {}
    kinds = FIELDS[question.kind]
    if "choice" in kinds:
        fields["choice"] = RadioField(question.text, choices=_choices(question), validate_choice=False)
    if "choices" in kinds:
        fields["choices"] = SelectMultipleField(
            question.text,
            choices=_choices(question),
            validate_choice=False,
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
        )
    if "date" in kinds:
        fields["date"] = StringField(question.text, widget=DateInput())
    if "number" in kinds:
        fields["number"] = StringField(question.text, render_kw={"inputmode": "decimal"})
    if "rows" in kinds:
        fields["rows"] = FieldList(FormField(_row_class(question.columns)), label=question.text)
    if "text" in kinds:
        fields["text"] = _text_field(question)
    fields["considerations"] = TextAreaField(_l("Considerations and choices (optional)"))
    fields["dissent"] = TextAreaField(_l("Who sees it differently, and how?"))
    return type("QuestionForm", (AnswerForm,), fields)


def _text_field(question: Question) -> Field:
    if question.kind is Kind.SHORT_TEXT:
        return StringField(question.text)
    if question.kind is Kind.OPEN_TEXT:
        return TextAreaField(question.text)
    return TextAreaField(_l("Explanation") if question.explain else _l("Explanation (optional)"))


def _choices(question: Question) -> list[SelectChoice]:
    if question.kind is Kind.YES_NO:
        return [SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))]
    return [_choice(option) for option in question.options]


def _choice(option: Option) -> SelectChoice:
    extra = {name: value for name, value in (("help", option.help), ("exclusive", option.exclusive)) if value}
    return SelectChoice(option.id, option.label, render_kw=extra, optgroup=option.group or None)


def _row_class(columns: tuple[Column, ...]) -> type[Form]:
    return type("RowForm", (Form,), {column.id: _cell(column) for column in columns})


def _cell(column: Column) -> Field:
    match column.kind:
        case Kind.CHOICE:
            options = [SelectChoice("", "—"), *(SelectChoice(one.id, one.label) for one in column.options)]
            return SelectField(column.label, choices=options, validate_choice=False)
        case Kind.DATE:
            return StringField(column.label, widget=DateInput())
        case Kind.OPEN_TEXT:
            return TextAreaField(column.label)
        case _:
            return StringField(column.label)


def messages_of(form: AnswerForm, key: str) -> dict[str, list[str]]:
    """Return field name -> messages, for a script that shows them at the fields."""
    found: dict[str, list[str]] = {}
    _collect(form, found)
    return {name.removeprefix(f"{key}-"): messages for name, messages in found.items()}


def _collect(form: Form, found: dict[str, list[str]]) -> None:
    for field in form:
        if isinstance(field, FieldList):
            for entry in field.entries:
                _collect(entry.form, found)
        plain = [str(message) for message in field.errors if not isinstance(message, Mapping)]
        if plain:
            found[field.name] = plain
