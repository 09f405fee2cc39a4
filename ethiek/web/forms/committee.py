"""Forms of the secretary: who reviews by when, and what is shown to the team."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from ethiek.errors import InputError
from ethiek.services.casework import Case
from ethiek.web.forms.revision import RevisionField
from ethiek.web.labels import INPUT


class StepForm(FlaskForm):
    """A step without input of its own; it knows which version of the dossier was on the screen."""

    revision = RevisionField()

    def refuse(self, error: InputError) -> None:
        """Put what a service refused at its field."""
        field = self[error.field]
        field.errors = [*field.errors, INPUT[error.reason]]


class PlanForm(StepForm):
    """Who reviews the dossier, and when the advice is meant to be there."""

    members = SelectMultipleField(
        _l("Members who review this dossier"),
        coerce=UUID,
        validate_choice=False,
        choices=[],
        description=_l("Only members who never worked on this dossier can be chosen."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    due_on = DateField(_l("Date of the advice"), validators=[Optional()])

    def offer(self, case: Case) -> None:
        """Fill the members, and (when this form was not sent) what was planned before."""
        self.members.choices = [SelectChoice(str(user.id), user.name) for user in case.assignable]
        if self.revision.raw_data is None:
            self.members.data = [user.id for user in case.assigned]
            self.due_on.data = case.access.dossier.due_on


class ReleaseForm(StepForm):
    """Which internal remarks the team is going to read."""

    remarks = SelectMultipleField(_l("Remarks"), coerce=UUID, validate_choice=False, choices=[])
