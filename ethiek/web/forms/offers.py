"""Forms about published versions: a new draft of one, withdraw one, compare two."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from ethiek.errors import InputError
from ethiek.services.reasons import MAX_REASON
from ethiek.web.forms.inner import InnerForm
from ethiek.web.forms.plain_text import PlainText
from ethiek.web.forms.revision import RevisionField
from ethiek.web.labels import INPUT

TAKEN: Final = {
    "version": _l("Somebody is writing this version already. Choose another."),
    "id": _l("This id is in use already. Choose another."),
}


class RefusableForm(FlaskForm):
    """A form to which a service can say what is wrong."""

    def refuse(self, error: InputError) -> None:
        """Put what a service refused at its field, or at the top where the form has no such field."""
        message = TAKEN.get(error.field) if error.reason == "taken" else INPUT[error.reason]
        if error.field in self:
            self[error.field].errors = [*self[error.field].errors, message]
        else:
            self.form_errors.append(message)


class BeginForm(RefusableForm):
    """The version that a new draft is going to be."""

    version = StringField(
        _l("Version of the new draft"),
        description=_l("Letters, digits, points and dashes, for example 2.1."),
        validators=[
            InputRequired(_l("Fill in a version.")),
            Length(max=40, message=_l("Use at most %(max)d characters.")),
            PlainText(),
        ],
    )


class WithdrawForm(RefusableForm):
    """Why a version is no longer offered."""

    reason = TextAreaField(
        _l("Why is it no longer offered?"),
        validators=[
            InputRequired(_l("Give a reason.")),
            Length(max=MAX_REASON, message=_l("Use at most %(max)d characters.")),
            PlainText(),
        ],
    )
    revision = RevisionField()


class OfferForm(RefusableForm):
    """A step without input of its own."""

    revision = RevisionField()


class CompareForm(InnerForm):
    """What a version is compared with; part of an address, so its names are Dutch."""

    met = SelectField(_l("Compare with"), default="")
    alles = BooleanField(_l("Also show questions that are the same"))

    def offer(self, keys: Iterable[str]) -> None:
        """Fill the versions to choose from."""
        self.met.choices = [SelectChoice(key, key) for key in keys]
