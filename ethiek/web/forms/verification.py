"""The form of the public check, and the one with which a chair says whether a report still counts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import PasswordField, TextAreaField
from wtforms.validators import InputRequired, Length

from ethiek.services.reasons import MAX_REASON
from ethiek.web.forms.offers import RefusableForm
from ethiek.web.forms.plain_text import PlainText
from ethiek.web.forms.revision import RevisionField


class CheckForm(FlaskForm):
    """A file to check."""

    file = FileField(
        _l("Report (PDF)"),
        description=_l("The file as you received it, at most 16 MB. It is not kept."),
        validators=[FileRequired(_l("Choose a file."))],
    )


class StatusForm(RefusableForm):
    """Why a report is withdrawn or restored, by somebody who has just said who he is."""

    reason = TextAreaField(
        _l("Reason"),
        description=_l("The project team and the committee can read it. The public page does not show it."),
        validators=[
            InputRequired(_l("Give a reason.")),
            Length(max=MAX_REASON, message=_l("Use at most %(max)d characters.")),
            PlainText(),
        ],
    )
    password = PasswordField(
        _l("Your password"),
        description=_l("Enter it again, so that it is certain that it is you."),
        validators=[InputRequired(_l("Fill in your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    revision = RevisionField()
    """How many changes there were."""
