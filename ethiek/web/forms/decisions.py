"""Forms of the decision: before whom it is put, and the decision itself."""

from __future__ import annotations

import secrets
import unicodedata
from typing import Final
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    PasswordField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from ethiek.domain.answer_rules import MAX_LINES
from ethiek.domain.decisions import ConditionDecision, DecisionInput, Follows, Outcome
from ethiek.domain.text_limits import count_lines
from ethiek.services.decision_requests import Choice
from ethiek.services.decisions import DecisionSheet
from ethiek.services.remarks import MAX_LENGTH
from ethiek.web.decision_labels import FOLLOWS, OUTCOME
from ethiek.web.forms.fingerprint import FingerprintField
from ethiek.web.forms.inner import InnerForm
from ethiek.web.forms.offers import RefusableForm
from ethiek.web.forms.plain_text import PlainText
from ethiek.web.forms.revision import RevisionField
from ethiek.web.labels import INPUT

LONGEST_CAPACITY: Final = 80
_LONG: Final = Length(max=MAX_LENGTH, message=INPUT["too_long"])
_YES: Final = "yes"


class _Lines:
    """Refuse more lines than can be printed."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Check one field."""
        if count_lines(field.data or "") > MAX_LINES:
            raise ValidationError(_("This text has too many lines: at most 1.000 can be printed."))


_TEXT: Final = (_LONG, _Lines(), PlainText())


class RequestForm(RefusableForm):
    """The official before whom a signed advice is put."""

    official = RadioField(
        _l("Who decides?"),
        coerce=UUID,
        choices=[],
        validate_choice=False,
        validators=[InputRequired(_l("Choose who decides."))],
    )
    revision = RevisionField()

    def offer(self, officials: list[Choice], present: UUID | None) -> None:
        """Fill the choices, and (when this form was not sent) who has it now; a single one is chosen already."""
        self.official.choices = [SelectChoice(str(one.id), one.name) for one in officials]
        if not self.is_submitted():
            self.official.data = present or (officials[0].id if len(officials) == 1 else None)


class ConditionDecisionForm(InnerForm):
    """What is done with one condition of the advice."""

    adopted = RadioField(
        _l("Do you adopt this condition?"),
        choices=[SelectChoice(_YES, _l("Yes")), SelectChoice("no", _l("No"))],
        validators=[InputRequired(_l("Choose yes or no."))],
    )
    reason = TextAreaField(_l("If not: why not?"), validators=_TEXT)

    def validate(self, extra_validators: object = None) -> bool:
        """Check a row: who does not adopt a condition says why."""
        valid = bool(super().validate(extra_validators))
        if self.adopted.data == "no" and not self.reason.data.strip():
            self.reason.errors = [*self.reason.errors, INPUT["why_not"]]
            return False
        return valid

    def to_decision(self) -> ConditionDecision:
        """Return the plain value of a row that is valid."""
        return ConditionDecision(self.adopted.data == _YES, _clean(self.reason.data))


class DecisionForm(RefusableForm):
    """The decision of the official, by somebody who has just said who he is."""

    follows = RadioField(
        _l("Do you follow the advice?"),
        choices=[SelectChoice(one.value, label) for one, label in FOLLOWS.items()],
        coerce=Follows,
        validators=[InputRequired(_l("Choose whether you follow the advice."))],
    )
    outcome = RadioField(
        _l("What happens with the project?"),
        choices=[SelectChoice(one.value, label) for one, label in OUTCOME.items()],
        coerce=Outcome,
        validators=[InputRequired(_l("Choose what happens with the project."))],
    )
    reason = TextAreaField(
        _l("Why do you decide this?"),
        description=_l(
            "Name what weighs for and against. If you do not (quite) follow the advice, say where you differ, and why."
        ),
        validators=[InputRequired(_l("Explain your decision.")), *_TEXT],
    )
    conditions = FieldList(FormField(ConditionDecisionForm), label=_l("Conditions of the advice"))
    replaces_reason = TextAreaField(
        _l("Why do you revise the earlier decision?"),
        description=_l("The earlier decision stays on record. The report names both."),
        validators=_TEXT,
    )
    capacity = StringField(
        _l("In which function do you decide?"),
        description=_l("For example: director of Mobility."),
        validators=[
            InputRequired(_l("Fill in your function.")),
            Length(max=LONGEST_CAPACITY, message=_l("Use at most %(max)d characters.")),
            PlainText(),
        ],
    )
    password = PasswordField(
        _l("Your password"),
        description=_l("Enter it again, so that it is certain that you decide this."),
        validators=[InputRequired(_l("Fill in your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    sha256 = FingerprintField()
    """Of the report on the screen."""
    revision = RevisionField()
    """How many decisions there were."""
    token = HiddenField(default=lambda: secrets.token_urlsafe(16), validators=[Length(min=8, max=64)])

    def fit(self, sheet: DecisionSheet) -> None:
        """Give it a row for each condition."""
        while len(self.conditions.entries) < len(sheet.advice.conditions):
            self.conditions.append_entry()
        if not self.is_submitted():
            self.look_at(sheet)

    def look_at(self, sheet: DecisionSheet) -> None:
        """Bind the form to the report and the decisions that are there now; what was typed stays."""
        self.sha256.data, self.revision.data = sheet.record.newest_sha256, sheet.revision

    def validate(self, extra_validators: object = None) -> bool:
        """Check all fields; only who revises a decision says why."""
        valid = bool(super().validate(extra_validators))
        if self.revision.data and not (self.replaces_reason.data or "").strip():
            self.replaces_reason.errors = [_("Explain why you revise the decision.")]
            return False
        return valid

    def to_input(self) -> DecisionInput:
        """Return the plain value of a form that is valid."""
        return DecisionInput(
            self.follows.data,
            self.outcome.data,
            _clean(self.reason.data),
            " ".join(_clean(self.capacity.data).split()),
            tuple(entry.form.to_decision() for entry in self.conditions.entries),
            _clean(self.replaces_reason.data),
        )


def _clean(text: str | None) -> str:
    """Return a text as documents hold it: Unicode NFC, with LF as line end."""
    newlines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", newlines).strip()
