"""Forms of verdict, advice and approval."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from ethiek.domain.advice import AdviceInput, Condition, MeetingInput, Verdict
from ethiek.errors import InputError
from ethiek.services.meetings import Attendee
from ethiek.services.remarks import MAX_LENGTH
from ethiek.web.forms.inner import InnerForm
from ethiek.web.forms.plain_text import PlainText
from ethiek.web.forms.revision import RevisionField
from ethiek.web.labels import INPUT, ROLE, VERDICT

MOST_CONDITIONS: Final = 50
_LONG: Final = Length(max=MAX_LENGTH, message=INPUT["too_long"])


class _RefusableForm(FlaskForm):
    def refuse(self, error: InputError) -> None:
        """Put what a service refused at its field, or at the top where the form has no such field."""
        field = self[{"body": "motivation"}.get(error.field, error.field)]
        field.errors = [*field.errors, INPUT[error.reason]]


class VerdictForm(_RefusableForm):
    """What one member finds."""

    verdict = RadioField(
        _l("Your verdict"),
        choices=[SelectChoice(verdict.value, label) for verdict, label in VERDICT.items()],
        coerce=Verdict,
        validators=[InputRequired(_l("Choose a verdict."))],
    )
    motivation = TextAreaField(
        _l("Motivation"),
        description=_l("Why do you find this? The chair uses it for the advice, and it is in the report."),
        validators=[InputRequired(_l("Explain your verdict.")), _LONG, PlainText()],
    )
    revision = RevisionField()
    """Of the member's own verdict; 0 when there is none yet."""


class _MayBeBlank(Optional):
    """Let a blank field pass, without calling it optional on the page: that depends on its row."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags: dict[str, object] = {}


class ConditionForm(InnerForm):
    """One condition; a row that is quite empty does not count."""

    text = TextAreaField(_l("Condition"), validators=[_LONG, PlainText()])
    owner = StringField(
        _l("Who sees to it"),
        validators=[Length(max=200, message=_l("Use at most 200 characters.")), PlainText()],
    )
    due_on = DateField(_l("By when"), validators=[_MayBeBlank()])

    @property
    def is_blank(self) -> bool:
        """Nothing was filled in."""
        return not any(_raw(field) for field in self)

    def validate(self, extra_validators: object = None) -> bool:
        """Check a row: empty, or complete."""
        valid = bool(super().validate(extra_validators))
        missing = [] if self.is_blank else [field for field in self if not _raw(field)]
        for field in missing:
            field.errors = [*field.errors, INPUT["required"]]
        return valid and not missing

    def to_condition(self) -> Condition:
        """Return the plain value of a row that is filled."""
        return Condition(self.text.data.strip(), self.owner.data.strip(), self.due_on.data)


def _raw(field: Field) -> str:
    return str(field.raw_data[0]).strip() if field.raw_data else ""


class AdviceForm(_RefusableForm):
    """The committee's advice, as the chair puts it on paper."""

    verdict = RadioField(
        _l("Verdict of the committee"),
        choices=[SelectChoice(verdict.value, label) for verdict, label in VERDICT.items()],
        coerce=Verdict,
        validators=[InputRequired(_l("Choose a verdict."))],
    )
    motivation = TextAreaField(
        _l("Motivation"),
        description=_l("How does the committee come to this? Name what weighs for and against."),
        validators=[InputRequired(_l("Explain the verdict.")), _LONG, PlainText()],
    )
    conditions = FieldList(
        FormField(ConditionForm), label=_l("Conditions"), min_entries=1, max_entries=MOST_CONDITIONS
    )
    add_condition = SubmitField(_l("Add a condition"))
    meeting_on = DateField(
        _l("Date of the meeting"),
        description=_l("If the committee met about this dossier. It is in the report."),
        validators=[Optional()],
    )
    present = SelectMultipleField(
        _l("Who was at the meeting?"),
        coerce=UUID,
        validate_choice=False,
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[Optional()],
    )
    revision = RevisionField()

    def offer(self, attendees: Iterable[Attendee]) -> None:
        """Fill the people who can have been at the meeting."""
        self.present.choices = [
            SelectChoice(str(one.id), f"{one.name} ({ROLE[one.role]})") for one in attendees
        ]

    def wants_row(self) -> bool:
        """Tell whether only another row was asked for, and give it."""
        wanted = self.is_submitted() and bool(self.add_condition.data)
        if wanted and len(self.conditions.entries) < MOST_CONDITIONS:
            self.conditions.append_entry()
        return wanted

    def to_input(self) -> AdviceInput:
        """Return the plain value of a form that is valid."""
        rows = (entry.form for entry in self.conditions.entries)
        conditions = tuple(row.to_condition() for row in rows if not row.is_blank)
        return AdviceInput(self.verdict.data, self.motivation.data.strip(), conditions, self._meeting())

    def _meeting(self) -> MeetingInput | None:
        present = frozenset(self.present.data or ())
        return MeetingInput(self.meeting_on.data, present) if self.meeting_on.data or present else None


class ApprovalForm(FlaskForm):
    """Approval of exactly one text, by somebody who has just said who he is."""

    sha256 = HiddenField(validators=[InputRequired()])
    sign = BooleanField(
        _l("I will also sign the report with my own certificate"),
        description=_l(
            "For who has a personal certificate. You sign when the report has been made. Leave it empty otherwise."
        ),
    )
    password = PasswordField(
        _l("Your password"),
        description=_l("Enter it again, so that it is certain that you approve this."),
        validators=[InputRequired(_l("Fill in your password."))],
        render_kw={"autocomplete": "current-password"},
    )
